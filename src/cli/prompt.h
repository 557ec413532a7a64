#pragma once
#include <string_view>

#include "cli/arguments.h"
#include "cli/context.h"

namespace ringmaster::cli {

/// Asks "QUESTION [y/N]" and says whether to go on: yes without asking if --yes or --force was given. Without
/// a person to ask it does not guess. Errors: InvalidInput (nobody to ask; names the option), Interrupted.
Result<bool> confirm(Context& context, const Arguments& arguments, std::string_view question);

}  // namespace ringmaster::cli
