#pragma once
// Repositories: the row, and the bare git repository at {data}/repositories/{owner}/{name}.git.

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/git.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct NewRepository {
    std::string owner;
    std::string name;
    std::string description;
    std::string default_branch = "main";
    bool is_private = false;
    bool opens_pull_requests = true;
};

class Repositories {
 public:
    explicit Repositories(ForgeStore& store) : store_(store) {}

    /// Makes the row, the owner (an organisation if unknown) and the bare repository; an existing bare
    /// repository is adopted. Errors: 422 when the name is taken or not one git and URLs can carry.
    Answer<Repository> create(const NewRepository& wanted);
    /// A fork under `viewer`'s name (or `owner`'s), sharing no objects with its parent. An existing fork is
    /// returned.
    Answer<Repository> fork(const Viewer& viewer, const Repository& parent, std::string_view owner);
    Git git(const Repository& repository) const;
    Result<void> set_default_branch(const Repository& repository, std::string_view branch);
    Result<void> set_opens_pull_requests(const Repository& repository, bool opens);

    Result<std::optional<Repository>> find(std::string_view owner, std::string_view name);
    Result<std::optional<Repository>> find(Id id);
    /// 404 when it is not there or `viewer` may not read it: GitHub does not tell the two apart.
    Answer<Repository> visible(const Viewer& viewer, std::string_view owner, std::string_view name);
    Result<std::vector<Repository>> list();
    Result<std::vector<Repository>> list_of_owner(const User& owner);
    Result<std::vector<Repository>> forks_of(const Repository& parent);
    Result<void> touch_pushed_at(const Repository& repository);

 private:
    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
