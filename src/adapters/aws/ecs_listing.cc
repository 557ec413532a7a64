// What runs on ECS: one show, those of one pull request, all of them.

#include <algorithm>

#include "adapters/aws/ecs_runtime.h"
#include "adapters/aws/service_condition.h"

namespace ringmaster::aws {
namespace {

// A listing takes what was seen running this short a time ago as running still, which spares it the tasks:
// one run lists several times. find() always looks.
constexpr auto kStillTrue = std::chrono::seconds(30);

std::vector<EcsTask> tasks_of(const std::string& service, const std::vector<EcsTask>& tasks) {
    std::vector<EcsTask> own;
    std::ranges::copy_if(tasks, std::back_inserter(own),
                         [&](const EcsTask& task) { return task.service_name == service; });
    return own;
}

void append(std::vector<EcsTask>& tasks, std::vector<EcsTask> more) {
    std::ranges::move(more, std::back_inserter(tasks));
}

/// Of "arn:aws:ecs:us-west-2:123456789012:service/shows/pr-12-abc1234-service" the last part.
std::string_view name_in(std::string_view arn) {
    return arn.substr(arn.rfind('/') + 1);
}

}  // namespace

bool EcsRuntime::was_just_seen(const EcsService& service) {
    const std::lock_guard guard(mutex_);
    const auto found = seen_.find(service.name);
    return found != seen_.end() && service.is_active() && found->second.revision == service.task_definition &&
           clock_.monotonic() - found->second.at < kStillTrue;
}

Result<std::vector<EcsTask>> EcsRuntime::all_tasks(const std::string& service, Progress& progress) {
    auto tasks = TRY(api_.tasks(service, TaskWish::Running, progress));
    append(tasks, TRY(api_.tasks(service, TaskWish::Stopped, progress)));
    return tasks;
}

Result<std::vector<EcsRuntime::Owned>> EcsRuntime::owned_of(std::span<const std::string> arns,
                                                            Progress& progress) {
    std::vector<Owned> owned;
    for (auto& service : TRY(api_.describe_services(arns, progress)))
        if (!service.is_gone())
            if (auto ours = if_owned(std::move(service))) owned.push_back(*std::move(ours));
    return owned;
}

Result<std::optional<Service>> EcsRuntime::find(const ShowId& show) {
    NoProgress quiet;
    auto found = TRY(find_owned(show, quiet));
    if (!found) return std::nullopt;
    const auto tasks = TRY(all_tasks(found->service.name, quiet));
    auto services = TRY(describe({*std::move(found)}, tasks, quiet));
    return std::move(services.front());
}

Result<std::vector<Service>> EcsRuntime::list_managed() {
    NoProgress quiet;
    const auto arns = TRY(api_.list_services(quiet));
    const auto owned = TRY(owned_of(arns, quiet));
    if (std::ranges::all_of(owned, [&](const Owned& one) { return was_just_seen(one.service); }))
        return describe_seen(owned);
    // One listing for the whole cluster, not one a service; why something ended only where nothing runs.
    auto tasks = TRY(api_.tasks("", TaskWish::Running, quiet));
    const bool all_run = std::ranges::all_of(owned, [&](const Owned& one) {
        return running_task(tasks_of(one.service.name, tasks), one.service.task_definition) != nullptr;
    });
    if (!all_run) append(tasks, TRY(api_.tasks("", TaskWish::Stopped, quiet)));
    return describe(owned, tasks, quiet);
}

/// Whose a service is only its tags tell, but a show's service always has the show's name: those of other
/// names need not be looked at.
Result<PullRequestServices> EcsRuntime::list_of(int pull_request_number, Others others) {
    NoProgress quiet;
    std::vector<std::string> own;
    std::vector<std::string> neighbours;
    for (auto& arn : TRY(api_.list_services(quiet)))
        if (const auto name = parse_service_name(name_in(arn)))
            (name->pull_request_number == pull_request_number ? own : neighbours).push_back(std::move(arn));
    PullRequestServices found;
    if (others == Others::Counted) found.others = TRY(count_pull_requests(neighbours, quiet));
    const auto owned = TRY(owned_of(own, quiet));
    if (std::ranges::all_of(owned, [&](const Owned& one) { return was_just_seen(one.service); })) {
        found.services = describe_seen(owned);
        return found;
    }
    Tasks tasks;
    for (const auto& one : owned) append(tasks, TRY(all_tasks(one.service.name, quiet)));
    found.services = TRY(describe(owned, tasks, quiet));
    return found;
}

/// Pull requests of our repository with a service among these. What a service is was looked up a moment ago,
/// mostly: one run asks several times.
Result<int> EcsRuntime::count_pull_requests(const std::vector<std::string>& arns, Progress& progress) {
    const auto now = clock_.monotonic();
    std::vector<std::string> unknown;
    {
        const std::lock_guard guard(mutex_);
        std::erase_if(neighbours_, [&](const auto& each) { return now - each.second.at >= kStillTrue; });
        std::ranges::copy_if(arns, std::back_inserter(unknown),
                             [&](const std::string& arn) { return !neighbours_.contains(arn); });
    }
    std::set<std::string> alive;
    for (const auto& [service, ownership] : TRY(owned_of(unknown, progress)))
        if (service.is_active()) alive.insert(service.name);
    const std::lock_guard guard(mutex_);
    for (auto& arn : unknown) neighbours_[arn] = {alive.contains(std::string(name_in(arn))), now};
    std::set<int> numbers;
    for (const auto& arn : arns)
        if (neighbours_.contains(arn) && neighbours_.at(arn).is_alive)
            numbers.insert(parse_service_name(name_in(arn))->pull_request_number);
    return static_cast<int>(numbers.size());
}

std::vector<Service> EcsRuntime::describe_seen(const std::vector<Owned>& owned) {
    std::vector<Service> services;
    const std::lock_guard guard(mutex_);
    for (const auto& one : owned) {
        auto service = service_of(one, {ServiceState::Running, ""});
        service.endpoint = seen_.at(one.service.name).endpoint;
        services.push_back(std::move(service));
    }
    return services;
}

Service EcsRuntime::service_of(const Owned& owned, Condition condition) const {
    const auto& [service, ownership] = owned;
    return {.show = ownership.show,
            .name = service.name,
            .state = condition.state,
            .created_at =
                ownership.created_at.value_or(service.created_at.value_or(clock_.now())),  // contract D30
            .expires_at = ownership.expires_at,
            .detail = std::move(condition.detail)};
}

Result<std::vector<Service>> EcsRuntime::describe(const std::vector<Owned>& owned, const Tasks& tasks,
                                                  Progress& progress) {
    Tasks shown;  // of each service the task that visitors are sent to
    std::map<std::string, std::string> task_of_service;
    std::vector<Service> services;
    for (const auto& [service, ownership] : owned) {
        const auto own = tasks_of(service.name, tasks);
        const auto condition = condition_of(service, own, clock_.now());
        const auto* task = running_task(own, service.task_definition);
        if (task == nullptr && condition.state == ServiceState::Exited)
            task = failed_task(own, service.task_definition);
        if (task != nullptr) {
            shown.push_back(*task);
            task_of_service[service.name] = task->arn;
        }
        services.push_back(service_of({service, ownership}, condition));
    }
    std::map<std::string, Endpoint> endpoints;
    if (settings_.address != AddressKind::LoadBalancer) endpoints = TRY(addresses_.find(shown, progress));
    for (auto& service : services) {
        if (settings_.address == AddressKind::LoadBalancer)
            service.endpoint = route_endpoint(settings_, service.show);
        else if (const auto found = endpoints.find(task_of_service[service.name]); found != endpoints.end())
            service.endpoint = found->second;
    }
    for (std::size_t i = 0; i < owned.size(); ++i)
        if (services[i].endpoint && services[i].state == ServiceState::Running)
            remember(services[i].name, owned[i].service.task_definition, *services[i].endpoint);
    return services;
}

}  // namespace ringmaster::aws
