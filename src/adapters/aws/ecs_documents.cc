#include "adapters/aws/ecs_documents.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/aws/ecs_api.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestFamily = 255;
// How long ECS lets a task be that its load balancer calls unhealthy: whether a slow start is too slow is for
// the show's own health check to say.
constexpr auto kHealthGrace = std::chrono::seconds(3600);
// What a container may be given to end by itself on Fargate, and what ECS takes at least.
constexpr long long kLongestStop = 120;
constexpr long long kShortestStop = 2;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

Error wrong_template(std::string_view why) {
    return Error::invalid_input("the task definition's template {}", why)
        .hint(
            "[shows.ecs] task_definition names a JSON file as RegisterTaskDefinition takes it; `aws ecs "
            "describe-task-definition` prints one");
}

/// What the application is told, by name: the same words for every engine.
std::map<std::string, std::string> environment_of(const EcsSettings& settings, const ShowSpec& spec) {
    auto environment = settings.environment;
    for (const auto& [name, value] : spec.environment) environment.insert_or_assign(name, value);
    if (!spec.is_from_fork)
        for (const auto& [name, value] : settings.secrets) environment.insert_or_assign(name, value);
    const std::map<std::string, std::string> ours = {
        {"PORT", std::to_string(settings.port)},
        {"HOST", "0.0.0.0"},
        {"RINGMASTER_PR", std::to_string(spec.show.pull_request_number)},
        {"RINGMASTER_SHA", spec.commit.text()},
        {"RINGMASTER_REPOSITORY", spec.show.repository.text()}};
    for (const auto& [name, value] : ours) environment.insert_or_assign(name, value);
    return environment;
}

Json log_configuration_of(const EcsSettings& settings) {
    Json options = {{"awslogs-group", settings.log_group},
                    {"awslogs-region", settings.log_region},
                    {"awslogs-stream-prefix", settings.log_prefix}};
    if (settings.create_log_group) options["awslogs-create-group"] = "true";
    return {{"logDriver", "awslogs"}, {"options", options}};
}

Json made_container(const EcsSettings& settings) {
    Json container = {
        {"name", settings.container},
        {"cpu", 0},
        {"essential", true},
        {"portMappings",
         {{{"containerPort", settings.port}, {"hostPort", settings.port}, {"protocol", "tcp"}}}}};
    const auto stop = std::chrono::ceil<std::chrono::seconds>(settings.stop_grace).count();
    container["stopTimeout"] = std::clamp<long long>(stop, kShortestStop, kLongestStop);
    if (!settings.command.empty()) container["command"] = settings.command;
    if (!settings.log_group.empty()) container["logConfiguration"] = log_configuration_of(settings);
    return container;
}

Json made_definition(const EcsSettings& settings) {
    Json made = {{"networkMode", "awsvpc"},
                 {"requiresCompatibilities", {"FARGATE"}},
                 {"cpu", settings.cpu},
                 {"memory", settings.memory},
                 {"containerDefinitions", Json::array({made_container(settings)})}};
    if (!settings.task_role.empty()) made["taskRoleArn"] = settings.task_role;
    if (!settings.execution_role.empty()) made["executionRoleArn"] = settings.execution_role;
    if (!settings.architecture.empty())
        made["runtimePlatform"] = {{"cpuArchitecture", settings.architecture},
                                   {"operatingSystemFamily", "LINUX"}};
    return made;
}

/// As a person keeps it: the output of describe-task-definition, with what only AWS may set taken out.
Result<Json> template_of(const std::string& text) {
    Json read = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (read.is_discarded()) return Fail(wrong_template("is not JSON"));
    if (read.is_object() && read.contains("taskDefinition")) read = Json(read["taskDefinition"]);
    if (!read.is_object()) return Fail(wrong_template("is no JSON object"));
    for (const auto* key :
         {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
          "registeredBy", "deregisteredAt", "tags", "family"})
        read.erase(key);
    return read;
}

/// The application's container: the one of the configured name, or the only one there is.
Result<Json*> container_in(Json& definition, const EcsSettings& settings) {
    const auto found = definition.find("containerDefinitions");
    if (found == definition.end() || !found->is_array() || found->empty())
        return Fail(wrong_template("has no containerDefinitions"));
    for (auto& container : *found) {
        if (!container.is_object()) return Fail(wrong_template("has a container that is no object"));
        if (container.value("name", Json()) == settings.container) return &container;
    }
    if (found->size() == 1) {
        found->front()["name"] = settings.container;
        return &found->front();
    }
    return Fail(wrong_template(fmt::format("has several containers, and none is named \"{}\"",
                                           sanitize_for_terminal(settings.container))));
}

Result<Json> definition_of(const EcsSettings& settings) {
    if (settings.task_definition.empty()) return made_definition(settings);
    return template_of(settings.task_definition);
}

/// Puts named entries into a list of {"name": …}: one that is there gives way.
void merge_named(Json& container, const char* list, const char* value_key,
                 const std::map<std::string, std::string>& entries) {
    Json merged = Json::array();
    if (const auto found = container.find(list); found != container.end() && found->is_array())
        for (const auto& entry : *found) {
            const auto name = entry.is_object() ? entry.value("name", Json()) : Json();
            if (!name.is_string() || !entries.contains(name.get<std::string>())) merged.push_back(entry);
        }
    for (const auto& [name, value] : entries) merged.push_back({{"name", name}, {value_key, value}});
    container[list] = std::move(merged);
}

std::string replace_words(std::string text, const ShowId& show) {
    text = replace_all(std::move(text), "{pr}", std::to_string(show.pull_request_number));
    text = replace_all(std::move(text), "{sha}", show.sha.text());
    text = replace_all(std::move(text), "{show}", show.base_name());
    return replace_all(std::move(text), "{repository}", show.repository.owner + "-" + show.repository.name);
}

}  // namespace

std::string family_of(const EcsSettings& settings, const ShowId& show) {
    auto family = replace_words(settings.family, show);
    for (char& c : family) {
        const bool is_allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '_';
        if (!is_allowed) c = '-';
    }
    return family.substr(0, kLongestFamily);
}

Result<std::string> task_definition_of(const EcsSettings& settings, const ShowSpec& spec) {
    auto definition = TRY(definition_of(settings));
    definition["family"] = family_of(settings, spec.show);
    auto& container = *TRY(container_in(definition, settings));
    container["image"] = spec.artifact.image;
    merge_named(container, "environment", "value", environment_of(settings, spec));
    if (!spec.is_from_fork && !settings.stored_secrets.empty())
        merge_named(container, "secrets", "valueFrom", settings.stored_secrets);
    // A template's own secrets are secrets all the same.
    if (spec.is_from_fork) container.erase("secrets");
    definition["tags"] = Json::parse(tags_as_json(TRY(tags_of(spec, settings.tags))));
    return dump(definition);
}

Result<std::string> new_service_of(const EcsSettings& settings, const ShowSpec& spec,
                                   const std::string& task_definition, const std::string& target_group) {
    Json body = {{"cluster", settings.cluster},
                 {"serviceName", spec.show.service_name()},
                 {"taskDefinition", task_definition},
                 {"desiredCount", 1},
                 {"platformVersion", settings.platform_version},
                 {"propagateTags", "SERVICE"}};
    body["networkConfiguration"]["awsvpcConfiguration"] = {
        {"subnets", settings.subnets},
        {"securityGroups", settings.security_groups},
        {"assignPublicIp", settings.assign_public_ip ? "ENABLED" : "DISABLED"}};
    // An application that never starts is given up after a few tries instead of costing money for ever.
    body["deploymentConfiguration"] = {{"maximumPercent", 200},
                                       {"minimumHealthyPercent", 100},
                                       {"deploymentCircuitBreaker", {{"enable", true}, {"rollback", false}}}};
    if (settings.capacity_provider.empty())
        body["launchType"] = "FARGATE";
    else
        body["capacityProviderStrategy"] =
            Json::array({Json{{"capacityProvider", settings.capacity_provider}, {"weight", 1}, {"base", 1}}});
    if (!target_group.empty()) {
        body["loadBalancers"] = Json::array({Json{{"targetGroupArn", target_group},
                                                  {"containerName", settings.container},
                                                  {"containerPort", settings.port}}});
        body["healthCheckGracePeriodSeconds"] = kHealthGrace.count();
    }
    body["tags"] = Json::parse(tags_as_json(TRY(tags_of(spec, settings.tags))));
    return dump(body);
}

std::string changed_service_of(const EcsSettings& settings, const ShowId& show,
                               const std::string& task_definition) {
    return dump({{"cluster", settings.cluster},
                 {"service", show.service_name()},
                 {"taskDefinition", task_definition},
                 {"desiredCount", 1},
                 {"forceNewDeployment", true}});
}

Result<std::optional<LogPlace>> log_place_of(const EcsSettings& settings) {
    auto definition = TRY(definition_of(settings));
    const auto& container = *TRY(container_in(definition, settings));
    const auto text = [&](const char* option) -> std::string {
        const auto at = Json::json_pointer("/logConfiguration/options") / option;
        return container.contains(at) && container[at].is_string() ? container[at].get<std::string>() : "";
    };
    LogPlace place{.group = text("awslogs-group"),
                   .prefix = text("awslogs-stream-prefix"),
                   .container = settings.container};
    // Without a prefix the streams are named after something that ECS does not tell.
    if (place.group.empty() || place.prefix.empty()) return std::nullopt;
    return place;
}

}  // namespace ringmaster::aws
