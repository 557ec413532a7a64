#pragma once
// History in a SQLite file. It keeps the newest hundred thousand events: years of a busy repository, tens of
// megabytes.

#include <memory>
#include <mutex>
#include <string>

#include "database/sqlite.h"
#include "ports/clock.h"
#include "ports/history.h"

namespace ringmaster::sqlite {

class SqliteHistory final : public History {
 public:
    /// `repository`: recent() tells of this one only; empty = of all in the file. Errors: those of open_part
    /// (support/database_file.h).
    static Result<std::unique_ptr<SqliteHistory>> open(std::string path, std::string repository, Clock& clock,
                                                       int most_events = 100000);

    /// Errors: Unavailable (disk full, read-only, locked), Corrupt.
    Result<void> record(const HistoryEvent& event) override;
    Result<std::vector<HistoryEvent>> recent(int pull_request_number, int limit) override;

 private:
    SqliteHistory(std::string path, std::string repository, int most_events, database::Database database,
                  Clock& clock)
        : path_(std::move(path)),
          repository_(std::move(repository)),
          most_events_(most_events),
          database_(std::move(database)),
          clock_(clock) {}

    std::string path_;
    std::string repository_;
    int most_events_;
    std::mutex mutex_;  // a connection belongs to one thread at a time
    database::Database database_;
    Clock& clock_;
};

}  // namespace ringmaster::sqlite
