#pragma once
// What the runtimes have in common when they run a command in a show.

#include "base/result.h"

namespace ringmaster::support {

/// How the command's end is told. Errors: Failed, unless it ended well.
inline Result<void> check_command_end(long long exit_code) {
    if (exit_code == 0) return {};
    return Fail(Error::failed("the command in the show ended with exit code {}", exit_code)
                    .hint("its last lines say why"));
}

}  // namespace ringmaster::support
