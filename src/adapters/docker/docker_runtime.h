#pragma once
// Runtime "docker": each show is one container on one engine, this machine's or another's.
//
// What is known of a show is in its container's labels; there is no state of ours beside the engine's. A
// container's name is the show's, and the engine takes a name only once: of two workers that start one show,
// the second finds what the first one made.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/docker/app_settings.h"
#include "adapters/docker/container.h"
#include "adapters/docker/engine_client.h"
#include "adapters/docker/images.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/runtime.h"

namespace ringmaster::docker {

/// How visitors get to a show.
enum class Reach {
    Port,     ///< a port of the engine's machine
    Network,  ///< the container's own address in its network
};
enum class Pull { Missing, Always, Never };

struct DockerSettings {
    AppSettings app;
    Reach reach = Reach::Port;
    std::string address = "127.0.0.1";  ///< of the engine's machine, to publish ports on
    std::string host;                   ///< where visitors find it; empty = at `address`
    std::uint16_t first_port = 20000;
    std::uint16_t last_port = 29999;
    std::string network;  ///< to attach shows to; empty = the engine's default
    Pull pull = Pull::Missing;
};

class DockerRuntime final : public Runtime {
 public:
    DockerRuntime(DockerSettings settings, EngineClient& engine, const RegistryLogins& logins, Clock& clock,
                  Entropy& entropy)
        : settings_(std::move(settings)),
          engine_(&engine),
          images_(engine, logins, clock),
          clock_(&clock),
          entropy_(&entropy) {}

    std::string_view engine() const override { return "docker"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override;
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    /// One attempt to bring a show up: its marks, and what is known by now.
    struct Attempt {
        const ShowSpec& spec;
        std::string id;  ///< in the label of what it creates
        bool has_pulled = false;
        std::vector<std::uint16_t> refused_ports;
    };

    Result<void> check_reach() const;
    /// nullopt: look again, something changed meanwhile.
    Result<std::optional<Endpoint>> try_deploy(Attempt& attempt, Progress& progress);
    Result<std::optional<Endpoint>> adopt(const Container& container, const ShowSpec& spec,
                                          Progress& progress);
    Result<std::string> create(Attempt& attempt, Progress& progress);
    Result<void> get_image(Attempt& attempt, Progress& progress);
    Result<void> start(const std::string& id, Progress& progress);
    Result<Endpoint> endpoint_of(const Container& container) const;
    Result<Placement> placement_for(const Attempt& attempt);
    Result<std::set<std::uint16_t>> ports_in_use();
    /// What an attempt made and could not finish.
    Result<void> undo(const Attempt& attempt);

    Result<std::optional<Container>> inspect(const std::string& name_or_id);
    Result<std::vector<Container>> list(const std::vector<std::string>& labels);
    Result<std::vector<Container>> containers_of(const ShowId& show);
    Service service_of(const Container& container);
    Result<void> end(const Container& container, Progress& progress);
    Result<void> erase(const std::string& id, Progress& progress);
    Result<void> forget_image(const Ownership& owner);

    DockerSettings settings_;
    EngineClient* engine_;
    Images images_;
    Clock* clock_;
    Entropy* entropy_;
};

}  // namespace ringmaster::docker
