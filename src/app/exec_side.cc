#include "app/exec_side.h"

#include "adapters/exec/plugin_suite.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "app/secrets.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

/// What the checks stand on; they share it.
struct Bench {
    support::PosixSubprocess subprocess;
    support::SystemClock clock;
    support::SystemEntropy entropy;
    support::CurlHttpClient http{support::CurlOptions{}};
};

cli::Check::Outcome outcome_of(const exec::Finding& finding) {
    cli::Check::Outcome outcome{.detail = finding.detail, .mend = finding.mend};
    switch (finding.verdict) {
        case exec::Finding::Verdict::Passed:
            outcome.verdict = cli::Verdict::Passed;
            break;
        case exec::Finding::Verdict::Failed:
            outcome.verdict = cli::Verdict::Failed;
            break;
        case exec::Finding::Verdict::Skipped:
            outcome.verdict = cli::Verdict::Skipped;
            break;
    }
    return outcome;
}

/// The bench goes after the suite that uses it.
struct Look {
    std::shared_ptr<Bench> bench;
    std::function<exec::Finding()> look;
    cli::Check::Outcome operator()() const { return outcome_of(look()); }
};

auto suite_of(cli::PluginUnderTest::Kind kind) {
    switch (kind) {
        case cli::PluginUnderTest::Kind::Builder:
            return exec::builder_suite;
        case cli::PluginUnderTest::Kind::Router:
            return exec::router_suite;
        case cli::PluginUnderTest::Kind::Runtime:
            break;
    }
    return exec::runtime_suite;
}

}  // namespace

exec::PluginSettings plugin_settings(const ExecFacts& facts, std::vector<std::string> command) {
    exec::PluginSettings settings{.command = std::move(command), .folder = facts.folder};
    for (const auto& name : facts.loaded.config.exec.variables)
        if (const auto value = facts.environment.get(name)) settings.environment.emplace(name, *value);
    return settings;
}

std::unique_ptr<Builder> exec_builder(const ExecFacts& facts, Subprocess& subprocess) {
    const auto& config = facts.loaded.config;
    return std::make_unique<exec::ExecBuilder>(
        exec::ExecBuilderSettings{.command = config.build.command,
                                  .environment = config.build.environment,
                                  .source = facts.git_folder,
                                  .remote = config.build.remote},
        exec::PluginProgram(plugin_settings(facts, config.exec.builder), subprocess));
}

std::unique_ptr<Runtime> exec_runtime(const ExecFacts& facts, Subprocess& subprocess) {
    const auto& config = facts.loaded.config;
    const auto& run = config.run;
    exec::ExecRuntimeSettings settings{.repository = facts.repository,
                                       .command = run.command,
                                       .port = run.port,
                                       .address = run.address,
                                       .host = run.host,
                                       .memory_megabytes = run.memory_megabytes,
                                       .processes = run.processes,
                                       .environment = run.environment};
    settings.secrets = find_secrets(config, facts.environment).values;
    settings.stop_grace = run.stop_grace;
    settings.deploy_timeout = config.policy.deploy_timeout;
    settings.remove_timeout += run.stop_grace;
    return std::make_unique<exec::ExecRuntime>(
        std::move(settings), exec::PluginProgram(plugin_settings(facts, config.exec.runtime), subprocess));
}

Result<std::unique_ptr<exec::ExecRouter>> exec_router(const ExecFacts& facts, Subprocess& subprocess) {
    const auto& config = facts.loaded.config;
    exec::ExecRouterSettings settings{
        .repository = facts.repository,
        .address = TRY(support::RouteAddress::parse(config.router.address, facts.repository))};
    return std::make_unique<exec::ExecRouter>(
        std::move(settings), exec::PluginProgram(plugin_settings(facts, config.exec.router), subprocess));
}

Result<std::string> describe_plugin(const ExecFacts& facts, const TextList& command) {
    support::PosixSubprocess subprocess;
    return exec::PluginProgram(plugin_settings(facts, command), subprocess).describe();
}

std::vector<cli::Check> plugin_checks(const ExecFacts& facts, const cli::PluginUnderTest& plugin,
                                      Progress& interruption) {
    const auto& config = facts.loaded.config;
    const bool is_builder = plugin.kind == cli::PluginUnderTest::Kind::Builder;
    const auto bench = std::make_shared<Bench>();
    const exec::SuiteSettings settings{.program = plugin_settings(facts, plugin.command),
                                       .command = is_builder ? config.build.command : config.run.command,
                                       .artifact = {.image = plugin.image, .directory = plugin.directory},
                                       .address = config.router.address};
    const exec::SuitePorts ports{bench->subprocess, bench->clock, bench->entropy, bench->http, interruption};
    std::vector<cli::Check> checks;
    for (auto& check : suite_of(plugin.kind)(settings, ports))
        checks.push_back({check.name, Look{bench, std::move(check.look)}});
    return checks;
}

}  // namespace ringmaster::app
