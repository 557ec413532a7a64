#include "adapters/support/process_table.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "adapters/support/file_descriptor.h"
#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

// KILL takes effect at once unless the kernel itself is stuck in it (a dead network disk).
constexpr auto kKillTimeout = std::chrono::seconds(5);
constexpr auto kLookAgain = std::chrono::milliseconds(20);
constexpr std::size_t kLongestEnvironment = 4 << 20;

// Through a descriptor of the process, so that a signal cannot hit a newcomer with the same id.
void send_signal(const ProcessEntry& process, int signal) {
    const FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    if (!handle.is_open()) return;
    const auto now = read_process(process.pid);
    if (!now || now->start_ticks != process.start_ticks) return;
    ::syscall(SYS_pidfd_send_signal, handle.number(), signal, nullptr, 0);
}

Result<std::string> read_boot_id() {
    return std::string(trim(TRY(read_file("/proc/sys/kernel/random/boot_id"))));
}

}  // namespace

std::optional<ProcessEntry> read_process(pid_t pid) {
    const auto stat = read_file(fmt::format("/proc/{}/stat", pid));
    if (!stat) return std::nullopt;
    // "pid (name) state ppid pgrp session …": the name may hold anything, so count from the last parenthesis.
    const auto name_end = stat->rfind(") ");
    if (name_end == std::string::npos) return std::nullopt;
    const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
    constexpr std::size_t kState = 0, kParent = 1, kGroup = 2, kSession = 3,
                          kStart = 19;  // field 22 of the page
    if (fields.size() <= kStart || fields[kState] == "Z" || fields[kState] == "X") return std::nullopt;
    const auto number = [&](std::size_t field) { return parse_integer(fields[field]).value_or(0); };
    return ProcessEntry{pid, static_cast<pid_t>(number(kParent)), static_cast<pid_t>(number(kGroup)),
                        static_cast<pid_t>(number(kSession)), static_cast<std::uint64_t>(number(kStart))};
}

Result<std::vector<ProcessEntry>> list_processes() {
    std::vector<ProcessEntry> processes;
    for (const auto& name : TRY(list_folder("/proc"))) {
        const auto pid = parse_integer(name);
        if (!pid) continue;
        if (const auto entry = read_process(static_cast<pid_t>(*pid))) processes.push_back(*entry);
    }
    return processes;
}

bool was_given(pid_t pid, std::string_view assignment) {
    const auto environment = read_file(fmt::format("/proc/{}/environ", pid), kLongestEnvironment);
    if (!environment) return false;
    const auto given = split(*environment, '\0');
    return std::ranges::find(given, assignment) != given.end();
}

std::optional<std::map<std::string, std::string>> environment_of(pid_t pid) {
    const auto text = read_file(fmt::format("/proc/{}/environ", pid), kLongestEnvironment);
    if (!text) return std::nullopt;
    std::map<std::string, std::string> environment;
    for (const auto assignment : split(*text, '\0')) {
        const auto equals = assignment.find('=');
        if (equals != std::string_view::npos && equals > 0)
            environment.emplace(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
    return environment;
}

Result<std::optional<ProcessIdentity>> identify(pid_t pid) {
    const auto boot = TRY(read_boot_id());
    const auto entry = read_process(pid);
    if (!entry) return std::nullopt;
    return ProcessIdentity{pid, entry->start_ticks, boot};
}

bool is_running(const ProcessIdentity& identity) {
    if (identity.pid <= 0) return false;
    const auto now = identify(identity.pid);
    return now && *now == identity;
}

Result<void> end_processes(const std::function<Result<std::vector<ProcessEntry>>()>& find, Duration grace,
                           Clock& clock, Progress& progress) {
    const auto start = clock.monotonic();
    std::vector<ProcessEntry> asked;  // TERM is said once to each; a repetition can break an orderly shutdown
    for (;;) {
        const auto found = TRY(find());
        if (found.empty()) return {};
        const auto waited = clock.monotonic() - start;
        if (waited >= grace + kKillTimeout)
            return Fail(Error::timed_out("process {} is still there {} after it was killed",
                                         found.front().pid, format_duration(kKillTimeout)));
        for (const auto& process : found) {
            const bool is_new = std::ranges::find(asked, process) == asked.end();
            if (waited >= grace)
                send_signal(process, SIGKILL);
            else if (is_new)
                send_signal(process, SIGTERM);
        }
        asked = found;
        TRY(clock.sleep(kLookAgain, progress));
    }
}

}  // namespace ringmaster::support
