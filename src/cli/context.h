#pragma once
// What commands need of the rest of the program. app/ implements it and builds the parts lazily: a command
// that does not ask for the forge never constructs one.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "cli/output.h"
#include "cli/serve.h"
#include "ports/clock.h"
#include "ports/history.h"
#include "ports/progress.h"
#include "ports/subprocess.h"
#include "shows/service.h"

namespace ringmaster::flows {
class FlowService;
}

namespace ringmaster::cli {

/// One key of the configuration as it is in effect.
struct ConfigEntry {
    std::string key;    ///< "shows.ttl"
    std::string value;  ///< as TOML would write it
    std::string
        origin;  ///< "default", "preset superset", "ringmaster.toml:12", "RINGMASTER_SHOWS_TTL", "--set"
};

struct ConfigReport {
    std::string file;  ///< path; empty = none was found
    std::vector<ConfigEntry> entries;
};

enum class Verdict { Passed, Failed, Warning, Skipped };

/// One thing `doctor` looks at; looking happens when it is called.
struct Check {
    std::string name;
    struct Outcome {
        Verdict verdict = Verdict::Passed;
        std::string detail;
        std::string mend;  ///< what to do about a failure
    };
    std::function<Outcome()> look;
};

/// A program of the user's own that `check-plugin` tries.
struct PluginUnderTest {
    enum class Kind { Builder, Runtime, Router } kind = Kind::Runtime;
    std::vector<std::string> command;
    std::string image;      ///< for a runtime to run; empty = none
    std::string directory;  ///< the same, as a folder
};

/// What `init` found out about the folder it runs in.
struct ProjectFacts {
    std::string directory;
    std::string repository;  ///< "owner/name" of the git remote; empty = none
    std::string language;    ///< "Python", "Node.js", …; empty = not recognised
    std::string start_command;
    std::string start_command_from;  ///< the file that says so
    std::string build_command;
    bool has_dockerfile = false;
    int exposed_port = 0;  ///< of the Dockerfile; 0 = it names none
    /// Whether its shows are images, built from the Dockerfile, rather than processes.
    bool runs_in_docker = false;
};

/// How the commit that is checked out here relates to the one that versions must contain.
struct GitCheck {
    std::string required;  ///< the full sha; empty = the configuration asks for none
    std::string head;      ///< the full sha that is checked out; empty = not in a repository
    shows::CommitVerdict verdict = shows::CommitVerdict::NotChecked;
    std::string why;  ///< a sentence, for NotChecked
};

/// Who we are for the forge, and what that is enough for.
struct Access {
    std::string host;                 ///< "api.github.com"
    std::string token_from;           ///< "GITHUB_TOKEN", "`gh auth token`"; never the token
    std::vector<std::string> unused;  ///< other variables with a token that were passed over
    std::string token_kind;           ///< "fine-grained personal access token", …; empty = unknown
    std::string account;  ///< login; empty = the forge does not say (an app's or workflow's token)
    std::optional<std::string> scopes;         ///< of a classic token
    std::optional<std::string> expires;        ///< as the forge says it
    std::string repository;                    ///< "owner/name"
    std::string permission;                    ///< admin, maintain, write, triage, read; empty = unknown
    std::optional<std::string> requests_left;  ///< "4987 of 5000"
    std::vector<std::string> missing;          ///< sentences; empty: all that is needed is there
};

/// A request to the forge as somebody typed it.
struct ForgeCall {
    std::string method;
    std::string path;  ///< "repos/{owner}/{repo}/labels", "graphql"; a query may follow
    std::string body;  ///< JSON; empty = none
};
struct ForgeAnswer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::string next_path;         ///< where the listing goes on; empty = nowhere
    std::optional<Error> problem;  ///< what a refusal stands for
};

/// Runs of the local orchestrator that this process is to carry out.
struct RunsToWorkOn {
    std::string run_id;  ///< only this one; empty = all that wait, and those that schedules want
    bool once = false;   ///< until none is left, instead of until somebody says stop
};

class Context {
 public:
    virtual ~Context() = default;

    virtual Stream& out() = 0;
    virtual Stream& err() = 0;
    virtual Input& input() = 0;
    virtual const Environment& environment() = 0;
    virtual Clock& clock() = 0;
    virtual const Program& program() = 0;
    /// pulse() fails with Interrupted once Ctrl-C was pressed.
    virtual Progress& interruption() = 0;
    virtual bool may_prompt() = 0;

    /// Applies --config, --repository, --set and -v of a command before it runs. Errors: InvalidInput.
    virtual Result<void> accept_common_options(const Arguments& arguments) = 0;

    /// Errors of everything below that reads the configuration: InvalidInput, with file, line and column.
    virtual Result<ConfigReport> config() = 0;
    virtual std::string config_schema() = 0;
    virtual std::string config_docs() = 0;
    /// A commented ringmaster.toml for this project.
    virtual std::string config_template(const ProjectFacts& facts) = 0;

    /// The workflows that run Ringmaster on GitHub Actions: path in the repository and text.
    virtual std::vector<std::pair<std::string, std::string>> workflows() = 0;

    virtual Result<ProjectFacts> look_at_project() = 0;
    virtual bool file_exists(const std::string& path) = 0;
    /// Writes a new file, and the folders that lead to it. Errors: Conflict (it exists and `overwrite` is
    /// false), Unavailable.
    virtual Result<void> write_file(const std::string& path, std::string_view text, bool overwrite) = 0;
    /// A new file for nobody else to read. Errors: Unavailable (it exists already included).
    virtual Result<void> write_private_file(const std::string& path, std::string_view text) = 0;
    virtual Result<void> append_file(const std::string& path, std::string_view text) = 0;
    virtual Result<std::string> read_file(const std::string& path) = 0;
    /// A file that is not there is success.
    virtual Result<void> remove_file(const std::string& path) = 0;

    virtual Result<shows::ShowService*> shows() = 0;
    virtual Result<History*> history() = 0;
    virtual Result<flows::FlowService*> flows() = 0;
    /// Who we are for records and approvals of deployments; empty = unknown.
    virtual Result<std::string> actor() = 0;
    /// Where this machine is the one that carries runs out: begins with this one and returns at once. Nothing
    /// otherwise.
    virtual Result<void> carry_out_run(const std::string& run_id) = 0;
    /// Carries runs out in this process. Errors: InvalidInput (others do that), and those of the worker.
    virtual Result<void> work_on_runs(const RunsToWorkOn& wanted) = 0;
    /// The file that names the claim a run on this pull request holds.
    virtual Result<std::string> holder_file(int pull_request_number) = 0;
    virtual Result<GitCheck> git_check() = 0;
    virtual std::vector<Check> checks(bool may_write) = 0;
    /// They build on each other: in their order, once each.
    virtual Result<std::vector<Check>> plugin_checks(const PluginUnderTest& plugin) = 0;
    /// Errors: Unauthorized (no token, or the forge refuses it), NotFound (no such repository), and those of
    /// the exchange.
    virtual Result<Access> access() = 0;
    /// {owner} and {repo} in the path are filled in. A refusal is an answer. Errors: InvalidInput (the path
    /// is another server's), and those of the exchange.
    virtual Result<ForgeAnswer> call_forge(const ForgeCall& call) = 0;
    virtual std::string random_hex(std::size_t bytes) = 0;
    /// Opens a page in the person's browser.
    virtual Result<void> open_url(const std::string& url) = 0;

    virtual Result<ExitCode> serve(const ServeOptions& options) = 0;
    virtual Result<ExitCode> demo(const DemoOptions& options) = 0;

    /// After every command, whatever came of it: the place for the notice of a newer version.
    virtual void command_ended(const Command& command, bool as_json) = 0;
    /// Asks the forge for our newest release and writes it down for a later notice. Silent.
    virtual void look_for_release(const std::string& url, const std::string& memory_file) = 0;
};

}  // namespace ringmaster::cli
