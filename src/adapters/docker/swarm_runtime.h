#pragma once
// Runtime "swarm": each show is a service of one task, which the swarm keeps running on some node and moves
// to another one when that is lost. As with "docker", all that is known of a show is in its service's labels.

#include <optional>
#include <string>
#include <vector>

#include "adapters/docker/engine_client.h"
#include "adapters/docker/registry_login.h"
#include "adapters/docker/swarm_service.h"
#include "adapters/docker/swarm_settings.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/runtime.h"

namespace ringmaster::docker {

class SwarmRuntime final : public Runtime {
 public:
    /// `engine` is a manager of the swarm.
    SwarmRuntime(SwarmSettings settings, EngineClient& engine, const RegistryLogins& logins, Clock& clock,
                 Entropy& entropy)
        : settings_(std::move(settings)),
          engine_(&engine),
          logins_(&logins),
          clock_(&clock),
          entropy_(&entropy) {}

    std::string_view engine() const override { return "swarm"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override;
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    struct Attempt {
        const ShowSpec& spec;
        std::string id;  ///< in a label of what it creates
    };

    Result<void> check(const ShowSpec& spec) const;
    /// nullopt: look again, something changed meanwhile.
    Result<std::optional<Endpoint>> try_deploy(const Attempt& attempt, Progress& progress);
    Result<std::optional<Endpoint>> take_over(const SwarmService& service, const Attempt& attempt,
                                              Progress& progress);
    Result<void> change(const SwarmService& service, const std::string& body, const ShowSpec& spec);
    Result<std::string> body_for(const Attempt& attempt);
    Result<std::string> id_of(const char* kind, const std::string& name);
    EngineClient::Call with_login(EngineClient::Call call, const ShowSpec& spec) const;
    /// Until a task of that attempt runs or has ended for good. Errors: Failed (rejected, taken back),
    /// NotFound (the image), Conflict (another worker changed it), TimedOut.
    Result<Endpoint> await_task(const std::string& id, const std::string& attempt, Progress& progress);
    std::optional<Error> obstacle(const SwarmService& service, const Task& newest, const std::string& attempt,
                                  Duration elapsed) const;
    Result<void> undo(const Attempt& attempt);

    Result<std::optional<SwarmService>> inspect(const std::string& name_or_id);
    Result<std::vector<SwarmService>> list(const std::vector<std::string>& labels);
    Result<std::vector<SwarmService>> services_of(const ShowId& show);
    Result<std::vector<Task>> tasks_of(const SwarmService& service);
    Result<std::optional<Endpoint>> endpoint_of(const SwarmService& service, const std::vector<Task>& tasks);
    Result<std::string> node_address(const std::string& node);
    Result<std::string> manager_address();
    Result<bool> is_node_down(const std::string& node);
    Result<Service> service_from(const SwarmService& service);

    Result<void> end(const SwarmService& service, Progress& progress);
    Result<void> scale_to_nothing(const std::string& id);
    Result<bool> has_tasks_left(const SwarmService& service);
    Result<void> erase(const SwarmService& service, Progress& progress);

    SwarmSettings settings_;
    EngineClient* engine_;
    const RegistryLogins* logins_;
    Clock* clock_;
    Entropy* entropy_;
};

}  // namespace ringmaster::docker
