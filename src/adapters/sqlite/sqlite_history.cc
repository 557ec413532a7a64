#include "adapters/sqlite/sqlite_history.h"

#include "adapters/support/database_file.h"

namespace ringmaster::sqlite {
namespace {

constexpr const char* kSteps[] = {
    R"sql(CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time_ms INTEGER NOT NULL,
        repository TEXT NOT NULL,
        pull_request INTEGER NOT NULL,
        sha TEXT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        step TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL,
        duration_ms INTEGER NOT NULL
    );
    CREATE INDEX event_of_pull_request ON event (repository, pull_request))sql",
    R"sql(ALTER TABLE event ADD COLUMN description TEXT NOT NULL DEFAULT '')sql",
};

HistoryEvent read_event(const database::Statement& row) {
    return {.time = TimePoint(Duration(row.integer(0))),
            .repository = row.text(1),
            .pull_request_number = static_cast<int>(row.integer(2)),
            .sha = row.text(3),
            .actor = row.text(4),
            .action = row.text(5),
            .step = row.text(6),
            .outcome = row.text(7),
            .detail = row.text(8),
            .description = row.text(10),
            .duration_ms = row.integer(9)};
}

}  // namespace

Result<std::unique_ptr<SqliteHistory>> SqliteHistory::open(std::string path, std::string repository,
                                                           Clock& clock, int most_events) {
    auto database = TRY(support::open_part(path, "history", kSteps, clock));
    return std::unique_ptr<SqliteHistory>(
        new SqliteHistory(std::move(path), std::move(repository), most_events, std::move(database), clock));
}

Result<void> SqliteHistory::record(const HistoryEvent& event) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, path_, clock_, quiet));
    auto statement =
        TRY(database_.prepare("INSERT INTO event (time_ms, repository, pull_request, sha, actor, action, "
                              "step, outcome, detail, duration_ms, description) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    statement.bind(1, static_cast<std::int64_t>(event.time.time_since_epoch().count()));
    statement.bind(2, event.repository)
        .bind(3, event.pull_request_number)
        .bind(4, event.sha)
        .bind(5, event.actor);
    statement.bind(6, event.action).bind(7, event.step).bind(8, event.outcome).bind(9, event.detail);
    statement.bind(10, static_cast<std::int64_t>(event.duration_ms));
    TRY(statement.bind(11, event.description).run());
    auto forget = TRY(database_.prepare("DELETE FROM event WHERE id <= ?"));
    TRY(forget.bind(1, database_.last_insert_id() - most_events_).run());
    return transaction.commit();
}

Result<std::vector<HistoryEvent>> SqliteHistory::recent(int pull_request_number, int limit) {
    const std::lock_guard lock(mutex_);
    auto statement = TRY(database_.prepare(
        "SELECT time_ms, repository, pull_request, sha, actor, action, step, outcome, detail, duration_ms, "
        "description FROM event "
        "WHERE (?1 = '' OR repository = ?1) AND (?2 = 0 OR pull_request = ?2) ORDER BY id DESC LIMIT ?3"));
    statement.bind(1, repository_).bind(2, pull_request_number).bind(3, limit);
    std::vector<HistoryEvent> events;
    while (TRY(statement.step())) events.push_back(read_event(statement));
    return events;
}

}  // namespace ringmaster::sqlite
