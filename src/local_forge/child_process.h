#pragma once
// One child process with its three streams in memory: the small part of running programs that the local forge
// needs. (The Subprocess port lies above this folder, which uses `base` only.)

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster::local_forge {

struct ChildResult {
    int exit_code = 0;  ///< 128 + n when signal n ended it
    std::string output;
    std::string error_output;
};

/// `arguments[0]` is looked up on PATH; `environment` is all the child gets.
/// Errors: NotFound (no such program), Unavailable (no pipe, no process; too much output), TimedOut (killed).
Result<ChildResult> run_child(const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment, std::string_view input,
                              Duration timeout);

}  // namespace ringmaster::local_forge
