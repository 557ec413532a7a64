#include "local_forge/rebasing.h"

#include "base/text.h"
#include "local_forge/merging.h"

namespace ringmaster::local_forge {
namespace {

// GitHub rebases no more either; each may take five processes.
constexpr std::size_t kMostCommits = 100;

// Dates with their zone, as they are to be written again. NUL ends fields, NUL 0x01 records.
constexpr std::string_view kFormat = "--format=%T%x00%P%x00%an%x00%ae%x00%ad%x00%B%x00%x01";
constexpr std::string_view kRecordEnd("\0\1\n", 3);

struct Original {
    std::string tree;
    std::string parent;
    std::string author_name;
    std::string author_email;
    std::string author_date;
    std::string message;
};

Result<std::vector<Original>> commits_between(const Git& git, std::string_view base, std::string_view head) {
    const std::string output =
        TRY(git.read({"log", "--no-color", "--no-merges", "--topo-order", "--reverse", "--date=raw",
                      std::string(kFormat), fmt::format("{}..{}", base, head)})) +
        "\n";
    std::vector<Original> commits;
    std::string_view rest = output;
    for (auto end = rest.find(kRecordEnd); end != rest.npos; end = rest.find(kRecordEnd)) {
        const auto fields = split(rest.substr(0, end), '\0');
        if (fields.size() < 6) return Fail(Error::corrupt("git printed a commit that cannot be read"));
        commits.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2]),
                           std::string(fields[3]), std::string(fields[4]), std::string(fields[5])});
        rest.remove_prefix(end + kRecordEnd.size());
    }
    return commits;
}

Result<std::string> tree_of(const Git& git, std::string_view commit) {
    return git.read({"rev-parse", "--verify", fmt::format("{}^{{tree}}", commit)});
}

// Git before 2.40 takes the merge's base from history only, so three commits that nobody keeps make one:
// `parent` below `ours` and `theirs`.
Result<std::optional<std::string>> merged_trees(const Git& git, const std::string& parent,
                                                const std::string& ours, const std::string& theirs,
                                                const Signature& who) {
    if (parent == ours) return theirs;
    if (parent == theirs || ours == theirs) return ours;
    const std::string base = TRY(commit_tree(git, parent, {}, "base", who));
    return merged_tree(git, TRY(commit_tree(git, ours, {base}, "ours", who)),
                       TRY(commit_tree(git, theirs, {base}, "theirs", who)));
}

Result<std::string> write_again(const Git& git, const Original& original, const std::string& tree,
                                const std::string& parent, const Signature& committer) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(committer.time.time_since_epoch()).count();
    GitCall call{{"commit-tree", tree, "-p", parent}, original.message};
    call.environment = {
        {"GIT_AUTHOR_NAME", original.author_name}, {"GIT_AUTHOR_EMAIL", original.author_email},
        {"GIT_AUTHOR_DATE", original.author_date}, {"GIT_COMMITTER_NAME", committer.name},
        {"GIT_COMMITTER_EMAIL", committer.email},  {"GIT_COMMITTER_DATE", fmt::format("{} +0000", seconds)}};
    const auto result = TRY(git.run(call));
    if (!result.ok()) return Fail(Error::failed("git commit-tree failed: {}", trim(result.error_output)));
    return std::string(trim(result.output));
}

}  // namespace

Result<std::optional<std::string>> rebased(const Git& git, std::string_view base, std::string_view head,
                                           const Signature& committer) {
    const auto wanted_tree = TRY(merged_tree(git, base, head));
    const auto commits = TRY(commits_between(git, base, head));
    if (!wanted_tree || commits.size() > kMostCommits) return std::nullopt;
    std::string tip(base);
    std::string tree = TRY(tree_of(git, base));
    for (const Original& original : commits) {
        if (original.parent.empty()) return std::nullopt;  // a second root
        const std::string parent_tree = TRY(tree_of(git, original.parent));
        const auto result = TRY(merged_trees(git, parent_tree, tree, original.tree, committer));
        if (!result) return std::nullopt;
        const bool is_there_already = *result == tree && original.tree != parent_tree;
        if (is_there_already) continue;
        tip = TRY(write_again(git, original, *result, tip, committer));
        tree = *result;
    }
    if (tree != *wanted_tree) return std::nullopt;
    return tip;
}

}  // namespace ringmaster::local_forge
