#include "local_forge/model.h"

#include <array>

namespace ringmaster::local_forge {
namespace {

constexpr std::array<std::string_view, 6> kRoleNames = {"none",  "read",     "triage",
                                                        "write", "maintain", "admin"};

}  // namespace

std::string_view role_name(Role role) {
    return kRoleNames.at(static_cast<std::size_t>(role));
}

std::optional<Role> parse_role(std::string_view name) {
    for (std::size_t i = 0; i < kRoleNames.size(); ++i)
        if (kRoleNames.at(i) == name) return static_cast<Role>(i);
    // What collaborators are invited with (REST, "add a repository collaborator").
    if (name == "pull") return Role::Read;
    if (name == "push") return Role::Write;
    return std::nullopt;
}

}  // namespace ringmaster::local_forge
