#include "adapters/process/instance.h"

#include <algorithm>
#include <set>

namespace ringmaster::process {
namespace {

using support::ProcessEntry;

// Everything below `ancestor`, by parent links.
std::set<pid_t> descendants(const std::vector<ProcessEntry>& processes, pid_t ancestor) {
    std::set<pid_t> found;
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& process : processes)
            if (process.parent == ancestor || found.contains(process.parent))
                grew |= found.insert(process.pid).second;
    }
    return found;
}

}  // namespace

Result<std::vector<ProcessEntry>> processes_of(const ServiceRecord& record) {
    auto processes = TRY(support::list_processes());
    std::set<pid_t> below;
    if (support::is_running(record.supervisor)) below = descendants(processes, record.supervisor.pid);
    // The numbers of session and group mean this show only while its leader lives.
    const pid_t leader = support::is_running(record.app) ? record.app.pid : -1;
    const auto mark = fmt::format("{}={}", kInstanceVariable, record.instance);
    std::erase_if(processes, [&](const ProcessEntry& process) {
        return !below.contains(process.pid) && process.session != leader && process.group != leader &&
               !support::was_given(process.pid, mark);
    });
    return processes;
}

Result<std::vector<ProcessEntry>> supervisor_of(const ServiceRecord& record) {
    std::vector<ProcessEntry> found;
    if (!support::is_running(record.supervisor)) return found;
    if (const auto entry = support::read_process(record.supervisor.pid)) found.push_back(*entry);
    return found;
}

Result<std::optional<std::map<std::string, std::string>>> variables_of(const ServiceRecord& record) {
    for (const auto& process : TRY(processes_of(record))) {
        auto environment = support::environment_of(process.pid);
        if (!environment) continue;
        // Not that of ringmaster itself, which a child has until it becomes another program.
        const auto instance = environment->find(kInstanceVariable);
        if (instance != environment->end() && instance->second == record.instance) return environment;
    }
    return std::nullopt;
}

Result<Condition> condition_of(const ServiceRecord& record,
                               const std::function<std::optional<AppEnd>()>& read_end) {
    if (record.is_being_removed) return Condition{ServiceState::Removing, "its removal has begun"};
    if (support::is_running(record.app)) return Condition{ServiceState::Running, ""};
    const bool is_supervised = support::is_running(record.supervisor);
    if (const auto end = read_end())
        return Condition{ServiceState::Exited, describe(*end, record.started_at)};
    if (record.app.pid == 0) {
        // We stopped between starting it and writing that down, or it is being started right now.
        if (is_supervised || !TRY(processes_of(record)).empty()) return Condition{ServiceState::Starting, ""};
        return Condition{ServiceState::Exited, "it was never started"};
    }
    // Its supervisor is about to write down how it ended.
    if (is_supervised) return Condition{ServiceState::Running, "it is ending"};
    return Condition{ServiceState::Exited,
                     "it ended, nobody saw how: the machine or its supervisor was stopped"};
}

}  // namespace ringmaster::process
