#include "app/git.h"

#include "base/text.h"

namespace ringmaster::app {

namespace {
constexpr auto kGitTimeout = std::chrono::seconds(10);  // all of these are local and take milliseconds
}

Result<ProcessResult> LocalGit::run(std::vector<std::string> arguments) {
    ProcessSpec spec;
    spec.arguments = {"git"};
    spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
    spec.directory = directory_;
    spec.environment.insert(environment_.variables().begin(), environment_.variables().end());
    spec.environment["GIT_TERMINAL_PROMPT"] = "0";
    spec.timeout = kGitTimeout;
    NoProgress progress;
    return subprocess_.run(spec, progress);
}

std::optional<std::string> LocalGit::ask(std::vector<std::string> arguments) {
    const auto result = run(std::move(arguments));
    if (!result || result->exit_code != 0) return std::nullopt;
    return std::string(trim(result->output));
}

bool LocalGit::is_installed() {
    return ask({"--version"}).has_value();
}

std::optional<std::string> LocalGit::top_folder() {
    return ask({"rev-parse", "--show-toplevel"});
}

std::string LocalGit::origin() {
    return ask({"config", "--get", "remote.origin.url"}).value_or("");
}

std::string LocalGit::user_email() {
    return ask({"config", "--get", "user.email"}).value_or("");
}

std::optional<CommitSha> LocalGit::head() {
    const auto text = ask({"rev-parse", "--verify", "HEAD^{commit}"});
    if (!text) return std::nullopt;
    auto sha = CommitSha::parse(*text);
    return sha ? std::optional(*sha) : std::nullopt;
}

std::optional<bool> LocalGit::head_contains(const CommitSha& commit) {
    const auto result = run({"merge-base", "--is-ancestor", commit.text(), "HEAD"});
    if (!result) return std::nullopt;
    if (result->exit_code == 0) return true;
    // 1 is a no, but a shallow clone says no to everything that lies beyond its edge.
    if (result->exit_code == 1 && ask({"rev-parse", "--is-shallow-repository"}) == "false") return false;
    return std::nullopt;
}

}  // namespace ringmaster::app
