#include "adapters/prefect/deployment_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/prefect/schedule_document.h"

namespace ringmaster::prefect {
namespace {

using nlohmann::json;
using support::JsonReader;

constexpr const char* kGitClone = "prefect.deployments.steps.git_clone";
// What Prefect itself writes for a deployment whose code is where the run begins; without any path its
// loader of local code fails.
constexpr const char* kHere = ".";

Result<json> value_of(const std::string& text, const std::string& what) {
    auto value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) return Fail(Error::invalid_input("{} is not JSON", what));
    return value;
}

json text_or_null(const std::string& text) {
    return text.empty() ? json() : json(text);
}

Result<json> parameters_of(const DeploymentSpec& spec) {
    json parameters = json::object();
    for (const auto& [name, text] : spec.parameters)
        parameters[name] = TRY(value_of(text, "the parameter " + name));
    return parameters;
}

/// An image and variables of the run are job variables like the others (Prefect's base job templates).
Result<json> job_variables_of(const DeploymentSpec& spec) {
    json variables = json::object();
    for (const auto& [name, text] : spec.job_variables)
        variables[name] = TRY(value_of(text, "the job variable " + name));
    if (!spec.image.empty()) variables["image"] = spec.image;
    if (spec.environment.empty()) return variables;
    json& environment = variables["env"];
    if (environment.is_null()) environment = json::object();
    if (!environment.is_object())
        return Fail(
            Error::invalid_input("the job variable env is no object that variables could be put into"));
    for (const auto& [name, value] : spec.environment) environment[name] = value;
    return variables;
}

/// How a worker gets the code (prefect.deployments.steps.git_clone of 3.8.8 takes a commit_sha).
Result<json> pull_steps_of(const DeploymentSpec& spec) {
    if (!spec.code) return spec.code_steps.empty() ? json() : value_of(spec.code_steps, "code_steps");
    if (!spec.code_steps.empty())
        return Fail(
            Error::invalid_input("{} has two ways to its code: a commit and steps of its own", spec.name));
    const json arguments = {{"repository", without_credentials(spec.code->repository)},
                            {"commit_sha", spec.code->commit}};
    return json::array({{{kGitClone, arguments}}});
}

/// Everything but schedules and code.
Result<json> settings_of(const DeploymentSpec& spec) {
    json document;
    document["entrypoint"] = text_or_null(spec.entrypoint);
    document["version"] = text_or_null(spec.version);
    document["description"] = text_or_null(spec.description);
    document["tags"] = spec.tags;
    document["paused"] = spec.is_paused;
    document["concurrency_limit"] = spec.concurrency_limit ? json(*spec.concurrency_limit) : json();
    document["parameters"] = TRY(parameters_of(spec));
    document["job_variables"] = TRY(job_variables_of(spec));
    document["path"] = spec.path.empty() ? kHere : spec.path;
    // What the server itself puts where nothing is said.
    document["parameter_openapi_schema"] =
        spec.parameter_schema.empty() ? json{{"type", "object"}, {"properties", json::object()}}
                                      : TRY(value_of(spec.parameter_schema, "the schema of the parameters"));
    if (!spec.work_pool.empty()) document["work_pool_name"] = spec.work_pool;
    if (!spec.work_queue.empty()) document["work_queue_name"] = spec.work_queue;
    return document;
}

std::string text_of(const json& document) {
    return document.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

Result<void> read_environment(const JsonReader& environment, DeploymentSpec& spec) {
    json others = json::object();
    for (const auto& name : environment.keys()) {
        const auto value = TRY(environment.find(name));
        if (value && value->is_string())
            spec.environment[name] = TRY(value->as_string());
        else
            others[name] = value ? json::parse(value->text()) : json();
    }
    if (!others.empty()) spec.job_variables["env"] = others.dump();
    return {};
}

Result<void> read_job_variables(const JsonReader& answer, DeploymentSpec& spec) {
    const auto variables = TRY(answer.find("job_variables"));
    if (!variables) return {};
    for (const auto& name : variables->keys()) {
        const auto value = TRY(variables->find(name));
        if (!value)
            spec.job_variables[name] = "null";
        else if (name == "image" && value->is_string())
            spec.image = TRY(value->as_string());
        else if (name == "env" && value->is_object())
            TRY(read_environment(*value, spec));
        else
            spec.job_variables[name] = value->text();
    }
    return {};
}

/// nullopt: the steps are more than, or other than, one clone of one commit.
std::optional<CodeSource> code_of(const std::vector<JsonReader>& steps) {
    if (steps.size() != 1 || steps[0].keys() != std::vector<std::string>{kGitClone}) return std::nullopt;
    const auto arguments = steps[0].member(kGitClone);
    if (!arguments || arguments->keys() != std::vector<std::string>{"commit_sha", "repository"})
        return std::nullopt;
    const auto repository = arguments->string("repository"), commit = arguments->string("commit_sha");
    if (!repository || !commit || without_credentials(*repository) != *repository) return std::nullopt;
    return CodeSource{*repository, *commit};
}

Result<void> read_code(const JsonReader& answer, DeploymentSpec& spec) {
    const auto value = TRY(answer.find("pull_steps"));
    if (!value) return {};
    const auto steps = TRY(value->as_items());
    spec.code = code_of(steps);
    if (!spec.code && !steps.empty()) spec.code_steps = value->text();
    return {};
}

Result<void> read_parameters(const JsonReader& answer, DeploymentSpec& spec) {
    if (const auto parameters = TRY(answer.find("parameters")))
        for (const auto& name : parameters->keys()) {
            const auto value = TRY(parameters->find(name));
            spec.parameters[name] = value ? value->text() : "null";
        }
    if (const auto schema = TRY(answer.find("parameter_openapi_schema"))) {
        const auto text = schema->text();
        if (text != "{}" && text != R"({"properties":{},"type":"object"})") spec.parameter_schema = text;
    }
    return {};
}

Result<void> read_limit(const JsonReader& answer, DeploymentSpec& spec) {
    // "concurrency_limit" is null in answers, whatever the limit is.
    const auto limit = TRY(answer.find("global_concurrency_limit"));
    if (limit) spec.concurrency_limit = static_cast<int>(TRY(limit->integer("limit")));
    return {};
}

Result<DeploymentSpec> read_spec(const JsonReader& answer) {
    DeploymentSpec spec;
    spec.name = TRY(answer.string("name"));
    spec.entrypoint = TRY(answer.optional_string("entrypoint"));
    spec.version = TRY(answer.optional_string("version"));
    spec.description = TRY(answer.optional_string("description"));
    spec.work_pool = TRY(answer.optional_string("work_pool_name"));
    spec.work_queue = TRY(answer.optional_string("work_queue_name"));
    if (spec.work_queue == "default") spec.work_queue.clear();
    spec.path = TRY(answer.optional_string("path"));
    if (spec.path == kHere) spec.path.clear();
    if (const auto tags = TRY(answer.find("tags")))
        for (const auto& tag : TRY(tags->as_items())) spec.tags.push_back(TRY(tag.as_string()));
    if (TRY(answer.find("paused"))) spec.is_paused = TRY(answer.boolean("paused"));
    spec.schedules = TRY(read_schedules(answer));
    TRY(read_limit(answer, spec));
    TRY(read_parameters(answer, spec));
    TRY(read_job_variables(answer, spec));
    TRY(read_code(answer, spec));
    return spec;
}

}  // namespace

std::string without_credentials(std::string_view repository) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!repository.starts_with(scheme)) continue;
        const auto authority = repository.substr(scheme.size());
        const auto end = std::min(authority.find('/'), authority.size());
        const auto at = authority.substr(0, end).rfind('@');
        if (at == std::string_view::npos) break;
        return std::string(scheme) + std::string(authority.substr(at + 1));
    }
    return std::string(repository);
}

Result<std::string> upsert_document(const DeploymentSpec& spec, const std::string& flow_id) {
    json document = TRY(settings_of(spec));
    document["name"] = spec.name;
    document["flow_id"] = flow_id;
    document["schedules"] = schedule_documents(spec.schedules);
    document["pull_steps"] = TRY(pull_steps_of(spec));
    return text_of(document);
}

Result<std::string> patch_document(const DeploymentSpec& spec) {
    return text_of(TRY(settings_of(spec)));
}

bool is_patch_enough(const DeploymentSpec& before, const DeploymentSpec& after) {
    return std::ranges::is_permutation(before.schedules, after.schedules) && before.code == after.code &&
           before.code_steps == after.code_steps && before.work_pool == after.work_pool &&
           before.work_queue == after.work_queue;
}

Result<Deployment> read_deployment(const JsonReader& answer, const std::string& flow_name,
                                   const std::string& ui_url) {
    Deployment deployment;
    deployment.id = TRY(answer.string("id"));
    deployment.flow_id = TRY(answer.string("flow_id"));
    deployment.spec = TRY_WHILE(read_spec(answer), "reading deployment {}", deployment.id);
    deployment.spec.flow_record = flow_name;
    deployment.created_text = TRY(answer.optional_string("created"));
    deployment.updated_text = TRY(answer.optional_string("updated"));
    deployment.created_at = parse_iso8601(deployment.created_text);
    deployment.updated_at = parse_iso8601(deployment.updated_text);
    deployment.url = ui_url + "/deployments/deployment/" + deployment.id;
    deployment.status = TRY(answer.optional_string("status"));
    return deployment;
}

}  // namespace ringmaster::prefect
