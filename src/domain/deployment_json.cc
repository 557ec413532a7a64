#include "domain/deployment_json.h"

#include <nlohmann/json.hpp>

namespace ringmaster {

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
    if (!spec.code_steps.empty()) value["code_steps"] = spec.code_steps;
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
    spec.code_steps = value.value("code_steps", "");
    spec.path = value.value("path", "");
    return spec;
}

}  // namespace

std::string to_json_text(const DeploymentSpec& spec) {
    return to_json(spec).dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<DeploymentSpec> spec_from_json(std::string_view text) {
    const auto value = json::parse(text, nullptr, false);
    if (value.is_discarded()) return Fail(Error::corrupt("the deployment is not JSON"));
    try {
        return spec_from(value);
    } catch (const json::exception&) {  // the library's only way to say that the shape is another one
        return Fail(Error::corrupt("the deployment is not of the shape that Ringmaster writes"));
    }
}

}  // namespace ringmaster
