#pragma once
// Which processes a show has now, and how it is, as its record and the machine's process table tell.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/process/service_record.h"
#include "adapters/support/process_table.h"
#include "base/result.h"

namespace ringmaster::process {

/// The variable that every process of a show has in its environment, with the record's instance.
inline constexpr auto kInstanceVariable = "RINGMASTER_INSTANCE";

/// The app's processes: its session and group, what its supervisor adopted, and whatever else carries the
/// instance's name, wherever it went. Without the supervisor itself. Errors: Unavailable.
Result<std::vector<support::ProcessEntry>> processes_of(const ServiceRecord& record);
/// The supervisor, if it runs. Errors: Unavailable.
Result<std::vector<support::ProcessEntry>> supervisor_of(const ServiceRecord& record);

/// The variables that the show was given, from the first of its processes that still tells them. nullopt:
/// none does. Errors: Unavailable.
Result<std::optional<std::map<std::string, std::string>>> variables_of(const ServiceRecord& record);

struct Condition {
    ServiceState state = ServiceState::Starting;
    std::string detail;
};
/// `read_end` is asked after the processes were looked at. Errors: Unavailable.
Result<Condition> condition_of(const ServiceRecord& record,
                               const std::function<std::optional<AppEnd>()>& read_end);

}  // namespace ringmaster::process
