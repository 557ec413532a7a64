#pragma once
// The concrete objects behind the ports of the flows half, in the order in which they need each other.

#include <functional>
#include <memory>
#include <string>

#include "adapters/git_source/git_source_tree.h"
#include "adapters/local_orchestrator/local_orchestrator.h"
#include "adapters/local_orchestrator/local_worker.h"
#include "adapters/prefect/prefect_orchestrator.h"
#include "adapters/python_source/python_flow_finder.h"
#include "adapters/sqlite/sqlite_deploy_records.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "app/config.h"
#include "cli/environment.h"
#include "flows/service.h"

namespace ringmaster::app {

/// What it is told; all of it found out before.
struct FlowsFacts {
    const LoadedConfig& loaded;
    const cli::Environment& environment;
    std::string directory;   ///< anywhere in the repository; absolute
    std::string state_root;  ///< absolute
    std::string cache_folder;
    std::function<void(const support::HttpExchange&)> on_exchange;
};

class FlowsSide {
 public:
    /// Talks to nobody yet. Errors: InvalidInput (settings; a Prefect profile), NotFound (no repository
    /// here), Unavailable (the state folder).
    static Result<std::unique_ptr<FlowsSide>> open(const FlowsFacts& facts);

    flows::FlowService& service() { return *service_; }
    /// What carries runs out here; nullptr: the orchestrator is another program, and sees to it itself.
    local_orchestrator::LocalWorker* worker() { return worker_.get(); }

 private:
    FlowsSide(const FlowsFacts& facts);
    static std::string python_of(const FlowsFacts& facts);
    Result<void> open_orchestrator(const FlowsFacts& facts);

    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    support::PosixSubprocess subprocess_;
    support::CurlHttpClient http_;
    git_source::GitSourceTree source_;
    python_source::PythonFlowFinder finder_;
    std::unique_ptr<local_orchestrator::LocalOrchestrator> local_;
    std::unique_ptr<local_orchestrator::LocalWorker> worker_;
    std::unique_ptr<prefect::PrefectOrchestrator> prefect_;
    Orchestrator* orchestrator_ = nullptr;  ///< the one of them that there is
    FlowRuns* runs_ = nullptr;
    std::unique_ptr<sqlite::SqliteDeployRecords> records_;
    std::unique_ptr<flows::FlowService> service_;
};

/// `version = "1.2.3"` of [project] in the text of a pyproject.toml; empty: it does not say (so).
std::string package_version_in(std::string_view pyproject);

}  // namespace ringmaster::app
