#pragma once
// What cleanup and cleanup-labels have in common: plan, show the plan, ask, perform, report.

#include "cli/arguments.h"
#include "cli/context.h"
#include "shows/sweep.h"

namespace ringmaster::cli {

/// `is_dry`: only say what would be done. Asks before anything is removed.
Result<ExitCode> run_sweep(Context& context, const Arguments& arguments, const shows::SweepOptions& options,
                           bool is_dry);

std::vector<std::string> sweep_fields();

}  // namespace ringmaster::cli
