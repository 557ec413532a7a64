#pragma once
#include <string>

#include "cli/command.h"
#include "cli/value.h"

namespace ringmaster::cli {

/// Every command that is shown, with its options, for `commands --json`.
Value commands_as_value(const Program& program);
/// docs/commands.md, the whole file.
std::string commands_as_markdown(const Program& program);

}  // namespace ringmaster::cli
