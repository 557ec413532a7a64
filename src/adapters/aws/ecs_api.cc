#include "adapters/aws/ecs_api.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace ringmaster::aws {
namespace {

using Json = nlohmann::json;
using support::JsonReader;

// What one call takes, as the API reference says.
constexpr std::size_t kServicesAtOnce = 10;
constexpr std::size_t kTasksAtOnce = 100;
constexpr int kPageSize = 100;
// 100 a page: far beyond what a cluster can hold (5,000 services). A listing that never ends is ECS's
// mistake.
constexpr int kMostPages = 200;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

/// "failures" beside the result: MISSING is an answer, anything else a partial listing.
Result<void> check_failures(const JsonReader& answer, const std::string& doing) {
    const auto failures = TRY(answer.find("failures"));
    if (!failures) return {};
    for (const auto& failure : TRY(failures->as_items())) {
        const auto reason = TRY(failure.optional_string("reason"));
        if (reason != "MISSING")
            return Fail(Error::unavailable("ECS could not tell all while {}: {} is {}", doing,
                                           TRY(failure.optional_string("arn")), reason));
    }
    return {};
}

}  // namespace

std::string tags_as_json(const Tags& tags) {
    Json list = Json::array();
    for (const auto& [key, value] : tags) list.push_back({{"key", key}, {"value", value}});
    return dump(list);
}

Result<JsonReader> EcsApi::call(std::string_view action, std::string body, std::string doing,
                                Progress& progress) {
    return client_.json(kEcs, action, std::move(body), std::move(doing), progress);
}

Result<std::vector<std::string>> EcsApi::list(std::string_view action, std::string_view key,
                                              std::string_view fields, const std::string& doing,
                                              std::size_t most, Progress& progress) {
    Json body = Json::parse(fields);
    body["maxResults"] = kPageSize;
    std::vector<std::string> all;
    for (int page = 0; page < kMostPages; ++page) {
        const auto answer = TRY(call(action, dump(body), doing, progress));
        for (const auto& arn : TRY(answer.items(key))) all.push_back(TRY(arn.as_string()));
        const auto next = TRY(answer.optional_string("nextToken"));
        if (next.empty() || all.size() >= most) return all;
        body["nextToken"] = next;
    }
    return Fail(Error::corrupt("{}: the listing of ECS does not end", doing));
}

Result<std::vector<std::string>> EcsApi::list_services(Progress& progress) {
    return list("ListServices", "serviceArns", dump({{"cluster", cluster_}}),
                "listing the services of the cluster " + cluster_, std::numeric_limits<std::size_t>::max(),
                progress);
}

Result<std::vector<EcsService>> EcsApi::describe_services(std::span<const std::string> names,
                                                          Progress& progress) {
    const auto doing = "looking at services of the cluster " + cluster_;
    std::vector<EcsService> services;
    while (!names.empty()) {
        const auto some = names.first(std::min(names.size(), kServicesAtOnce));
        names = names.subspan(some.size());
        const Json body = {{"cluster", cluster_},
                           {"services", std::vector<std::string>(some.begin(), some.end())},
                           {"include", {"TAGS"}}};
        const auto answer = TRY(call("DescribeServices", dump(body), doing, progress));
        TRY(check_failures(answer, doing));
        for (const auto& service : TRY(answer.items("services")))
            services.push_back(TRY(parse_service(service)));
    }
    return services;
}

Result<std::optional<EcsService>> EcsApi::describe_service(const std::string& name, Progress& progress) {
    auto found = TRY(describe_services(std::span(&name, 1), progress));
    if (found.empty() || found.front().is_gone()) return std::nullopt;
    return std::move(found.front());
}

Result<std::vector<EcsTask>> EcsApi::tasks(const std::string& service, TaskWish wish, Progress& progress) {
    Json body = {{"cluster", cluster_}, {"desiredStatus", wish == TaskWish::Running ? "RUNNING" : "STOPPED"}};
    if (!service.empty()) body["serviceName"] = service;
    const auto doing = service.empty() ? "listing the tasks of the cluster " + cluster_
                                       : "listing the tasks of the service " + service;
    const auto arns =
        list("ListTasks", "taskArns", dump(body), doing, std::numeric_limits<std::size_t>::max(), progress);
    // A service that is just being deleted has no tasks to list any more.
    if (!arns && arns.error().kind() == ErrorKind::NotFound) return std::vector<EcsTask>{};
    if (!arns) return Fail(arns.error());
    return describe_tasks(*arns, progress);
}

Result<std::vector<EcsTask>> EcsApi::stopped_tasks(const std::string& family, Progress& progress) {
    const auto arns =
        TRY(list("ListTasks", "taskArns",
                 dump({{"cluster", cluster_}, {"desiredStatus", "STOPPED"}, {"family", family}}),
                 "listing the stopped tasks of the family " + family, std::numeric_limits<std::size_t>::max(),
                 progress));
    return describe_tasks(arns, progress);
}

Result<std::vector<EcsTask>> EcsApi::describe_tasks(std::span<const std::string> arns, Progress& progress) {
    const auto doing = "looking at tasks of the cluster " + cluster_;
    std::vector<EcsTask> tasks;
    while (!arns.empty()) {
        const auto some = arns.first(std::min(arns.size(), kTasksAtOnce));
        arns = arns.subspan(some.size());
        const Json body = {{"cluster", cluster_},
                           {"tasks", std::vector<std::string>(some.begin(), some.end())}};
        const auto answer = TRY(call("DescribeTasks", dump(body), doing, progress));
        TRY(check_failures(answer, doing));
        for (const auto& task : TRY(answer.items("tasks"))) tasks.push_back(TRY(parse_task(task)));
    }
    return tasks;
}

Result<std::string> EcsApi::register_task_definition(const std::string& body, const std::string& doing,
                                                     Progress& progress) {
    const auto answer = TRY(call("RegisterTaskDefinition", body, doing, progress));
    return TRY(answer.member("taskDefinition")).string("taskDefinitionArn");
}

Result<void> EcsApi::create_service(const std::string& body, const std::string& doing, Progress& progress) {
    TRY(call("CreateService", body, doing, progress));
    return {};
}

Result<void> EcsApi::update_service(const std::string& body, const std::string& doing, Progress& progress) {
    TRY(call("UpdateService", body, doing, progress));
    return {};
}

Result<void> EcsApi::delete_service(const std::string& name, Progress& progress) {
    const Json body = {{"cluster", cluster_}, {"service", name}, {"force", true}};
    TRY(call("DeleteService", dump(body), fmt::format("deleting the service {} in {}", name, cluster_),
             progress));
    return {};
}

Result<void> EcsApi::tag(const std::string& arn, const Tags& tags, Progress& progress) {
    const auto body =
        fmt::format(R"({{"resourceArn":{},"tags":{}}})", support::json_quote(arn), tags_as_json(tags));
    TRY(call("TagResource", body, "tagging " + arn, progress));
    return {};
}

Result<std::vector<std::string>> EcsApi::list_task_definitions(const std::string& family, std::size_t most,
                                                               Progress& progress) {
    return list("ListTaskDefinitions", "taskDefinitionArns",
                dump({{"familyPrefix", family}, {"status", "ACTIVE"}, {"sort", "DESC"}}),
                "listing the task definitions of the family " + family, most, progress);
}

Result<Tags> EcsApi::task_definition_tags(const std::string& arn, Progress& progress) {
    const Json body = {{"taskDefinition", arn}, {"include", {"TAGS"}}};
    return parse_tags(TRY(call("DescribeTaskDefinition", dump(body), "looking at " + arn, progress)));
}

Result<void> EcsApi::deregister_task_definition(const std::string& arn, Progress& progress) {
    const Json body = {{"taskDefinition", arn}};
    const auto done = call("DeregisterTaskDefinition", dump(body), "deregistering " + arn, progress);
    // ECS has no code of its own for one that is inactive or gone.
    if (done || done.error().message().contains("Unable to describe task definition") ||
        done.error().message().contains("in INACTIVE"))
        return {};
    return Fail(done.error());
}

}  // namespace ringmaster::aws
