#pragma once
// A service of a swarm as the manager describes it, understood; and the description from which one is made
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Service, #tag/Task).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/docker/container.h"
#include "adapters/docker/ownership.h"
#include "adapters/docker/swarm_settings.h"
#include "adapters/support/json_reader.h"
#include "base/result.h"

namespace ringmaster::docker {

struct SwarmService {
    std::string id;
    std::string name;
    std::uint64_t version = 0;  ///< to name in a change of it
    std::optional<Ownership> owner;
    int replicas = 1;
    std::uint16_t published_port = 0;  ///< on every node; 0 = none
    std::string update;                ///< updating, completed, rollback_completed, …; empty = never updated
    std::string update_message;
};
/// Errors: Corrupt.
Result<SwarmService> read_service(const support::JsonReader& answer, const RepositoryName& repository);

/// One attempt to run the service's container; the manager keeps the last few.
struct Task {
    std::string id;
    std::string node;
    std::string
        state;  ///< new, pending, preparing, starting, running, complete, failed, rejected, shutdown, …
    std::string desired;  ///< running, shutdown, remove
    std::string error;
    int exit_code = 0;
    TimePoint created_at;
    std::string container;             ///< on its node; empty before it was made
    std::string attempt;               ///< the label of the attempt whose description it was made of
    std::uint16_t published_port = 0;  ///< on its node; 0 = none
    bool has_ended() const;
    bool is_wanted() const { return desired == "running" || desired == "ready"; }
};
/// Newest first. Errors: Corrupt.
Result<std::vector<Task>> read_tasks(const support::JsonReader& answer);

/// State of the service from its tasks. One whose tasks end again and again counts as ended.
Condition condition_of(const SwarmService& service, const std::vector<Task>& tasks);

/// Ids of secrets and configs of the swarm, by name: a service names both.
struct SwarmFiles {
    std::map<std::string, std::string> secret_ids;
    std::map<std::string, std::string> config_ids;
};
/// The body of POST /services/create and of an update.
std::string service_body(const SwarmSettings& settings, const ShowSpec& spec, const SwarmFiles& files,
                         const std::map<std::string, std::string>& labels);

}  // namespace ringmaster::docker
