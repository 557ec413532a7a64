#include "adapters/aws/service_condition.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ringmaster::aws {
namespace {

// An application that has run this long after an end is no crash loop any more.
constexpr auto kSettled = std::chrono::seconds(60);
// Of a deployment that once was stable, a single end is what ECS is there to mend.
constexpr int kCrashLoop = 2;

bool is_newer(const EcsTask& a, const EcsTask& b) {
    return a.created_at.value_or(TimePoint{}) < b.created_at.value_or(TimePoint{});
}

/// The newest of the revision for which `holds`.
template <typename Predicate>
const EcsTask* newest(std::span<const EcsTask> tasks, const std::string& task_definition, Predicate holds) {
    const EcsTask* found = nullptr;
    for (const auto& task : tasks)
        if (task.task_definition == task_definition && holds(task) &&
            (found == nullptr || is_newer(*found, task)))
            found = &task;
    return found;
}

bool has_failed(const EcsTask& task) {
    return task.is_stopped() &&
           (task.stop_code == "EssentialContainerExited" || task.stop_code == "TaskFailedToStart");
}

std::string crash_detail(const EcsTask& failed, int times) {
    const auto end = describe_end(failed);
    return times < 2 ? end : fmt::format("{} ({} times)", end, times);
}

}  // namespace

const EcsTask* running_task(std::span<const EcsTask> tasks, const std::string& task_definition) {
    return newest(tasks, task_definition, [](const EcsTask& task) { return task.is_running(); });
}

const EcsTask* failed_task(std::span<const EcsTask> tasks, const std::string& task_definition) {
    return newest(tasks, task_definition, has_failed);
}

int count_failed(std::span<const EcsTask> tasks, const std::string& task_definition) {
    return static_cast<int>(std::ranges::count_if(tasks, [&](const EcsTask& task) {
        return task.task_definition == task_definition && has_failed(task);
    }));
}

bool has_run(const EcsTask& task) {
    const auto has_exit_code = [](const EcsContainer& container) { return container.exit_code.has_value(); };
    return task.stop_code == "EssentialContainerExited" &&
           std::ranges::any_of(task.containers, has_exit_code);
}

std::string describe_end(const EcsTask& task) {
    if (!has_run(task))
        return sanitize_for_terminal(task.stopped_reason.empty() ? task.stop_code : task.stopped_reason);
    // The one that ended with an error says more than those that were ended with it.
    const EcsContainer* told = nullptr;
    for (const auto& container : task.containers)
        if (container.exit_code && (told == nullptr || (*told->exit_code == 0 && *container.exit_code != 0)))
            told = &container;
    auto text = fmt::format("exit {}", *told->exit_code);
    if (task.started_at && task.stopped_at && *task.stopped_at >= *task.started_at)
        text += " after " + format_duration_for_people(*task.stopped_at - *task.started_at);
    if (!told->reason.empty()) text += ": " + sanitize_for_terminal(told->reason);
    return text;
}

bool is_hopeless(std::string_view reason) {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
    constexpr std::array<std::string_view, 14> kWords = {"not found",
                                                         "manifest unknown",
                                                         "does not exist",
                                                         "doesn't exist",
                                                         "pull access denied",
                                                         "no such image",
                                                         "invalid reference format",
                                                         "no matching manifest",
                                                         "unable to assume",
                                                         "is not authorized to perform",
                                                         "AccessDenied",
                                                         "no basic auth credentials",
                                                         "exec format error",
                                                         "ResourceNotFoundException"};
    const auto text = to_lower_ascii(reason);
    return std::ranges::any_of(kWords,
                               [&](std::string_view word) { return text.contains(to_lower_ascii(word)); });
}

Condition condition_of(const EcsService& service, std::span<const EcsTask> tasks, TimePoint now) {
    if (!service.is_active()) return {ServiceState::Removing, "ECS is stopping it"};
    const auto* running = running_task(tasks, service.task_definition);
    const auto* failed = failed_task(tasks, service.task_definition);
    const bool has_settled = running != nullptr && now - running->started_at.value_or(now) >= kSettled;
    if (running != nullptr && (failed == nullptr || has_settled)) return {ServiceState::Running, ""};
    const int failures = count_failed(tasks, service.task_definition);
    const auto detail = failed != nullptr ? crash_detail(*failed, failures) : "";
    if (service.rollout_state == "FAILED")
        return {ServiceState::Exited,
                detail.empty() ? sanitize_for_terminal(service.rollout_reason) : detail};
    const bool was_stable = service.rollout_state == "COMPLETED";
    if (failed != nullptr && (!was_stable || failures >= kCrashLoop)) return {ServiceState::Exited, detail};
    if (running != nullptr) return {ServiceState::Running, detail};
    return {ServiceState::Starting, failed != nullptr ? "ECS starts it again after " + detail
                                                      : sanitize_for_terminal(service.newest_event)};
}

}  // namespace ringmaster::aws
