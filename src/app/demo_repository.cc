#include "app/demo_repository.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/embedded_files.h"
#include "base/text.h"

namespace ringmaster::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGreetingFile = "greeting.txt";  // what the sample's page says
constexpr Duration kGitTimeout = std::chrono::seconds(30);  // everything is on this machine

Result<void> write(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    if (!file.flush()) return Fail(Error::unavailable("cannot write {}", path.string()));
    return {};
}

Result<void> write_sample(const fs::path& folder) {
    for (const EmbeddedFile& file : sample_repository()) {
        const fs::path path = folder / file.path;
        std::error_code problem;
        fs::create_directories(path.parent_path(), problem);
        if (problem)
            return Fail(
                Error::unavailable("cannot make {}: {}", path.parent_path().string(), problem.message()));
        TRY(write(path, file.text));
        if (file.is_executable) fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add, problem);
    }
    return {};
}

}  // namespace

Result<std::string> DemoRepository::git(std::vector<std::string> arguments) {
    const std::string what = arguments.front();
    arguments.insert(arguments.begin(), "git");
    NoProgress nobody;
    // The person's own git configuration (signing, hooks, default branch) must not change the play.
    const auto ran = TRY(subprocess_.run({.arguments = std::move(arguments),
                                          .directory = folder_,
                                          .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                                          {"HOME", folder_},
                                                          {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                                          {"GIT_CONFIG_NOSYSTEM", "1"},
                                                          {"GIT_TERMINAL_PROMPT", "0"},
                                                          {"GIT_AUTHOR_NAME", "Ada"},
                                                          {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                                                          {"GIT_COMMITTER_NAME", "Ada"},
                                                          {"GIT_COMMITTER_EMAIL", "ada@example.org"}},
                                          .timeout = kGitTimeout},
                                         nobody));
    if (ran.exit_code == 0) return std::string(trim(ran.output));
    const std::string said(trim(ran.error_output));
    return Fail(Error::failed("git {} ended with exit code {}: {}", what, ran.exit_code,
                              replace_all(said, clone_url_, "the forge")));
}

Result<void> DemoRepository::publish_sample() {
    TRY(write_sample(folder_));
    TRY(git({"init", "--quiet", "--initial-branch=main"}));
    TRY(git({"remote", "add", "origin", clone_url_}));
    // For the person who goes on from here, on a machine where git knows nobody yet.
    TRY(git({"config", "user.name", "Ada"}));
    TRY(git({"config", "user.email", "ada@example.org"}));
    TRY(git({"add", "--all"}));
    TRY(git({"commit", "--quiet", "--message", "Say hello"}));
    TRY(git({"push", "--quiet", "origin", "main"}));
    return {};
}

Result<void> DemoRepository::start_branch(std::string_view name) {
    TRY(git({"checkout", "--quiet", "-b", std::string(name)}));
    return {};
}

Result<CommitSha> DemoRepository::push_greeting(std::string_view greeting, std::string_view message) {
    TRY(write(fs::path(folder_) / kGreetingFile, fmt::format("{}\n", greeting)));
    TRY(git({"commit", "--quiet", "--all", "--message", std::string(message)}));
    TRY(git({"push", "--quiet", "origin", "HEAD"}));
    return CommitSha::parse(TRY(git({"rev-parse", "HEAD"})));
}

Result<int> DemoRepository::count_worktrees() {
    const std::string list = TRY(git({"--git-dir", bare_repository_, "worktree", "list", "--porcelain"}));
    int count = -1;  // the repository itself is listed first
    for (const auto line : split_lines(list)) count += line.starts_with("worktree ") ? 1 : 0;
    return count;
}

}  // namespace ringmaster::app
