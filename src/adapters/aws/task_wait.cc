#include "adapters/aws/task_wait.h"

#include <algorithm>

#include "adapters/aws/service_condition.h"
#include "adapters/aws/show_routes.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

// What was just created may be missing from a look or two.
constexpr int kMostMisses = 10;
// Ends without a start that are worth waiting through: a registry's hiccup, no capacity for a moment.
constexpr int kMostFailures = 3;

const EcsTask* newest_of(const std::vector<EcsTask>& tasks, const std::string& revision) {
    const EcsTask* newest = nullptr;
    for (const auto& task : tasks)
        if (task.task_definition == revision && (newest == nullptr || newest->created_at < task.created_at))
            newest = &task;
    return newest;
}

}  // namespace

Result<Endpoint> TaskWait::wait(Progress& progress) {
    const auto deadline = clock_.monotonic() + settings_.start_timeout;
    for (;;) {
        if (auto endpoint = TRY(look(progress))) return *endpoint;
        if (clock_.monotonic() >= deadline)
            return Fail(Error::timed_out("{} did not run within {}; ECS says last: {}", show_.service_name(),
                                         format_duration_for_people(settings_.start_timeout), status_)
                            .hint("the service's events at AWS say more; [shows.run] timeout is the limit"));
        TRY(clock_.sleep(settings_.poll_interval, progress));
    }
}

Result<std::optional<Endpoint>> TaskWait::look(Progress& progress) {
    const auto service = TRY(api_.describe_service(show_.service_name(), progress));
    if (!service || !service->is_active()) {
        if (service || ++misses_ > kMostMisses)
            return Fail(Error::conflict("{} was removed while it was started", show_.service_name()));
        return std::nullopt;
    }
    const auto tasks = TRY(api_.tasks(service->name, TaskWish::Running, progress));
    const auto* task = newest_of(tasks, revision_);
    if (task != nullptr && task->is_running()) {
        tell("the task runs", progress);
        return address_of(*task, progress);
    }
    if (task != nullptr && first_task_.empty()) first_task_ = task->arn;
    if (task == nullptr || task->arn != first_task_ || service->rollout_state == "FAILED")
        if (auto endpoint = TRY(look_at_failures(*service, progress))) return endpoint;
    if (is_hopeless(service->newest_event)) return Fail(cannot_start(service->newest_event));
    tell(task != nullptr ? "the task is " + task->last_status : service->newest_event, progress);
    return std::nullopt;
}

Result<std::optional<Endpoint>> TaskWait::look_at_failures(const EcsService& service, Progress& progress) {
    const auto stopped = TRY(api_.tasks(service.name, TaskWish::Stopped, progress));
    const auto* failed = failed_task(stopped, revision_);
    if (failed == nullptr) {
        if (service.rollout_state == "FAILED") return Fail(cannot_start(service.rollout_reason));
        return std::nullopt;
    }
    const auto end = describe_end(*failed);
    if (has_run(*failed)) {
        if (auto endpoint = TRY(address_of(*failed, progress))) return endpoint;
        return Fail(Error::failed("the application ended before it could be asked: {}", end)
                        .hint("its last lines say why; check that it listens on $PORT"));
    }
    const bool is_over = is_hopeless(end) || service.rollout_state == "FAILED" ||
                         count_failed(stopped, revision_) >= kMostFailures;
    if (is_over) return Fail(cannot_start(end));
    tell(end, progress);
    return std::nullopt;
}

Result<std::optional<Endpoint>> TaskWait::address_of(const EcsTask& task, Progress& progress) {
    if (settings_.address == AddressKind::LoadBalancer) return route_endpoint(settings_, show_);
    const auto found = TRY(addresses_.find(std::span(&task, 1), progress));
    if (const auto endpoint = found.find(task.arn); endpoint != found.end()) return endpoint->second;
    const bool can_never = settings_.address == AddressKind::Public && !settings_.assign_public_ip;
    if (can_never)
        return Fail(
            Error::invalid_input("{} has no public address, because it is given none", show_.service_name())
                .hint("set [shows.ecs] public_ip = true, or address = \"private\""));
    return std::nullopt;
}

Error TaskWait::cannot_start(const std::string& reason) const {
    return Error::failed("ECS cannot start {}: {}", show_.service_name(),
                         sanitize_for_terminal(truncate_utf8(reason, 500)))
        .hint(
            "check the image's name, that the execution role may pull it, and the way from the subnets to "
            "the "
            "registry");
}

void TaskWait::tell(std::string status, Progress& progress) {
    if (status.empty() || status == status_) return;
    status_ = std::move(status);
    progress.line(sanitize_for_terminal(status_));
}

}  // namespace ringmaster::aws
