#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/progress.h"

namespace ringmaster {

/// What the kernel holds a child to; unset = no bound beyond our own.
struct ProcessLimits {
    std::optional<std::uint64_t> memory_bytes;  ///< address space of each process
    std::optional<std::uint64_t> file_bytes;    ///< of each file it writes
    /// Processes and threads of it and all that it starts, where the kernel lets us make a control group;
    /// else of its user, all together, which does not bind root.
    std::optional<std::uint64_t> processes;
    std::string control_group;  ///< folder of one that is there already, to run in; empty: one of its own
    int nice = 0;               ///< 0 to 19: how far others come first
};

struct ProcessSpec {
    std::vector<std::string> arguments;  ///< [0] is looked up on PATH; no shell is involved
    std::string directory;               ///< empty = the current one
    /// The whole environment of the child; nothing of ours is inherited.
    std::map<std::string, std::string> environment;
    std::string input;                        ///< given on stdin, then closed
    std::optional<Duration> timeout;          ///< for everything, output included
    std::size_t max_output_bytes = 16 << 20;  ///< more is cut from `output`, not from the sink
    ProcessLimits limits;
    /// Set: stdout goes here, bytes as they come, and neither to `output` nor to the sink.
    std::function<void(std::string_view bytes)> on_output;
};

struct ProcessResult {
    int exit_code = 0;         ///< 128 + n when signal n ended it
    std::string output;        ///< stdout
    std::string error_output;  ///< stderr (empty when merged)
};

/// Runs a child in a process group of its own and waits for it.
class Subprocess {
 public:
    virtual ~Subprocess() = default;
    /// Both streams, line by line as they come, go to `progress` too. When the time is over or pulse() fails,
    /// the whole group is ended (TERM, then KILL after 5 s) before this returns. Errors: NotFound (no such
    /// program), TimedOut, the pulse's own. An exit code is not an error.
    virtual Result<ProcessResult> run(const ProcessSpec& spec, Progress& progress) = 0;
};

}  // namespace ringmaster
