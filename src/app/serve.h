#pragma once
// The body of `ringmaster serve`: on GitHub, or with --local on a forge of its own.

#include "app/application.h"
#include "app/config.h"
#include "cli/exit_code.h"
#include "cli/serve.h"

namespace ringmaster::app {

/// Serves until it is interrupted; Done then. Errors: InvalidInput (addresses, a missing webhook secret),
/// Conflict (the port is taken), Unauthorized (no token), those of the forge's start.
Result<cli::ExitCode> run_serve(Application& application, const LoadedConfig& config,
                                const cli::ServeOptions& options);

}  // namespace ringmaster::app
