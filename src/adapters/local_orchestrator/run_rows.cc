#include "adapters/local_orchestrator/run_rows.h"

#include "adapters/local_orchestrator/flow_store.h"
#include "adapters/local_orchestrator/json_texts.h"
#include "base/text.h"
#include "domain/deployment_json.h"

namespace ringmaster::local_orchestrator {
namespace {

constexpr int kMostRunsKept = 200;  // of a deployment: a week of hourly runs, and their logs

RunState state_of(std::string_view word) {
    for (const auto state : {RunState::Scheduled, RunState::Pending, RunState::Running, RunState::Completed,
                             RunState::Failed, RunState::Crashed, RunState::Cancelling, RunState::Cancelled})
        if (to_string(state) == word) return state;
    return RunState::Unknown;
}

Result<void> forget_old_runs(database::Database& database, std::string_view deployment_id) {
    auto statement = TRY(database.prepare(
        "DELETE FROM local_run WHERE ended_ms IS NOT NULL AND number IN (SELECT number FROM local_run "
        "WHERE deployment_id = ?1 ORDER BY number DESC LIMIT -1 OFFSET ?2)"));
    return statement.bind(1, deployment_id).bind(2, kMostRunsKept).run();
}

}  // namespace

const std::string_view kRunColumns =
    "number, id, deployment_id, spec, parameters, idempotency_key, state, state_text, expected_ms, "
    "started_ms, "
    "ended_ms";

Result<RunRow> read_run(const database::Statement& row) {
    RunRow read;
    read.spec = TRY(spec_from_json(row.text(3)));
    read.parameters = TRY(members_of(row.text(4)));
    read.idempotency_key = row.text(5);
    read.run = {.id = row.text(1),
                .name = fmt::format("{}-{}", read.spec.flow_record, row.integer(0)),
                .deployment_id = row.text(2),
                .state = state_of(row.text(6)),
                .state_text = row.text(7),
                .version = read.spec.version,
                .expected_at = time_at(row, 8),
                .started_at = time_at(row, 9),
                .ended_at = time_at(row, 10)};
    return read;
}

Result<RunRow> insert_run(database::Database& database, const RunRow& row) {
    auto statement = TRY(database.prepare(
        "INSERT INTO local_run (id, deployment_id, spec, repository, parameters, idempotency_key, state, "
        "state_text, expected_ms) VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?)"));
    statement.bind(1, row.run.id).bind(2, row.run.deployment_id).bind(3, to_json_text(row.spec));
    statement.bind(4, row.spec.code ? row.spec.code->repository : "");
    statement.bind(5, TRY(json_object(row.parameters))).bind(6, row.idempotency_key);
    statement.bind(7, to_string(RunState::Scheduled)).bind(8, row.run.state_text);
    TRY(statement.bind(9, to_milliseconds(row.run.expected_at.value_or(TimePoint()))).run());
    TRY(forget_old_runs(database, row.run.deployment_id));
    return find_run(database, row.run.id);
}

Result<RunRow> find_run(database::Database& database, std::string_view id) {
    auto statement = TRY(database.prepare(fmt::format("SELECT {} FROM local_run WHERE id = ?", kRunColumns)));
    statement.bind(1, id);
    if (TRY(statement.step())) return read_run(statement);
    return Fail(Error::not_found("there is no run {}", sanitize_for_terminal(id)));
}

}  // namespace ringmaster::local_orchestrator
