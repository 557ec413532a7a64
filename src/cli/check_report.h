#pragma once
// Looking at one thing after the other and saying at once what was found: `doctor` and `check-plugin`.

#include <vector>

#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/value.h"

namespace ringmaster::cli {

struct CheckTally {
    int failures = 0;
    int warnings = 0;
    Value list;  ///< of all outcomes, for --json: check, verdict, detail, mend
};

/// Prints each outcome as it comes, unless --json was given. Errors: the interruption's.
Result<CheckTally> look_at_all(Context& context, const Arguments& arguments,
                               const std::vector<Check>& checks);

}  // namespace ringmaster::cli
