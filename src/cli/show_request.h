#pragma once
// What sync, start and stop have in common: who asks, how the run is shown, and what becomes of its outcome.

#include <string>

#include "cli/arguments.h"
#include "cli/context.h"
#include "shows/service.h"

namespace ringmaster::cli {

/// A request by whoever runs this program: in GitHub Actions the workflow's actor, elsewhere the token's
/// owner.
shows::SyncRequest request_for(Context& context, int pull_request_number, shows::Purpose purpose);

/// --sha, checked. Errors: InvalidInput.
Result<std::optional<std::string>> sha_option(const Arguments& arguments);

/// --description: why, kept in the history.
Option description_option();
/// Errors: InvalidInput (too long, or of more than one line).
Result<std::string> description_of(const Arguments& arguments);

/// --dry-run, or the parts of it that showtime's users know (contract §5.7); any of them stops at the
/// decision.
shows::DryRun dry_run_option(const Arguments& arguments);
/// One of those parts: accepted, but not shown.
Option partial_dry_run(std::string name);

/// Runs it with a display, and keeps the name of the claim's holder in a file meanwhile, for `release`.
Result<shows::SyncOutcome> run_request(Context& context, shows::SyncRequest request);

/// --detach: only put the trigger label on; whoever serves the repository does the work.
Option detach_option();
/// Errors: InvalidInput (an option that a label cannot carry), Failed (a closed pull request), and those of
/// the forge.
Result<ExitCode> leave_to_others(Context& context, const Arguments& arguments,
                                 const shows::SyncRequest& request);

/// Prints the outcome as ringmaster does (--json, step outputs and summary included); gives the exit code.
ExitCode report_outcome(Context& context, const Arguments& arguments, const shows::SyncRequest& request,
                        const shows::SyncOutcome& outcome);

/// Fields of --json of sync, start and stop.
std::vector<std::string> outcome_fields();

}  // namespace ringmaster::cli
