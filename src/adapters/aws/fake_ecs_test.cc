#include "adapters/aws/fake_ecs_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::aws {
namespace {

using json = nlohmann::json;

double seconds(TimePoint time) {
    return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

json tags_json(const std::map<std::string, std::string>& tags) {
    json list = json::array();
    for (const auto& [key, value] : tags) list.push_back({{"key", key}, {"value", value}});
    return list;
}

void add_tags(const json& list, std::map<std::string, std::string>& tags) {
    for (const auto& tag : list) tags[tag.at("key")] = tag.at("value");
}

HttpResponse ok(const json& body) {
    return {.status = 200, .body = body.dump()};
}

std::string last_part(const std::string& arn) {
    return arn.substr(arn.rfind('/') + 1);
}

}  // namespace

/// One call in JSON: each action a function, of the same name.
class FakeEcsCall {
 public:
    FakeEcsCall(FakeEcs& ecs, const std::string& body) : ecs_(ecs), in_(json::parse(body)) {}
    HttpResponse answer(const std::string& action);

 private:
    std::string text(const char* key) const { return in_.at(key).get<std::string>(); }
    HttpResponse page(const std::string& key, const std::vector<std::string>& all) const;
    void stop_tasks_of(const std::string& service);
    json service_json(const std::string& name) const;
    json task_json(const FakeEcs::Task& task) const;

    HttpResponse register_task_definition();
    HttpResponse list_task_definitions();
    HttpResponse describe_task_definition();
    HttpResponse deregister_task_definition();
    HttpResponse create_service();
    HttpResponse update_service();
    HttpResponse delete_service();
    HttpResponse tag_resource();
    HttpResponse list_services();
    HttpResponse describe_services();
    HttpResponse list_tasks();
    HttpResponse describe_tasks();
    HttpResponse get_log_events();

    FakeEcs& ecs_;
    json in_;
};

HttpResponse FakeEcs::refusal(int status, const std::string& code, const std::string& message) {
    return {.status = status, .body = json{{"__type", code}, {"message", message}}.dump()};
}

Result<HttpResponse> FakeEcs::send(const HttpRequest& request) {
    const std::lock_guard guard(mutex_);
    std::string action = "DescribeNetworkInterfaces";
    bool is_signed = false;
    for (const auto& [name, value] : request.headers) {
        if (name == "X-Amz-Target") action = value.substr(value.rfind('.') + 1);
        if (name == "Authorization") is_signed = value.starts_with("AWS4-HMAC-SHA256 ");
    }
    EXPECT_TRUE(is_signed) << action;
    calls.push_back({action, request.body});
    pass_time();
    if (intercept)
        if (auto instead = intercept(action)) return *std::move(instead);
    const bool is_ec2 = request.url.contains("ec2");
    auto response = is_ec2 ? answer_ec2(request.body) : FakeEcsCall(*this, request.body).answer(action);
    if (lose_answer)
        if (auto lost = lose_answer(action)) return Fail(*std::move(lost));
    return response;
}

void FakeEcs::pass_time() {
    const auto now = clock_.now();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (tasks[i].stopped || now - tasks[i].created < start_time) continue;
        if (start_problem.empty() && !exits_with) continue;
        tasks[i].stopped = now - stop_time;  // it has ended by itself
        tasks[i].stop_code = start_problem.empty() ? "EssentialContainerExited" : "TaskFailedToStart";
        tasks[i].stopped_reason =
            start_problem.empty() ? "Essential container in task exited" : start_problem;
        if (start_problem.empty()) tasks[i].exit_code = exits_with;
        const auto service = tasks[i].service;  // a copy: start_task makes the vector move
        if (services[service].status == "ACTIVE") start_task(service);
    }
    for (auto& [name, service] : services) {
        const bool is_empty = std::ranges::none_of(
            tasks, [&](const Task& task) { return task.service == name && status_of(task) != "STOPPED"; });
        if (service.status == "DRAINING" && is_empty) service.status = "INACTIVE";
    }
}

void FakeEcs::start_task(const std::string& service) {
    ++made_;
    tasks.push_back({.arn = fmt::format("arn:aws:ecs:us-west-2:1:task/shows/task{}", made_),
                     .service = service,
                     .revision = services[service].revision,
                     .created = clock_.now() + Duration(made_),
                     .network_interface = fmt::format("eni-{}", made_)});
}

std::string FakeEcs::status_of(const Task& task) const {
    const auto now = clock_.now();
    if (task.stopped) return now - *task.stopped >= stop_time ? "STOPPED" : "STOPPING";
    return now - task.created >= start_time ? "RUNNING" : "PENDING";
}

std::vector<std::string> FakeEcs::remains() {
    const std::lock_guard guard(mutex_);
    pass_time();
    std::vector<std::string> left;
    for (const auto& [name, service] : services)
        if (service.status != "INACTIVE") left.push_back(name + " " + service.status);
    for (const auto& task : tasks)
        if (status_of(task) != "STOPPED") left.push_back(task.arn);
    for (const auto& [arn, revision] : revisions)
        if (revision.is_active) left.push_back(arn);
    return left;
}

int FakeEcs::count(const std::string& action) const {
    return static_cast<int>(std::ranges::count(calls, action, &Call::action));
}

HttpResponse FakeEcs::answer_ec2(const std::string& body) const {
    std::string items;
    for (const auto field : split(body, '&')) {
        if (!field.starts_with("NetworkInterfaceId.")) continue;
        const std::string id(field.substr(field.find('=') + 1));
        const auto task = std::ranges::find(tasks, id, &Task::network_interface);
        if (task == tasks.end() || task->stopped)
            return {
                .status = 400,
                .body =
                    "<Response><Errors><Error><Code>InvalidNetworkInterfaceID.NotFound</Code><Message>The "
                    "networkInterface ID '" +
                    id + "' does not exist</Message></Error></Errors></Response>"};
        items += fmt::format(
            "<item><networkInterfaceId>{}</networkInterfaceId><association><publicIp>52.0.0.{}</publicIp>"
            "</association></item>",
            id, id.substr(4));
    }
    return {.status = 200,
            .body = "<DescribeNetworkInterfacesResponse><networkInterfaceSet>" + items +
                    "</networkInterfaceSet></DescribeNetworkInterfacesResponse>"};
}

HttpResponse FakeEcsCall::page(const std::string& key, const std::vector<std::string>& all) const {
    const auto from = static_cast<std::size_t>(std::stoi(in_.value("nextToken", "0")));
    const auto to = std::min(all.size(), from + static_cast<std::size_t>(ecs_.page_size));
    json out = {{key, std::vector<std::string>(all.begin() + static_cast<long>(from),
                                               all.begin() + static_cast<long>(to))}};
    if (to < all.size()) out["nextToken"] = std::to_string(to);
    return ok(out);
}

HttpResponse FakeEcsCall::register_task_definition() {
    const auto family = text("family");
    const auto arn = fmt::format("arn:aws:ecs:us-west-2:1:task-definition/{}:{}", family, ++ecs_.made_);
    auto& revision = ecs_.revisions[arn] = {.family = family, .body = in_.dump()};
    add_tags(in_.value("tags", json::array()), revision.tags);
    return ok({{"taskDefinition", {{"taskDefinitionArn", arn}}}});
}

HttpResponse FakeEcsCall::list_task_definitions() {
    std::vector<std::string> arns;
    for (const auto& [arn, revision] : ecs_.revisions)
        if (revision.is_active && revision.family == text("familyPrefix")) arns.insert(arns.begin(), arn);
    return page("taskDefinitionArns", arns);
}

HttpResponse FakeEcsCall::describe_task_definition() {
    const auto arn = text("taskDefinition");
    return ok(
        {{"taskDefinition", {{"taskDefinitionArn", arn}}}, {"tags", tags_json(ecs_.revisions.at(arn).tags)}});
}

HttpResponse FakeEcsCall::deregister_task_definition() {
    const auto found = ecs_.revisions.find(text("taskDefinition"));
    if (found == ecs_.revisions.end() || !found->second.is_active)
        return FakeEcs::refusal(400, "ClientException",
                                "The specified task definition is in INACTIVE status");
    found->second.is_active = false;
    return ok({{"taskDefinition", json::object()}});
}

HttpResponse FakeEcsCall::create_service() {
    const auto name = text("serviceName");
    if (ecs_.services.contains(name) && ecs_.services[name].status != "INACTIVE")
        return FakeEcs::refusal(400, "InvalidParameterException", "Creation of service was not idempotent.");
    auto& service = ecs_.services[name] = {.revision = text("taskDefinition"), .created = ecs_.clock_.now()};
    add_tags(in_.value("tags", json::array()), service.tags);
    if (in_.contains("loadBalancers"))
        service.target_group = in_["loadBalancers"][0].at("targetGroupArn").get<std::string>();
    ecs_.start_task(name);
    return ok({{"service", json::object()}});
}

void FakeEcsCall::stop_tasks_of(const std::string& service) {
    for (auto& task : ecs_.tasks)
        if (task.service == service && !task.stopped) {
            task.stopped = ecs_.clock_.now();
            task.stop_code = "ServiceSchedulerInitiated";
        }
}

HttpResponse FakeEcsCall::update_service() {
    const auto name = text("service");
    ecs_.services.at(name).revision = text("taskDefinition");
    stop_tasks_of(name);
    ecs_.start_task(name);
    return ok({{"service", json::object()}});
}

HttpResponse FakeEcsCall::delete_service() {
    const auto found = ecs_.services.find(text("service"));
    if (found == ecs_.services.end() || found->second.status == "INACTIVE")
        return FakeEcs::refusal(400, "ServiceNotFoundException", "Service not found.");
    found->second.status = "DRAINING";
    stop_tasks_of(found->first);
    return ok({{"service", json::object()}});
}

HttpResponse FakeEcsCall::tag_resource() {
    add_tags(in_.at("tags"), ecs_.services.at(last_part(text("resourceArn"))).tags);
    return ok(json::object());
}

HttpResponse FakeEcsCall::list_services() {
    std::vector<std::string> arns;
    for (const auto& [name, service] : ecs_.services)
        if (service.status == "ACTIVE") arns.push_back("arn:aws:ecs:us-west-2:1:service/shows/" + name);
    return page("serviceArns", arns);
}

json FakeEcsCall::service_json(const std::string& name) const {
    const auto& service = ecs_.services.at(name);
    json deployments = json::array(), events = json::array();
    deployments.push_back({{"status", "PRIMARY"}, {"rolloutState", "IN_PROGRESS"}});
    events.push_back({{"id", "1"}, {"message", service.event}});
    return {{"serviceArn", "arn:aws:ecs:us-west-2:1:service/shows/" + name},
            {"serviceName", name},
            {"status", service.status},
            {"taskDefinition", service.revision},
            {"createdAt", seconds(service.created)},
            {"tags", tags_json(service.tags)},
            {"deployments", deployments},
            {"events", events}};
}

HttpResponse FakeEcsCall::describe_services() {
    EXPECT_LE(in_.at("services").size(), 10U) << "ECS takes ten at most";
    json found = json::array(), missing = json::array();
    for (const auto& reference : in_.at("services")) {
        const auto name = last_part(reference);
        if (ecs_.services.contains(name))
            found.push_back(service_json(name));
        else
            missing.push_back({{"arn", name}, {"reason", "MISSING"}});
    }
    return ok({{"services", found}, {"failures", missing}});
}

HttpResponse FakeEcsCall::list_tasks() {
    std::vector<std::string> arns;
    const bool wants_running = in_.value("desiredStatus", "RUNNING") == "RUNNING";
    for (const auto& task : ecs_.tasks) {
        const bool fits_service = in_.value("serviceName", task.service) == task.service;
        const auto& family = ecs_.revisions.at(task.revision).family;
        const bool fits_family = in_.value("family", family) == family;
        if (fits_service && fits_family && wants_running != task.stopped.has_value())
            arns.push_back(task.arn);
    }
    return page("taskArns", arns);
}

json FakeEcsCall::task_json(const FakeEcs::Task& task) const {
    const auto status = ecs_.status_of(task);
    json container = {{"name", "app"}};
    if (task.exit_code) container["exitCode"] = *task.exit_code;
    json details = json::array();
    details.push_back({{"name", "networkInterfaceId"}, {"value", task.network_interface}});
    details.push_back({{"name", "privateIPv4Address"}, {"value", "10.0.0.1"}});
    json attachments = json::array(), containers = json::array();
    attachments.push_back({{"details", details}});
    containers.push_back(container);
    json one = {{"taskArn", task.arn},
                {"group", "service:" + task.service},
                {"taskDefinitionArn", task.revision},
                {"lastStatus", status},
                {"createdAt", seconds(task.created)},
                {"stopCode", task.stop_code},
                {"stoppedReason", task.stopped_reason},
                {"containers", containers},
                {"attachments", attachments}};
    if (status != "PENDING") one["startedAt"] = seconds(task.created + ecs_.start_time);
    if (status == "STOPPED") one["stoppedAt"] = seconds(*task.stopped);
    return one;
}

HttpResponse FakeEcsCall::describe_tasks() {
    json found = json::array();
    for (const auto& reference : in_.at("tasks")) {
        const auto arn = reference.get<std::string>();
        found.push_back(task_json(*std::ranges::find(ecs_.tasks, arn, &FakeEcs::Task::arn)));
    }
    return ok({{"tasks", found}, {"failures", json::array()}});
}

HttpResponse FakeEcsCall::get_log_events() {
    const auto found = ecs_.logs.find(text("logStreamName"));
    if (found == ecs_.logs.end())
        return FakeEcs::refusal(400, "ResourceNotFoundException", "The specified log stream does not exist.");
    const auto& lines = found->second;
    auto from = static_cast<std::size_t>(std::stoi(in_.value("nextToken", "0")));
    if (!in_.value("startFromHead", false))
        from = lines.size() - std::min<std::size_t>(lines.size(), in_.at("limit"));
    json events = json::array();
    for (auto i = from; i < lines.size(); ++i) {
        const auto time = (FakeEcs::kFirstLine + std::chrono::seconds(i)).time_since_epoch().count();
        if (time >= in_.value("startTime", std::int64_t{0}))
            events.push_back({{"timestamp", time}, {"message", lines[i]}});
    }
    return ok({{"events", events}, {"nextForwardToken", std::to_string(lines.size())}});
}

HttpResponse FakeEcsCall::answer(const std::string& action) {
    using Call = HttpResponse (FakeEcsCall::*)();
    static const std::map<std::string, Call> calls = {
        {"RegisterTaskDefinition", &FakeEcsCall::register_task_definition},
        {"ListTaskDefinitions", &FakeEcsCall::list_task_definitions},
        {"DescribeTaskDefinition", &FakeEcsCall::describe_task_definition},
        {"DeregisterTaskDefinition", &FakeEcsCall::deregister_task_definition},
        {"CreateService", &FakeEcsCall::create_service},
        {"UpdateService", &FakeEcsCall::update_service},
        {"DeleteService", &FakeEcsCall::delete_service},
        {"TagResource", &FakeEcsCall::tag_resource},
        {"ListServices", &FakeEcsCall::list_services},
        {"DescribeServices", &FakeEcsCall::describe_services},
        {"ListTasks", &FakeEcsCall::list_tasks},
        {"DescribeTasks", &FakeEcsCall::describe_tasks},
        {"GetLogEvents", &FakeEcsCall::get_log_events}};
    const auto found = calls.find(action);
    if (found != calls.end()) return (this->*found->second)();
    ADD_FAILURE() << "FakeEcs does not know " << action;
    return FakeEcs::refusal(400, "InvalidAction", action);
}

}  // namespace ringmaster::aws
