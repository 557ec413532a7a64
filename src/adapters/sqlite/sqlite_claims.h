#pragma once
// Claims in a SQLite file, for workers of one machine: a server, or command-line runs that share a folder. A
// claim is a row, taken and prolonged in transactions; whoever acts under it names itself as its holder (the
// fence).

#include <memory>
#include <mutex>
#include <string>

#include "database/sqlite.h"
#include "ports/claims.h"
#include "ports/clock.h"
#include "ports/entropy.h"

namespace ringmaster::sqlite {

struct SqliteClaimsSettings {
    std::string path;
    std::string repository;                    ///< "owner/name"; several may share a file
    Duration lease = std::chrono::minutes(5);  ///< how long a worker that fell silent keeps a pull request
    /// Taken off every lease by its holder, added by everybody else: for a clock that is set meanwhile.
    Duration margin() const { return std::min(Duration(std::chrono::seconds(60)), lease / 4); }
};

class SqliteClaims final : public Claims {
 public:
    /// Errors: those of open_part (support/database_file.h).
    static Result<std::unique_ptr<SqliteClaims>> open(SqliteClaimsSettings settings, Forge& forge,
                                                      Clock& clock, Entropy& entropy);

    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override;
    Result<void> release(const Claim& claim) override;
    Result<void> release_holder(int pull_request_number, std::string_view holder) override;

 private:
    SqliteClaims(SqliteClaimsSettings settings, database::Database database, Forge& forge, Clock& clock,
                 Entropy& entropy)
        : settings_(std::move(settings)),
          database_(std::move(database)),
          forge_(forge),
          clock_(clock),
          entropy_(entropy) {}

    Result<Claim> take(int pull_request_number, Progress& progress);
    Result<void> check_free(int pull_request_number);
    Result<bool> prolong(const Claim& claim, TimePoint expires_at);

    SqliteClaimsSettings settings_;
    std::mutex mutex_;  // a connection belongs to one thread at a time
    database::Database database_;
    Forge& forge_;
    Clock& clock_;
    Entropy& entropy_;
};

}  // namespace ringmaster::sqlite
