#include "adapters/local_orchestrator/local_orchestrator.h"

#include "adapters/local_orchestrator/deployment_rows.h"
#include "adapters/local_orchestrator/json_texts.h"
#include "base/text.h"

namespace ringmaster::local_orchestrator {
namespace {

std::vector<Deployment> deployments_of(std::vector<DeploymentRow> rows) {
    std::vector<Deployment> deployments;
    for (auto& row : rows) deployments.push_back(std::move(row.deployment));
    return deployments;
}

Result<void> check_name(std::string_view what, const std::string& name) {
    if (name.empty()) return Fail(Error::invalid_input("{} must not be empty", what));
    if (name.find_first_of("/%&><") != std::string::npos)
        return Fail(Error::invalid_input("{} \"{}\" has one of / % & > <, which orchestrators refuse", what,
                                         sanitize_for_terminal(name)));
    return {};
}

Result<void> check_schedule(const Schedule& schedule) {
    const int kinds = static_cast<int>(!schedule.cron.empty()) +
                      static_cast<int>(schedule.interval.has_value()) +
                      static_cast<int>(!schedule.rrule.empty());
    if (kinds != 1)
        return Fail(Error::invalid_input("a schedule must have exactly one of cron, interval and rrule"));
    if (schedule.interval && *schedule.interval < std::chrono::seconds(1))
        return Fail(Error::invalid_input("a schedule's interval must be at least a second"));
    return {};
}

Result<void> check_spec(const DeploymentSpec& spec) {
    TRY(check_name("a deployment's name", spec.name));
    TRY(check_name("the name of a flow's record", spec.flow_record));
    if (!spec.work_pool.empty() && spec.work_pool != kPool)
        return Fail(Error::not_found("there is no work pool \"{}\": the local orchestrator has one, \"{}\"",
                                     sanitize_for_terminal(spec.work_pool), kPool));
    if (spec.concurrency_limit && *spec.concurrency_limit < 1)
        return Fail(Error::invalid_input("the concurrency limit of {} must be at least 1", spec.name));
    for (const auto& schedule : spec.schedules) TRY_WHILE(check_schedule(schedule), "applying {}", spec.name);
    TRY_WHILE(json_object(spec.parameters), "applying {}", spec.name);
    return {};
}

Result<void> check_existing(database::Database& database, const DeploymentSpec& spec,
                            const Deployment& existing) {
    if (existing.spec.name != spec.name || existing.spec.flow_record != spec.flow_record)
        return Fail(Error::invalid_input("{} cannot be given another name or flow", existing.spec.name));
    if (!TRY(deployment_with_id(database, existing.id)))
        return Fail(Error::not_found("the deployment {} is gone", existing.spec.name));
    return {};
}

}  // namespace

Result<std::unique_ptr<LocalOrchestrator>> LocalOrchestrator::open(const std::string& path, Clock& clock,
                                                                   Entropy& entropy) {
    return std::unique_ptr<LocalOrchestrator>(
        new LocalOrchestrator(TRY(FlowStore::open(path, clock)), entropy));
}

Result<std::vector<Deployment>> LocalOrchestrator::list(Progress& progress) {
    return store_->read(progress, [&](auto& database) -> Result<std::vector<Deployment>> {
        return deployments_of(TRY(all_deployments(database)));
    });
}

Result<std::vector<Deployment>> LocalOrchestrator::find(const std::vector<std::string>& names,
                                                        Progress& progress) {
    return store_->read(progress, [&](auto& database) -> Result<std::vector<Deployment>> {
        return deployments_of(TRY(deployments_named(database, names)));
    });
}

Result<std::optional<WorkPool>> LocalOrchestrator::work_pool(const std::string& name, Progress& progress) {
    TRY(progress.pulse());
    if (!name.empty() && name != kPool) return std::nullopt;
    return WorkPool{.name = std::string(kPool), .type = "process"};
}

Result<std::string> LocalOrchestrator::apply(const DeploymentSpec& spec, const Deployment* existing,
                                             Progress& progress) {
    TRY(check_spec(spec));
    return store_->write(progress, [&](auto& database) -> Result<std::string> {
        if (existing) TRY(check_existing(database, spec, *existing));
        return put(database, spec);
    });
}

Result<std::string> LocalOrchestrator::put(database::Database& database, const DeploymentSpec& spec) {
    const auto now = store_->clock().now();
    auto row = TRY(deployment_of(database, spec));
    if (row && row->deployment.spec == spec) return row->deployment.id;
    if (!row) {
        row.emplace();
        row->deployment.id = entropy_.hex(8);
        row->deployment.created_at = now;
    }
    const auto& before = row->deployment.spec;
    if (before.schedules != spec.schedules || before.is_paused != spec.is_paused) row->schedules_since = now;
    row->deployment.updated_at = std::max(now, *row->deployment.created_at);
    row->deployment.spec = spec;
    TRY(put_deployment(database, *row));
    return row->deployment.id;
}

Result<void> LocalOrchestrator::remove(const std::string& deployment_id, Progress& progress) {
    return store_->write(progress, [&](auto& database) -> Result<void> {
        auto runs = TRY(database.prepare(
            "DELETE FROM local_run WHERE deployment_id = ?1 AND (ended_ms IS NOT NULL OR state = ?2)"));
        TRY(runs.bind(1, deployment_id).bind(2, to_string(RunState::Scheduled)).run());
        auto deployment = TRY(database.prepare("DELETE FROM local_deployment WHERE id = ?"));
        return deployment.bind(1, deployment_id).run();
    });
}

}  // namespace ringmaster::local_orchestrator
