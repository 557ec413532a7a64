#pragma once
// All that a child needs to become another program, gathered before fork(). Between fork and exec only
// async-signal-safe calls are allowed (man 7 signal-safety): another thread may have held the allocator's
// lock.

#include <string>
#include <vector>

#include "adapters/support/file_descriptor.h"
#include "base/result.h"
#include "ports/subprocess.h"

namespace ringmaster::support {

class ChildProgram {
 public:
    /// Looks the program up on the PATH of the spec's environment, or ours if it has none.
    /// Errors: NotFound (no such program or folder), InvalidInput (nothing to run, a zero byte).
    static Result<ChildProgram> prepare(const ProcessSpec& spec);

    /// In the child: applies folder, limits and default signals, keeps only descriptors 0 to 2, and executes.
    /// Where that fails, says so on `report` (which closes by itself on success) and exits.
    [[noreturn]] void become(int report) const noexcept;
    /// In the parent: waits for become() to have succeeded. Errors: as prepare, and Failed.
    Result<void> confirm(FileDescriptor report) const;

 private:
    ChildProgram() = default;
    std::string path_;
    std::string directory_;
    std::string procs_file_;  ///< of the control group that it runs in; empty = ours
    ProcessLimits limits_;
    std::vector<std::string> arguments_;
    std::vector<std::string> environment_;
    std::vector<char*> argument_pointers_;
    std::vector<char*> environment_pointers_;
};

/// In a forked child: the signals as a fresh program expects them, whatever we ignore or block ourselves.
void reset_signals() noexcept;
/// In a forked child: every descriptor from `first` on will close when the next program begins.
void close_on_exec_from(int first) noexcept;

}  // namespace ringmaster::support
