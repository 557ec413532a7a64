#pragma once
// Starts an app that outlives us, under a small supervisor: a process of our own making, detached from us,
// that starts the app as leader of its own session, passes the app's output into a bounded log, adopts
// whatever the app's processes abandon, kills the app's group when the app itself has ended, and writes down
// how it ended (file "exit", see service_record.h). It never restarts anything.
//
// It starts the app only when told to, after it has been put on record: if we die before that, so does it.

#include <sys/types.h>

#include <string>

#include "adapters/support/child_program.h"
#include "adapters/support/file_descriptor.h"
#include "adapters/support/process_table.h"
#include "adapters/support/rotating_log.h"
#include "base/result.h"

namespace ringmaster::process {

inline constexpr auto kLogName = "log";
inline constexpr auto kExitName = "exit";

class Supervisor {
 public:
    /// A supervisor that waits for go(), for `program`, with log and exit file in `folder`. Dropping the
    /// returned value without go() ends it. Errors: Unavailable.
    static Result<Supervisor> start(support::ChildProgram program, const std::string& folder,
                                    std::size_t max_log_bytes);
    const support::ProcessIdentity& identity() const { return identity_; }
    /// Starts the app; its process id. Errors: those of ChildProgram::confirm; Unavailable.
    Result<pid_t> go();

 private:
    explicit Supervisor(support::ChildProgram program) : program_(std::move(program)) {}
    support::ChildProgram program_;
    support::ProcessIdentity identity_;
    support::FileDescriptor go_;      // to the supervisor: one byte = go, closed = give up
    support::FileDescriptor status_;  // from it: its own process id, then the app's
    support::FileDescriptor report_;  // from the app: why it could not be executed
};

}  // namespace ringmaster::process
