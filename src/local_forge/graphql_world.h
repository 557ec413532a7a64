#pragma once
// What one GraphQL request works with: the store, who asks, where the forge is reached, and what was already
// looked up. One thread, one request.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "graphql/schema.h"
#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

class GraphqlWorld {
 public:
    GraphqlWorld(ForgeStore& forge_store, const Viewer& asking, std::string root)
        : store(forge_store), viewer(asking), web_root(std::move(root)) {}

    ForgeStore& store;
    const Viewer& viewer;
    const std::string web_root;  ///< without a slash at the end

    Result<std::optional<Repository>> find_repository(Id id);
    /// The repository of something that a visible object belongs to. Errors: Corrupt.
    Result<Repository> repository(Id id);
    /// 404 for one the viewer may not read. Pushes made on its disk are seen from now on.
    Answer<Repository> visible_repository(Id id);
    Result<Role> role_of(const Repository& repository, const User& user);
    Result<Role> viewer_role(const Repository& repository);
    /// The pull request with mergeability and diff statistics known, computed at most once.
    Answer<PullRequest> measured(const Repository& repository, const PullRequest& pull);

    /// "/owner/name" and the like.
    std::string url(std::string_view path) const { return web_root + std::string(path); }

 private:
    std::map<Id, std::optional<Repository>> repositories_;
    std::map<std::pair<Id, Id>, Role> roles_;
    std::map<Id, PullRequest> measured_;
};

}  // namespace ringmaster::local_forge
