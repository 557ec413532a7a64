#pragma once
#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/value.h"

namespace ringmaster::cli {

/// Prints the value as the command's one result if --json was given (only the fields asked for) and says
/// whether it was.
bool print_json_if_asked(Context& context, const Arguments& arguments, const Value& value);

}  // namespace ringmaster::cli
