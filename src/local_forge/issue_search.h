#pragma once
// GitHub's search language for issues and pull requests, the part of it that clients write and people type:
// `repo:o/r is:pr state:open label:"needs review" -label:wip author:@me words "a phrase" sort:updated-asc`.
// One parser and one finder, so that REST and GraphQL give the same answers. Unlike GitHub's, this search is
// never late (github-facts 2.4).
// https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/issues.h"

namespace ringmaster::local_forge {

/// GitHub gives no more of one search (github-facts 2.6).
inline constexpr std::int64_t kMaxSearchResults = 1000;

struct IssueSearch {
    IssueQuery issues;                      ///< state All unless the text says; `window` is the caller's
    std::vector<std::string> repositories;  ///< "owner/name" of each `repo:`; none = all
    std::vector<std::string> owners;        ///< of `user:` and `org:`; none = all
    bool by_viewer = false;                 ///< author:@me
    /// Asks for something that nothing here has: an assignee, a review request, a milestone.
    bool matches_nothing = false;
};

/// Total: what is no qualifier is a word, as on GitHub.
IssueSearch parse_issue_search(std::string_view text);

struct FoundIssue {
    Repository repository;
    Issue issue;
};

struct FoundIssues {
    std::int64_t total = 0;  ///< of which `issues` is the window
    std::vector<FoundIssue> issues;
    /// `repo:`s are named and none of them may be seen: REST refuses such a search, GraphQL finds nothing.
    bool names_no_repository = false;
};

/// In the repositories that the viewer may read.
Result<FoundIssues> find_issues(ForgeStore& store, const Viewer& viewer, IssueSearch search);

}  // namespace ringmaster::local_forge
