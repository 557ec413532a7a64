#include "app/flows_side.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "adapters/prefect/profile.h"
#include "adapters/support/files.h"
#include "adapters/support/zone_file.h"
#include "app/git.h"
#include "base/text.h"
#include "cli/version.h"

namespace ringmaster::app {

namespace {

constexpr std::string_view kAcmeSettings = ".acme_portal_sdk/static_flow_deploy_config.yaml";

support::CurlOptions http_options(const FlowsFacts& facts) {
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.ca_file = facts.environment.value_or("SSL_CERT_FILE", "");
    options.on_exchange = facts.on_exchange;
    for (const char* name : {"PREFECT_API_KEY", "PREFECT_API_AUTH_STRING"})
        if (facts.environment.has(name)) options.secrets.push_back(facts.environment.value_or(name, ""));
    return options;
}

python_source::PythonFinderSettings finder_settings(const FlowsFacts& facts) {
    python_source::PythonFinderSettings settings;
    if (!facts.cache_folder.empty()) settings.cache_file = facts.cache_folder + "/flows.cache";
    return settings;
}

Result<prefect::PrefectSettings> prefect_settings(const FlowsFacts& facts) {
    const prefect::Variables variables(facts.environment.variables().begin(),
                                       facts.environment.variables().end());
    std::optional<std::string> profiles;
    if (const auto path = prefect::profiles_path(variables); !path.empty())
        if (auto text = support::read_file(path)) profiles = *std::move(text);
    const auto access = TRY(prefect::find_access(variables, profiles));
    prefect::PrefectSettings settings;
    settings.api_url = facts.loaded.config.flows.prefect.api_url;
    if (settings.api_url.empty()) settings.api_url = access.api_url;
    if (settings.api_url.empty())
        return Fail(
            Error::invalid_input("nothing says where the Prefect API is")
                .hint(
                    "set [flows.prefect] api_url or PREFECT_API_URL, or log in with `prefect cloud login`"));
    // A ringmaster.toml is a file that others write: it may not send a key to an address that the key is not
    // for.
    if (access.api_url.empty() || access.api_url == settings.api_url) {
        settings.api_key = access.api_key;
        settings.auth_string = access.auth_string;
    }
    settings.ui_url = access.ui_url;
    settings.version = cli::kVersion;
    return settings;
}

std::vector<Flow> entrypoints(const FlowsConfig& config) {
    std::vector<Flow> flows;
    for (const auto& [name, line] : config.entrypoints) {
        Flow flow;
        flow.kind = FlowKind::Entrypoint;
        flow.id = "entrypoint:ringmaster.toml#" + name;
        flow.name = replace_all(name, "-", "_");
        flow.original_name = name;
        flow.source_relative = "ringmaster.toml";
        flow.entrypoint_object = "program:" + line;
        flow.object_name = name;
        flow.object_kind = "program";
        flows.push_back(std::move(flow));
    }
    return flows;
}

Result<std::string> make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "ringmaster-commit-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return Fail(support::file_error("make", pattern, errno));
    return pattern;
}

Result<Duration> zone_offset(const std::string& zone, TimePoint time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return TRY(support::load_time_zone(zone)).offset_at(seconds);
}

std::string project_name(const FlowsFacts& facts) {
    const auto& config = facts.loaded.config;
    if (!config.project_name.empty()) return config.project_name;
    if (config.repository) return config.repository->name;
    return std::filesystem::path(facts.directory).filename().string();
}

flows::Settings settings_of(const FlowsFacts& facts) {
    const auto& config = facts.loaded.config.flows;
    flows::Settings settings{.project = project_name(facts),
                             .paths = config.paths,
                             .environments = config.environments,
                             .promote = config.promote,
                             .settings_file = config.settings_file,
                             .variables_file = config.variables_file,
                             .work_pool = config.work_pool,
                             .image = config.image,
                             .repository = config.repository,
                             .package_version = config.package_version,
                             .entrypoints = entrypoints(config),
                             .underscored_records = config.prefect.underscored_records};
    if (settings.settings_file.empty() &&
        support::exists(fmt::format("{}/{}", facts.directory, kAcmeSettings)))
        settings.settings_file = kAcmeSettings;
    if (config.orchestrator == OrchestratorKind::Local) {
        if (settings.work_pool.empty()) settings.work_pool = local_orchestrator::kPool;
        settings.repository = facts.directory;  // its worker takes commits from here
    }
    if (settings.package_version.empty())
        if (const auto text = support::read_file(facts.directory + "/pyproject.toml"))
            settings.package_version = package_version_in(*text);
    return settings;
}

}  // namespace

std::string package_version_in(std::string_view pyproject) {
    bool is_project = false;
    for (const auto line : split_lines(pyproject)) {
        const auto text = trim(line);
        if (text.starts_with('[')) is_project = text == "[project]";
        if (!is_project || !text.starts_with("version")) continue;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || trim(text.substr(0, equals)) != "version") continue;
        const auto value = trim(text.substr(equals + 1));
        const auto end = value.size() < 2 ? std::string_view::npos : value.find(value[0], 1);
        if (end != std::string_view::npos && (value[0] == '"' || value[0] == '\''))
            return std::string(value.substr(1, end - 1));
    }
    return {};
}

FlowsSide::FlowsSide(const FlowsFacts& facts)
    : http_(http_options(facts)), source_(facts.directory, subprocess_), finder_(finder_settings(facts)) {}

/// A path with a slash counts from the top of the repository; else it is a program on PATH.
std::string FlowsSide::python_of(const FlowsFacts& facts) {
    const auto& python = facts.loaded.config.flows.local.python;
    return python.contains('/') && !python.starts_with('/') ? facts.directory + "/" + python : python;
}

Result<void> FlowsSide::open_orchestrator(const FlowsFacts& facts) {
    if (facts.loaded.config.flows.orchestrator == OrchestratorKind::Prefect) {
        prefect_ = std::make_unique<prefect::PrefectOrchestrator>(TRY(prefect_settings(facts)), http_, clock_,
                                                                  entropy_);
        orchestrator_ = prefect_.get();
        runs_ = prefect_.get();
        return {};
    }
    local_ =
        TRY(local_orchestrator::LocalOrchestrator::open(facts.state_root + "/flows.db", clock_, entropy_));
    worker_ = std::make_unique<local_orchestrator::LocalWorker>(
        local_orchestrator::LocalWorkerSettings{.scratch_folder = facts.state_root + "/runs",
                                                .repository = facts.directory,
                                                .python = python_of(facts)},
        local_->store(), source_, subprocess_, entropy_);
    orchestrator_ = local_.get();
    runs_ = local_.get();
    return {};
}

Result<std::unique_ptr<FlowsSide>> FlowsSide::open(const FlowsFacts& facts) {
    std::unique_ptr<FlowsSide> side(new FlowsSide(facts));
    TRY(support::create_folders(facts.state_root));
    TRY(side->open_orchestrator(facts));
    side->records_ =
        TRY(sqlite::SqliteDeployRecords::open(facts.state_root + "/deployments.db", side->clock_));
    side->service_ = std::make_unique<flows::FlowService>(
        flows::Outside{.finder = side->finder_,
                       .orchestrator = *side->orchestrator_,
                       .runs = *side->runs_,
                       .source = side->source_,
                       .records = *side->records_,
                       .clock = side->clock_,
                       .read_file = [](const std::string& path) { return support::read_file(path); },
                       .make_folder = make_folder,
                       .remove_folder = [](const std::string& path) { (void)support::remove_tree(path); },
                       .zone_offset = zone_offset},
        settings_of(facts));
    return side;
}

}  // namespace ringmaster::app
