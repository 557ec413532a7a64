#include "local_forge/merging.h"

#include "base/text.h"

namespace ringmaster::local_forge {

Result<std::optional<std::string>> merged_tree(const Git& git, std::string_view base, std::string_view head) {
    // Exit 1 is a conflict, more is an error such as unrelated histories (git-merge-tree(1)).
    const auto result =
        TRY(git.run({{"merge-tree", "--write-tree", std::string(base), std::string(head)}, "", {}}));
    if (!result.ok()) return std::nullopt;
    return std::string(split_lines(result.output).front());
}

Result<std::string> commit_tree(const Git& git, std::string_view tree,
                                const std::vector<std::string>& parents, std::string_view message,
                                const Signature& who) {
    GitCall call{{"commit-tree", std::string(tree)}, std::string(message)};
    for (const auto& parent : parents) call.arguments.insert(call.arguments.end(), {"-p", parent});
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(who.time.time_since_epoch()).count();
    const std::string date = fmt::format("{} +0000", seconds);
    call.environment = {{"GIT_AUTHOR_NAME", who.name},      {"GIT_AUTHOR_EMAIL", who.email},
                        {"GIT_AUTHOR_DATE", date},          {"GIT_COMMITTER_NAME", who.name},
                        {"GIT_COMMITTER_EMAIL", who.email}, {"GIT_COMMITTER_DATE", date}};
    const auto result = TRY(git.run(call));
    if (!result.ok()) return Fail(Error::failed("git commit-tree failed: {}", trim(result.error_output)));
    return std::string(trim(result.output));
}

Result<MergeStatistics> merge_statistics(const Git& git, std::string_view base, std::string_view head) {
    MergeStatistics statistics;
    const auto merge_base = TRY(git.run({{"merge-base", std::string(base), std::string(head)}, "", {}}));
    if (!merge_base.ok()) return statistics;
    statistics.merge_base = trim(merge_base.output);
    const std::string range = fmt::format("{}..{}", base, head);
    statistics.commits = parse_integer(TRY(git.read({"rev-list", "--count", range}))).value_or(0);
    const std::string changes =
        TRY(git.read({"diff", "--numstat", statistics.merge_base, std::string(head)}));
    for (const std::string_view line : split_lines(changes)) {
        const auto fields = split(line, '\t');
        ++statistics.changed_files;
        if (fields.size() < 3) continue;
        // "-" for binary files.
        statistics.additions += parse_integer(fields[0]).value_or(0);
        statistics.deletions += parse_integer(fields[1]).value_or(0);
    }
    return statistics;
}

}  // namespace ringmaster::local_forge
