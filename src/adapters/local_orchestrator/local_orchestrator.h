#pragma once
// The orchestrator that needs nothing but a checkout: deployments, runs and their logs in a SQLite file of
// this machine. It only keeps them; LocalWorker (local_worker.h) carries runs out.

#include <memory>
#include <string>

#include "adapters/local_orchestrator/flow_store.h"
#include "ports/entropy.h"
#include "ports/orchestrator.h"

namespace ringmaster::local_orchestrator {

/// The one pool there is; a deployment that names none is in it too.
inline constexpr std::string_view kPool = "local";

class LocalOrchestrator final : public Orchestrator, public FlowRuns {
 public:
    /// Errors: those of FlowStore::open.
    static Result<std::unique_ptr<LocalOrchestrator>> open(const std::string& path, Clock& clock,
                                                           Entropy& entropy);

    FlowStore& store() { return *store_; }

    std::string_view engine() const override { return "local"; }
    Result<std::vector<Deployment>> list(Progress& progress) override;
    Result<std::vector<Deployment>> find(const std::vector<std::string>& names, Progress& progress) override;
    Result<std::optional<WorkPool>> work_pool(const std::string& name, Progress& progress) override;
    Result<std::string> apply(const DeploymentSpec& spec, const Deployment* existing,
                              Progress& progress) override;
    /// Its runs go with it, but for those that are being carried out.
    Result<void> remove(const std::string& deployment_id, Progress& progress) override;

    /// Only asks for the run: a worker takes it. InvalidInput also says that nothing tells which commit the
    /// deployment runs.
    Result<FlowRun> start(const RunRequest& request, Progress& progress) override;
    Result<FlowRun> find(const std::string& run_id, Progress& progress) override;
    Result<std::map<std::string, FlowRun>> latest(const std::vector<std::string>& deployment_ids,
                                                  Progress& progress) override;
    Result<std::vector<RunLogLine>> logs(const std::string& run_id, std::size_t skip,
                                         Progress& progress) override;
    Result<void> cancel(const std::string& run_id, Progress& progress) override;

 private:
    LocalOrchestrator(std::unique_ptr<FlowStore> store, Entropy& entropy)
        : store_(std::move(store)), entropy_(entropy) {}
    Result<std::string> put(database::Database& database, const DeploymentSpec& spec);

    std::unique_ptr<FlowStore> store_;
    Entropy& entropy_;
};

}  // namespace ringmaster::local_orchestrator
