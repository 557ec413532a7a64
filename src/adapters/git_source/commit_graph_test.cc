#include "adapters/git_source/commit_graph.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace ringmaster::git_source {
namespace {

TEST(CommitGraph, AnUnlistedParentIsTheCommonPast) {
    CommitGraph graph;
    graph.add_line("c b");
    graph.add_line("b a");
    graph.add_line("");
    graph.add_line("b a");
    EXPECT_EQ(graph.size(), 2U);
    const auto compared = CommitGraph::compare(graph.past_of("a"), graph.past_of("c"));
    EXPECT_EQ(compared.distance, (CommitDistance{2, 0}));
    EXPECT_FALSE(compared.has_common);
}

// Parents by their places in the list, oldest first; sets instead of bits.
using History = std::vector<std::set<int>>;

std::set<int> past(const History& history, int commit) {
    std::set<int> all{commit};
    for (const int parent : history[static_cast<std::size_t>(commit)]) all.merge(past(history, parent));
    return all;
}

int count_without(const std::set<int>& all, const std::set<int>& without) {
    return static_cast<int>(
        std::ranges::count_if(all, [&](int commit) { return !without.contains(commit); }));
}

RC_GTEST_PROP(CommitGraph, CountsWhatOnlyOneSideHas, ()) {
    History history;
    CommitGraph graph;
    std::vector<std::string> lines;
    const int count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) {
        std::set<int> parents;
        for (int k = 0; i > 0 && k < *rc::gen::inRange(0, 3); ++k) parents.insert(*rc::gen::inRange(0, i));
        history.push_back(parents);
        std::string line = "c" + std::to_string(i);
        for (const int parent : parents) line += " c" + std::to_string(parent);
        lines.push_back(line);
    }
    for (const auto& line : *rc::gen::arbitrary<bool>() ? lines : std::vector(lines.rbegin(), lines.rend()))
        graph.add_line(line);
    const int older = *rc::gen::inRange(0, count);
    const int newer = *rc::gen::inRange(0, count);
    const auto compared = CommitGraph::compare(graph.past_of("c" + std::to_string(older)),
                                               graph.past_of("c" + std::to_string(newer)));
    const auto of_older = past(history, older);
    const auto of_newer = past(history, newer);
    RC_ASSERT(compared.distance.ahead == count_without(of_newer, of_older));
    RC_ASSERT(compared.distance.behind == count_without(of_older, of_newer));
    RC_ASSERT(compared.has_common == (count_without(of_newer, of_older) < static_cast<int>(of_newer.size())));
}

}  // namespace
}  // namespace ringmaster::git_source
