// How far commits are from one another: GitSourceTree::commits_between. A grid asks for hundreds at once, so
// the history is listed once for all of them, down to where they meet, instead of walked for each.

#include <algorithm>
#include <set>

#include "adapters/git_source/commit_graph.h"
#include "adapters/git_source/git_source_tree.h"
#include "adapters/support/line_splitter.h"
#include "base/text.h"

namespace ringmaster::git_source {
namespace {

constexpr std::size_t kFewestDigits = 4;  // fewer are never unique enough for git (core.abbrev's minimum)
constexpr std::size_t kMostAtOnce = 500;  // commits given to one git: 20 kB of arguments
constexpr auto kWalkTimeout = std::chrono::minutes(5);
constexpr std::size_t kMostCommits = 3'000'000;  // larger than any known repository's history; 500 MB here

using Distances = std::map<std::string, std::optional<CommitDistance>>;

bool can_be_digits(std::string_view text) {
    return text.size() >= kFewestDigits && text.size() <= CommitSha::kLength &&
           is_lower_hex(to_lower_ascii(text));
}

// A commit that all have in their past; empty = there is none, or only in parts.
Result<std::string> meeting_point(const GitProgram& git, const std::vector<std::string>& tips,
                                  Progress& progress) {
    GitCall call{.arguments = {"merge-base", "--octopus"}, .timeout = kWalkTimeout};
    call.arguments.insert(call.arguments.end(), tips.begin(), tips.end());
    const auto result = TRY(git.run(std::move(call), progress));
    return result.exit_code == 0 ? std::string(trim(result.output)) : std::string();
}

Result<CommitGraph> history(const GitProgram& git, const std::vector<std::string>& tips,
                            const std::string& meeting, Progress& progress) {
    CommitGraph graph;
    support::LineSplitter lines;
    const auto add = [&](std::string_view line) {
        if (graph.size() <= kMostCommits) graph.add_line(line);
    };
    GitCall call{.arguments = {"rev-list", "--parents", "--stdin"}, .timeout = kWalkTimeout};
    call.input = join(tips, "\n") + "\n" + (meeting.empty() ? "" : "^" + meeting + "\n");
    call.on_output = [&](std::string_view bytes) { lines.feed(bytes, add); };
    const auto result = TRY(git.run(std::move(call), progress));
    lines.finish(add);
    if (result.exit_code != 0)
        return Fail(
            Error::failed("git cannot list the history of {}: {}", git.directory(), last_words(result)));
    if (graph.size() > kMostCommits)
        return Fail(
            Error::failed("the history of {} has more than {} commits", git.directory(), kMostCommits));
    return graph;
}

}  // namespace

Result<Distances> GitSourceTree::commits_between(const std::vector<std::string>& older,
                                                 const CommitSha& newer, Progress& progress) {
    TRY(require(newer, progress));
    Distances all;
    std::vector<std::string> digits;
    for (const auto& text : std::set<std::string>(older.begin(), older.end())) {
        all[text] = std::nullopt;
        if (can_be_digits(text)) digits.push_back(text);
    }
    for (std::size_t i = 0; i < digits.size(); i += kMostAtOnce) {
        const auto end = std::min(i + kMostAtOnce, digits.size());
        const std::vector<std::string> part(digits.begin() + static_cast<std::ptrdiff_t>(i),
                                            digits.begin() + static_cast<std::ptrdiff_t>(end));
        for (auto& [text, distance] : TRY(distances(part, newer, progress))) all[text] = distance;
    }
    return all;
}

Result<Distances> GitSourceTree::distances(const std::vector<std::string>& older, const CommitSha& newer,
                                           Progress& progress) const {
    const auto known = TRY(commits_of(older, progress)).commits;
    std::vector<std::string> tips{newer.text()};
    for (std::size_t i = 0; i < older.size(); ++i)  // a branch may be named like digits
        if (known[i].starts_with(to_lower_ascii(older[i]))) tips.push_back(known[i]);
    std::ranges::sort(tips);
    tips.erase(std::ranges::unique(tips).begin(), tips.end());
    const auto meeting = TRY(meeting_point(git_, tips, progress));
    const auto graph = TRY(history(git_, tips, meeting, progress));
    const auto past = graph.past_of(newer.text());
    std::map<std::string, CommitGraph::Comparison> compared;  // many deployments run one commit
    for (const auto& tip : tips) compared[tip] = CommitGraph::compare(graph.past_of(tip), past);
    Distances result;
    for (std::size_t i = 0; i < older.size(); ++i) {
        result[older[i]] = std::nullopt;
        if (!known[i].starts_with(to_lower_ascii(older[i])) || known[i].empty()) continue;
        const auto& [distance, has_common] = compared[known[i]];
        if (has_common || !meeting.empty()) result[older[i]] = distance;
    }
    return result;
}

}  // namespace ringmaster::git_source
