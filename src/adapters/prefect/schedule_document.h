#pragma once
// Schedules as Prefect's API writes and reads them.

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "adapters/support/json_reader.h"
#include "domain/deployment.h"

namespace ringmaster::prefect {

/// The list that POST /deployments/ takes. Intervals count from one fixed instant, so that a deploy does not
/// shift them.
nlohmann::json schedule_documents(const std::vector<Schedule>& schedules);

/// Of a deployment's answer, in the order in which they were written. A kind that we do not know is shown as
/// an rrule of its JSON. Errors: Corrupt.
Result<std::vector<Schedule>> read_schedules(const support::JsonReader& deployment);

}  // namespace ringmaster::prefect
