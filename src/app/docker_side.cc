#include "app/docker_side.h"

#include "adapters/docker/docker_runtime.h"
#include "adapters/support/basic_environment.h"
#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
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
    std::map<std::string, std::string> secrets;
    for (const auto& name : facts.config.run.secrets)
        if (const auto value = facts.environment.get(name)) secrets.emplace(name, *value);
    return secrets;
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

std::string logins_folder(const cli::Environment& environment) {
    const auto chosen = environment.value_or("DOCKER_CONFIG", "");
    const auto home = environment.value_or("HOME", "");
    return !chosen.empty() || home.empty() ? chosen : home + "/.docker";
}

}  // namespace

bool needs_docker(const Config& config) {
    return config.run.engine == RunEngine::Docker || config.run.engine == RunEngine::Swarm;
}

Result<std::unique_ptr<DockerSide>> DockerSide::open(const DockerFacts& facts, DockerPorts ports) {
    auto address = TRY(docker::find_engine(facts.config.docker.host, variables_of(facts.environment)));
    return std::unique_ptr<DockerSide>(new DockerSide(facts, ports, std::move(address)));
}

DockerSide::DockerSide(const DockerFacts& facts, DockerPorts ports, docker::EngineAddress address)
    : config_(facts.config),
      repository_(facts.repository),
      secrets_(secrets_of(facts)),
      ports_(ports),
      http_(http_options(facts, address)),
      logins_(logins_folder(facts.environment), support::basic_environment(), ports.subprocess),
      engine_(std::move(address), http_) {}

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
    app.pids = config_.docker.pids;
    app.restart = config_.docker.restart;
    app.stop_grace = run.stop_grace;
    return app;
}

Result<std::unique_ptr<Runtime>> DockerSide::runtime() {
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
    return fmt::format("engine {} at {}, API {}", version.engine, engine_.address().text, version.api);
}

}  // namespace ringmaster::app
