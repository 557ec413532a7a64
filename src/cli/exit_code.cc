#include "cli/exit_code.h"

namespace ringmaster::cli {

ExitCode exit_code_for(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::InvalidInput:
            return kWrongUsage;
        case ErrorKind::Unauthorized:
            return kNotAuthorized;
        case ErrorKind::Busy:
        case ErrorKind::RateLimited:
        case ErrorKind::Conflict:
            return kTryAgainLater;
        case ErrorKind::Interrupted:
            return kInterrupted;
        case ErrorKind::Unavailable:
        case ErrorKind::TimedOut:
        case ErrorKind::NotFound:
        case ErrorKind::Corrupt:
        case ErrorKind::Failed:
            return kFailed;
    }
    return kFailed;
}

}  // namespace ringmaster::cli
