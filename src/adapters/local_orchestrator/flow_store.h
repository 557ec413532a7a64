#pragma once
// The SQLite file that deployments, runs and their logs are kept in. Several processes may have it open, a
// server and command lines; a store of this process may be used by several threads.

#include <memory>
#include <mutex>
#include <string>

#include "adapters/support/database_file.h"
#include "ports/clock.h"

namespace ringmaster::local_orchestrator {

class FlowStore {
 public:
    /// The file is only its owner's to read: settings of environments are in it. Errors: those of open_part
    /// (support/database_file.h).
    static Result<std::unique_ptr<FlowStore>> open(std::string path, Clock& clock);

    Clock& clock() { return clock_; }
    /// What `body` (database::Database&) gives, looking.
    template <typename Body>
    auto read(Progress& progress, Body body) -> decltype(body(std::declval<database::Database&>())) {
        TRY(progress.pulse());
        const std::lock_guard lock(mutex_);
        return body(database_);
    }
    /// What `body` gives, in one transaction that is committed unless it fails.
    template <typename Body>
    auto write(Progress& progress, Body body) -> decltype(body(std::declval<database::Database&>())) {
        TRY(progress.pulse());
        const std::lock_guard lock(mutex_);
        auto transaction = TRY(support::begin_patiently(database_, path_, clock_, progress));
        auto result = body(database_);
        if (result) TRY(transaction.commit());
        return result;
    }

 private:
    FlowStore(std::string path, database::Database database, Clock& clock)
        : path_(std::move(path)), database_(std::move(database)), clock_(clock) {}

    std::string path_;
    std::mutex mutex_;  // a connection belongs to one thread at a time
    database::Database database_;
    Clock& clock_;
};

std::int64_t to_milliseconds(TimePoint time);
/// nullopt: the column is NULL.
std::optional<TimePoint> time_at(const database::Statement& row, int column);

}  // namespace ringmaster::local_orchestrator
