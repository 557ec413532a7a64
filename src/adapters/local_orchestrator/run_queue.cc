#include "adapters/local_orchestrator/run_queue.h"

namespace ringmaster::local_orchestrator {
namespace {

constexpr std::string_view kUnderWay = "('pending', 'running', 'cancelling')";

// After a machine slept, or its clock was set, all workers look silent: they get this long to prove
// otherwise.
constexpr auto kSecondLook = std::chrono::seconds(10);

struct Silent {
    std::string id;
    bool was_to_end;
    TimePoint last_sign;
};

// Those that were silent at an earlier look already; what is silent now for the first time is noted.
Result<std::vector<Silent>> find_silent(database::Database& database, TimePoint now, Duration silence) {
    auto note = TRY(database.prepare(
        fmt::format("UPDATE local_run SET silence_seen_ms = ?1 WHERE state IN {} AND heartbeat_ms < ?2 "
                    "AND silence_seen_ms IS NULL",
                    kUnderWay)));
    TRY(note.bind(1, to_milliseconds(now)).bind(2, to_milliseconds(now - silence)).run());
    auto find = TRY(database.prepare(fmt::format(
        "SELECT id, state, heartbeat_ms FROM local_run WHERE state IN {} AND silence_seen_ms <= ?",
        kUnderWay)));
    find.bind(1, to_milliseconds(now - kSecondLook));
    std::vector<Silent> silent;
    while (TRY(find.step()))
        silent.push_back({find.text(0), find.text(1) == to_string(RunState::Cancelling),
                          time_at(find, 2).value_or(TimePoint())});
    return silent;
}

Error lost(const std::string& run_id) {
    return Error::conflict("the run {} is not this worker's any more: it was silent for too long", run_id);
}

}  // namespace

Result<std::optional<RunRow>> RunQueue::take_where(std::string_view condition, const std::string& value,
                                                   Progress& progress) {
    return store_->write(progress, [&](auto& database) -> Result<std::optional<RunRow>> {
        auto next = TRY(database.prepare(fmt::format(
            "SELECT id FROM local_run AS one WHERE state = 'scheduled' AND expected_ms <= ?1 "
            "AND (?2 = '' OR repository IN ('', ?2)) AND {} AND (most_at_once IS NULL OR most_at_once > "
            "(SELECT count(*) FROM local_run WHERE deployment_id = one.deployment_id AND state IN {})) "
            "ORDER BY expected_ms, number LIMIT 1",
            condition, kUnderWay)));
        const auto now = to_milliseconds(store_->clock().now());
        next.bind(1, now).bind(2, repository_).bind(3, value);
        if (!TRY(next.step())) return std::nullopt;
        const auto id = next.text(0);
        auto take = TRY(database.prepare(
            "UPDATE local_run SET state = 'pending', state_text = 'Pending', holder = ?, heartbeat_ms = ? "
            "WHERE id = ?"));
        TRY(take.bind(1, holder_).bind(2, now).bind(3, id).run());
        return TRY(find_run(database, id));
    });
}

Result<std::optional<RunRow>> RunQueue::take_next(Progress& progress) {
    return take_where("?3 = ''", "", progress);
}

Result<std::optional<RunRow>> RunQueue::take(const std::string& run_id, Progress& progress) {
    return take_where("id = ?3", run_id, progress);
}

Result<void> RunQueue::begin(const std::string& run_id) {
    NoProgress quiet;
    return store_->write(quiet, [&](auto& database) -> Result<void> {
        // One that is asked to end meanwhile stays so: the next sign of life hears it.
        auto statement =
            TRY(database.prepare("UPDATE local_run SET started_ms = ?1, heartbeat_ms = ?1, "
                                 "state_text = CASE state WHEN 'pending' THEN 'Running' ELSE state_text END, "
                                 "state = CASE state WHEN 'pending' THEN 'running' ELSE state END "
                                 "WHERE id = ?2 AND holder = ?3 AND ended_ms IS NULL"));
        statement.bind(1, to_milliseconds(store_->clock().now())).bind(2, run_id).bind(3, holder_);
        TRY(statement.run());
        if (database.changes() == 0) return Fail(lost(run_id));
        return {};
    });
}

Result<bool> RunQueue::beat(const std::string& run_id) {
    NoProgress quiet;
    return store_->write(quiet, [&](auto& database) -> Result<bool> {
        auto statement =
            TRY(database.prepare("UPDATE local_run SET heartbeat_ms = ?, silence_seen_ms = NULL "
                                 "WHERE id = ? AND holder = ? AND ended_ms IS NULL"));
        statement.bind(1, to_milliseconds(store_->clock().now())).bind(2, run_id).bind(3, holder_);
        TRY(statement.run());
        if (database.changes() == 0) return Fail(lost(run_id));
        return TRY(find_run(database, run_id)).run.state == RunState::Cancelling;
    });
}

Result<void> RunQueue::append(const std::string& run_id, std::size_t first_line,
                              const std::vector<RunLogLine>& lines) {
    NoProgress quiet;
    return store_->write(quiet, [&](auto& database) -> Result<void> {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            auto statement = TRY(database.prepare(
                "INSERT INTO local_run_log (run, line, time_ms, level, message) VALUES (?, ?, ?, ?, ?)"));
            statement.bind(1, run_id).bind(2, static_cast<std::int64_t>(first_line + i));
            statement.bind(3, to_milliseconds(lines[i].time)).bind(4, lines[i].level);
            TRY(statement.bind(5, lines[i].message).run());
        }
        return {};
    });
}

Result<FlowRun> RunQueue::end(const std::string& run_id, RunState state, const std::string& text) {
    NoProgress quiet;
    return store_->write(quiet, [&](auto& database) -> Result<FlowRun> {
        auto statement =
            TRY(database.prepare("UPDATE local_run SET state = ?, state_text = ?, ended_ms = ? "
                                 "WHERE id = ? AND holder = ? AND ended_ms IS NULL"));
        statement.bind(1, to_string(state)).bind(2, text);
        statement.bind(3, to_milliseconds(store_->clock().now())).bind(4, run_id).bind(5, holder_);
        TRY(statement.run());
        if (database.changes() == 0) return Fail(lost(run_id));
        return TRY(find_run(database, run_id)).run;
    });
}

Result<std::vector<FlowRun>> RunQueue::end_lost(Duration silence, Progress& progress) {
    return store_->write(progress, [&](auto& database) -> Result<std::vector<FlowRun>> {
        const auto now = store_->clock().now();
        std::vector<FlowRun> ended;
        for (const auto& [id, was_to_end, last_sign] : TRY(find_silent(database, now, silence))) {
            auto statement = TRY(database.prepare(
                "UPDATE local_run SET state = ?, state_text = ?, ended_ms = ? WHERE id = ?"));
            statement.bind(1, to_string(was_to_end ? RunState::Cancelled : RunState::Crashed));
            statement.bind(2, fmt::format("its worker fell silent at {}", format_iso8601(last_sign)));
            TRY(statement.bind(3, to_milliseconds(now)).bind(4, id).run());
            ended.push_back(TRY(find_run(database, id)).run);
        }
        return ended;
    });
}

}  // namespace ringmaster::local_orchestrator
