#include "local_forge/git.h"

#include "base/text.h"
#include "local_forge/child_process.h"

namespace ringmaster::local_forge {
namespace {

// The largest honest push or clone on one machine; then something hangs.
constexpr auto kGitTimeout = std::chrono::minutes(10);

// Nothing of the machine's or the user's settings: the same answers everywhere, no prompt, no colour, no
// locale.
const std::map<std::string, std::string>& plain_environment() {
    static const std::map<std::string, std::string> kEnvironment = {
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {"HOME", "/nonexistent"},
        {"LC_ALL", "C.UTF-8"},
        {"TZ", "UTC"},
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_TERMINAL_PROMPT", "0"},
    };
    return kEnvironment;
}

// Fields end with NUL, records with NUL 0x01: neither can be in a commit's message.
constexpr std::string_view kLogFormat =
    "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01";
constexpr std::string_view kRecordEnd("\0\1\n", 3);

Result<Commit> parse_commit(std::string_view record) {
    const auto fields = split(record, '\0');
    if (fields.size() < 10)
        return Fail(Error(ErrorKind::Corrupt, "git printed a commit that cannot be read"));
    Commit commit;
    commit.sha = fields[0];
    commit.tree = fields[1];
    for (const auto parent : split(fields[2], ' '))
        if (!parent.empty()) commit.parents.emplace_back(parent);
    commit.author = {std::string(fields[3]), std::string(fields[4]),
                     parse_iso8601(fields[5]).value_or(TimePoint())};
    commit.committer = {std::string(fields[6]), std::string(fields[7]),
                        parse_iso8601(fields[8]).value_or(TimePoint())};
    commit.message = trim(fields[9]);
    return commit;
}

}  // namespace

namespace {

Result<GitResult> run_git(std::vector<std::string> place, const GitCall& call) {
    // The folder may belong to another user than the one we run as; it is ours all the same.
    std::vector<std::string> arguments = {"git", "-c", "safe.directory=*"};
    if (!call.with_hooks) arguments.insert(arguments.end(), {"-c", "core.hooksPath=/dev/null"});
    arguments.insert(arguments.end(), place.begin(), place.end());
    arguments.insert(arguments.end(), call.arguments.begin(), call.arguments.end());
    auto environment = call.environment;
    environment.insert(plain_environment().begin(), plain_environment().end());
    auto child = TRY(run_child(arguments, environment, call.input, kGitTimeout));
    return GitResult{child.exit_code, std::move(child.output), std::move(child.error_output)};
}

}  // namespace

Result<GitResult> Git::run(const GitCall& call) const {
    return run_git({"--git-dir=" + path_}, call);
}

Result<GitResult> Git::run_inside(const GitCall& call) const {
    return run_git({"-C", path_}, call);
}

Result<std::string> Git::read(std::vector<std::string> arguments, std::string input) const {
    const std::string command = arguments.empty() ? "" : arguments[0];
    auto result = TRY(run({std::move(arguments), std::move(input), {}}));
    if (!result.ok()) return Fail(Error::failed("git {} failed: {}", command, trim(result.error_output)));
    if (result.output.ends_with('\n')) result.output.pop_back();
    return std::move(result.output);
}

Result<void> Git::update_refs(const std::string& script) const {
    if (script.empty()) return {};
    TRY(read({"update-ref", "--stdin"}, "start\n" + script + "prepare\ncommit\n"));
    return {};
}

Result<std::vector<Commit>> Git::commits(const std::vector<std::string>& log_arguments,
                                         std::string input) const {
    std::vector<std::string> arguments = {"log", "--no-color", std::string(kLogFormat)};
    arguments.insert(arguments.end(), log_arguments.begin(), log_arguments.end());
    const std::string output = TRY(read(std::move(arguments), std::move(input))) + "\n";
    std::vector<Commit> commits;
    std::string_view rest = output;
    for (auto end = rest.find(kRecordEnd); end != rest.npos; end = rest.find(kRecordEnd)) {
        commits.push_back(TRY(parse_commit(rest.substr(0, end))));
        rest.remove_prefix(end + kRecordEnd.size());
    }
    return commits;
}

Result<bool> Git::is_ancestor(std::string_view ancestor, std::string_view descendant) const {
    const auto result =
        TRY(run({{"merge-base", "--is-ancestor", std::string(ancestor), std::string(descendant)}, "", {}}));
    return result.ok();
}

}  // namespace ringmaster::local_forge
