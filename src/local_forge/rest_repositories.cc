// REST: repositories, forks, collaborators. https://docs.github.com/en/rest/repos

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

nlohmann::json permissions_json(Role role) {
    return {{"admin", role == Role::Admin},
            {"maintain", role >= Role::Maintain},
            {"push", role >= Role::Write},
            {"triage", role >= Role::Triage},
            {"pull", true}};
}

Answer<nlohmann::json> to_json(const Call& call, const Repository& repository) {
    auto result = repository_json(call.links, repository);
    if (call.viewer.user)
        result["permissions"] =
            permissions_json(TRY_ANSWER(call.store.accounts().role(repository, *call.viewer.user)));
    if (repository.parent_id) {
        const auto parent = TRY_ANSWER(call.store.repositories().find(*repository.parent_id));
        if (parent) result["parent"] = result["source"] = repository_json(call.links, *parent);
    }
    return result;
}

Answer<Reply> get_repository(const Call& call) {
    return Reply::ok(TRY_ANSWER(to_json(call, TRY_ANSWER(call.repository()))));
}

Answer<nlohmann::json> visible_ones(const Call& call, const std::vector<Repository>& repositories) {
    auto items = nlohmann::json::array();
    for (const Repository& repository : repositories)
        if (TRY_ANSWER(call.store.accounts().may_read(call.viewer, repository)))
            items.push_back(TRY_ANSWER(to_json(call, repository)));
    return items;
}

Answer<Reply> list_own(const Call& call) {
    if (!call.viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    return Reply::ok(TRY_ANSWER(visible_ones(call, TRY_ANSWER(call.store.repositories().list()))));
}

Answer<Reply> list_of_owner(const Call& call) {
    const auto owner = TRY_ANSWER(call.store.accounts().find(call.part(0)));
    if (!owner) return Refuse(not_found());
    return Reply::ok(
        TRY_ANSWER(visible_ones(call, TRY_ANSWER(call.store.repositories().list_of_owner(*owner)))));
}

Answer<Reply> list_forks(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    return Reply::ok(
        TRY_ANSWER(visible_ones(call, TRY_ANSWER(call.store.repositories().forks_of(repository)))));
}

// GitHub forks in the background and says 202; here it is done by then.
Answer<Reply> create_fork(const Call& call) {
    const auto parent = TRY_ANSWER(call.repository());
    const auto owner = TRY_ANSWER(call.text("organization")).value_or("");
    const auto fork = TRY_ANSWER(call.store.repositories().fork(call.viewer, parent, owner));
    return Reply{202, TRY_ANSWER(to_json(call, fork)), {}};
}

std::string_view folded(Role role, bool is_public) {
    if (role == Role::Admin) return "admin";
    if (role >= Role::Write) return "write";
    if (role >= Role::Read || is_public) return "read";
    return "none";
}

// github-facts 4.11.
Answer<Reply> get_permission(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    if (!call.viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    if (TRY_ANSWER(call.store.accounts().role(repository, *call.viewer.user)) < Role::Write)
        return Refuse(forbidden("Must have push access to view collaborator permission."));
    const auto user = TRY_ANSWER(call.store.accounts().find(call.part(2)));
    if (!user) return Refuse(Refusal(404, fmt::format("{} is not a user", call.part(2))));
    const Role role = TRY_ANSWER(call.store.accounts().role(repository, *user));
    const std::string_view permission = folded(role, !repository.is_private);
    auto person = user_json(call.links, *user);
    person["permissions"] = permissions_json(role);
    person["role_name"] = role == Role::None ? permission : role_name(role);
    return Reply::ok({{"permission", permission}, {"role_name", person["role_name"]}, {"user", person}});
}

Answer<Reply> list_collaborators(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    TRY_ANSWER(call.store.accounts().require(call.viewer, repository, Role::Write, Right::Contents,
                                             "Must have push access to view repository collaborators."));
    auto items = nlohmann::json::array();
    for (const Collaborator& person : TRY_ANSWER(call.store.accounts().collaborators(repository))) {
        auto item = user_json(call.links, person.user);
        item["permissions"] = permissions_json(person.role);
        item["role_name"] = role_name(person.role);
        items.push_back(std::move(item));
    }
    return Reply::ok(std::move(items));
}

Answer<Reply> is_collaborator(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto user = TRY_ANSWER(call.store.accounts().find(call.part(2)));
    if (!user || TRY_ANSWER(call.store.accounts().role(repository, *user)) == Role::None)
        return Refuse(not_found());
    return Reply::nothing();
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}", get_repository},
    {"GET", "/user/repos", list_own},
    {"GET", "/users/{}/repos", list_of_owner},
    {"GET", "/orgs/{}/repos", list_of_owner},
    {"GET", "/repos/{}/{}/forks", list_forks},
    {"POST", "/repos/{}/{}/forks", create_fork},
    {"GET", "/repos/{}/{}/collaborators", list_collaborators},
    {"GET", "/repos/{}/{}/collaborators/{}/permission", get_permission},
    {"GET", "/repos/{}/{}/collaborators/{}", is_collaborator},
};

}  // namespace

std::span<const Route> repository_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
