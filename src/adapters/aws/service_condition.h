#pragma once
// What ECS's words about a service and its tasks mean for a show: does it run, has it ended, why. Pure.

#include <span>
#include <string>
#include <vector>

#include "adapters/aws/ecs_model.h"
#include "base/time.h"
#include "ports/runtime.h"

namespace ringmaster::aws {

struct Condition {
    ServiceState state = ServiceState::Starting;
    std::string detail;
};

/// `tasks`: those of the service that ECS still tells of, stopped ones included, of any revision. ECS starts
/// an application that ended again and again; it counts as ended when it has not run for a while since.
Condition condition_of(const EcsService& service, std::span<const EcsTask> tasks, TimePoint now);

/// The task that serves: the newest of the service's revision that runs. nullptr: none does.
const EcsTask* running_task(std::span<const EcsTask> tasks, const std::string& task_definition);
/// The newest of the revision that ended although nobody asked it to. nullptr: none did.
const EcsTask* failed_task(std::span<const EcsTask> tasks, const std::string& task_definition);
/// How many of the revision ended so.
int count_failed(std::span<const EcsTask> tasks, const std::string& task_definition);

/// Its application ran and ended, as opposed to never having been started.
bool has_run(const EcsTask& task);
/// "exit 3 after 2 s", "CannotPullContainerError: …"
std::string describe_end(const EcsTask& task);
/// Whether another try would end the same way: an image that is not there, a role that may not be taken.
bool is_hopeless(std::string_view reason);

}  // namespace ringmaster::aws
