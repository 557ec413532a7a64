// The parts of Application that reach outside: found out or built when a command first asks for them.

#include <cctype>
#include <filesystem>

#include "adapters/sqlite/sqlite_history.h"
#include "adapters/support/files.h"
#include "app/application.h"
#include "app/background.h"
#include "app/doctor_checks.h"
#include "app/exec_side.h"
#include "app/flows_side.h"
#include "app/forge_access.h"
#include "app/forge_call.h"
#include "app/git.h"
#include "app/project_facts.h"
#include "app/request_log.h"
#include "app/wiring.h"
#include "base/text.h"
#include "cli/registry.h"

namespace ringmaster::app {

namespace {

constexpr auto kAskGhTimeout = std::chrono::seconds(10);  // it reads a file or asks a keyring

std::string folder_in(const cli::Environment& environment, std::string_view variable,
                      std::string_view below_home) {
    const auto base = environment.value_or(variable, "");
    if (!base.empty()) return base + "/ringmaster";
    const auto home = environment.value_or("HOME", "");
    return home.empty() ? "" : fmt::format("{}/{}/ringmaster", home, below_home);
}

}  // namespace

Result<RepositoryName> Application::repository() {
    auto* loaded_config = TRY(loaded());
    if (loaded_config->config.repository) return *loaded_config->config.repository;
    if (&program_ == &cli::showtime_program()) return RepositoryName{"apache", "superset"};  // contract §3.3
    support::PosixSubprocess subprocess;
    LocalGit git(subprocess, loaded_config->folder, environment_);
    const auto name = repository_of_remote(git.origin());
    if (!name.empty()) return RepositoryName::parse(name);
    return Fail(
        Error::invalid_input("which repository is meant is not known: there is no git remote origin here")
            .hint("set [project] repository in ringmaster.toml, or give --repository OWNER/NAME"));
}

Result<FoundToken> Application::token() {
    auto* loaded_config = TRY(loaded());
    if (auto given = environment_.value_or("GITHUB_TOKEN", ""); !given.empty())
        return FoundToken{std::move(given), "GITHUB_TOKEN"};
    ProcessSpec spec{.arguments = {"gh", "auth", "token"}};
    const auto host = host_of(loaded_config->config.forge.api_url);
    if (host != "api.github.com") spec.arguments.insert(spec.arguments.end(), {"--hostname", host});
    spec.environment.insert(environment_.variables().begin(), environment_.variables().end());
    spec.timeout = kAskGhTimeout;
    support::PosixSubprocess subprocess;
    NoProgress progress;
    const auto result = subprocess.run(spec, progress);
    if (result && result->exit_code == 0 && !trim(result->output).empty())
        return FoundToken{std::string(trim(result->output)), "`gh auth token`"};
    return Fail(Error::unauthorized(
                    "there is no token for {}: GITHUB_TOKEN is not set, and `gh auth token` gave none", host)
                    .hint("run `gh auth login`, or set GITHUB_TOKEN"));
}

Result<std::string> Application::state_root() {
    auto* loaded_config = TRY(loaded());
    const auto& configured = loaded_config->config.state_folder;
    if (!configured.empty()) return (std::filesystem::path(loaded_config->folder) / configured).string();
    auto folder = folder_in(environment_, "XDG_STATE_HOME", ".local/state");
    if (!folder.empty()) return folder;
    return Fail(
        Error::invalid_input("there is no folder to keep state in: neither HOME nor XDG_STATE_HOME is set")
            .hint("set [project] state"));
}

std::string Application::cache_folder() const {
    return folder_in(environment_, "XDG_CACHE_HOME", ".cache");
}

std::string Application::git_folder(const LoadedConfig& loaded_config) const {
    const auto source =
        (std::filesystem::path(loaded_config.folder) / loaded_config.config.build.source).string();
    support::PosixSubprocess subprocess;
    return LocalGit(subprocess, source, environment_).top_folder().value_or(source);
}

Result<Wiring*> Application::wiring() {
    if (wiring_) return wiring_.get();
    auto* loaded_config = TRY(loaded());
    const auto& config = loaded_config->config;
    WiringFacts facts{.loaded = *loaded_config, .environment = environment_, .repository = TRY(repository())};
    facts.token = TRY(token()).value;
    facts.state_root = TRY(state_root());
    facts.cache_folder = config.forge.cache_folder.empty() ? cache_folder() : config.forge.cache_folder;
    facts.git_folder = git_folder(*loaded_config);
    facts.on_exchange = request_log(err_, verbosity_);
    wiring_ = TRY(Wiring::build(facts, interruption_));
    return wiring_.get();
}

Result<shows::ShowService*> Application::shows() {
    return &TRY(wiring())->service();
}

Result<History*> Application::history() {
    if (wiring_) return &wiring_->history();
    if (!history_) {
        auto* loaded_config = TRY(loaded());
        history_ = TRY(sqlite::SqliteHistory::open(database_path(loaded_config->config, TRY(state_root())),
                                                   TRY(repository()).text(), clock_));
    }
    return history_.get();
}

Result<flows::FlowService*> Application::flows() {
    if (!flows_) {
        auto* loaded_config = TRY(loaded());
        support::PosixSubprocess subprocess;
        FlowsFacts facts{.loaded = *loaded_config, .environment = environment_};
        facts.directory = LocalGit(subprocess, loaded_config->folder, environment_)
                              .top_folder()
                              .value_or(loaded_config->folder);
        facts.state_root = TRY(state_root());
        facts.cache_folder = cache_folder();
        facts.on_exchange = request_log(err_, verbosity_);
        flows_ = TRY(FlowsSide::open(facts));
    }
    return &flows_->service();
}

Result<std::string> Application::actor() {
    const auto& configured = TRY(loaded())->config.flows.actor;
    if (!configured.empty()) return configured;
    if (environment_.has("GITHUB_ACTOR")) return environment_.value_or("GITHUB_ACTOR", "");
    support::PosixSubprocess subprocess;
    const auto email = LocalGit(subprocess, working_directory_, environment_).user_email();
    return email.empty() ? environment_.value_or("USER", "") : email;
}

/// The other process finds the same files: it is given the same folder, file and settings.
Result<void> Application::carry_out_run(const std::string& run_id) {
    TRY(flows());
    if (flows_->worker() == nullptr) return {};
    const auto program = own_path();
    std::vector<std::string> arguments = {program, "__carry-out-run", run_id};
    if (!config_request_.file.empty()) arguments.insert(arguments.end(), {"--config", config_request_.file});
    for (const auto& assignment : config_request_.assignments)
        arguments.insert(arguments.end(), {"--set", assignment});
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment_.variables())
        if (name.starts_with("XDG_") || name.starts_with("RINGMASTER_"))
            variables.push_back(name + "=" + value);
    start_in_background(program, std::move(arguments), std::move(variables));
    return {};
}

Result<void> Application::work_on_runs(const cli::RunsToWorkOn& wanted) {
    TRY(flows());
    auto* worker = flows_->worker();
    if (worker == nullptr)
        return Fail(Error::invalid_input("runs are carried out by the orchestrator's own workers")
                        .hint("`ringmaster worker` is for [flows] orchestrator = \"local\""));
    if (!wanted.run_id.empty()) {
        TRY(worker->run(wanted.run_id, interruption_));
        return {};
    }
    while (true) {
        const auto done = TRY(worker->run_due(interruption_));
        for (const auto& run : done.runs)
            err_.line(fmt::format("{} {} {}", format_iso8601(clock_.now()), run.name, to_string(run.state)));
        for (const auto& problem : done.problems) err_.line(sanitize_for_terminal(problem));
        if (wanted.once) return {};
        if (!clock_.sleep(std::chrono::seconds(2), interruption_)) return {};
    }
}

Result<std::string> Application::holder_file(int pull_request_number) {
    const auto name = TRY(repository());
    const auto folder = fmt::format("{}/claims/{}/{}", TRY(state_root()), name.owner, name.name);
    TRY(support::create_folders(folder));
    return fmt::format("{}/pr-{}", folder, pull_request_number);
}

Result<cli::GitCheck> Application::git_check() {
    auto* loaded_config = TRY(loaded());
    cli::GitCheck check;
    const auto& required = loaded_config->config.policy.required_commit;
    if (!required) {
        check.verdict = shows::CommitVerdict::NotRequired;
        check.why = "No commit is required: [shows] required_commit is not set.";
        return check;
    }
    check.required = required->text();
    support::PosixSubprocess subprocess;
    LocalGit git(subprocess, working_directory_, environment_);
    const auto head = git.head();
    if (!head) {
        check.why = "Nothing is checked out here: this is not a git repository.";
        return check;
    }
    check.head = head->text();
    auto contained = git.head_contains(*required);
    if (!contained) contained = ask_forge_contains(*head, *required);
    if (contained)
        check.verdict = *contained ? shows::CommitVerdict::Valid : shows::CommitVerdict::Invalid;
    else
        check.why = "Neither the history here nor the forge could tell.";
    return check;
}

std::optional<bool> Application::ask_forge_contains(const CommitSha& head, const CommitSha& required) {
    const auto service = shows();
    if (!service) return std::nullopt;
    const auto answer = (*service)->outside().forge.contains(head, required);
    if (!answer || *answer == Ancestry::Unknown) return std::nullopt;
    return *answer == Ancestry::Contained;
}

Result<cli::Access> Application::access() {
    const auto found = TRY(token());
    return ask_who_we_are(TRY(wiring())->client(), found, environment_);
}

Result<cli::ForgeAnswer> Application::call_forge(const cli::ForgeCall& call) {
    return app::call_forge(TRY(wiring())->client(), call);
}

Result<void> Application::open_url(const std::string& url) {
    support::PosixSubprocess subprocess;
    ProcessSpec spec{.arguments = {environment_.value_or("BROWSER", "xdg-open"), url}};
    spec.environment.insert(environment_.variables().begin(), environment_.variables().end());
    spec.timeout = kAskGhTimeout;
    const auto result = subprocess.run(spec, interruption_);
    if (result && result->exit_code == 0) return {};
    return Fail(Error::failed("{} could not open {}", spec.arguments[0], url)
                    .hint("set BROWSER, or use --print and open it yourself"));
}

std::vector<cli::Check> Application::checks(bool may_write) {
    return doctor_checks(*this, may_write);
}

Result<std::vector<cli::Check>> Application::plugin_checks(const cli::PluginUnderTest& plugin) {
    auto* loaded_config = TRY(loaded());
    auto absolute = plugin;
    if (!plugin.directory.empty())
        absolute.directory =
            (std::filesystem::path(working_directory_) / plugin.directory).lexically_normal().string();
    return app::plugin_checks({*loaded_config, environment_, working_directory_}, absolute, interruption_);
}

}  // namespace ringmaster::app
