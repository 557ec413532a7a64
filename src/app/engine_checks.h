#pragma once
// What `doctor` looks at in the engines that are configured: not whether a key is set, but whether the thing
// works here: a checkout is made and removed, a port is listened on, a file is written.

#include <string>

#include "app/config.h"
#include "app/doctor_outcome.h"
#include "cli/environment.h"
#include "ports/clock.h"

namespace ringmaster::app {

/// Where the engines would work.
struct EngineSurroundings {
    const Config& config;
    const cli::Environment& environment;
    std::string state_root;
    std::string git_folder;  ///< repository that commits are taken from
};

/// Checks the newest commit out beside the repository, as a build does, and removes it again.
CheckOutcome check_checkout(const EngineSurroundings& around, Clock& clock, const std::string& random);
/// Command, shell, and a free port.
CheckOutcome check_process_engine(const EngineSurroundings& around);
/// What the kernel and the disk leave to shows.
CheckOutcome check_limits(const EngineSurroundings& around);
CheckOutcome check_secrets(const EngineSurroundings& around);

}  // namespace ringmaster::app
