#include "local_forge/deployments.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::array<std::string_view, 7> kStates = {"error",  "failure", "inactive", "in_progress",
                                                     "queued", "pending", "success"};
constexpr std::size_t kMaxDescriptionLength = 140;  // github-facts 6.2

constexpr std::string_view kSelect =
    "SELECT id, repository_id, sha, ref, task, environment, original_environment, description, payload, "
    "is_transient, "
    "is_production, creator_id, created_at, updated_at FROM deployments ";
constexpr std::string_view kSelectStatus =
    "SELECT id, deployment_id, state, description, environment, environment_url, log_url, creator_id, "
    "created_at FROM "
    "deployment_statuses ";
// An absent filter is an empty text.
constexpr std::string_view kMatches =
    "WHERE repository_id = ?1 AND (?2 = '' OR sha = ?2) AND (?3 = '' OR ref = ?3) AND (?4 = '' OR task = ?4) "
    "AND "
    "(?5 = '' OR environment = ?5) ";

Result<Deployment> deployment_at(ForgeStore& store, const database::Statement& row) {
    Deployment deployment;
    deployment.id = row.integer(0);
    deployment.repository_id = row.integer(1);
    deployment.sha = row.text(2);
    deployment.ref = row.text(3);
    deployment.task = row.text(4);
    deployment.environment = row.text(5);
    deployment.original_environment = row.text(6);
    deployment.description = optional_text_at(row, 7);
    deployment.payload = row.text(8);
    deployment.is_transient = row.integer(9) != 0;
    deployment.is_production = row.integer(10) != 0;
    deployment.creator = TRY(store.accounts().get(row.integer(11)));
    deployment.created_at = time_at(row, 12);
    deployment.updated_at = time_at(row, 13);
    return deployment;
}

Result<DeploymentStatus> status_at(ForgeStore& store, const database::Statement& row) {
    DeploymentStatus status;
    status.id = row.integer(0);
    status.deployment_id = row.integer(1);
    status.state = row.text(2);
    status.description = row.text(3);
    status.environment = row.text(4);
    status.environment_url = row.text(5);
    status.log_url = row.text(6);
    status.creator = TRY(store.accounts().get(row.integer(7)));
    status.created_at = time_at(row, 8);
    status.updated_at = status.created_at;
    return status;
}

Environment environment_at(const database::Statement& row) {
    return {row.integer(0), row.integer(1), row.text(2), time_at(row, 3), time_at(row, 4)};
}

constexpr std::string_view kLatestState =
    "(SELECT state FROM deployment_statuses s WHERE s.deployment_id = d.id ORDER BY s.id DESC LIMIT 1)";

}  // namespace

Result<void> Deployments::ensure_environment(const Repository& repository, std::string_view name) {
    const TimePoint now = store_.now();
    return store_.core().run(
        "INSERT OR IGNORE INTO environments(repository_id, name, created_at, updated_at) VALUES(?, ?, ?, ?)",
        repository.id, name, now, now);
}

Answer<Deployment> Deployments::create(const Viewer& viewer, const Repository& repository,
                                       const NewDeployment& wanted) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Deployments));
    if (wanted.ref.empty()) return Refuse(invalid_field({"Deployment", "ref", "missing_field", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto sha = TRY_ANSWER(store_.refs().resolve(repository, wanted.ref));
    if (!sha) return Refuse(Refusal(422, fmt::format("No ref found for: {}", wanted.ref)));
    const TimePoint now = store_.now();
    const bool is_production = wanted.is_production.value_or(wanted.environment == "production");
    const std::string_view environment = wanted.environment;
    const Id id = TRY_ANSWER(store_.core().insert(
        "INSERT INTO deployments(repository_id, sha, ref, task, environment, original_environment, "
        "description, payload, "
        "is_transient, is_production, creator_id, created_at, updated_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?)",
        repository.id, std::string_view(*sha), std::string_view(wanted.ref), std::string_view(wanted.task),
        environment, environment, wanted.description, std::string_view(wanted.payload), wanted.is_transient,
        is_production, viewer.user->id, now, now));
    TRY_ANSWER(ensure_environment(repository, environment));
    Event event{
        .name = "deployment", .action = "created", .repository_id = repository.id, .sender = viewer.user};
    event.deployment = TRY_ANSWER(find(id));
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *event.deployment;
}

Result<Id> Deployments::insert_status(const User& creator, const Deployment& deployment,
                                      const NewDeploymentStatus& wanted) {
    const std::string& environment = wanted.environment.empty() ? deployment.environment : wanted.environment;
    const TimePoint now = store_.now();
    const Id id = TRY(store_.core().insert(
        "INSERT INTO deployment_statuses(deployment_id, state, description, environment, environment_url, "
        "log_url, "
        "creator_id, created_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        deployment.id, std::string_view(wanted.state), std::string_view(wanted.description),
        std::string_view(environment), std::string_view(wanted.environment_url),
        std::string_view(wanted.log_url), creator.id, now));
    TRY(store_.core().run("UPDATE deployments SET environment = ?, updated_at = ? WHERE id = ?",
                          std::string_view(environment), now, deployment.id));
    return id;
}

// Only earlier, non-transient, non-production ones whose newest state is success (github-facts 6.3).
Result<void> Deployments::retire_earlier(const User& creator, const Deployment& deployment) {
    auto row = TRY(store_.core().query(
        "SELECT d.id FROM deployments d WHERE d.repository_id = ? AND d.environment = ? AND d.id < ? AND "
        "d.is_transient = 0 AND d.is_production = 0 AND " +
            std::string(kLatestState) + " = 'success'",
        deployment.repository_id, std::string_view(deployment.environment), deployment.id));
    std::vector<Id> earlier;
    while (TRY(row.step())) earlier.push_back(row.integer(0));
    for (const Id id : earlier) {
        const auto old = TRY(find(id));
        TRY(insert_status(creator, *old, {.state = "inactive"}));
    }
    return {};
}

Answer<DeploymentStatus> Deployments::add_status(const Viewer& viewer, const Repository& repository,
                                                 const Deployment& deployment,
                                                 const NewDeploymentStatus& wanted) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Deployments));
    if (std::ranges::find(kStates, wanted.state) == kStates.end())
        return Refuse(invalid_field({"DeploymentStatus", "state",
                                     wanted.state.empty() ? "missing_field" : "invalid", "", wanted.state}));
    if (count_code_points(wanted.description) > kMaxDescriptionLength)
        return Refuse(invalid_field({"DeploymentStatus", "description", "custom",
                                     "description is too long (maximum is 140 characters)", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    const Id id = TRY_ANSWER(insert_status(*viewer.user, deployment, wanted));
    if (!wanted.environment.empty()) TRY_ANSWER(ensure_environment(repository, wanted.environment));
    if (wanted.auto_inactive && wanted.state == "success")
        TRY_ANSWER(retire_earlier(*viewer.user, deployment));
    Event event{.name = "deployment_status",
                .action = "created",
                .repository_id = repository.id,
                .sender = viewer.user};
    event.deployment = TRY_ANSWER(find(deployment.id));
    event.deployment_status = TRY_ANSWER(find_status(id));
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *event.deployment_status;
}

Answer<void> Deployments::remove(const Viewer& viewer, const Repository& repository,
                                 const Deployment& deployment) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Deployments));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto newest = TRY_ANSWER(statuses(deployment, {0, 1}));
    const bool is_inactive = !newest.empty() && newest.front().state == "inactive";
    const auto all = TRY_ANSWER(count(repository, {}));
    if (!is_inactive && all > 1)
        return Refuse(Refusal(422,
                              "We cannot delete an active deployment unless it is the only deployment in a "
                              "given environment."));
    TRY_ANSWER(store_.core().run("DELETE FROM deployments WHERE id = ?", deployment.id));
    TRY_ANSWER(transaction.commit());
    return {};
}

Result<std::optional<Deployment>> Deployments::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kSelect) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(deployment_at(store_, row));
}

Result<std::vector<Deployment>> Deployments::list(const Repository& repository,
                                                  const DeploymentQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        std::string(kSelect) + std::string(kMatches) + "ORDER BY id DESC LIMIT ?6 OFFSET ?7", repository.id,
        std::string_view(query.sha), std::string_view(query.ref), std::string_view(query.task),
        std::string_view(query.environment), query.window.limit, query.window.offset));
    std::vector<Deployment> deployments;
    while (TRY(row.step())) deployments.push_back(TRY(deployment_at(store_, row)));
    return deployments;
}

Result<std::int64_t> Deployments::count(const Repository& repository, const DeploymentQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number("SELECT COUNT(*) FROM deployments " + std::string(kMatches), repository.id,
                                std::string_view(query.sha), std::string_view(query.ref),
                                std::string_view(query.task), std::string_view(query.environment));
}

Result<std::vector<DeploymentStatus>> Deployments::statuses(const Deployment& deployment,
                                                            const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        std::string(kSelectStatus) + "WHERE deployment_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        deployment.id, window.limit, window.offset));
    std::vector<DeploymentStatus> result;
    while (TRY(row.step())) result.push_back(TRY(status_at(store_, row)));
    return result;
}

Result<std::optional<DeploymentStatus>> Deployments::find_status(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kSelectStatus) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(status_at(store_, row));
}

Result<std::vector<Environment>> Deployments::environments(const Repository& repository,
                                                           const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query("SELECT id, repository_id, name, created_at, updated_at FROM environments "
                                "WHERE repository_id = ? ORDER BY name LIMIT ? OFFSET ?",
                                repository.id, window.limit, window.offset));
    std::vector<Environment> result;
    while (TRY(row.step())) result.push_back(environment_at(row));
    return result;
}

Result<std::int64_t> Deployments::environment_count(const Repository& repository) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number("SELECT COUNT(*) FROM environments WHERE repository_id = ?", repository.id);
}

Result<std::optional<Environment>> Deployments::find_environment(const Repository& repository,
                                                                 std::string_view name) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query("SELECT id, repository_id, name, created_at, updated_at FROM environments "
                                "WHERE repository_id = ? AND name = ?",
                                repository.id, name));
    if (!TRY(row.step())) return std::nullopt;
    return environment_at(row);
}

Answer<void> Deployments::remove_environment(const Viewer& viewer, const Repository& repository,
                                             const Environment& environment) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Admin, Right::Administration,
                                         "Must have admin rights to Repository."));
    const std::lock_guard lock(store_.core().mutex);
    TRY_ANSWER(store_.core().run("DELETE FROM environments WHERE id = ?", environment.id));
    return {};
}

}  // namespace ringmaster::local_forge
