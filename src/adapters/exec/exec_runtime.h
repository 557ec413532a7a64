#pragma once
// Run engine "exec": a program of the user's own starts, finds, lists and removes shows. What it must keep to
// is what ports/runtime.h asks of every engine; `ringmaster check-plugin runtime` tries it.

#include <map>
#include <string>
#include <vector>

#include "adapters/exec/plugin_program.h"
#include "ports/runtime.h"

namespace ringmaster::exec {

/// What the program is told besides the show.
struct ExecRuntimeSettings {
    RepositoryName repository;
    std::vector<std::string> command;  ///< the app's, as configured; may be empty
    int port = 8080;                   ///< that the app listens on in a container
    std::string address = "127.0.0.1";
    std::string host;  ///< where visitors find shows; empty: at `address`
    int memory_megabytes = 0;
    int processes = 0;  ///< that a show may have; 0 = no bound
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> secrets;  ///< not for forks
    Duration stop_grace = std::chrono::seconds(10);
    Duration deploy_timeout = std::chrono::minutes(10);
    Duration remove_timeout = std::chrono::minutes(10);
};

/// Used from several threads at once.
class ExecRuntime final : public Runtime {
 public:
    ExecRuntime(ExecRuntimeSettings settings, PluginProgram program)
        : settings_(std::move(settings)), program_(std::move(program)) {}

    std::string_view engine() const override { return "exec"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override;
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    nlohmann::json deploy_request(const ShowSpec& spec) const;
    Result<PluginAnswer> start(const ShowSpec& spec, Progress& progress) const;

    ExecRuntimeSettings settings_;
    PluginProgram program_;
};

}  // namespace ringmaster::exec
