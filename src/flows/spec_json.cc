#include "flows/spec_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

using nlohmann::json;

json to_json(const Schedule& schedule) {
    json value = {{"active", schedule.is_active}};
    if (!schedule.cron.empty()) value["cron"] = schedule.cron;
    if (schedule.interval)
        value["interval_s"] = std::chrono::duration_cast<std::chrono::seconds>(*schedule.interval).count();
    if (!schedule.rrule.empty()) value["rrule"] = schedule.rrule;
    if (!schedule.timezone.empty()) value["timezone"] = schedule.timezone;
    return value;
}

Schedule schedule_from(const json& value) {
    Schedule schedule;
    schedule.cron = value.value("cron", "");
    if (value.contains("interval_s"))
        schedule.interval = std::chrono::seconds(value.at("interval_s").get<long long>());
    schedule.rrule = value.value("rrule", "");
    schedule.timezone = value.value("timezone", "");
    schedule.is_active = value.value("active", true);
    return schedule;
}

json to_json(const DeploymentSpec& spec) {
    json value = {{"flow_record", spec.flow_record},
                  {"name", spec.name},
                  {"entrypoint", spec.entrypoint},
                  {"version", spec.version},
                  {"description", spec.description},
                  {"tags", spec.tags},
                  {"work_pool", spec.work_pool},
                  {"work_queue", spec.work_queue},
                  {"schedules", json::array()},
                  {"paused", spec.is_paused},
                  {"parameters", spec.parameters},
                  {"parameter_schema", spec.parameter_schema},
                  {"image", spec.image},
                  {"environment", spec.environment},
                  {"job_variables", spec.job_variables},
                  {"path", spec.path}};
    for (const auto& schedule : spec.schedules) value["schedules"].push_back(to_json(schedule));
    if (spec.concurrency_limit) value["concurrency_limit"] = *spec.concurrency_limit;
    if (spec.code) value["code"] = {{"repository", spec.code->repository}, {"commit", spec.code->commit}};
    return value;
}

DeploymentSpec spec_from(const json& value) {
    using Map = std::map<std::string, std::string>;
    DeploymentSpec spec;
    spec.flow_record = value.at("flow_record");
    spec.name = value.at("name");
    spec.entrypoint = value.value("entrypoint", "");
    spec.version = value.value("version", "");
    spec.description = value.value("description", "");
    spec.tags = value.value("tags", std::vector<std::string>());
    spec.work_pool = value.value("work_pool", "");
    spec.work_queue = value.value("work_queue", "");
    for (const auto& each : value.value("schedules", json::array()))
        spec.schedules.push_back(schedule_from(each));
    spec.is_paused = value.value("paused", false);
    if (value.contains("concurrency_limit"))
        spec.concurrency_limit = value.at("concurrency_limit").get<int>();
    spec.parameters = value.value("parameters", Map());
    spec.parameter_schema = value.value("parameter_schema", "");
    spec.image = value.value("image", "");
    spec.environment = value.value("environment", Map());
    spec.job_variables = value.value("job_variables", Map());
    if (value.contains("code"))
        spec.code = CodeSource{value.at("code").at("repository"), value.at("code").at("commit")};
    spec.path = value.value("path", "");
    return spec;
}

std::string print(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json to_json(const PlannedChange& change) {
    json value = {
        {"flow", change.flow},         {"flow_id", change.flow_id},   {"wanted", to_json(change.wanted)},
        {"problems", change.problems}, {"warnings", change.warnings}, {"objections", json::array()}};
    for (const auto& objection : change.objections)
        value["objections"].push_back({{"gate", objection.gate}, {"message", objection.message}});
    if (change.existing)
        value["existing"] = {{"id", change.existing->id},
                             {"flow_id", change.existing->flow_id},
                             {"url", change.existing->url},
                             {"spec", to_json(change.existing->spec)}};
    return value;
}

PlannedChange change_from(const json& value) {
    std::optional<Deployment> existing;
    if (value.contains("existing")) {
        const auto& was = value.at("existing");
        existing.emplace();
        existing->id = was.at("id");
        existing->flow_id = was.value("flow_id", "");
        existing->url = was.value("url", "");
        existing->spec = spec_from(was.at("spec"));
    }
    auto change =
        planned(value.at("flow"), value.at("flow_id"), spec_from(value.at("wanted")), std::move(existing));
    change.problems = value.value("problems", std::vector<std::string>());
    change.warnings = value.value("warnings", std::vector<std::string>());
    for (const auto& each : value.value("objections", json::array()))
        change.objections.push_back({each.at("gate"), each.at("message")});
    return change;
}

std::optional<Operation> operation_of(std::string_view word) {
    for (const auto operation : {Operation::Deploy, Operation::Promote, Operation::Rollback})
        if (to_string(operation) == word) return operation;
    return std::nullopt;
}

/// `read` may throw what the JSON library throws on a wrong shape.
template <typename Read>
auto reading(std::string_view what, std::string_view text, Read read) -> Result<decltype(read(json()))> {
    const auto value = json::parse(text, nullptr, false);
    if (value.is_discarded()) return Fail(Error::corrupt("{} is not JSON", what));
    try {
        return read(value);
    } catch (const json::exception&) {
        return Fail(Error::corrupt("{} is not of the shape that Ringmaster writes", what));
    }
}

}  // namespace

std::string to_json_text(const DeploymentSpec& spec) {
    return print(to_json(spec));
}

Result<DeploymentSpec> spec_from_json(std::string_view text) {
    return reading("the deployment", text, [](const json& value) { return spec_from(value); });
}

std::string to_json_text(const Plan& plan) {
    json value = {{"ringmaster_plan", 1},
                  {"operation", to_string(plan.operation)},
                  {"engine", plan.engine},
                  {"source_environment", plan.source_environment},
                  {"environment", plan.environment},
                  {"digest", plan.digest()},
                  {"changes", json::array()}};
    for (const auto& change : plan.changes) value["changes"].push_back(to_json(change));
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<Plan> plan_from_json(std::string_view text) {
    std::string digest;
    auto plan = TRY(reading("the plan", text, [&](const json& value) {
        Plan result;
        const auto operation = operation_of(value.at("operation").get<std::string>());
        if (!operation || value.at("ringmaster_plan") != 1) return result;  // the digest will not fit
        result.operation = *operation;
        result.engine = value.at("engine");
        result.source_environment = value.at("source_environment");
        result.environment = value.at("environment");
        digest = value.at("digest");
        for (const auto& change : value.at("changes")) result.changes.push_back(change_from(change));
        return result;
    }));
    if (plan.digest() != digest)
        return Fail(Error::corrupt("the plan was changed after it was made")
                        .hint("make it again with `ringmaster plan`"));
    return plan;
}

}  // namespace ringmaster::flows
