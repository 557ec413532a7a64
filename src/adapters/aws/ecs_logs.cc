// What a show on ECS prints; and that no command can be run in it.

#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/ecs_runtime.h"
#include "adapters/aws/task_logs.h"

namespace ringmaster::aws {
namespace {

constexpr auto kFollowInterval = std::chrono::seconds(1);  // GetLogEvents may be called 25 times a second
// The log driver sends what it has in batches; the last lines come a little after the end.
constexpr auto kLastWords = std::chrono::seconds(2);

}  // namespace

Result<void> EcsRuntime::logs(const ShowId& show, const LogOptions& options, Progress& progress) {
    const auto found = TRY(find_owned(show, progress));
    if (!found)
        return Fail(Error::not_found("there is no show {} of {}", show.base_name(), show.repository.text()));
    const auto place = TRY(log_place_of(settings_));
    if (!place)
        return Fail(
            Error::not_found("{} keeps no logs that can be read", show.service_name())
                .hint("set [shows.ecs] log_group, or give the task definition's template awslogs with a "
                      "group and a stream prefix"));
    auto task = TRY(task_to_read(found->service, progress));
    while (!task && options.follow) {
        TRY(clock_.sleep(kFollowInterval, progress));
        task = TRY(task_to_read(found->service, progress));
    }
    if (!task) return {};
    TaskLogs log(api_.client(), *place, task->id(), options.since);
    TRY(log.read_tail(options.tail_lines, progress));
    const std::string arn = task->arn;
    while (options.follow) {
        // Before reading, so that nothing written before its end is missed.
        const auto now = TRY(api_.describe_tasks(std::span(&arn, 1), progress));
        const bool is_over = now.empty() || now.front().is_stopped();
        TRY(clock_.sleep(is_over ? kLastWords : kFollowInterval, progress));
        TRY(log.read_new(progress));
        if (is_over) break;
    }
    return {};
}

/// The newest task that has begun; nullopt: none has yet. One that never ran printed nothing.
Result<std::optional<EcsTask>> EcsRuntime::task_to_read(const EcsService& service, Progress& progress) {
    std::optional<EcsTask> newest;
    for (const auto wish : {TaskWish::Running, TaskWish::Stopped}) {
        for (auto& task : TRY(api_.tasks(service.name, wish, progress))) {
            const bool has_begun = task.is_running() || task.started_at.has_value();
            if (has_begun && (!newest || newest->created_at < task.created_at)) newest = std::move(task);
        }
        if (newest) break;  // one that runs says more than those that ended
    }
    return newest;
}

/// ECS Exec (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html) answers with a
/// session of the Systems Manager: a protocol of its own on a web socket, and an exit code that is not told.
Result<void> EcsRuntime::run_in(const ShowId&, const ShowCommand&, Progress&) {
    return Fail(Error::invalid_input("on ECS no command can be run in a show")
                    .hint("take [shows.run] seed and teardown out; let the image's own start do it, or a "
                          "container of [shows.ecs] task_definition that the app depends on"));
}

}  // namespace ringmaster::aws
