#pragma once
#include "base/error.h"

namespace ringmaster::cli {

/// What the program says to its caller; documented in `ringmaster help exit-codes`, never changed.
enum ExitCode : int {
    kDone = 0,  ///< also "nothing to do"
    kFailed = 1,
    kWrongUsage = 2,
    kNotAuthorized = 4,
    kTryAgainLater = 75,  ///< sysexits.h's EX_TEMPFAIL: busy, rate limited, overtaken
    kInterrupted = 130,   ///< 128 + SIGINT, as shells have it
};

/// The one place where kinds of errors become exit codes.
ExitCode exit_code_for(ErrorKind kind);

}  // namespace ringmaster::cli
