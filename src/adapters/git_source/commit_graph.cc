#include "adapters/git_source/commit_graph.h"

#include "base/text.h"

namespace ringmaster::git_source {

std::uint32_t CommitGraph::number_of(std::string_view commit) {
    const auto [place, is_new] =
        numbers_.try_emplace(std::string(commit), static_cast<std::uint32_t>(parents_.size()));
    if (is_new) {
        parents_.emplace_back();
        is_listed_.push_back(false);
    }
    return place->second;
}

void CommitGraph::add_line(std::string_view line) {
    const auto words = split(trim(line), ' ');
    if (words.front().empty()) return;
    const auto commit = number_of(words.front());
    if (is_listed_[commit]) return;
    is_listed_[commit] = true;
    ++count_;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto parent = number_of(words[i]);  // first: it may move parents_
        parents_[commit].push_back(parent);
    }
}

std::vector<bool> CommitGraph::past_of(std::string_view commit) const {
    std::vector<bool> seen(parents_.size(), false);
    const auto start = numbers_.find(std::string(commit));
    if (start == numbers_.end() || !is_listed_[start->second]) return seen;
    std::vector<std::uint32_t> left{start->second};
    seen[start->second] = true;
    while (!left.empty()) {
        const auto next = left.back();
        left.pop_back();
        for (const auto parent : parents_[next]) {
            if (seen[parent] || !is_listed_[parent]) continue;
            seen[parent] = true;
            left.push_back(parent);
        }
    }
    return seen;
}

CommitGraph::Comparison CommitGraph::compare(const std::vector<bool>& older, const std::vector<bool>& newer) {
    Comparison result;
    for (std::size_t i = 0; i < newer.size(); ++i) {
        if (newer[i] && !older[i]) ++result.distance.ahead;
        if (older[i] && !newer[i]) ++result.distance.behind;
        if (older[i] && newer[i]) result.has_common = true;
    }
    return result;
}

}  // namespace ringmaster::git_source
