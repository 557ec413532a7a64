#pragma once
#include "cli/arguments.h"
#include "cli/context.h"

namespace ringmaster::cli {

/// `history FLOW`, `history --in ENV`: what was deployed, promoted and rolled back.
Result<ExitCode> run_flow_history(Context& context, const Arguments& arguments, const std::string& flow);

}  // namespace ringmaster::cli
