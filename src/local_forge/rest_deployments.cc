// REST: deployments, their statuses, environments. https://docs.github.com/en/rest/deployments

#include "base/text.h"
#include "local_forge/merging.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

struct OfDeployment {
    Repository repository;
    Deployment deployment;
};

Answer<OfDeployment> deployment_of(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    auto deployment = TRY_ANSWER(call.store.deployments().find(TRY_ANSWER(number_of(call.part(2)))));
    if (!deployment || deployment->repository_id != repository.id) return Refuse(not_found());
    return OfDeployment{std::move(repository), std::move(*deployment)};
}

Answer<Reply> list_deployments(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const DeploymentQuery query{call.parameter("sha"), call.parameter("ref"), call.parameter("task"),
                                call.parameter("environment"), call.window()};
    auto items = nlohmann::json::array();
    for (const Deployment& deployment : TRY_ANSWER(call.store.deployments().list(repository, query)))
        items.push_back(deployment_json(call.links, repository, deployment));
    return paged(call, std::move(items), TRY_ANSWER(call.store.deployments().count(repository, query)));
}

// Unless told otherwise GitHub first merges the default branch into a branch that is behind, and makes no
// deployment then (github-facts 6.1). The reply is that; nothing: go on.
Answer<std::optional<Reply>> auto_merge(const Call& call, const Repository& repository,
                                        const std::string& ref) {
    if (!TRY_ANSWER(call.flag("auto_merge")).value_or(true) || !call.viewer.user) return std::nullopt;
    const auto branch = TRY_ANSWER(call.store.refs().find(repository, "refs/heads/" + ref));
    const auto comparison = TRY_ANSWER(call.store.refs().compare(repository, repository.default_branch, ref));
    if (!branch || !comparison || comparison->behind_by == 0) return std::nullopt;
    const Git git = call.store.repositories().git(repository);
    const auto base =
        TRY_ANSWER(call.store.refs().find(repository, "refs/heads/" + repository.default_branch));
    const auto tree = TRY_ANSWER(merged_tree(git, branch->sha, base->sha));
    if (!tree)
        return Refuse(
            Refusal(409, fmt::format("Conflict merging {} into {}.", repository.default_branch, ref)));
    const std::string message =
        fmt::format("Merge {} into {} for deployment", repository.default_branch, ref);
    const Signature who{call.viewer.user->login, call.viewer.user->email, call.store.now()};
    const RefUpdate update{branch->name,
                           TRY_ANSWER(commit_tree(git, *tree, {branch->sha, base->sha}, message, who)),
                           branch->sha};
    TRY_ANSWER(call.store.refs().update(call.viewer, repository, {&update, 1}));
    return Reply{
        202,
        {{"message", fmt::format("Auto-merged {} into {} on deployment.", repository.default_branch, ref)}},
        {}};
}

Answer<Reply> create_deployment(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    NewDeployment wanted;
    wanted.ref = TRY_ANSWER(call.required_text("ref", "Deployment"));
    wanted.task = TRY_ANSWER(call.text("task")).value_or("deploy");
    wanted.environment = TRY_ANSWER(call.text("environment")).value_or("production");
    wanted.description = TRY_ANSWER(call.text("description"));
    wanted.is_transient = TRY_ANSWER(call.flag("transient_environment")).value_or(false);
    wanted.is_production = TRY_ANSWER(call.flag("production_environment"));
    // An object, or JSON text of one.
    const auto payload = call.body.value("payload", nlohmann::json::object());
    wanted.payload = payload.is_string() ? payload.get<std::string>() : payload.dump();
    TRY_ANSWER(call.store.accounts().require(call.viewer, repository, Role::Write, Right::Deployments));
    if (auto merged = TRY_ANSWER(auto_merge(call, repository, wanted.ref))) return std::move(*merged);
    const auto deployment = TRY_ANSWER(call.store.deployments().create(call.viewer, repository, wanted));
    return Reply::created(deployment_json(call.links, repository, deployment));
}

Answer<Reply> get_deployment(const Call& call) {
    const auto of = TRY_ANSWER(deployment_of(call));
    return Reply::ok(deployment_json(call.links, of.repository, of.deployment));
}

Answer<Reply> delete_deployment(const Call& call) {
    const auto of = TRY_ANSWER(deployment_of(call));
    TRY_ANSWER(call.store.deployments().remove(call.viewer, of.repository, of.deployment));
    return Reply::nothing();
}

Answer<Reply> list_statuses(const Call& call) {
    const auto of = TRY_ANSWER(deployment_of(call));
    auto items = nlohmann::json::array();
    const Window window = call.window();
    // One more than the page tells whether there is another.
    const auto statuses =
        TRY_ANSWER(call.store.deployments().statuses(of.deployment, {window.offset, window.limit + 1}));
    for (std::size_t i = 0; i < statuses.size() && i < static_cast<std::size_t>(window.limit); ++i)
        items.push_back(deployment_status_json(call.links, of.repository, statuses[i]));
    return paged(call, std::move(items), window.offset + static_cast<std::int64_t>(statuses.size()));
}

Answer<Reply> create_status(const Call& call) {
    const auto of = TRY_ANSWER(deployment_of(call));
    NewDeploymentStatus wanted;
    wanted.state = TRY_ANSWER(call.required_text("state", "DeploymentStatus"));
    wanted.description = TRY_ANSWER(call.text("description")).value_or("");
    wanted.environment = TRY_ANSWER(call.text("environment")).value_or("");
    wanted.environment_url = TRY_ANSWER(call.text("environment_url")).value_or("");
    wanted.log_url =
        TRY_ANSWER(call.text("log_url")).value_or(TRY_ANSWER(call.text("target_url")).value_or(""));
    wanted.auto_inactive = TRY_ANSWER(call.flag("auto_inactive")).value_or(true);
    const auto status =
        TRY_ANSWER(call.store.deployments().add_status(call.viewer, of.repository, of.deployment, wanted));
    return Reply::created(deployment_status_json(call.links, of.repository, status));
}

Answer<Reply> get_status(const Call& call) {
    const auto of = TRY_ANSWER(deployment_of(call));
    const auto status = TRY_ANSWER(call.store.deployments().find_status(TRY_ANSWER(number_of(call.part(3)))));
    if (!status || status->deployment_id != of.deployment.id) return Refuse(not_found());
    return Reply::ok(deployment_status_json(call.links, of.repository, *status));
}

Answer<Reply> list_environments(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    auto items = nlohmann::json::array();
    for (const Environment& environment :
         TRY_ANSWER(call.store.deployments().environments(repository, call.window())))
        items.push_back(environment_json(call.links, repository, environment));
    const auto total = TRY_ANSWER(call.store.deployments().environment_count(repository));
    return paged(call, {{"total_count", total}, {"environments", std::move(items)}}, total);
}

Answer<Reply> get_environment(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto environment = TRY_ANSWER(call.store.deployments().find_environment(repository, call.part(2)));
    if (!environment) return Refuse(not_found());
    return Reply::ok(environment_json(call.links, repository, *environment));
}

Answer<Reply> delete_environment(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto environment = TRY_ANSWER(call.store.deployments().find_environment(repository, call.part(2)));
    if (!environment) return Refuse(not_found());
    TRY_ANSWER(call.store.deployments().remove_environment(call.viewer, repository, *environment));
    return Reply::nothing();
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/deployments", list_deployments},
    {"POST", "/repos/{}/{}/deployments", create_deployment},
    {"GET", "/repos/{}/{}/deployments/{}", get_deployment},
    {"DELETE", "/repos/{}/{}/deployments/{}", delete_deployment},
    {"GET", "/repos/{}/{}/deployments/{}/statuses", list_statuses},
    {"POST", "/repos/{}/{}/deployments/{}/statuses", create_status},
    {"GET", "/repos/{}/{}/deployments/{}/statuses/{}", get_status},
    {"GET", "/repos/{}/{}/environments", list_environments},
    {"GET", "/repos/{}/{}/environments/{}", get_environment},
    {"DELETE", "/repos/{}/{}/environments/{}", delete_environment},
};

}  // namespace

std::span<const Route> deployment_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
