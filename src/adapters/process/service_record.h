#pragma once
// What is kept on disk of one show that runs as processes of this machine: its tags, its address, and by what
// its processes are known. It is written before anything is started, so that whatever a crash leaves is found
// again.

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/support/process_table.h"
#include "base/result.h"
#include "ports/runtime.h"

namespace ringmaster::process {

struct ServiceRecord {
    ShowId show;
    CommitSha commit;
    Artifact artifact;
    std::string requested_by;
    TimePoint created_at;
    std::optional<TimePoint> expires_at;
    TimePoint started_at;
    Endpoint endpoint;
    /// Random; every process of the show has it in its environment as RINGMASTER_INSTANCE.
    std::string instance;
    std::string control_group;  ///< folder of the one that bounds its processes; empty = none
    support::ProcessIdentity
        supervisor;  ///< pid 0 until it is there; it starts the app only once it is written here
    support::ProcessIdentity app;  ///< pid 0 until it was started
    bool is_being_removed = false;
};

std::string print_record(const ServiceRecord& record);
/// Errors: Corrupt, with `path` (only for the message) and what is wrong.
Result<ServiceRecord> parse_record(std::string_view text, const std::string& path);

/// How an app ended, as its supervisor wrote it: "exited 3 1795000000000" or "signal 9 1795000000000"
/// (milliseconds since 1970).
struct AppEnd {
    bool by_signal = false;
    int number = 0;
    TimePoint time;
};
/// nullopt: it makes no sense.
std::optional<AppEnd> parse_app_end(std::string_view text);
/// "exit 3 after 2 s", "ended by signal 9 after 2 s"
std::string describe(const AppEnd& end, TimePoint started_at);

}  // namespace ringmaster::process
