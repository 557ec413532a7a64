#pragma once
// GitHub's search language for issues and pull requests, the part of it that gh writes and people type:
// `repo:o/r is:pr state:open label:"needs review" -label:wip author:@me words`.
// https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/paging.h"

namespace ringmaster::local_forge {

struct IssueSearch {
    enum class Kind { Any, Issue, PullRequest };
    enum class State { Any, Open, Closed };

    Kind kind = Kind::Any;
    State state = State::Any;
    std::optional<bool> is_merged;
    std::optional<bool> is_draft;
    std::string repository;  ///< "owner/name"; empty = all
    std::string owner;       ///< user: or org:
    std::string author;      ///< "@me" is left to the caller
    std::string head;
    std::string base;
    std::vector<std::vector<std::string>> labels;  ///< one of each group; "a,b" is a group of two
    std::vector<std::string> without_labels;
    std::vector<std::string> words;  ///< each in the title or the body
    bool by_update = false;
    Direction direction = Direction::Descending;
    /// Asks for something that nothing here has: an assignee, a review request, a milestone.
    bool matches_nothing = false;
};

IssueSearch parse_issue_search(std::string_view text);

}  // namespace ringmaster::local_forge
