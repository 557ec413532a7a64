#include "flows/plan_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "domain/deployment_json.h"

namespace ringmaster::flows {

namespace {

using nlohmann::json;

/// One that cannot be read stays empty; the digest tells.
DeploymentSpec read_spec(const json& text) {
    return spec_from_json(text.get<std::string>()).value_or(DeploymentSpec());
}

json to_json(const PlannedChange& change) {
    json value = {
        {"flow", change.flow},         {"flow_id", change.flow_id},   {"wanted", to_json_text(change.wanted)},
        {"problems", change.problems}, {"warnings", change.warnings}, {"objections", json::array()}};
    for (const auto& objection : change.objections)
        value["objections"].push_back({{"gate", objection.gate}, {"message", objection.message}});
    if (change.existing)
        value["existing"] = {{"id", change.existing->id},
                             {"flow_id", change.existing->flow_id},
                             {"url", change.existing->url},
                             {"spec", to_json_text(change.existing->spec)}};
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
        existing->spec = read_spec(was.at("spec"));
    }
    auto change =
        planned(value.at("flow"), value.at("flow_id"), read_spec(value.at("wanted")), std::move(existing));
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
