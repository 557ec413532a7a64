#include "app/config_keys_flows.h"

#include <algorithm>

#include "app/config_setters.h"
#include "flows/window.h"

namespace ringmaster::app {
namespace {

Result<void> set_orchestrator(Config& config, const ConfigValue& value) {
    config.flows.orchestrator =
        text_of(value) == "prefect" ? OrchestratorKind::Prefect : OrchestratorKind::Local;
    return {};
}

/// Below the repository's top: what is deployed is what a commit holds.
Result<void> check_relative(const std::string& path) {
    if (path.starts_with('/') || path == ".." || path.starts_with("../") || path.contains("/../"))
        return Fail(Error::invalid_input("\"{}\" must be below the top of the repository",
                                         sanitize_for_terminal(path)));
    return {};
}

Result<void> set_paths(Config& config, const ConfigValue& value) {
    const auto& paths = std::get<TextList>(value);
    if (paths.empty()) return Fail(Error::invalid_input("must name at least one folder"));
    for (const auto& path : paths) TRY(check_relative(path));
    config.flows.paths = paths;
    return {};
}

/// They become the last part of deployments' names.
Result<void> set_environments(Config& config, const ConfigValue& value) {
    const auto& names = std::get<TextList>(value);
    for (const auto& name : names) {
        const bool is_plain = !name.empty() && !name.contains("--") && !name.starts_with('-') &&
                              name.find_first_of("/%&><= ,") == std::string::npos;
        if (!is_plain)
            return Fail(Error::invalid_input("\"{}\" cannot be the name of an environment",
                                             sanitize_for_terminal(name)));
        if (std::ranges::count(names, name) > 1) return Fail(Error::invalid_input("names {} twice", name));
    }
    config.flows.environments = names;
    return {};
}

Result<void> set_settings_file(Config& config, const ConfigValue& value) {
    TRY(check_relative(text_of(value)));
    config.flows.settings_file = text_of(value);
    return {};
}

Result<void> set_promote_from(Config& config, const ConfigValue& value) {
    for (const auto& [environment, from] : std::get<TextMap>(value))
        config.flows.promote[environment].from = from;
    return {};
}

Result<void> set_promote_approvals(Config& config, const ConfigValue& value) {
    for (const auto& [environment, text] : std::get<TextMap>(value)) {
        const auto number = parse_integer(text);
        if (!number || *number < 0 || *number > 100)
            return Fail(Error::invalid_input("of {} must be a whole number from 0 to 100", environment));
        config.flows.promote[environment].approvals = static_cast<int>(*number);
    }
    return {};
}

Result<void> set_promote_window(Config& config, const ConfigValue& value) {
    for (const auto& [environment, text] : std::get<TextMap>(value)) {
        if (!text.empty()) TRY(flows::Window::parse(text));
        config.flows.promote[environment].window = text;
    }
    return {};
}

Result<void> set_prefect_url(Config& config, const ConfigValue& value) {
    config.flows.prefect.api_url = text_of(value).empty() ? "" : TRY(normalized_url(text_of(value)));
    return {};
}

Result<void> set_records(Config& config, const ConfigValue& value) {
    config.flows.prefect.underscored_records = text_of(value) == "underscored";
    return {};
}

template <auto member>
Result<void> set_flow_text(Config& config, const ConfigValue& value) {
    config.flows.*member = text_of(value);
    return {};
}

void add_general_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"flows.orchestrator",
         KeyType::Choice,
         "local",
         "What holds deployments and runs them. local: Ringmaster itself, on this machine; prefect: a "
         "Prefect server or Prefect Cloud.",
         set_orchestrator,
         {"local", "prefect"},
         {"airflow", "exec"}});
    keys.push_back({"flows.paths", KeyType::List, TextList{"."},
                    "Folders that flows are looked for in, from the top of the repository.", set_paths});
    keys.push_back({"flows.environments", KeyType::List, TextList{"dev", "tst", "uat", "prod"},
                    "Environments, in the order in which versions are promoted.", set_environments});
    keys.push_back({"flows.settings", KeyType::Text, "",
                    "YAML file of schedules, pools and parameters of flows, from the top of the repository. "
                    "Default: .acme_portal_sdk/static_flow_deploy_config.yaml, if it is there.",
                    set_settings_file});
    keys.push_back(
        {"flows.variables", KeyType::Text, "",
         "File of variables that runs get, one for each environment: {environment} stands for its name. "
         "It is read from the checkout.",
         set_flow_text<&FlowsConfig::variables_file>});
    keys.push_back({"flows.work_pool", KeyType::Text, "",
                    "Work pool of flows whose settings name none. Default with orchestrator local: local.",
                    set_flow_text<&FlowsConfig::work_pool>});
    keys.push_back(
        {"flows.image", KeyType::Text, "",
         "Container image that holds the code: {branch}, {commit} (seven digits) and {package_version} "
         "are filled in. Empty: workers fetch the commit from the repository.",
         set_flow_text<&FlowsConfig::image>});
    keys.push_back(
        {"flows.repository", KeyType::Text, "",
         "Address that workers fetch the code from, without credentials. Default: the git remote origin, "
         "else this machine's folder.",
         set_flow_text<&FlowsConfig::repository>});
    keys.push_back({"flows.package_version", KeyType::Text, "",
                    "Version of the package, for the tag PACKAGE_VERSION. Default: what pyproject.toml says.",
                    set_flow_text<&FlowsConfig::package_version>});
    keys.push_back(
        {"flows.entrypoints", KeyType::Map, TextMap{},
         "Programs that are flows, too: a name, and a line for a shell that is run in the checkout.",
         [](Config& config, const ConfigValue& value) -> Result<void> {
             config.flows.entrypoints = std::get<TextMap>(value);
             return {};
         }});
    keys.push_back(
        {"flows.actor", KeyType::Text, "",
         "Who deploys, for the records and approvals. Default: GITHUB_ACTOR, else git's user.email, else "
         "the user's name.",
         set_flow_text<&FlowsConfig::actor>});
}

void add_promotion_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"flows.promote.from", KeyType::Map, TextMap{},
                    "Where versions come from. Default: the environment before it in [flows] environments.",
                    set_promote_from});
    keys.push_back({"flows.promote.approvals", KeyType::Map, TextMap{},
                    "How many other people must agree to a plan before it is performed. Default: none.",
                    set_promote_approvals});
    keys.push_back({"flows.promote.window", KeyType::Map, TextMap{},
                    "When it takes changes: days, hours and a time zone, such as \"Mon-Thu 09:00-17:00 "
                    "Europe/Warsaw\". Default: always.",
                    set_promote_window});
}

void add_orchestrator_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"flows.local.python", KeyType::Text, "python3",
         "Interpreter that runs Python flows: a program on PATH, or a path from the top of the repository "
         "(.venv/bin/python).",
         [](Config& config, const ConfigValue& value) -> Result<void> {
             if (text_of(value).empty()) return Fail(Error::invalid_input("must name a program"));
             config.flows.local.python = text_of(value);
             return {};
         }});
    keys.push_back(
        {"flows.prefect.api_url", KeyType::Text, "",
         "Address of the Prefect API. Default: PREFECT_API_URL, else that of the active Prefect profile. "
         "Its key comes from PREFECT_API_KEY or PREFECT_API_AUTH_STRING, or the profile.",
         set_prefect_url});
    keys.push_back(
        {"flows.prefect.records",
         KeyType::Choice,
         "prefect",
         "What the record of a new flow is called: as Prefect calls it (hello-world), or with underscores "
         "as acme-portal-sdk did. A flow that is deployed already keeps its record.",
         set_records,
         {"prefect", "underscored"}});
}

}  // namespace

void add_flow_keys(std::vector<KeySpec>& keys) {
    add_general_keys(keys);
    add_promotion_keys(keys);
    add_orchestrator_keys(keys);
}

}  // namespace ringmaster::app
