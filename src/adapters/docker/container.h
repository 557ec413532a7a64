#pragma once
// One container as the engine describes it, understood; and the description from which one is made
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container).

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/docker/app_settings.h"
#include "adapters/docker/ownership.h"
#include "adapters/support/json_reader.h"
#include "base/result.h"

namespace ringmaster::docker {

struct Container {
    std::string id;
    std::string name;                ///< without the slash in front
    std::optional<Ownership> owner;  ///< nullopt: not ours
    std::string status;              ///< created, running, paused, restarting, removing, exited, dead
    int exit_code = 0;
    bool was_out_of_memory = false;
    std::string error;  ///< why the engine could not start it
    int restarts = 0;
    std::uint64_t memory_bytes = 0;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> finished_at;
    std::optional<std::uint16_t> published_port;
    std::string network_address;  ///< in the network asked about; empty while it has none
};

/// Reads the answer of GET /containers/ID/json. `port`: the application's; `network`: whose address is
/// wanted. Errors: Corrupt.
Result<Container> read_container(const support::JsonReader& answer, const RepositoryName& repository,
                                 std::uint16_t port, const std::string& network);

struct Condition {
    ServiceState state = ServiceState::Starting;
    std::string detail;
};
/// What state the show is in, for people and for who waits for it. An application that the engine starts
/// again and again counts as ended: it will not answer.
Condition condition_of(const Container& container, TimePoint now);

/// Where a container's port is to be found.
struct Placement {
    std::string address;          ///< of the engine's machine, to publish on; empty = not published
    std::uint16_t published = 0;  ///< port there
    std::string network;          ///< to attach it to; empty = the engine's default
};
/// The body of POST /containers/create.
std::string creation_body(const AppSettings& settings, const ShowSpec& spec, const Placement& placement,
                          const std::map<std::string, std::string>& labels);

}  // namespace ringmaster::docker
