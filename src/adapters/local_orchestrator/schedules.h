#pragma once
// When deployments run by themselves: makes the runs that their schedules want. One for each time of a
// schedule; after a pause (a machine that was off) only the newest that was missed.

#include <string>
#include <vector>

#include "adapters/local_orchestrator/flow_store.h"
#include "domain/deployment.h"
#include "ports/entropy.h"

namespace ringmaster::local_orchestrator {

/// Whether the schedule can be kept here. Errors: InvalidInput (cron, time zone, not exactly one kind).
Result<void> check_schedule(const Schedule& schedule);
/// Its newest time until `now`; intervals count from 1970-01-01T00:00Z, so that "every 15m" is at :00, :15 …
/// nullopt: there was none, it is off, or it is of a kind that is not kept here (rrule).
Result<std::optional<TimePoint>> newest_time(const Schedule& schedule, TimePoint now);

struct ScheduledRuns {
    std::vector<FlowRun> made;
    std::vector<std::string> problems;  ///< sentences: what could not be made, and why
};
/// Of the deployments whose code is in `repository` (empty = of all) and that are not paused. Nothing before
/// a schedule was deployed, or switched on, is made.
Result<ScheduledRuns> make_due_runs(FlowStore& store, const std::string& repository, Entropy& entropy,
                                    Progress& progress);

}  // namespace ringmaster::local_orchestrator
