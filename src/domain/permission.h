#pragma once
// What a person may do in a repository.

#include <string>

namespace ringmaster {

/// GitHub folds maintain into write and triage into read (github-facts 4.11).
enum class Permission { None, Read, Write, Admin };

struct PermissionAnswer {
    Permission permission = Permission::None;
    /// The forge's own word ("write", "admin", "read", "none"), or "not_collaborator"; printed by `sync
    /// --check-only`.
    std::string level;
    bool may_write() const { return permission == Permission::Write || permission == Permission::Admin; }
};

}  // namespace ringmaster
