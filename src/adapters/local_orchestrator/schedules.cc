#include "adapters/local_orchestrator/schedules.h"

#include <algorithm>
#include <set>

#include "adapters/local_orchestrator/deployment_rows.h"
#include "adapters/local_orchestrator/json_texts.h"
#include "adapters/local_orchestrator/run_rows.h"
#include "adapters/support/zone_file.h"
#include "base/cron.h"

namespace ringmaster::local_orchestrator {
namespace {

bool is_of_repository(const DeploymentSpec& spec, const std::string& repository) {
    return repository.empty() || !spec.code || spec.code->repository == repository;
}

// Times of its schedules that have come and were not made yet.
std::set<TimePoint> due_times(const DeploymentRow& row, TimePoint now, std::vector<std::string>& problems) {
    std::set<TimePoint> times;
    const auto& spec = row.deployment.spec;
    for (const auto& schedule : spec.schedules) {
        if (schedule.is_active && !schedule.rrule.empty())
            problems.push_back(fmt::format(
                "{} has an rrule, which the local orchestrator does not keep: use cron or an interval",
                spec.name));
        const auto time = newest_time(schedule, now);
        if (!time)
            problems.push_back(fmt::format("{}: {}", spec.name, time.error().describe()));
        else if (*time && **time >= row.schedules_since)
            times.insert(**time);
    }
    return times;
}

Result<FlowRun> make_run(database::Database& database, const Deployment& deployment, TimePoint time,
                         Entropy& entropy) {
    const auto& spec = deployment.spec;
    TRY(check_runnable(spec));
    TRY(check_parameters(spec.parameter_schema, spec.parameters));
    return TRY(insert_run(database, {.run = {.id = entropy.hex(8),
                                             .deployment_id = deployment.id,
                                             .state_text = "Scheduled",
                                             .expected_at = time},
                                     .spec = spec,
                                     .parameters = spec.parameters,
                                     .idempotency_key = "schedule:" + format_iso8601(time)}))
        .run;
}

Result<void> make_runs_of(database::Database& database, DeploymentRow row, TimePoint now, Entropy& entropy,
                          ScheduledRuns& runs) {
    const auto times = due_times(row, now, runs.problems);
    for (const auto time : times) {
        auto made = make_run(database, row.deployment, time, entropy);
        if (made)
            runs.made.push_back(*std::move(made));
        else if (made.error().kind() == ErrorKind::InvalidInput)
            runs.problems.push_back(fmt::format("{}: {}", row.deployment.spec.name, made.error().describe()));
        else if (made.error().kind() != ErrorKind::Conflict)  // somebody else made it
            return Fail(made.error());
    }
    if (times.empty()) return {};
    row.schedules_since = *times.rbegin() + Duration(1);
    return put_deployment(database, row);
}

}  // namespace

Result<void> check_schedule(const Schedule& schedule) {
    const int kinds = static_cast<int>(!schedule.cron.empty()) +
                      static_cast<int>(schedule.interval.has_value()) +
                      static_cast<int>(!schedule.rrule.empty());
    if (kinds != 1)
        return Fail(Error::invalid_input("a schedule must have exactly one of cron, interval and rrule"));
    if (schedule.interval && *schedule.interval < std::chrono::seconds(1))
        return Fail(Error::invalid_input("a schedule's interval must be at least a second"));
    if (!schedule.cron.empty()) TRY(Cron::parse(schedule.cron));
    TRY(support::load_time_zone(schedule.timezone));
    return {};
}

Result<std::optional<TimePoint>> newest_time(const Schedule& schedule, TimePoint now) {
    if (!schedule.is_active) return std::nullopt;
    if (schedule.interval) {
        const auto length = schedule.interval->count();
        const auto since_epoch = now.time_since_epoch().count();
        return TimePoint(Duration(since_epoch - since_epoch % length));
    }
    if (schedule.cron.empty()) return std::nullopt;
    const auto cron = TRY(Cron::parse(schedule.cron));
    return cron.last_until(now, TRY(support::load_time_zone(schedule.timezone)));
}

Result<ScheduledRuns> make_due_runs(FlowStore& store, const std::string& repository, Entropy& entropy,
                                    Progress& progress) {
    return store.write(progress, [&](auto& database) -> Result<ScheduledRuns> {
        ScheduledRuns runs;
        for (auto& row : TRY(all_deployments(database))) {
            const auto& spec = row.deployment.spec;
            if (spec.is_paused || spec.schedules.empty() || !is_of_repository(spec, repository)) continue;
            TRY(make_runs_of(database, std::move(row), store.clock().now(), entropy, runs));
        }
        return runs;
    });
}

}  // namespace ringmaster::local_orchestrator
