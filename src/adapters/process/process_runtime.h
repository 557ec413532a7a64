#pragma once
// Runtime "process": shows as processes of this machine, for the demo, for local use, and for apps that start
// fast.
//
// A show is one command, run by the shell in the artifact's folder with PORT and HOST saying where to listen.
// It has a session of its own under a supervisor (supervisor.h), outlives the command that started it, and is
// found again by what cannot be confused with another process: id, start and boot, and a random instance name
// in its environment. There is no sandbox: it runs as our user. It is given no secret but those configured,
// and none if it is from a fork.

#include <cstdint>
#include <map>
#include <string>

#include "adapters/process/free_port.h"
#include "adapters/process/state_folder.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/runtime.h"
#include "ports/subprocess.h"

namespace ringmaster::process {

struct ProcessRuntimeSettings {
    std::string state_folder;
    RepositoryName repository;
    std::string command;                ///< a line for the shell; it finds its port in $PORT
    std::string address = "127.0.0.1";  ///< to listen on
    std::string host;                   ///< where visitors find it; empty = at `address`
    PortRange ports;
    /// On top of PATH, HOME, LANG and TMPDIR.
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> secrets;  ///< name → value
    ProcessLimits limits;
    std::size_t max_log_bytes = 8 << 20;             ///< of each show
    Duration stop_grace = std::chrono::seconds(10);  ///< between asking it to end and killing it
};

class ProcessRuntime final : public Runtime {
 public:
    ProcessRuntime(ProcessRuntimeSettings settings, Clock& clock, Entropy& entropy)
        : settings_(std::move(settings)),
          state_(settings_.state_folder),
          clock_(&clock),
          entropy_(&entropy) {}

    std::string_view engine() const override { return "process"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override;
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    Result<void> check(const ShowSpec& spec) const;
    Result<std::optional<Endpoint>> adopt(const ShowSpec& spec);
    Result<ServiceRecord> reserve(const ShowSpec& spec, Progress& progress);
    Result<void> start(const ShowSpec& spec, ServiceRecord& record, Progress& progress);
    ProcessSpec app_process(const ShowSpec& spec, const ServiceRecord& record) const;
    Result<Service> look_at(const ServiceRecord& record) const;
    Result<void> end(const ServiceRecord& record, Progress& progress);
    Result<void> clear(const ShowId& show, Progress& progress);

    ProcessRuntimeSettings settings_;
    StateFolder state_;
    Clock* clock_;
    Entropy* entropy_;
};

}  // namespace ringmaster::process
