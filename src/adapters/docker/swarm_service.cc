#include "adapters/docker/swarm_service.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace ringmaster::docker {
namespace {

using Json = nlohmann::json;
using support::JsonReader;

// As for containers: after this many ends in a row the application is given up on.
constexpr int kCrashLoop = 3;
// Between two tasks of an application that ended; the engine's own default of 5 s would keep a person
// waiting.
constexpr auto kRestartDelay = std::chrono::seconds(1);
constexpr auto kUpdateMonitor = std::chrono::seconds(2);
constexpr auto kMostLogBytes = "10m";
constexpr auto kMostLogFiles = "2";

long long nanoseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

Result<std::uint16_t> first_published(const JsonReader& parent, std::string_view key) {
    if (!TRY(parent.find(key))) return std::uint16_t{0};
    for (const auto& port : TRY(parent.items(key)))
        if (TRY(port.find("PublishedPort")))
            return static_cast<std::uint16_t>(TRY(port.integer("PublishedPort")));
    return std::uint16_t{0};
}

Result<Task> read_task(const JsonReader& item) {
    Task task;
    task.id = TRY(item.string("ID"));
    task.node = TRY(item.optional_string("NodeID"));
    task.desired = TRY(item.optional_string("DesiredState"));
    task.created_at = parse_iso8601(TRY(item.string("CreatedAt"))).value_or(TimePoint{});
    const auto status = TRY(item.member("Status"));
    task.state = TRY(status.string("State"));
    task.error = TRY(status.optional_string("Err"));
    if (const auto container = TRY(status.find("ContainerStatus"))) {
        task.container = TRY(container->optional_string("ContainerID"));
        if (TRY(container->find("ExitCode")))
            task.exit_code = static_cast<int>(TRY(container->integer("ExitCode")));
    }
    if (const auto ports = TRY(status.find("PortStatus")))
        task.published_port = TRY(first_published(*ports, "Ports"));
    const auto container = TRY(TRY(item.member("Spec")).find("ContainerSpec"));
    const auto labels = container ? TRY(container->find("Labels")) : std::nullopt;
    if (labels) task.attempt = TRY(labels->optional_string(kAttemptLabel));
    return task;
}

/// Why a task ended, or does not begin.
std::string describe(const Task& task) {
    if (task.state == "complete" || task.error.starts_with("task: non-zero exit"))
        return fmt::format("exit {}", task.exit_code);
    return task.error;
}

Json restart_policy(Restart restart) {
    Json policy = {{"Delay", nanoseconds(kRestartDelay)}};
    policy["Condition"] = restart == Restart::No          ? "none"
                          : restart == Restart::OnFailure ? "on-failure"
                                                          : "any";
    return policy;
}

Json endpoint_spec(const SwarmSettings& settings) {
    Json spec = {{"Mode", settings.endpoint_mode == EndpointMode::RoundRobin ? "dnsrr" : "vip"}};
    if (settings.port_mode == PortMode::None) return spec;
    const Json port = {{"Protocol", "tcp"},
                       {"TargetPort", settings.app.port},
                       {"PublishMode", settings.port_mode == PortMode::Host ? "host" : "ingress"}};
    spec["Ports"] = Json::array({port});
    return spec;
}

Json resources(const AppSettings& app) {
    Json limits = Json::object();
    if (app.memory_bytes > 0) limits["MemoryBytes"] = app.memory_bytes;
    if (app.nano_cpus > 0) limits["NanoCPUs"] = app.nano_cpus;
    if (app.pids > 0) limits["Pids"] = app.pids;
    Json both = {{"Limits", limits}};
    // What a show may use is also what a node must have free, or the swarm would promise memory twice.
    if (app.memory_bytes > 0) both["Reservations"] = {{"MemoryBytes", app.memory_bytes}};
    return both;
}

Json file_target(const std::string& path, int mode) {
    return {{"Name", path}, {"UID", "0"}, {"GID", "0"}, {"Mode", mode}};
}

Json container_spec(const SwarmSettings& settings, const ShowSpec& spec, const SwarmFiles& files,
                    const std::map<std::string, std::string>& labels) {
    Json container = {{"Image", spec.artifact.image},
                      {"Env", environment_of(settings.app, spec)},
                      {"Labels", labels},
                      {"StopGracePeriod", nanoseconds(settings.app.stop_grace)}};
    if (!settings.app.command.empty()) container["Args"] = settings.app.command;
    container["Secrets"] = Json::array();
    if (!spec.is_from_fork)
        for (const auto& [name, id] : files.secret_ids)
            container["Secrets"].push_back(
                {{"SecretID", id}, {"SecretName", name}, {"File", file_target(name, 0400)}});
    container["Configs"] = Json::array();
    for (const auto& [name, id] : files.config_ids)
        container["Configs"].push_back(
            {{"ConfigID", id}, {"ConfigName", name}, {"File", file_target(settings.configs.at(name), 0444)}});
    return container;
}

Json task_template(const SwarmSettings& settings, const ShowSpec& spec, const SwarmFiles& files,
                   const std::map<std::string, std::string>& labels) {
    Json task = {{"ContainerSpec", container_spec(settings, spec, files, labels)},
                 {"Resources", resources(settings.app)},
                 {"RestartPolicy", restart_policy(settings.app.restart)}};
    task["LogDriver"]["Name"] = "json-file";
    task["LogDriver"]["Options"] = {{"max-size", kMostLogBytes}, {"max-file", kMostLogFiles}};
    task["Placement"]["Constraints"] = settings.constraints;
    task["Networks"] = Json::array();
    for (const auto& network : settings.networks) task["Networks"].push_back({{"Target", network}});
    return task;
}

}  // namespace

bool Task::has_ended() const {
    constexpr std::array<std::string_view, 6> kEnds = {"complete", "failed",   "rejected",
                                                       "shutdown", "orphaned", "remove"};
    return std::ranges::find(kEnds, state) != kEnds.end();
}

Result<SwarmService> read_service(const JsonReader& answer, const RepositoryName& repository) {
    SwarmService service;
    service.id = TRY(answer.string("ID"));
    service.version = static_cast<std::uint64_t>(TRY(TRY(answer.member("Version")).integer("Index")));
    const auto spec = TRY(answer.member("Spec"));
    service.name = TRY(spec.string("Name"));
    if (const auto labels = TRY(spec.find("Labels"))) service.owner = read_ownership(*labels, repository);
    const auto mode = TRY(spec.find("Mode"));
    const auto replicated = mode ? TRY(mode->find("Replicated")) : std::nullopt;
    if (replicated && TRY(replicated->find("Replicas")))
        service.replicas = static_cast<int>(TRY(replicated->integer("Replicas")));
    if (const auto endpoint = TRY(answer.find("Endpoint")))
        service.published_port = TRY(first_published(*endpoint, "Ports"));
    if (const auto update = TRY(answer.find("UpdateStatus"))) {
        service.update = TRY(update->optional_string("State"));
        service.update_message = TRY(update->optional_string("Message"));
    }
    return service;
}

Result<std::vector<Task>> read_tasks(const JsonReader& answer) {
    std::vector<Task> tasks;
    for (const auto& item : TRY(answer.as_items())) tasks.push_back(TRY(read_task(item)));
    std::ranges::sort(tasks, [](const Task& a, const Task& b) { return a.created_at > b.created_at; });
    return tasks;
}

Condition condition_of(const SwarmService& service, const std::vector<Task>& tasks) {
    if (service.replicas == 0) return {ServiceState::Removing, "its removal has begun"};
    const auto current = std::ranges::find_if(tasks, [](const Task& task) { return task.is_wanted(); });
    const auto ends = std::ranges::count_if(tasks, [](const Task& task) {
        return task.state == "failed" || task.state == "complete" || task.state == "rejected";
    });
    const auto last = std::ranges::find_if(tasks, [](const Task& task) { return task.has_ended(); });
    const auto why = last == tasks.end() ? std::string() : describe(*last);
    if (current == tasks.end() || current->has_ended()) {
        if (tasks.empty()) return {ServiceState::Starting, ""};
        return {ServiceState::Exited, why};
    }
    if (current->state == "running") return {ServiceState::Running, ""};
    if (ends >= kCrashLoop)
        return {ServiceState::Exited, fmt::format("it ended {} times; the last time: {}", ends, why)};
    return {ServiceState::Starting, current->error.empty() ? why : current->error};
}

std::string service_body(const SwarmSettings& settings, const ShowSpec& spec, const SwarmFiles& files,
                         const std::map<std::string, std::string>& labels) {
    Json body = {{"Name", resource_name(spec.show)},
                 {"Labels", labels},
                 {"TaskTemplate", task_template(settings, spec, files, labels)},
                 {"EndpointSpec", endpoint_spec(settings)}};
    body["Mode"]["Replicated"]["Replicas"] = 1;
    // The new task serves before the old one goes; one that does not come up is taken back.
    body["UpdateConfig"] = {{"Parallelism", 1},
                            {"Order", "start-first"},
                            {"FailureAction", "rollback"},
                            {"Monitor", nanoseconds(kUpdateMonitor)}};
    body["RollbackConfig"] = {{"Parallelism", 1}, {"Order", "start-first"}};
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ringmaster::docker
