#pragma once
// The other side of supervisor.h: what runs in the forked process. Between fork() and exec() only
// async-signal-safe calls are allowed, and the supervisor never calls exec: so nothing here allocates, locks
// or throws.

#include "adapters/process/stamped_log.h"
#include "adapters/support/child_program.h"

namespace ringmaster::process {

/// What the supervisor was handed by the process that made it. All of it was allocated before fork().
struct SupervisorTask {
    const support::ChildProgram* program;
    StampedLog* log;
    int exit_folder;
    int go;      ///< read one byte, then start; end of file: give up
    int status;  ///< write our process id, then the app's
    int report;  ///< for ChildProgram::become
};

[[noreturn]] void detach_and_supervise(const SupervisorTask& task) noexcept;

}  // namespace ringmaster::process
