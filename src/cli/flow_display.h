#pragma once
// How plans, deployments and what became of them look, for every command of the flows half.

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/output.h"
#include "cli/value.h"
#include "flows/service.h"

namespace ringmaster::cli {

/// The positional of commands that take flows.
Positional flows_argument();
/// What was typed there; words may be lists by commas, as in workflow inputs.
std::vector<std::string> flows_of(const Arguments& arguments);

/// Options of every command that performs a plan: --yes, --dry-run, --overrule, --reason, --atomic.
std::vector<Option> performing_options();

/// The plan as a person reads it before the deed.
void print_plan(Stream& stream, const flows::Made& made);
Value plan_value(const flows::Plan& plan);
std::vector<std::string> plan_fields();

/// Shows the plan, asks, performs it and says what came of it; what `deploy`, `promote` and `rollback` do
/// once they have a plan. Exit code 1 when a change failed.
Result<ExitCode> carry_out(Context& context, const Arguments& arguments, flows::FlowService& service,
                           const flows::Made& made);

/// "completed 2h ago".
std::string run_text(const std::optional<FlowRun>& run, TimePoint now);
Style run_style(const std::optional<FlowRun>& run);
Value time_value(const std::optional<TimePoint>& time);

}  // namespace ringmaster::cli
