#pragma once
// Deployments and their runs on a Prefect server, self-hosted or Prefect Cloud, over its REST API; no Python
// is needed here. A new deployment takes two requests, a changed one takes one.

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/prefect/prefect_client.h"
#include "ports/orchestrator.h"

namespace ringmaster::prefect {

/// Used from several threads at once; but a server on SQLite is fastest with one writer (prefect-wire, rule
/// 3).
class PrefectOrchestrator final : public Orchestrator, public FlowRuns {
 public:
    PrefectOrchestrator(PrefectSettings settings, HttpClient& http, Clock& clock, Entropy& entropy)
        : client_(std::move(settings), http, clock, entropy) {}

    std::string_view engine() const override { return "prefect"; }
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

    /// The server's version ("3.8.8"), which also tells whether it is there and knows us. Errors: those of
    /// PrefectClient::json.
    Result<std::string> server_version(Progress& progress);

 private:
    Result<std::vector<Deployment>> read_all(const std::string& filter, const std::string& doing,
                                             Progress& progress);
    Result<void> learn_flow_names(const std::set<std::string>& flow_ids, Progress& progress);
    std::string flow_name(const std::string& flow_id);
    Result<std::string> flow_record(const std::string& name, Progress& progress);
    Result<std::string> upsert(const DeploymentSpec& spec, const std::string& flow_id, Progress& progress);
    Result<std::string> replace(const DeploymentSpec& spec, const Deployment& existing, Progress& progress);
    Result<std::string> patch(const DeploymentSpec& spec, const Deployment& existing, Progress& progress);
    Result<std::vector<FlowRun>> newest_runs(const std::set<std::string>& deployment_ids, Progress& progress);

    PrefectClient client_;
    std::mutex flow_names_mutex_;
    std::map<std::string, std::string> flow_names_;  ///< by id; a record never gets another name
};

}  // namespace ringmaster::prefect
