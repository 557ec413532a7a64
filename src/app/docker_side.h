#pragma once
// Everything that is made with Docker: the engine's client, and the builders and runtimes on top of it. Made
// when the configuration asks for one of them.

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/docker/engine_client.h"
#include "adapters/docker/image_waiter.h"
#include "adapters/docker/registry.h"
#include "adapters/docker/registry_login.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/workspace.h"
#include "app/config.h"
#include "cli/environment.h"
#include "ports/builder.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/runtime.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

/// What it is told.
struct DockerFacts {
    const Config& config;
    const cli::Environment& environment;
    RepositoryName repository;
    std::function<void(const support::HttpExchange&)> on_exchange;
};

/// The ports it stands on.
struct DockerPorts {
    Subprocess& subprocess;
    Clock& clock;
    Entropy& entropy;
};

bool needs_docker(const Config& config);
/// What `docker` is given when we run it: what Docker's own programs look at, and nothing else of ours.
std::map<std::string, std::string> docker_program_environment(const Config& config,
                                                              const cli::Environment& environment);

class DockerSide {
 public:
    /// Talks to nobody yet. Errors: InvalidInput (the engine's address).
    static Result<std::unique_ptr<DockerSide>> open(const DockerFacts& facts, DockerPorts ports);

    /// The builder of [shows.build] engine "docker"; `workspace`: where commits are checked out. It uses this
    /// object.
    Result<std::unique_ptr<Builder>> builder(support::Workspace::Settings workspace);
    /// `inner`, and a wait for the image that it names. It uses this object.
    std::unique_ptr<Builder> waiting(std::unique_ptr<Builder> inner);
    /// The runtime of [shows.run] engine "docker" or "swarm". It uses this object.
    Result<std::unique_ptr<Runtime>> runtime();

    /// For `doctor`: what the engine is, in one line. Errors: what keeps it from being used.
    Result<std::string> describe();

 private:
    DockerSide(const DockerFacts& facts, DockerPorts ports, docker::EngineAddress address);
    docker::AppSettings app_settings() const;
    std::unique_ptr<Runtime> docker_runtime();
    std::unique_ptr<Runtime> swarm_runtime();
    docker::BuildRecipe recipe() const;
    std::map<std::string, std::string> build_environment() const;
    /// Whether an image is on the engine, if shows run there, or in its registry.
    docker::ImageFinder finder();

    Config config_;
    RepositoryName repository_;
    cli::Environment environment_;
    std::map<std::string, std::string> secrets_;
    DockerPorts ports_;
    support::CurlHttpClient http_;
    docker::RegistryLogins logins_;
    docker::EngineClient engine_;
    support::CurlHttpClient registry_http_;
    docker::Registry registry_;
};

}  // namespace ringmaster::app
