#pragma once
// An orchestrator in memory: work pools, deployments under records of flows, and runs that go on when a test
// says so. An honest small model: what is applied is what is read, what a server refuses is refused, and
// every call can be made to fail before or after its effect.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/clock.h"
#include "ports/orchestrator.h"

namespace ringmaster::testing {

class FakeOrchestrator final : public Orchestrator, public FlowRuns {
 public:
    explicit FakeOrchestrator(Clock& clock) : clock_(clock) {}

    enum class Moment { Before, After };
    /// Called around every port call ("list", "find", "work_pool", "apply", "remove", "start", "find_run",
    /// "latest", "logs", "cancel"); an error becomes the call's, whatever its effect.
    std::function<std::optional<Error>(const std::string& call, Moment moment)> on_call;
    /// The next call of that name fails so, once; before on_call is asked.
    void fail_next(const std::string& call, Error error, Moment moment = Moment::Before);
    std::map<std::string, int> calls;
    /// Every call with what it was about, oldest first: "apply acme--main--hello--dev", "start d1".
    std::vector<std::string> log;

    /// "process-pool" runs no images, "image-pool" does.
    std::map<std::string, WorkPool> pools = {
        {"process-pool", {.name = "process-pool", .type = "process"}},
        {"image-pool", {.name = "image-pool", .type = "kubernetes", .accepts_image = true}},
    };
    /// Somebody else's hands: puts a deployment there as it is said, and gives its id.
    std::string add(DeploymentSpec spec);
    /// The one with that id; it must be there.
    Deployment& deployment(const std::string& id) { return deployments_.at(id); }
    /// By name, under whichever flow; nullptr: there is none.
    Deployment* named(const std::string& name);
    std::size_t size() const { return deployments_.size(); }

    /// What a worker does: begins the run, and lets it end with `state`.
    void begin(const std::string& run_id);
    void end(const std::string& run_id, RunState state = RunState::Completed);
    void write_log(const std::string& run_id, std::string message, std::string level = "INFO");
    FlowRun& run(const std::string& id) { return runs_.at(id).run; }
    /// The parameters that a run was asked to have, its deployment's among them.
    const std::map<std::string, std::string>& parameters_of(const std::string& run_id) {
        return runs_.at(run_id).parameters;
    }

    std::string_view engine() const override { return "fake"; }
    Result<std::vector<Deployment>> list(Progress& progress) override;
    Result<std::vector<Deployment>> find(const std::vector<std::string>& names, Progress& progress) override;
    Result<std::optional<WorkPool>> work_pool(const std::string& name, Progress& progress) override;
    Result<std::string> apply(const DeploymentSpec& spec, const Deployment* existing,
                              Progress& progress) override;
    Result<void> remove(const std::string& deployment_id, Progress& progress) override;

    Result<FlowRun> start(const RunRequest& request, Progress& progress) override;
    Result<FlowRun> find(const std::string& run_id, Progress& progress) override;
    Result<std::map<std::string, FlowRun>> latest(const std::vector<std::string>& deployment_ids,
                                                  Progress& progress) override;
    Result<std::vector<RunLogLine>> logs(const std::string& run_id, std::size_t skip,
                                         Progress& progress) override;
    Result<void> cancel(const std::string& run_id, Progress& progress) override;

 private:
    struct Run {
        FlowRun run;
        int number = 0;  ///< in the order of their beginning to be
        std::map<std::string, std::string> parameters;
        std::string idempotency_key;
        std::vector<RunLogLine> lines;
    };

    template <typename Body>
    auto call(const std::string& name, const std::string& about, Progress& progress, Body body)
        -> decltype(body());
    std::optional<Error> failure(const std::string& call, Moment moment);
    std::vector<Deployment> by_name(const std::function<bool(const Deployment&)>& wanted) const;
    Result<void> check(const DeploymentSpec& spec, const Deployment* existing) const;
    std::string flow_id(const std::string& flow_record);
    Result<Run*> run_of(const std::string& id);

    Clock& clock_;
    std::recursive_mutex mutex_;  ///< a hook may look at the fake, or change it, within a call
    std::vector<std::pair<std::string, std::pair<Moment, Error>>> failures_;
    std::map<std::string, Deployment> deployments_;  ///< by id
    std::map<std::string, std::string> flow_ids_;    ///< by the record's name
    std::map<std::string, Run> runs_;
    int next_id_ = 1;
};

}  // namespace ringmaster::testing
