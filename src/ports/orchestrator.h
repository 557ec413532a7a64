#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/deployment.h"
#include "ports/progress.h"

namespace ringmaster {

/// Where runs of deployments are carried out.
struct WorkPool {
    std::string name;
    std::string type;            ///< "process", "kubernetes", …
    bool accepts_image = false;  ///< its jobs run in a container image of one's choice
    bool is_paused = false;
};

struct RunRequest {
    std::string deployment_id;
    std::map<std::string, std::string> parameters;  ///< name to JSON, over the deployment's own
    std::string idempotency_key;  ///< not empty: a second request with it gives the first one's run
};

struct RunLogLine {
    TimePoint time;
    std::string level;  ///< "INFO"; may be empty
    std::string message;
};

/// Holds deployments and runs them. Every call may give Unavailable (no answer; a change may have happened),
/// RateLimited, TimedOut, Unauthorized, Corrupt (an answer that makes no sense) and the pulse's own, beside
/// what it names.
class Orchestrator {
 public:
    virtual ~Orchestrator() = default;
    /// A word for people and records: "prefect", "local", …
    virtual std::string_view engine() const = 0;
    /// All deployments there are, by name: a partial listing is an error, never a shorter list.
    virtual Result<std::vector<Deployment>> list(Progress& progress) = 0;
    /// Those with exactly these names, under whichever flow; names without a deployment are not in the
    /// answer.
    virtual Result<std::vector<Deployment>> find(const std::vector<std::string>& names,
                                                 Progress& progress) = 0;
    /// nullopt: there is no such pool.
    virtual Result<std::optional<WorkPool>> work_pool(const std::string& name, Progress& progress) = 0;
    /// Makes the deployment as the spec says, all of it: `existing` is changed, or, nullptr, a new one
    /// created. Doing it twice leaves what doing it once leaves; a deployment of the same flow record and
    /// name is the same deployment. What is read afterwards equals `spec`. Gives its id. Errors: InvalidInput
    /// (the server refuses a field: which one, never its value; a name with one of / % & > <; another name or
    /// flow record than `existing` has), NotFound (the pool; `existing` is gone).
    virtual Result<std::string> apply(const DeploymentSpec& spec, const Deployment* existing,
                                      Progress& progress) = 0;
    /// One that is not there is success.
    virtual Result<void> remove(const std::string& deployment_id, Progress& progress) = 0;
};

/// Runs of deployments; the same server as the Orchestrator's, and the same errors.
class FlowRuns {
 public:
    virtual ~FlowRuns() = default;
    /// Errors: NotFound (the deployment), InvalidInput (parameters that do not fit its schema).
    virtual Result<FlowRun> start(const RunRequest& request, Progress& progress) = 0;
    /// Errors: NotFound.
    virtual Result<FlowRun> find(const std::string& run_id, Progress& progress) = 0;
    /// The newest run of each that has begun or was to begin by now, by the deployment's id; those that never
    /// ran are not in the answer.
    virtual Result<std::map<std::string, FlowRun>> latest(const std::vector<std::string>& deployment_ids,
                                                          Progress& progress) = 0;
    /// Lines of its log, oldest first, without the first `skip`; the last may come some seconds after its
    /// end. Errors: NotFound.
    virtual Result<std::vector<RunLogLine>> logs(const std::string& run_id, std::size_t skip,
                                                 Progress& progress) = 0;
    /// Asks it to end. One that has ended is success. Errors: NotFound.
    virtual Result<void> cancel(const std::string& run_id, Progress& progress) = 0;
};

}  // namespace ringmaster
