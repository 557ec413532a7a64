#include "adapters/local_orchestrator/flow_store.h"

#include <filesystem>

namespace ringmaster::local_orchestrator {
namespace {

// A run keeps the deployment as it was when the run was asked for: what is deployed meanwhile is for the
// next.
constexpr const char* kSteps[] = {
    R"sql(CREATE TABLE local_deployment (
        id TEXT PRIMARY KEY,
        flow_record TEXT NOT NULL,
        name TEXT NOT NULL,
        spec TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        schedules_since_ms INTEGER NOT NULL,
        UNIQUE (name, flow_record)
    );
    CREATE TABLE local_run (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        deployment_id TEXT NOT NULL,
        spec TEXT NOT NULL,
        repository TEXT NOT NULL,
        most_at_once INTEGER,
        parameters TEXT NOT NULL,
        idempotency_key TEXT,
        state TEXT NOT NULL,
        state_text TEXT NOT NULL,
        expected_ms INTEGER NOT NULL,
        started_ms INTEGER,
        ended_ms INTEGER,
        holder TEXT NOT NULL DEFAULT '',
        heartbeat_ms INTEGER,
        silence_seen_ms INTEGER,
        UNIQUE (deployment_id, idempotency_key)
    );
    CREATE INDEX local_run_by_state ON local_run (state, expected_ms);
    CREATE TABLE local_run_log (
        run TEXT NOT NULL REFERENCES local_run (id) ON DELETE CASCADE,
        line INTEGER NOT NULL,
        time_ms INTEGER NOT NULL,
        level TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (run, line)
    ) WITHOUT ROWID)sql",
};

}  // namespace

Result<std::unique_ptr<FlowStore>> FlowStore::open(std::string path, Clock& clock) {
    auto database = TRY(support::open_part(path, "local_orchestrator", kSteps, clock));
    std::error_code ignored;  // not our file, then: whoever made it decided who reads it
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    return std::unique_ptr<FlowStore>(new FlowStore(std::move(path), std::move(database), clock));
}

std::int64_t to_milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

std::optional<TimePoint> time_at(const database::Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return TimePoint(Duration(row.integer(column)));
}

}  // namespace ringmaster::local_orchestrator
