#pragma once
// What a show's application is given and held to, whether it runs on one engine or in a swarm.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "domain/repository_name.h"
#include "ports/runtime.h"

namespace ringmaster::docker {

/// What the engine does when the application ends by itself.
enum class Restart {
    No,
    OnFailure,
    Always,  ///< also after a restart of the engine or its machine
};

struct AppSettings {
    RepositoryName repository;
    std::vector<std::string> command;  ///< instead of the image's own; empty = that
    std::uint16_t port = 8080;         ///< that it listens on, in its container
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> secrets;  ///< name → value; not for forks
    std::uint64_t memory_bytes = 0;              ///< 0 = no bound
    std::int64_t nano_cpus = 0;                  ///< billionths of a processor; 0 = no bound
    int pids = 0;                                ///< processes and threads; 0 = no bound
    Restart restart = Restart::Always;
    Duration stop_grace = std::chrono::seconds(10);  ///< between asking it to end and killing it
};

/// Its variables as "NAME=value", in alphabetical order. PORT, HOST and RINGMASTER_… cannot be changed by
/// others.
std::vector<std::string> environment_of(const AppSettings& settings, const ShowSpec& spec);

/// Whole seconds, rounded up: what the API counts in.
long long whole_seconds(Duration duration);

/// Errors: InvalidInput: another repository's show, a commit that is not the show's, no image.
Result<void> check_spec(const AppSettings& settings, const ShowSpec& spec);

}  // namespace ringmaster::docker
