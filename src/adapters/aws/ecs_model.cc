#include "adapters/aws/ecs_model.h"

#include <climits>

namespace ringmaster::aws {
namespace {

using support::JsonReader;

/// ECS writes times as seconds since 1970, with a fraction.
Result<std::optional<TimePoint>> time_at(const JsonReader& json, std::string_view key) {
    if (!TRY(json.find(key))) return std::nullopt;
    const double seconds = TRY(json.number(key));
    if (!(seconds >= 0 && seconds < 1e11)) return Fail(json.wrong("an object with sensible times"));
    return TimePoint(Duration(static_cast<Duration::rep>(seconds * 1000)));
}

/// The elements of an array that may be absent.
Result<std::vector<JsonReader>> list_at(const JsonReader& json, std::string_view key) {
    const auto found = TRY(json.find(key));
    return found ? found->as_items() : std::vector<JsonReader>{};
}

Result<EcsContainer> parse_container(const JsonReader& json) {
    EcsContainer container{.name = TRY(json.optional_string("name")),
                           .reason = TRY(json.optional_string("reason"))};
    if (TRY(json.find("exitCode"))) {
        const auto code = TRY(json.integer("exitCode"));
        if (code < INT_MIN || code > INT_MAX)
            return Fail(json.wrong("a container with a sensible exit code"));
        container.exit_code = static_cast<int>(code);
    }
    return container;
}

/// The elastic network interface among a task's attachments.
Result<void> read_attachments(const JsonReader& json, EcsTask& task) {
    for (const auto& attachment : TRY(list_at(json, "attachments")))
        for (const auto& detail : TRY(list_at(attachment, "details"))) {
            const auto name = TRY(detail.optional_string("name"));
            const auto value = TRY(detail.optional_string("value"));
            if (name == "networkInterfaceId") task.network_interface = value;
            if (name == "privateIPv4Address") task.private_address = value;
        }
    return {};
}

/// Deployments and events come newest first; the newest deployment is the PRIMARY one.
Result<void> read_progress(const JsonReader& json, EcsService& service) {
    for (const auto& deployment : TRY(list_at(json, "deployments"))) {
        if (TRY(deployment.optional_string("status")) != "PRIMARY") continue;
        service.rollout_state = TRY(deployment.optional_string("rolloutState"));
        service.rollout_reason = TRY(deployment.optional_string("rolloutStateReason"));
    }
    for (const auto& event : TRY(list_at(json, "events"))) {
        const auto message = TRY(event.optional_string("message"));
        if (service.newest_event.empty()) service.newest_event = message;
        if (service.newest_start.empty() && message.contains("has started"))
            service.newest_start = TRY(event.optional_string("id"));
    }
    return {};
}

}  // namespace

Result<Tags> parse_tags(const JsonReader& owner) {
    Tags tags;
    for (const auto& tag : TRY(list_at(owner, "tags")))
        tags.insert_or_assign(TRY(tag.optional_string("key")), TRY(tag.optional_string("value")));
    return tags;
}

Result<EcsService> parse_service(const JsonReader& json) {
    EcsService service{.arn = TRY(json.string("serviceArn")),
                       .name = TRY(json.string("serviceName")),
                       .status = TRY(json.string("status")),
                       .task_definition = TRY(json.optional_string("taskDefinition")),
                       .created_at = TRY(time_at(json, "createdAt")),
                       .tags = TRY(parse_tags(json))};
    TRY(read_progress(json, service));
    return service;
}

Result<EcsTask> parse_task(const JsonReader& json) {
    EcsTask task{.arn = TRY(json.string("taskArn")),
                 .task_definition = TRY(json.optional_string("taskDefinitionArn")),
                 .last_status = TRY(json.optional_string("lastStatus")),
                 .stop_code = TRY(json.optional_string("stopCode")),
                 .stopped_reason = TRY(json.optional_string("stoppedReason")),
                 .created_at = TRY(time_at(json, "createdAt")),
                 .started_at = TRY(time_at(json, "startedAt")),
                 .stopped_at = TRY(time_at(json, "stoppedAt"))};
    constexpr std::string_view kOfService = "service:";
    const auto group = TRY(json.optional_string("group"));
    if (group.starts_with(kOfService)) task.service_name = group.substr(kOfService.size());
    for (const auto& container : TRY(list_at(json, "containers")))
        task.containers.push_back(TRY(parse_container(container)));
    TRY(read_attachments(json, task));
    return task;
}

}  // namespace ringmaster::aws
