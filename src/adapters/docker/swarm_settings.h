#pragma once
// How shows run as services of a swarm.

#include <map>
#include <string>
#include <vector>

#include "adapters/docker/app_settings.h"

namespace ringmaster::docker {

/// How other services in a network find a show's tasks: by one address in front of them, or by theirs.
enum class EndpointMode { VirtualAddress, RoundRobin };
/// How visitors find a show.
enum class PortMode {
    Ingress,  ///< the same port on every node
    Host,     ///< a port of the node that its task is on; it changes when the task moves
    None,     ///< its name in a network
};

struct SwarmSettings {
    AppSettings app;
    std::string host;  ///< of a node, for ports on every node; empty = the manager's own address
    std::vector<std::string> networks;
    std::vector<std::string> constraints;  ///< "node.labels.shows==yes"
    EndpointMode endpoint_mode = EndpointMode::VirtualAddress;
    PortMode port_mode = PortMode::Ingress;
    std::vector<std::string> secrets;  ///< names in the swarm, mounted in /run/secrets; not for forks
    std::map<std::string, std::string> configs;  ///< name in the swarm → path in the container
};

}  // namespace ringmaster::docker
