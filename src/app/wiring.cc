#include "app/wiring.h"

#include "adapters/command/none_builder.h"
#include "adapters/sqlite/sqlite_claims.h"
#include "adapters/sqlite/sqlite_history.h"
#include "app/exec_side.h"
#include "app/secrets.h"
#include "base/text.h"
#include "cli/version.h"
#include "shows/ref_claims.h"
#include "shows/token_claims.h"

namespace ringmaster::app {

namespace {

support::CurlOptions http_options(const WiringFacts& facts) {
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    // libcurl does not read it itself; OpenSSL, gh and Python do, so machines with authorities of their own
    // have it.
    options.ca_file = facts.environment.value_or("SSL_CERT_FILE", "");
    options.on_exchange = facts.on_exchange;
    if (!facts.token.empty()) options.secrets.push_back(facts.token);
    return options;
}

support::CurlOptions counted(support::CurlOptions options, ForgeTally& tally) {
    options.on_exchange = [&tally, log = std::move(options.on_exchange)](const auto& exchange) {
        tally.count(exchange);
        if (log) log(exchange);
    };
    return options;
}

github::GitHubSettings github_settings(const WiringFacts& facts) {
    const auto& forge = facts.loaded.config.forge;
    github::GitHubSettings settings;
    settings.api_url = forge.api_url;
    settings.graphql_url = forge.graphql_url;
    settings.token = facts.token;
    settings.repository = facts.repository;
    settings.version = cli::kVersion;
    settings.cache_folder = facts.cache_folder;
    return settings;
}

command::Workspace::Settings workspace_settings(const WiringFacts& facts) {
    command::Workspace::Settings settings;
    settings.work_folder = facts.state_root + "/builds";
    settings.source = {.repository = facts.git_folder, .remote = facts.loaded.config.build.remote};
    return settings;
}

ExecFacts exec_facts(const WiringFacts& facts) {
    return {facts.loaded, facts.environment, facts.loaded.folder, facts.repository, facts.git_folder};
}

/// 0 is none.
std::optional<std::uint64_t> bound_of(int count) {
    return count > 0 ? std::optional(static_cast<std::uint64_t>(count)) : std::nullopt;
}

Result<std::unique_ptr<Builder>> make_builder(const WiringFacts& facts, DockerSide* docker,
                                              Subprocess& subprocess, Clock& clock) {
    const auto& build = facts.loaded.config.build;
    if (build.engine == BuildEngine::Docker) return docker->builder(workspace_settings(facts));
    if (build.engine == BuildEngine::Exec) return exec_builder(exec_facts(facts), subprocess);
    if (build.engine == BuildEngine::None || build.command.empty()) {
        command::NoneBuilderSettings settings;
        if (build.engine == BuildEngine::None) settings.image = facts.loaded.config.image.name;
        if (settings.image.empty()) settings.checkout = workspace_settings(facts);
        auto builder = TRY(command::NoneBuilder::create(std::move(settings), subprocess, clock));
        auto none = std::make_unique<command::NoneBuilder>(std::move(builder));
        if (docker == nullptr || build.engine != BuildEngine::None || facts.loaded.config.image.name.empty())
            return none;
        return docker->waiting(std::move(none));
    }
    return std::make_unique<command::CommandBuilder>(
        command::CommandBuilderSettings{.workspace = workspace_settings(facts),
                                        .command = build.command,
                                        .environment = build.environment,
                                        .limits = {.processes = bound_of(build.processes)}},
        subprocess, clock);
}

std::string quote_for_shell(const std::string& word) {
    return "'" + replace_all(word, "'", "'\\''") + "'";
}

/// One line for the shell: as it was written, or the words of a list, each kept whole.
std::string shell_line(const TextList& command) {
    if (command.size() == 3 && command[0] == "/bin/sh" && command[1] == "-c") return command[2];
    std::string line = command.empty() ? "" : "exec";
    for (const auto& word : command) line += " " + quote_for_shell(word);
    return line;
}

process::ProcessRuntimeSettings process_settings(const WiringFacts& facts) {
    const auto& run = facts.loaded.config.run;
    process::ProcessRuntimeSettings settings;
    settings.state_folder = facts.state_root + "/shows";
    settings.repository = facts.repository;
    settings.command = shell_line(run.command);
    settings.address = run.address;
    settings.host = run.host;
    settings.ports = {static_cast<std::uint16_t>(run.first_port), static_cast<std::uint16_t>(run.last_port)};
    settings.environment = run.environment;
    settings.secrets = find_secrets(facts.loaded.config, facts.environment).values;
    if (run.memory_megabytes > 0)
        settings.limits.memory_bytes = static_cast<std::uint64_t>(run.memory_megabytes) << 20;
    settings.limits.processes = bound_of(run.processes);
    settings.stop_grace = run.stop_grace;
    return settings;
}

}  // namespace

std::string run_url(const cli::Environment& environment, const std::string& web_url,
                    const RepositoryName& repository) {
    const auto id = environment.value_or("GITHUB_RUN_ID", "");
    if (id.empty()) return {};
    return fmt::format("{}/{}/actions/runs/{}", web_url,
                       environment.value_or("GITHUB_REPOSITORY", repository.text()), id);
}

std::string database_path(const Config& config, const std::string& state_root) {
    return config.server.database.starts_with("/") ? config.server.database
                                                   : state_root + "/" + config.server.database;
}

Wiring::Wiring(const WiringFacts& facts, Progress& interruption)
    : forge_http_(counted(http_options(facts), tally_)),
      health_http_(http_options(facts)),
      client_(forge_http_, clock_, entropy_, github_settings(facts), interruption),
      forge_(client_),
      tokens_(client_),
      refs_(client_) {}

Result<void> Wiring::make_claims(const WiringFacts& facts, const std::string& database) {
    const auto& config = facts.loaded.config;
    const shows::LeaseTimes times{.length = config.lease, .settle = config.lease_settle};
    switch (config.claims) {
        case ClaimsBackend::Database:
            claims_ = TRY(sqlite::SqliteClaims::open(
                {.path = database, .repository = facts.repository.text(), .lease = config.lease}, forge_,
                clock_, entropy_));
            break;
        case ClaimsBackend::Refs: {
            auto claims = std::make_unique<shows::RefClaims>(forge_, refs_, clock_, entropy_, times);
            leftovers_ = claims.get();
            claims_ = std::move(claims);
            break;
        }
        case ClaimsBackend::Labels:
            claims_ = std::make_unique<shows::TokenClaims>(forge_, tokens_, clock_, entropy_, times);
            break;
    }
    return {};
}

Result<std::unique_ptr<Runtime>> Wiring::make_runtime(const WiringFacts& facts) {
    const auto engine = facts.loaded.config.run.engine;
    if (engine == RunEngine::Process)
        return std::make_unique<process::ProcessRuntime>(process_settings(facts), clock_, entropy_);
    if (engine == RunEngine::Exec) return exec_runtime(exec_facts(facts), subprocess_);
    if (engine == RunEngine::Docker || engine == RunEngine::Swarm) return docker_->runtime();
    auto side = EcsSide::open({facts.loaded, facts.environment, facts.repository, facts.on_exchange},
                              {subprocess_, clock_, entropy_});
    if (!side) return missing_runtime("ecs", side.error());
    ecs_ = *std::move(side);
    return ecs_->runtime();
}

Result<std::unique_ptr<Wiring>> Wiring::build(const WiringFacts& facts, Progress& interruption) {
    const auto& config = facts.loaded.config;
    std::unique_ptr<Wiring> wiring(new Wiring(facts, interruption));
    const auto database = database_path(config, facts.state_root);
    TRY(wiring->make_claims(facts, database));
    if (needs_docker(config))
        wiring->docker_ =
            TRY(DockerSide::open({config, facts.environment, facts.repository, facts.on_exchange},
                                 {wiring->subprocess_, wiring->clock_, wiring->entropy_}));
    wiring->builder_ = TRY(make_builder(facts, wiring->docker_.get(), wiring->subprocess_, wiring->clock_));
    wiring->runtime_ = TRY(wiring->make_runtime(facts));
    wiring->router_ = TRY(RouterSide::open(
        {facts.loaded, facts.environment, facts.repository, facts.on_exchange}, wiring->subprocess_));
    wiring->history_ = TRY(sqlite::SqliteHistory::open(database, facts.repository.text(), wiring->clock_));
    shows::Settings settings{.repository = facts.repository,
                             .policy = config.policy,
                             .web_url = config.forge.web_url,
                             .run_url = run_url(facts.environment, config.forge.web_url, facts.repository),
                             .missing_secrets = find_secrets(config, facts.environment).missing};
    wiring->service_ = std::make_unique<shows::ShowService>(
        shows::Outside{wiring->forge_, *wiring->claims_, *wiring->builder_, *wiring->runtime_,
                       wiring->health_http_, wiring->clock_, *wiring->history_, wiring->leftovers_,
                       wiring->router_ ? &wiring->router_->router() : nullptr},
        std::move(settings));
    return wiring;
}

}  // namespace ringmaster::app
