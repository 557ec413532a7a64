#pragma once
// The commands of superset-showtime 0.7.1, for the names it is called by: its arguments, its words where
// scripts may match them ("stable human markers"), its exit codes; its defects mended as
// docs/compatibility.md says. Everything is done by the same service as ringmaster's own commands.

#include <string_view>

#include "cli/command.h"
#include "cli/context.h"

namespace ringmaster::cli::showtime {

Command version_command();
Command start_command();
Command status_command();
Command stop_command();
Command list_command();
Command labels_command();
Command sync_command();
Command setup_labels_command();
Command cleanup_command();
Command cleanup_labels_command();
Command git_check_command();
Command show_completion_command();
Command install_completion_command();

/// Prints "MARKER{what failed}" as one line on stderr, the hint under it, and gives the exit code: 130 for an
/// interruption, 1 for all else.
ExitCode fail(Context& context, std::string_view marker, const Error& error);
/// The same for an error that the original's own layer would have named: "❌ GitHub error: " for what the
/// forge or the token said, "❌ Error: " otherwise.
ExitCode fail(Context& context, const Error& error);

/// Refuses an option that the original took and ignored, unless it says what happens anyway (contract D44).
/// Errors: InvalidInput.
Result<void> refuse_ignored(const Arguments& arguments, std::string_view option, std::string_view harmless);

/// An option whose value would be ignored.
Option ignored_option(std::string name, OptionKind kind, std::string default_value);

}  // namespace ringmaster::cli::showtime
