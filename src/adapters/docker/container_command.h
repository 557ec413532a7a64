#pragma once
// A command run in a container that runs
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Exec).

#include <string>

#include "adapters/docker/engine_client.h"
#include "domain/show_command.h"

namespace ringmaster::docker {

/// Its output goes to the progress, line by line. The engine has no way to end it before its time: when this
/// gives up, it goes on until its container ends. Errors: NotFound (no such container, or it does not run),
/// Failed (its exit code), TimedOut, Unavailable, Corrupt, the pulse's own.
Result<void> run_in_container(EngineClient& engine, const std::string& container, const ShowCommand& command,
                              Progress& progress);

}  // namespace ringmaster::docker
