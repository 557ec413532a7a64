// The runs of LocalOrchestrator: asking for one, looking, and asking it to end.

#include "adapters/local_orchestrator/deployment_rows.h"
#include "adapters/local_orchestrator/json_texts.h"
#include "adapters/local_orchestrator/local_orchestrator.h"
#include "adapters/local_orchestrator/run_rows.h"
#include "base/text.h"
#include "domain/flow_version.h"

namespace ringmaster::local_orchestrator {
namespace {

// Runs get their parameters as one variable of the environment, which Linux holds to 128 KiB (execve(2)).
constexpr std::size_t kMostParameterBytes = 100 << 10;

Result<void> check_runnable(const DeploymentSpec& spec) {
    if (!spec.code && FlowVersion::of_tags(spec.tags).commit.empty())
        return Fail(Error::invalid_input("{} does not say which commit it runs", spec.name)
                        .hint("deploy it again: the local orchestrator runs committed code, not images"));
    if (spec.path.starts_with('/'))
        return Fail(
            Error::invalid_input("the path of {} is outside of its repository", spec.name)
                .hint("the local orchestrator runs the deployed commit: leave the path empty, or name a "
                      "folder below the repository's top"));
    return {};
}

Result<std::optional<RunRow>> run_with_key(database::Database& database, const RunRequest& request) {
    auto statement = TRY(database.prepare(fmt::format(
        "SELECT {} FROM local_run WHERE deployment_id = ? AND idempotency_key = ?", kRunColumns)));
    statement.bind(1, request.deployment_id).bind(2, request.idempotency_key);
    if (!TRY(statement.step())) return std::nullopt;
    return TRY(read_run(statement));
}

}  // namespace

Result<FlowRun> LocalOrchestrator::start(const RunRequest& request, Progress& progress) {
    return store_->write(progress, [&](auto& database) -> Result<FlowRun> {
        const auto deployment = TRY(deployment_with_id(database, request.deployment_id));
        if (!deployment)
            return Fail(
                Error::not_found("there is no deployment {}", sanitize_for_terminal(request.deployment_id)));
        if (auto same = TRY(run_with_key(database, request))) return same->run;
        const auto& spec = deployment->deployment.spec;
        TRY(check_runnable(spec));
        auto parameters = request.parameters;
        parameters.insert(spec.parameters.begin(), spec.parameters.end());
        TRY_WHILE(check_parameters(spec.parameter_schema, parameters), "starting {}", spec.name);
        if (TRY(json_object(parameters)).size() > kMostParameterBytes)
            return Fail(Error::invalid_input("the parameters of {} are longer than 100 KiB", spec.name));
        const RunRow row{.run = {.id = entropy_.hex(8),
                                 .deployment_id = request.deployment_id,
                                 .state_text = "Scheduled",
                                 .expected_at = store_->clock().now()},
                         .spec = spec,
                         .parameters = std::move(parameters),
                         .idempotency_key = request.idempotency_key};
        return TRY(insert_run(database, row)).run;
    });
}

Result<FlowRun> LocalOrchestrator::find(const std::string& run_id, Progress& progress) {
    return store_->read(
        progress, [&](auto& database) -> Result<FlowRun> { return TRY(find_run(database, run_id)).run; });
}

Result<std::map<std::string, FlowRun>> LocalOrchestrator::latest(
    const std::vector<std::string>& deployment_ids, Progress& progress) {
    return store_->read(progress, [&](auto& database) -> Result<std::map<std::string, FlowRun>> {
        auto statement = TRY(database.prepare(fmt::format(
            "SELECT {} FROM (SELECT *, row_number() OVER (PARTITION BY deployment_id "
            "ORDER BY coalesce(started_ms, expected_ms) DESC, number DESC) AS place FROM local_run "
            "WHERE deployment_id IN (SELECT value FROM json_each(?)) "
            "AND coalesce(started_ms, expected_ms) <= ?) WHERE place = 1",
            kRunColumns)));
        statement.bind(1, json_array(deployment_ids)).bind(2, to_milliseconds(store_->clock().now()));
        std::map<std::string, FlowRun> newest;
        while (TRY(statement.step())) {
            auto run = TRY(read_run(statement)).run;
            newest[run.deployment_id] = std::move(run);
        }
        return newest;
    });
}

Result<std::vector<RunLogLine>> LocalOrchestrator::logs(const std::string& run_id, std::size_t skip,
                                                        Progress& progress) {
    return store_->read(progress, [&](auto& database) -> Result<std::vector<RunLogLine>> {
        TRY(find_run(database, run_id));
        auto statement = TRY(database.prepare(
            "SELECT time_ms, level, message FROM local_run_log WHERE run = ? AND line >= ? ORDER BY line"));
        statement.bind(1, run_id).bind(2, static_cast<std::int64_t>(skip));
        std::vector<RunLogLine> lines;
        while (TRY(statement.step()))
            lines.push_back(
                {time_at(statement, 0).value_or(TimePoint()), statement.text(1), statement.text(2)});
        return lines;
    });
}

Result<void> LocalOrchestrator::cancel(const std::string& run_id, Progress& progress) {
    return store_->write(progress, [&](auto& database) -> Result<void> {
        const auto run = TRY(find_run(database, run_id)).run;
        if (is_final(run.state) || run.state == RunState::Cancelling) return {};
        const bool has_begun = run.state != RunState::Scheduled;
        auto statement = TRY(database.prepare(
            "UPDATE local_run SET state = ?, state_text = ?, ended_ms = nullif(?, 0) WHERE id = ?"));
        statement.bind(1, to_string(has_begun ? RunState::Cancelling : RunState::Cancelled));
        statement.bind(2, has_begun ? "Cancelling" : "Cancelled before it began");
        statement.bind(3, has_begun ? 0 : to_milliseconds(store_->clock().now()));
        return statement.bind(4, run_id).run();
    });
}

}  // namespace ringmaster::local_orchestrator
