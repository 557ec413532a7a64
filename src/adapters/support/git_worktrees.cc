#include "adapters/support/git_worktrees.h"

#include <algorithm>

#include "adapters/support/basic_environment.h"
#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

constexpr auto kQuickGitTimeout = std::chrono::minutes(1);  // for what only reads or removes a few files
constexpr auto kLeastTimeout = std::chrono::milliseconds(1);
// Registering a worktree takes milliseconds; this is for a machine that can hardly breathe.
constexpr auto kRegistrationPatience = std::chrono::minutes(1);

// What the content of a commit could otherwise make git run or fetch (git-config(1)).
const std::vector<std::string> kSafely = {
    "-c", "core.hooksPath=/dev/null",      "-c", "core.fsmonitor=false",     "-c", "submodule.recurse=false",
    "-c", "fetch.recurseSubmodules=false", "-c", "protocol.ext.allow=never", "-c", "gc.auto=0",
    "-c", "advice.detachedHead=false"};

// git says why it failed on stderr, last line last.
std::string last_words(const ProcessResult& result) {
    const auto text = trim(result.error_output.empty() ? result.output : result.error_output);
    const auto lines = split_lines(text);
    return lines.empty() ? fmt::format("exit code {}", result.exit_code)
                         : sanitize_for_terminal(lines.back());
}

// git has one exit code for everything; these are its words for "the other side does not have it", as against
// "could not be asked" (fetch-pack.c, builtin/fetch.c, upload-pack.c).
bool is_absence(std::string_view words) {
    return words.find("couldn't find remote ref") != std::string_view::npos ||
           words.find("not our ref") != std::string_view::npos ||
           words.find("unadvertised object") != std::string_view::npos;
}

}  // namespace

Result<ProcessResult> GitWorktrees::git(std::vector<std::string> arguments, Duration timeout,
                                        Progress& progress) {
    ProcessSpec spec;
    spec.arguments = {"git", "-C", source_.repository};
    spec.arguments.insert(spec.arguments.end(), kSafely.begin(), kSafely.end());
    spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
    spec.environment = basic_environment();
    spec.environment["LC_ALL"] = "C";               // its messages are ours to read
    spec.environment["GIT_TERMINAL_PROMPT"] = "0";  // nobody is there to type a password
    spec.timeout = std::max<Duration>(timeout, kLeastTimeout);
    return TRY_WHILE(subprocess_->run(spec, progress), "running git {}", arguments.front());
}

Result<std::string> GitWorktrees::git_line(std::vector<std::string> arguments) {
    NoProgress quiet;
    const auto doing = join(arguments, " ");
    const auto result = TRY(git(std::move(arguments), kQuickGitTimeout, quiet));
    if (result.exit_code != 0)
        return Fail(Error::failed("git {} in {} failed: {}", doing, source_.repository, last_words(result)));
    return std::string(trim(result.output));
}

Result<bool> GitWorktrees::has(const CommitSha& commit) {
    NoProgress quiet;
    const auto object = commit.text() + "^{commit}";
    return TRY(git({"cat-file", "-e", object}, kQuickGitTimeout, quiet)).exit_code == 0;
}

Result<void> GitWorktrees::add(const std::string& path, const CommitSha& commit, int pull_request_number,
                               Duration timeout, Progress& progress) {
    const auto start = clock_->monotonic();
    if (const auto repository = git_line({"rev-parse", "--git-dir"}); !repository)
        return Fail(Error::not_found("{} is not a git repository to take commits from: {}",
                                     source_.repository, repository.error().message()));
    if (!TRY(has(commit))) TRY(fetch(commit, pull_request_number, timeout, progress));
    const auto left = timeout - (clock_->monotonic() - start);
    auto checked_out = check_out(path, commit, left, progress);
    if (!checked_out) (void)remove(path);
    return checked_out;
}

Result<void> GitWorktrees::fetch(const CommitSha& commit, int pull_request_number, Duration timeout,
                                 Progress& progress) {
    const auto missing = Error::not_found("there is no commit {} in {}", commit.text(), source_.repository)
                             .hint("push it, or name a remote that has it");
    if (source_.remote.empty()) return Fail(missing);
    std::vector<std::string> arguments = {"fetch", "--no-tags", "--no-write-fetch-head"};
    // A shallow checkout (as actions/checkout makes) stays one; a full one must not become shallow.
    if (TRY(git_line({"rev-parse", "--is-shallow-repository"})) == "true") arguments.push_back("--depth=1");
    // A server may refuse to give a commit by name (uploadpack.allowReachableSHA1InWant), hence the second
    // way.
    std::string why;
    for (const auto& wanted : {commit.text(), fmt::format("refs/pull/{}/head", pull_request_number)}) {
        auto attempt = arguments;
        attempt.insert(attempt.end(), {"--", source_.remote, wanted});
        const auto result = TRY(git(attempt, timeout, progress));
        if (TRY(has(commit))) return {};
        why = result.exit_code == 0 ? "" : last_words(result);
    }
    if (why.empty() || is_absence(why)) return Fail(missing);
    return Fail(Error::unavailable("cannot fetch {} from {}: {}", commit.text(), source_.remote, why));
}

/// Every `git worktree` command reads all registrations, and breaks off at one that another has half written
/// ("failed to read .git/worktrees/tree1/commondir: Success", git 2.39).
Result<support::FolderLock> GitWorktrees::lock_registrations(Progress& progress) {
    const auto folder = TRY(git_line({"rev-parse", "--path-format=absolute", "--git-common-dir"}));
    return support::FolderLock::take(folder, support::FolderLock::Missing::Fail, kRegistrationPatience,
                                     *clock_, progress);
}

Result<void> GitWorktrees::check_out(const std::string& path, const CommitSha& commit, Duration timeout,
                                     Progress& progress) {
    const auto could_not = [&](const ProcessResult& result) {
        return Fail(Error::failed("git could not check out {}: {}", commit.text(), last_words(result)));
    };
    const auto start = clock_->monotonic();
    {
        const auto lock = TRY(lock_registrations(progress));
        // --force: a registration whose folder is gone is no obstacle.
        const auto registered =
            TRY(git({"worktree", "add", "--no-checkout", "--force", "--detach", "--", path, commit.text()},
                    timeout, progress));
        if (registered.exit_code != 0) return could_not(registered);
    }
    const auto left = timeout - (clock_->monotonic() - start);
    const auto filled = TRY(git({"-C", path, "reset", "--quiet", "--hard"}, left, progress));
    if (filled.exit_code != 0) return could_not(filled);
    const auto head = TRY(git_line({"-C", path, "rev-parse", "HEAD"}));
    if (head != commit.text())  // contract D54
        return Fail(Error::failed("the checkout in {} is {} instead of {}", path, head, commit.text()));
    return {};
}

Result<void> GitWorktrees::remove(const std::string& path) {
    // The folder first and by ourselves: what is in it, its link back to the repository included, is not
    // trusted.
    TRY(remove_tree(path));
    NoProgress quiet;
    const auto lock = lock_registrations(quiet);
    if (!lock && lock.error().kind() == ErrorKind::TimedOut) return Fail(lock.error());
    const auto listed = git({"worktree", "list", "--porcelain"}, kQuickGitTimeout, quiet);
    // Without the repository there is no registration left either.
    if (!listed || listed->exit_code != 0) return {};
    const auto lines = split_lines(listed->output);
    if (std::ranges::find(lines, "worktree " + path) == lines.end()) return {};
    TRY(git_line({"worktree", "remove", "--force", "--force", "--", path}));
    return {};
}

}  // namespace ringmaster::support
