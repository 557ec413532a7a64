#pragma once
// The command line of ringmaster-sim: which histories to run, which of them to replay, and what to break in
// them on purpose.

#include <string>
#include <vector>

#include "sim/options.h"

namespace ringmaster::sim {

struct CommandLine {
    Options options;
    std::uint64_t seeds = 1000;
    std::uint64_t seconds = 0;  ///< no new history is begun after this long; 0: no bound
    bool replays = false;
    bool shrinks = false;
    bool keeps_going = false;
    bool wants_help = false;
};

/// Errors: InvalidInput.
Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments);
std::string usage();
/// The command that shows the same history again.
std::string replay_command(const Options& options);

}  // namespace ringmaster::sim
