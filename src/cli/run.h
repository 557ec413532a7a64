#pragma once
// From the words on the command line to a command that ran, and from a failure to what a person reads.

#include <span>
#include <string>

#include "cli/arguments.h"
#include "cli/context.h"

namespace ringmaster::cli {

/// `words` without the program's name. Returns the exit code.
ExitCode run_program(Context& context, std::span<const std::string> words);

/// "error: what failed" and the hint, on stderr; with `as_json` also the object on stdout; in GitHub Actions
/// also an annotation.
void print_error(Context& context, const Error& error, bool as_json);

/// What to try next after an error without a hint of its own; every kind has one.
std::string next_step(const Error& error);

}  // namespace ringmaster::cli
