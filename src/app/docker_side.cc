#include "app/docker_side.h"

#include "adapters/docker/docker_builder.h"
#include "adapters/docker/docker_runtime.h"
#include "adapters/docker/swarm_runtime.h"
#include "adapters/support/basic_environment.h"
#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "app/secrets.h"
#include "base/text.h"
#include "cli/version.h"

namespace ringmaster::app {
namespace {

docker::Variables variables_of(const cli::Environment& environment) {
    return [&environment](std::string_view name) -> std::optional<std::string> {
        const auto value = environment.get(name);
        if (!value) return std::nullopt;
        return std::string(*value);
    };
}

std::map<std::string, std::string> secrets_of(const DockerFacts& facts) {
    return find_secrets(facts.config, facts.environment).values;
}

support::CurlOptions http_options(const DockerFacts& facts, const docker::EngineAddress& address) {
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.on_exchange = facts.on_exchange;
    for (const auto& [name, value] : secrets_of(facts)) {
        options.secrets.push_back(value);
        const auto quoted = support::json_quote(value);  // as it stands in a request
        options.secrets.push_back(quoted.substr(1, quoted.size() - 2));
    }
    const auto& folder = address.certificate_folder;
    if (folder.empty() || !support::exists(folder + "/ca.pem")) return options;
    options.ca_file = folder + "/ca.pem";
    if (!support::exists(folder + "/cert.pem")) return options;
    options.client_certificate = folder + "/cert.pem";
    options.client_key = folder + "/key.pem";
    return options;
}

/// Bodies are only those of logins, in both directions: the log of requests does not get them.
support::CurlOptions registry_options(const DockerFacts& facts) {
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.ca_file = facts.environment.value_or("SSL_CERT_FILE", "");
    if (facts.on_exchange)
        options.on_exchange = [log = facts.on_exchange](support::HttpExchange exchange) {
            exchange.request.body.clear();
            exchange.response.body.clear();
            log(exchange);
        };
    return options;
}

/// What Docker's own programs look at, and the way to the network; nothing else of ours reaches them.
bool is_for_docker(std::string_view name) {
    for (const std::string_view prefix : {"DOCKER_", "BUILDX_", "BUILDKIT_"})
        if (name.starts_with(prefix)) return true;
    for (const std::string_view known : {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy",
                                         "no_proxy", "SSL_CERT_FILE", "XDG_RUNTIME_DIR"})
        if (name == known) return true;
    return false;
}

}  // namespace

std::map<std::string, std::string> docker_program_environment(const Config& config,
                                                              const cli::Environment& environment) {
    auto variables = support::basic_environment();
    for (const auto& [name, value] : environment.variables())
        if (is_for_docker(name)) variables[name] = value;
    if (!config.docker.host.empty()) variables["DOCKER_HOST"] = config.docker.host;
    return variables;
}

namespace {

std::string logins_folder(const cli::Environment& environment) {
    const auto chosen = environment.value_or("DOCKER_CONFIG", "");
    const auto home = environment.value_or("HOME", "");
    return !chosen.empty() || home.empty() ? chosen : home + "/.docker";
}

}  // namespace

bool needs_docker(const Config& config) {
    const bool waits = config.build.engine == BuildEngine::None && !config.image.name.empty();
    const bool runs = config.run.engine == RunEngine::Docker || config.run.engine == RunEngine::Swarm;
    return runs || config.build.engine == BuildEngine::Docker || waits;
}

Result<std::unique_ptr<DockerSide>> DockerSide::open(const DockerFacts& facts, DockerPorts ports) {
    auto address = TRY(docker::find_engine(facts.config.docker.host, variables_of(facts.environment)));
    return std::unique_ptr<DockerSide>(new DockerSide(facts, ports, std::move(address)));
}

DockerSide::DockerSide(const DockerFacts& facts, DockerPorts ports, docker::EngineAddress address)
    : config_(facts.config),
      repository_(facts.repository),
      environment_(facts.environment),
      secrets_(secrets_of(facts)),
      ports_(ports),
      http_(http_options(facts, address)),
      logins_(logins_folder(facts.environment), support::basic_environment(), ports.subprocess),
      engine_(std::move(address), http_),
      registry_http_(registry_options(facts)),
      registry_(registry_http_, logins_) {}

docker::AppSettings DockerSide::app_settings() const {
    const auto& run = config_.run;
    docker::AppSettings app;
    app.repository = repository_;
    app.command = run.command;
    app.port = static_cast<std::uint16_t>(run.port);
    app.environment = run.environment;
    app.secrets = secrets_;
    app.memory_bytes = static_cast<std::uint64_t>(run.memory_megabytes) << 20;
    app.nano_cpus = config_.docker.nano_cpus;
    app.pids = run.processes > 0 ? run.processes : config_.docker.pids;
    app.restart = config_.docker.restart;
    app.stop_grace = run.stop_grace;
    return app;
}

Result<std::unique_ptr<Runtime>> DockerSide::runtime() {
    if (config_.run.engine == RunEngine::Swarm) return swarm_runtime();
    return docker_runtime();
}

std::unique_ptr<Runtime> DockerSide::swarm_runtime() {
    docker::SwarmSettings settings{.app = app_settings()};
    settings.host = config_.run.host;
    settings.networks = config_.swarm.networks;
    settings.constraints = config_.swarm.constraints;
    settings.endpoint_mode = config_.swarm.endpoint_mode;
    settings.port_mode = config_.swarm.port_mode;
    settings.secrets = config_.swarm.secrets;
    settings.configs = config_.swarm.configs;
    return std::make_unique<docker::SwarmRuntime>(std::move(settings), engine_, logins_, ports_.clock,
                                                  ports_.entropy);
}

docker::ImageFinder DockerSide::finder() {
    const bool is_run_here =
        config_.run.engine == RunEngine::Docker || config_.run.engine == RunEngine::Swarm;
    const bool is_pushed =
        config_.build.engine == BuildEngine::None || config_.image.recipe.output == docker::Output::Push;
    return [this, is_run_here, is_pushed](const std::string& image, Progress& progress) -> Result<bool> {
        docker::Images images(engine_, logins_, ports_.clock);
        if ((is_run_here || !is_pushed) && TRY(images.exists(image))) return true;
        if (!is_pushed) return false;
        return registry_.has(image, progress);
    };
}

std::unique_ptr<Builder> DockerSide::waiting(std::unique_ptr<Builder> inner) {
    return std::make_unique<docker::ImageWaiter>(std::move(inner), finder(), config_.image.wait,
                                                 ports_.clock);
}

/// DOCKER_LOAD, CI and GITHUB_ACTIONS are superset-showtime's (docs/compatibility.md).
docker::BuildRecipe DockerSide::recipe() const {
    auto recipe = config_.image.recipe;
    if (!environment_.has("CI") && !environment_.has("GITHUB_ACTIONS")) recipe.cache_to.clear();
    if (environment_.has("DOCKER_LOAD") && recipe.output == docker::Output::Push)
        recipe.output = docker::Output::Both;
    return recipe;
}

std::map<std::string, std::string> DockerSide::build_environment() const {
    auto variables = docker_program_environment(config_, environment_);
    for (const auto& [id, source] : config_.image.recipe.secrets) {
        if (!source.starts_with("env:")) continue;
        const auto name = source.substr(4);
        if (const auto value = environment_.get(name)) variables[name] = *value;
    }
    return variables;
}

Result<std::unique_ptr<Builder>> DockerSide::builder(support::Workspace::Settings workspace) {
    const auto name = config_.image.name.empty() ? to_lower_ascii(repository_.text()) : config_.image.name;
    docker::DockerBuilderSettings settings{.workspace = std::move(workspace),
                                           .image = TRY(support::ImagePattern::parse(name)),
                                           .recipe = recipe(),
                                           .source_url = config_.forge.web_url + "/" + repository_.text(),
                                           .environment = build_environment()};
    return std::make_unique<docker::DockerBuilder>(std::move(settings), finder(), ports_.subprocess,
                                                   ports_.clock);
}

std::unique_ptr<Runtime> DockerSide::docker_runtime() {
    const auto& run = config_.run;
    docker::DockerSettings settings{.app = app_settings()};
    settings.reach = config_.docker.reach;
    settings.address = run.address;
    settings.host = run.host;
    settings.first_port = static_cast<std::uint16_t>(run.first_port);
    settings.last_port = static_cast<std::uint16_t>(run.last_port);
    settings.network = config_.docker.network;
    settings.pull = config_.docker.pull;
    return std::make_unique<docker::DockerRuntime>(std::move(settings), engine_, logins_, ports_.clock,
                                                   ports_.entropy);
}

Result<std::string> DockerSide::describe() {
    const auto version = TRY(engine_.version());
    const auto engine =
        fmt::format("engine {} at {}, API {}", version.engine, engine_.address().text, version.api);
    if (config_.run.engine != RunEngine::Swarm) return engine;
    const auto info = TRY(engine_.json({.path = "/info", .doing = "asking for its swarm"}));
    const auto swarm = TRY(info.member("Swarm"));
    if (!TRY(swarm.boolean("ControlAvailable")))
        return Fail(docker::engine_refusal(503, "This node is not a swarm manager.", "asking for its swarm"));
    return fmt::format("{}, manager of {} nodes", engine, TRY(swarm.integer("Nodes")));
}

}  // namespace ringmaster::app
