#pragma once
// What the keys about images, Docker and Swarm mean. Part of Config; config_keys_docker.cc fills it.

#include <map>
#include <string>
#include <vector>

#include "adapters/docker/build_arguments.h"
#include "adapters/docker/docker_runtime.h"
#include "adapters/docker/swarm_settings.h"
#include "base/time.h"

namespace ringmaster::app {

/// [shows.build], as far as it is about images.
struct ImageConfig {
    std::string name;  ///< with {pr}, {sha}, … filled in for each version; empty = none
    Duration wait = std::chrono::minutes(15);  ///< engine none: for CI to push it
    docker::BuildRecipe recipe;                ///< engine docker
};

/// [shows.docker]
struct DockerConfig {
    std::string host;  ///< empty: DOCKER_HOST, else the usual socket
    docker::Reach reach = docker::Reach::Port;
    std::string network;
    docker::Pull pull = docker::Pull::Missing;
    docker::Restart restart = docker::Restart::Always;
    std::int64_t nano_cpus = 0;
    int pids = 0;
};

/// [shows.swarm]
struct SwarmConfig {
    std::vector<std::string> networks;
    std::vector<std::string> constraints;
    docker::EndpointMode endpoint_mode = docker::EndpointMode::VirtualAddress;
    docker::PortMode port_mode = docker::PortMode::Ingress;
    std::vector<std::string> secrets;
    std::map<std::string, std::string> configs;
};

}  // namespace ringmaster::app
