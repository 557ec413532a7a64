// What is checked out, and what of it is not committed: GitSourceTree::state.

#include <algorithm>

#include "adapters/git_source/git_source_tree.h"
#include "adapters/git_source/remote_address.h"
#include "base/text.h"

namespace ringmaster::git_source {
namespace {

// The path of an entry follows its fields, which have no spaces (git-status(1), "Porcelain Format Version
// 2").
std::string after_fields(std::string_view entry, int fields) {
    for (; fields > 0; --fields) entry.remove_prefix(std::min(entry.find(' '), entry.size() - 1) + 1);
    return std::string(entry);
}

void keep(std::vector<std::string>& named, std::size_t& count, std::string path) {
    if (named.size() < SourceState::kMostNamed) named.push_back(std::move(path));
    ++count;
}

void read_entry(std::string_view entry, SourceState& state) {
    constexpr std::string_view kHead = "# branch.head ";
    if (entry.starts_with(kHead)) {
        const auto branch = entry.substr(kHead.size());
        if (branch != "(detached)") state.branch = std::string(branch);
    } else if (entry.starts_with("1 ")) {
        keep(state.changed, state.changed_count, after_fields(entry, 8));
    } else if (entry.starts_with("u ")) {
        keep(state.changed, state.changed_count, after_fields(entry, 10));
    } else if (entry.starts_with("? ")) {
        keep(state.untracked, state.untracked_count, after_fields(entry, 1));
    }
}

std::string head_of(const std::vector<std::string_view>& entries) {
    constexpr std::string_view kCommit = "# branch.oid ";
    for (const auto entry : entries)
        if (entry.starts_with(kCommit)) return std::string(entry.substr(kCommit.size()));
    return "";
}

}  // namespace

Result<SourceState> GitSourceTree::state(const std::vector<std::string>& paths, Progress& progress) {
    const auto top = TRY(git_.run({.arguments = {"rev-parse", "--show-toplevel"}}, progress));
    if (top.exit_code != 0)
        return Fail(Error::not_found("{} is not in a git working tree: {}", git_.directory(), last_words(top))
                        .hint("run this in a clone of the repository, or: git init"));
    const auto folder = std::string(trim(top.output));
    GitCall call{.arguments = {"status", "--porcelain=v2", "-z", "--branch", "--no-renames",
                               "--untracked-files=all", "--ignore-submodules=dirty", "--"},
                 .directory = folder};
    call.arguments.insert(call.arguments.end(), paths.begin(), paths.end());
    const auto status = TRY(git_.run(std::move(call), progress));
    if (status.exit_code != 0)
        return Fail(Error::failed("git cannot tell the state of {}: {}", folder, last_words(status)));
    const auto entries = split(status.output, '\0');
    auto head = CommitSha::parse(head_of(entries));
    if (!head)
        return Fail(
            Error::not_found("there is no commit yet in {}", folder).hint("commit what you have first"));
    SourceState state{.top = folder, .head = *std::move(head)};
    for (const auto entry : entries) read_entry(entry, state);
    state.remote = TRY(remote_address(progress));
    return state;
}

// `origin`, or the only one there is.
Result<std::string> GitSourceTree::remote_address(Progress& progress) const {
    const auto listed = TRY(git_.line({"remote"}, progress));
    const auto names = split_lines(listed);
    std::string_view chosen = "origin";
    if (std::ranges::find(names, chosen) == names.end()) {
        if (names.size() != 1 || names.front().empty()) return std::string();
        chosen = names.front();
    }
    const auto address = TRY(git_.line({"remote", "get-url", "--", std::string(chosen)}, progress));
    return address_without_credentials(split_lines(address).front());
}

}  // namespace ringmaster::git_source
