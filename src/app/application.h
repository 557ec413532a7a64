#pragma once
// Everything a command needs, built when it is first asked for: `ringmaster version` constructs nothing.

#include <memory>
#include <optional>

#include "adapters/support/system_clock.h"
#include "app/config_source.h"
#include "app/forge_access.h"
#include "app/interruption.h"
#include "app/streams.h"
#include "cli/context.h"

namespace ringmaster::app {

class FlowsSide;
class Wiring;

class Application final : public cli::Context {
 public:
    /// `name`: argv[0]. `working_directory`: absolute.
    Application(std::string_view name, cli::Environment environment, std::string working_directory);
    ~Application() override;

    cli::Stream& out() override { return out_; }
    cli::Stream& err() override { return err_; }
    cli::Input& input() override { return input_; }
    const cli::Environment& environment() override { return environment_; }
    Clock& clock() override { return clock_; }
    const cli::Program& program() override { return program_; }
    Progress& interruption() override { return interruption_; }
    bool may_prompt() override;
    Result<void> accept_common_options(const cli::Arguments& arguments) override;

    Result<cli::ConfigReport> config() override;
    std::string config_schema() override { return app::config_schema(); }
    std::string config_docs() override { return app::config_docs(); }
    std::string config_template(const cli::ProjectFacts& facts) override {
        return app::config_template(facts);
    }
    std::vector<std::pair<std::string, std::string>> workflows() override;
    Result<cli::ProjectFacts> look_at_project() override;
    bool file_exists(const std::string& path) override;
    Result<void> write_file(const std::string& path, std::string_view text, bool overwrite) override;
    Result<void> write_private_file(const std::string& path, std::string_view text) override;
    Result<void> append_file(const std::string& path, std::string_view text) override;
    Result<std::string> read_file(const std::string& path) override;
    Result<void> remove_file(const std::string& path) override;

    Result<shows::ShowService*> shows() override;
    Result<History*> history() override;
    Result<std::string> holder_file(int pull_request_number) override;
    Result<flows::FlowService*> flows() override;
    Result<std::string> actor() override;
    Result<void> carry_out_run(const std::string& run_id) override;
    Result<void> work_on_runs(const cli::RunsToWorkOn& wanted) override;
    Result<cli::GitCheck> git_check() override;
    std::vector<cli::Check> checks(bool may_write) override;
    Result<std::vector<cli::Check>> plugin_checks(const cli::PluginUnderTest& plugin) override;
    Result<cli::Access> access() override;
    Result<cli::ForgeAnswer> call_forge(const cli::ForgeCall& call) override;
    std::string random_hex(std::size_t bytes) override;
    Result<void> open_url(const std::string& url) override;
    Result<cli::ExitCode> serve(const cli::ServeOptions& options) override;
    Result<cli::ExitCode> demo(const cli::DemoOptions& options) override;
    void command_ended(const cli::Command& command, bool as_json) override;
    void look_for_release(const std::string& url, const std::string& memory_file) override;

    // For the checks of `doctor`, and for app/'s own functions.
    Result<LoadedConfig*> loaded();
    Result<RepositoryName> repository();
    Result<FoundToken> token();
    Result<std::string> state_root();
    /// The user's; empty = there is none.
    std::string cache_folder() const;
    /// The repository that commits are taken from.
    std::string git_folder(const LoadedConfig& loaded_config) const;
    Result<Wiring*> wiring();

    /// As if the program had been started there, with that environment.
    void work_elsewhere(cli::Environment environment, std::string working_directory);

    /// Flushes; the exit code becomes a failure if the result could not be written.
    int finish(cli::ExitCode code);

 private:
    std::optional<bool> ask_forge_contains(const CommitSha& head, const CommitSha& required);

    const cli::Program& program_;
    cli::Environment environment_;
    std::string working_directory_;
    FileStream out_;
    FileStream err_;
    TerminalInput input_;
    Interruption interruption_;
    support::SystemClock clock_;
    ConfigRequest config_request_;
    std::optional<LoadedConfig> config_;
    bool prompts_are_off_ = false;
    int verbosity_ = 0;
    std::unique_ptr<Wiring> wiring_;
    std::unique_ptr<History> history_;
    std::unique_ptr<FlowsSide> flows_;
};

}  // namespace ringmaster::app
