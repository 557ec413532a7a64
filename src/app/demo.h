#pragma once
// The body of `ringmaster demo`: the whole story of a show, played on this machine.

#include "app/application.h"
#include "cli/exit_code.h"
#include "cli/serve.h"

namespace ringmaster::app {

/// Plays; Failed when an act did not end as it should. Errors: those of setting the stage.
Result<cli::ExitCode> run_demo(Application& application, const cli::DemoOptions& options);

}  // namespace ringmaster::app
