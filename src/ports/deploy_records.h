#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster {

enum class DeployOutcome {
    Begun,   ///< it was about to be written; whether it was is for the orchestrator to say
    Done,    ///< it is there
    Failed,  ///< it is not
    Undone,  ///< it was there, and was put back
};
/// "begun", "done", "failed", "undone".
constexpr std::string_view to_string(DeployOutcome outcome) {
    switch (outcome) {
        case DeployOutcome::Done:
            return "done";
        case DeployOutcome::Failed:
            return "failed";
        case DeployOutcome::Undone:
            return "undone";
        case DeployOutcome::Begun:
            break;
    }
    return "begun";
}

/// One change of one deployment: who, when, what, from where.
struct DeployRecord {
    std::int64_t id = 0;  ///< given by the store
    TimePoint time;
    std::string actor;      ///< a person's name or login; may be empty
    std::string operation;  ///< deploy, promote, rollback, prune
    std::string project;
    std::string flow;                ///< display name
    std::string environment;         ///< the one that changed
    std::string source_environment;  ///< of a promotion
    std::string deployment;          ///< name
    std::string deployment_id;       ///< the orchestrator's; empty until it is known
    std::string version;             ///< "main-abc1234"
    std::string commit;
    std::string plan_digest;
    std::string reason;    ///< why, and which rules were overruled; may be empty
    std::string spec;      ///< JSON of what was written (domain/deployment_json.h); empty = it was removed
    std::string previous;  ///< JSON of what was there before; empty = nothing
    DeployOutcome outcome = DeployOutcome::Begun;
    std::string detail;  ///< of a failure
};

struct DeployRecordQuery {
    std::string project;
    std::string flow;         ///< empty = all
    std::string environment;  ///< empty = all
    int limit = 50;
};

struct Approval {
    std::string plan_digest;
    std::string approver;
    TimePoint time;
    std::string comment;
};

/// What was deployed, promoted and rolled back, and who agreed. Losing it loses no safety: versions are in
/// the deployments' own tags. Every call may give Unavailable and Corrupt.
class DeployRecords {
 public:
    virtual ~DeployRecords() = default;
    /// Writes down what is about to be done; gives its id.
    virtual Result<std::int64_t> begin(const DeployRecord& record) = 0;
    virtual Result<void> finish(std::int64_t id, DeployOutcome outcome, const std::string& deployment_id,
                                const std::string& detail) = 0;
    /// Newest first.
    virtual Result<std::vector<DeployRecord>> recent(const DeployRecordQuery& query) = 0;
    /// The newest record of each deployment of the project that was done or may have been (Done, Begun), by
    /// its name.
    virtual Result<std::map<std::string, DeployRecord>> newest(const std::string& project) = 0;
    /// A second approval of a plan by the same person changes nothing.
    virtual Result<void> approve(const Approval& approval) = 0;
    virtual Result<std::vector<Approval>> approvals(const std::string& plan_digest) = 0;
};

}  // namespace ringmaster
