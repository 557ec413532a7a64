#include "adapters/docker/swarm_runtime.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(100);
// For the nodes to confirm, beside the grace that the application has.
constexpr auto kRemovalPatience = std::chrono::minutes(1);

}  // namespace

Result<std::optional<SwarmService>> SwarmRuntime::inspect(const std::string& name_or_id) {
    const auto answer =
        engine_->json({.path = "/services/" + encoded(name_or_id), .doing = "looking at " + name_or_id});
    if (!answer && answer.error().kind() == ErrorKind::NotFound) return std::nullopt;
    return TRY(read_service(TRY(answer), settings_.app.repository));
}

Result<std::vector<SwarmService>> SwarmRuntime::list(const std::vector<std::string>& labels) {
    auto wanted = labels;
    wanted.push_back(fmt::format("{}={}", kRepositoryLabel, settings_.app.repository.text()));
    const auto answer = TRY(
        engine_->json({.path = "/services?filters=" + label_filter(wanted), .doing = "listing services"}));
    std::vector<SwarmService> found;
    for (const auto& item : TRY(answer.as_items())) {
        auto service = TRY(read_service(item, settings_.app.repository));
        if (service.owner) found.push_back(std::move(service));
    }
    return found;
}

Result<std::vector<SwarmService>> SwarmRuntime::services_of(const ShowId& show) {
    auto found = TRY(list({fmt::format("{}={}", kShowLabel, show.base_name())}));
    std::erase_if(found, [&](const SwarmService& service) { return service.owner->show != show; });
    return found;
}

Result<std::vector<Task>> SwarmRuntime::tasks_of(const SwarmService& service) {
    const auto filter = percent_encode(nlohmann::json{{"service", {service.id}}}.dump());
    const auto answer = engine_->json({.path = "/tasks?filters=" + filter, .doing = "listing its tasks"});
    if (!answer && answer.error().kind() == ErrorKind::NotFound)
        return std::vector<Task>();  // it was removed
    return read_tasks(TRY(answer));
}

/// nullopt: not known yet.
Result<std::optional<Endpoint>> SwarmRuntime::endpoint_of(const SwarmService& service,
                                                          const std::vector<Task>& tasks) {
    const auto& app = settings_.app;
    if (settings_.port_mode == PortMode::None) return Endpoint{service.name, app.port};
    if (settings_.port_mode == PortMode::Ingress) {
        if (service.published_port == 0) return std::nullopt;
        return Endpoint{settings_.host.empty() ? TRY(manager_address()) : settings_.host,
                        service.published_port};
    }
    // A task on a node that was lost is not wanted any more, but nobody is there to end it.
    const auto reachable = std::ranges::find_if(tasks, [](const Task& task) {
        return task.published_port != 0 && !task.has_ended() && task.is_wanted();
    });
    if (reachable != tasks.end())
        return Endpoint{TRY(node_address(reachable->node)), reachable->published_port};
    // One that ended at once had no port for long: the address is where it was, and nobody answers there.
    const auto ended = std::ranges::find_if(tasks, [](const Task& task) { return task.has_ended(); });
    if (ended == tasks.end() || ended->node.empty() ||
        condition_of(service, tasks).state != ServiceState::Exited)
        return std::nullopt;
    return Endpoint{TRY(node_address(ended->node)), app.port};
}

Result<std::string> SwarmRuntime::node_address(const std::string& node) {
    const auto answer =
        TRY(engine_->json({.path = "/nodes/" + encoded(node), .doing = "looking at its node"}));
    const auto address = TRY(TRY(answer.member("Status")).optional_string("Addr"));
    return address.empty() || address == "0.0.0.0" ? manager_address() : address;
}

Result<std::string> SwarmRuntime::manager_address() {
    const auto answer = TRY(engine_->json({.path = "/info", .doing = "asking for the manager's address"}));
    return TRY(answer.member("Swarm")).string("NodeAddr");
}

Result<bool> SwarmRuntime::is_node_down(const std::string& node) {
    if (node.empty()) return false;
    const auto answer = engine_->json({.path = "/nodes/" + encoded(node), .doing = "looking at a node"});
    if (!answer && answer.error().kind() == ErrorKind::NotFound) return true;  // it left the swarm
    return TRY(TRY(TRY(answer).member("Status")).string("State")) == "down";
}

Result<Service> SwarmRuntime::service_from(const SwarmService& service) {
    const auto tasks = TRY(tasks_of(service));
    const auto condition = condition_of(service, tasks);
    return Service{.show = service.owner->show,
                   .name = service.name,
                   .state = condition.state,
                   .endpoint = TRY(endpoint_of(service, tasks)),
                   .created_at = service.owner->created_at,
                   .expires_at = service.owner->expires_at,
                   .detail = condition.detail};
}

Result<std::optional<Service>> SwarmRuntime::find(const ShowId& show) {
    const auto found = TRY(services_of(show));
    if (found.empty()) return std::nullopt;
    return TRY(service_from(found.front()));
}

Result<std::vector<Service>> SwarmRuntime::list_managed() {
    std::vector<Service> services;
    for (const auto& service : TRY(list({}))) services.push_back(TRY(service_from(service)));
    return services;
}

Result<PullRequestServices> SwarmRuntime::list_of(int pull_request_number, Others) {
    return pick_services(TRY(list_managed()), pull_request_number);
}

Result<void> SwarmRuntime::remove(const ShowId& show, Progress& progress) {
    for (const auto& service : TRY(services_of(show)))
        TRY_WHILE(end(service, progress), "removing {}", service.name);
    return {};
}

/// First no task is wanted, and only when none runs any more the service goes: until then it can be found,
/// and its removal finished, by whoever looks.
Result<void> SwarmRuntime::end(const SwarmService& service, Progress& progress) {
    TRY(scale_to_nothing(service.id));
    const auto deadline = clock_->monotonic() + settings_.app.stop_grace + kRemovalPatience;
    while (TRY(has_tasks_left(service))) {
        if (clock_->monotonic() > deadline)
            return Fail(
                Error::timed_out("the tasks of {} have not ended within {}", service.name,
                                 format_duration_for_people(settings_.app.stop_grace + kRemovalPatience))
                    .hint("`docker service ps " + service.name + "` says where they are"));
        TRY(clock_->sleep(kLookAgain, progress));
    }
    return erase(service, progress);
}

Result<void> SwarmRuntime::scale_to_nothing(const std::string& id) {
    // Another change may come between reading and writing; the manager refuses ours then.
    for (int round = 0;; ++round) {
        const auto answer = engine_->call({.path = "/services/" + id, .doing = "looking at the service"});
        if (!answer && answer.error().kind() == ErrorKind::NotFound) return {};
        const auto body = TRY(answer).body;
        const auto service =
            TRY(read_service(TRY(support::JsonReader::parse(body, "a service")), settings_.app.repository));
        if (service.replicas == 0) return {};
        auto spec = nlohmann::json::parse(body, nullptr, false)["Spec"];
        spec["Mode"]["Replicated"]["Replicas"] = 0;
        const auto changed =
            engine_->call({.method = "POST",
                           .path = fmt::format("/services/{}/update?version={}", id, service.version),
                           .doing = "ending its tasks",
                           .body = spec.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
        if (changed || changed.error().kind() == ErrorKind::NotFound) return {};
        if (round == 3) return Fail(changed.error());
    }
}

/// A node that is gone confirms nothing; its tasks are the swarm's to forget.
Result<bool> SwarmRuntime::has_tasks_left(const SwarmService& service) {
    for (const auto& task : TRY(tasks_of(service)))
        if (!task.has_ended() && !TRY(is_node_down(task.node))) return true;
    return false;
}

Result<void> SwarmRuntime::erase(const SwarmService& service, Progress& progress) {
    const auto removed = engine_->call({.method = "DELETE",
                                        .path = "/services/" + service.id,
                                        .doing = "removing the service",
                                        .progress = &progress});
    if (!removed && removed.error().kind() != ErrorKind::NotFound) return Fail(removed.error());
    return {};
}

}  // namespace ringmaster::docker
