#pragma once
// The machine's processes, as /proc tells them (man 5 proc): who is whose child, group and session, when each
// began, and what one was given as environment. A process id alone names nothing for long, ids are used
// again; a process is named here by its id, its start and the boot it belongs to.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/progress.h"

namespace ringmaster::support {

/// A process that lives (one that has ended and waits for its parent is not listed).
struct ProcessEntry {
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t group = 0;
    pid_t session = 0;
    std::uint64_t start_ticks = 0;  ///< since the boot
    bool operator==(const ProcessEntry&) const = default;
};

/// One process for good. Never names another, not even after the machine was restarted.
struct ProcessIdentity {
    pid_t pid = 0;  ///< 0 = none
    std::uint64_t start_ticks = 0;
    std::string boot_id;
    bool operator==(const ProcessIdentity&) const = default;
};

/// nullopt: no such process, or it has ended.
std::optional<ProcessEntry> read_process(pid_t pid);
/// Errors: Unavailable (no /proc).
Result<std::vector<ProcessEntry>> list_processes();
/// Whether `assignment` ("NAME=value") is in the environment the process was started with. False for
/// processes of other users.
bool was_given(pid_t pid, std::string_view assignment);
/// The environment that the process was started with, unless it has written over it since (as programs do
/// that change their title). nullopt: no such process, or another user's.
std::optional<std::map<std::string, std::string>> environment_of(pid_t pid);
/// nullopt: it has ended already. Errors: Unavailable.
Result<std::optional<ProcessIdentity>> identify(pid_t pid);
bool is_running(const ProcessIdentity& identity);

/// Ends what `find` finds, however often something new appears: TERM, after `grace` KILL, and returns when
/// nothing is found any more. Errors: TimedOut (something survived KILL for 5 s), those of `find`, the
/// pulse's own.
Result<void> end_processes(const std::function<Result<std::vector<ProcessEntry>>()>& find, Duration grace,
                           Clock& clock, Progress& progress);

}  // namespace ringmaster::support
