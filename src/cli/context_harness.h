#pragma once
// A Context for tests: streams in memory, a virtual clock, and the real ShowService on a forge, an engine and
// a web in memory.

#include <map>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/registry.h"
#include "cli/run.h"
#include "flows/service.h"
#include "shows/token_claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_engine.h"
#include "testing/fake_entropy.h"
#include "testing/fake_flows.h"
#include "testing/fake_forge.h"
#include "testing/fake_orchestrator.h"

namespace ringmaster::cli {

class MemoryStream final : public Stream {
 public:
    explicit MemoryStream(Traits traits = {}) : Stream(traits) {}
    void write(std::string_view written) override { text += written; }
    std::string text;
};

class ScriptedInput final : public Input {
 public:
    bool is_terminal() const override { return has_terminal; }
    std::optional<std::string> read_line() override {
        if (answers.empty()) return std::nullopt;
        auto answer = answers.front();
        answers.erase(answers.begin());
        return answer;
    }
    bool has_terminal = false;
    std::vector<std::string> answers;
};

/// Files, answers and interruption of a test; commands run on it as the program runs them.
class ContextHarness final : public Context {
 public:
    explicit ContextHarness(Environment::Map variables = {}, const Program& program = ringmaster_program(),
                            Traits traits = {})
        : environment_(std::move(variables)), program_(program), out_(traits), err_(traits) {}

    /// Runs "sync 12 --json" and remembers what it wrote.
    ExitCode run(std::vector<std::string> words) {
        out_.text.clear();
        err_.text.clear();
        return run_program(*this, words);
    }
    const std::string& stdout_text() const { return out_.text; }
    const std::string& stderr_text() const { return err_.text; }

    Stream& out() override { return out_; }
    Stream& err() override { return err_; }
    Input& input() override { return input_; }
    const Environment& environment() override { return environment_; }
    Clock& clock() override { return clock_; }
    const Program& program() override { return program_; }
    Progress& interruption() override { return interruption_; }
    bool may_prompt() override { return input_.has_terminal; }
    Result<void> accept_common_options(const Arguments& arguments) override {
        assignments = arguments.all("set");
        return {};
    }
    Result<ConfigReport> config() override {
        return ConfigReport{
            .file = "/project/ringmaster.toml",
            .entries = {{"shows.ttl", "\"48h\"", "default"}, {"shows.limit", "3", "ringmaster.toml:2"}}};
    }
    std::string config_schema() override { return "{}\n"; }
    std::string config_docs() override { return "# Configuration\n"; }
    std::string config_template(const ProjectFacts&) override { return "[shows]\n"; }
    std::vector<std::pair<std::string, std::string>> workflows() override {
        return {{".github/workflows/ringmaster.yml", "name: Shows\n"}};
    }
    Result<ProjectFacts> look_at_project() override { return facts; }
    bool file_exists(const std::string& path) override { return files.contains(path); }
    Result<void> write_file(const std::string& path, std::string_view text, bool overwrite) override {
        if (!overwrite && files.contains(path)) return Fail(Error::conflict("{} exists already", path));
        files[path] = std::string(text);
        files_ever[path] = std::string(text);
        return {};
    }
    Result<void> append_file(const std::string& path, std::string_view text) override {
        files[path] += text;
        return {};
    }
    Result<std::string> read_file(const std::string& path) override {
        if (!files.contains(path)) return Fail(Error::not_found("there is no {}", path));
        return files[path];
    }
    Result<void> remove_file(const std::string& path) override {
        files.erase(path);
        return {};
    }
    Result<shows::ShowService*> shows() override {
        if (no_service) return Fail(*no_service);
        return &service_;
    }
    Result<History*> history() override { return &history_; }
    Result<flows::FlowService*> flows() override { return &flow_service_; }
    Result<std::string> actor() override { return who_deploys; }
    Result<void> carry_out_run(const std::string& run_id) override {
        runs_carried_out.push_back(run_id);
        return {};
    }
    Result<void> work_on_runs(const RunsToWorkOn& wanted) override {
        worked_on.push_back(wanted);
        return {};
    }
    Result<void> write_private_file(const std::string& path, std::string_view text) override {
        return write_file(path, text, false);
    }
    Result<std::string> holder_file(int number) override { return fmt::format("/state/pr-{}", number); }
    Result<GitCheck> git_check() override { return git; }
    std::vector<Check> checks(bool) override { return doctor; }
    Result<std::vector<Check>> plugin_checks(const PluginUnderTest& asked) override {
        plugin = asked;
        return doctor;
    }
    Result<Access> access() override {
        if (no_service) return Fail(*no_service);
        return who;
    }
    Result<ForgeAnswer> call_forge(const ForgeCall& call) override {
        calls.push_back(call);
        if (answers_of_forge.empty()) return Fail(Error::unavailable("nobody answers {}", call.path));
        auto answer = answers_of_forge.front();
        answers_of_forge.erase(answers_of_forge.begin());
        return answer;
    }
    void command_ended(const Command& command, bool) override { ended.push_back(command.name); }
    void look_for_release(const std::string&, const std::string&) override {}
    std::string random_hex(std::size_t bytes) override { return std::string(2 * bytes, 'a'); }
    Result<void> open_url(const std::string& url) override {
        opened.push_back(url);
        return {};
    }
    Result<ExitCode> serve(const ServeOptions&) override { return kDone; }
    Result<ExitCode> demo(const DemoOptions&) override { return kDone; }

    testing::FakeForge& forge() { return forge_; }
    testing::FakeSource& source() { return source_; }
    testing::FakeOrchestrator& orchestrator() { return orchestrator_; }
    testing::FakeDeployRecords& deploy_records() { return deploy_records_; }
    testing::FakeRuntime& runtime() { return runtime_; }
    testing::FakeBuilder& builder() { return builder_; }
    testing::FakeClock& fake_clock() { return clock_; }
    ScriptedInput& answers() { return input_; }

    ProjectFacts facts{.directory = "/project"};
    GitCheck git;
    std::vector<Check> doctor;
    PluginUnderTest plugin;
    std::map<std::string, std::string> files;
    std::map<std::string, std::string> files_ever;  ///< what was once written, removed or not
    std::vector<std::string> opened;
    Access who;
    std::vector<ForgeCall> calls;
    std::vector<ForgeAnswer> answers_of_forge;  ///< in order
    std::vector<std::string> ended;             ///< commands
    std::vector<std::string> assignments;       ///< of --set, of the last command
    std::optional<Error> no_service;
    std::string who_deploys = "ann";
    std::vector<std::string> runs_carried_out;
    std::vector<RunsToWorkOn> worked_on;

 private:
    Environment environment_;
    const Program& program_;
    MemoryStream out_;
    MemoryStream err_;
    ScriptedInput input_;
    NoProgress interruption_;
    testing::FakeClock clock_;
    testing::FakeEntropy entropy_;
    testing::FakeForge forge_{clock_};
    testing::FakeBuilder builder_{clock_};
    testing::FakeRuntime runtime_{clock_};
    testing::FakeWeb web_{runtime_};
    testing::FakeHistory history_;
    testing::FakeSource source_;
    testing::FakeOrchestrator orchestrator_{clock_};
    testing::FakeDeployRecords deploy_records_;
    flows::FlowService flow_service_{
        flows::Outside{.finder = source_,
                       .orchestrator = orchestrator_,
                       .runs = orchestrator_,
                       .source = source_,
                       .records = deploy_records_,
                       .clock = clock_,
                       .read_file = [this](const std::string& path) { return source_.file_at(path); },
                       .make_folder = []() -> Result<std::string> { return "/tmp/commit"; },
                       .remove_folder = [](const std::string&) {},
                       .zone_offset = [](const std::string&, TimePoint) -> Result<Duration> {
                           return Duration::zero();
                       }},
        flows::Settings{.project = "shop",
                        .environments = {"dev", "tst", "prod"},
                        .promote = {{"prod", {.from = "tst", .approvals = 1, .window = ""}}},
                        .work_pool = "process-pool"}};
    shows::TokenClaims claims_{forge_, forge_, clock_, entropy_, {}};
    shows::ShowService service_{shows::Outside{forge_, claims_, builder_, runtime_, web_, clock_, history_},
                                shows::Settings{.repository = {"acme", "shop"}, .policy = {}}};
};

}  // namespace ringmaster::cli
