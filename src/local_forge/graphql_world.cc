#include "local_forge/graphql_world.h"

namespace ringmaster::local_forge {

Result<std::optional<Repository>> GraphqlWorld::find_repository(Id id) {
    if (const auto known = repositories_.find(id); known != repositories_.end()) return known->second;
    auto found = TRY(store.repositories().find(id));
    return repositories_.emplace(id, std::move(found)).first->second;
}

Result<Repository> GraphqlWorld::repository(Id id) {
    auto found = TRY(find_repository(id));
    if (!found) return Fail(Error::corrupt("repository {} is named by another row but is not there", id));
    return std::move(*found);
}

Answer<Repository> GraphqlWorld::visible_repository(Id id) {
    auto found = TRY_ANSWER(find_repository(id));
    if (!found || !TRY_ANSWER(store.accounts().may_read(viewer, *found))) return Refuse(not_found());
    TRY_ANSWER(store.refs().rescan_if_changed(*found));
    return std::move(*found);
}

Result<Role> GraphqlWorld::role_of(const Repository& repository, const User& user) {
    const std::pair key(repository.id, user.id);
    if (const auto known = roles_.find(key); known != roles_.end()) return known->second;
    const Role role = TRY(store.accounts().role(repository, user));
    roles_.emplace(key, role);
    return role;
}

Result<Role> GraphqlWorld::viewer_role(const Repository& repository) {
    if (!viewer.user) return Role::None;
    return role_of(repository, *viewer.user);
}

Answer<PullRequest> GraphqlWorld::measured(const Repository& repository, const PullRequest& pull) {
    const auto known = measured_.find(pull.issue.id);
    // An earlier mutation of this request may have moved it.
    if (known != measured_.end() && known->second.head_sha == pull.head_sha &&
        known->second.base_ref == pull.base_ref)
        return known->second;
    PullRequest measured = TRY_ANSWER(store.pulls().with_mergeability(repository, pull));
    return measured_.insert_or_assign(pull.issue.id, std::move(measured)).first->second;
}

}  // namespace ringmaster::local_forge
