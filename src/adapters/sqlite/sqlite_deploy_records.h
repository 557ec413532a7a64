#pragma once
// Deploy records and approvals in a SQLite file that nobody else may read: variables of environments are
// among what was deployed.

#include <memory>
#include <mutex>
#include <string>

#include "database/sqlite.h"
#include "ports/clock.h"
#include "ports/deploy_records.h"

namespace ringmaster::sqlite {

class SqliteDeployRecords final : public DeployRecords {
 public:
    /// A new file gets mode 0600. Errors: those of open_part (support/database_file.h).
    static Result<std::unique_ptr<SqliteDeployRecords>> open(std::string path, Clock& clock);

    Result<std::int64_t> begin(const DeployRecord& record) override;
    Result<void> finish(std::int64_t id, DeployOutcome outcome, const std::string& deployment_id,
                        const std::string& detail) override;
    Result<std::vector<DeployRecord>> recent(const DeployRecordQuery& query) override;
    Result<std::map<std::string, DeployRecord>> newest(const std::string& project) override;
    Result<void> approve(const Approval& approval) override;
    Result<std::vector<Approval>> approvals(const std::string& plan_digest) override;

 private:
    SqliteDeployRecords(std::string path, database::Database database, Clock& clock)
        : path_(std::move(path)), database_(std::move(database)), clock_(clock) {}

    std::string path_;
    std::mutex mutex_;  // a connection belongs to one thread at a time
    database::Database database_;
    Clock& clock_;
};

}  // namespace ringmaster::sqlite
