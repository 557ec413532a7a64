#pragma once
// Pull requests: opened by hand or by a push, following their branch while open, merged, closed, reopened
// (github-facts §4, 8.3).

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/issues.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct NewPullRequest {
    std::string title;
    std::optional<std::string> body;
    Id head_repository_id = 0;
    std::string head_ref;
    std::string base_ref;
    bool is_draft = false;
};

struct PullRequestChange {
    std::optional<std::string> title;
    std::optional<std::string> body;
    std::optional<IssueState> state;
    std::optional<std::string> base_ref;
    std::optional<bool> is_draft;
};

/// A branch created (no `before`), moved or deleted (no `after`).
struct BranchMove {
    std::string branch;  ///< without refs/heads/
    std::string before;
    std::string after;
    bool forced = false;  ///< `after` does not contain `before`
};

enum class PullRequestState { Open, Closed, Merged };

struct PullRequestQuery {
    std::vector<PullRequestState> states;  ///< none = all; "closed" of REST is Closed and Merged
    std::string base_ref;                  ///< empty = any
    std::string head_ref;
    std::string head_owner;
    std::vector<std::string> label_names;  ///< carries one of them (GraphQL's `labels:`)
    bool by_update = false;                ///< otherwise by creation, which is by number
    Direction direction = Direction::Descending;
    /// Only what comes after this pull request in that order: a cursor that does not move when others are
    /// removed.
    std::optional<std::int64_t> after_number;
    std::optional<std::int64_t> before_number;
    Window window;
};

class PullRequests {
 public:
    explicit PullRequests(ForgeStore& store) : store_(store) {}

    /// Refusals: 422 (no commits between, no such branch, one is open already), 403.
    Answer<PullRequest> create(const Viewer& viewer, const Repository& base, const NewPullRequest& wanted);
    /// Title, body, state, base, draft. Refusals: 422 (4.12: the branch no longer contains the head; merged),
    /// 403.
    Answer<PullRequest> update(const Viewer& viewer, const Repository& repository, const PullRequest& pull,
                               const PullRequestChange& change);
    /// `method`: "merge", "squash" or "rebase"; the commit that the base branch is at then. Refusals: 405
    /// (not mergeable, closed), 409 (`expected_head`).
    Answer<std::string> merge(const Viewer& viewer, const Repository& repository, const PullRequest& pull,
                              std::string_view method, std::string_view title, std::string_view message,
                              std::string_view expected_head);

    /// Whether merging it by "rebase" would work now: tries it, which takes a while.
    Result<bool> can_be_rebased(const Repository& repository, const PullRequest& pull);

    Result<std::optional<PullRequest>> find(const Repository& repository, std::int64_t number);
    Result<std::optional<PullRequest>> find(Id issue_id);
    Result<std::vector<PullRequest>> list(const Repository& repository, const PullRequestQuery& query);
    Result<std::int64_t> count(const Repository& repository, const PullRequestQuery& query);
    /// Oldest first, as the pull request's commit list shows them.
    Result<std::vector<Commit>> commits(const Repository& repository, const PullRequest& pull);
    /// With `is_mergeable` known: computes it and refs/pull/N/merge when it is not.
    Answer<PullRequest> with_mergeability(const Repository& repository, PullRequest pull);
    /// Pull requests whose head is this commit.
    Result<std::vector<PullRequest>> of_head_sha(const Repository& repository, std::string_view sha);

    /// What a push does: opens, synchronizes, closes, or finds merged.
    Result<void> branches_moved(const Viewer& pusher, const Repository& repository,
                                std::span<const BranchMove> moves);

 private:
    Result<Id> insert(const Repository& base, const User& author, const NewPullRequest& wanted,
                      const Repository& head, std::string_view head_sha, std::string_view base_sha);
    Answer<void> check_new(const Repository& base, const NewPullRequest& wanted, const Repository& head);
    Answer<void> set_state(const Viewer& viewer, const Repository& repository, const PullRequest& pull,
                           IssueState state);
    Answer<void> reopen(const Viewer& viewer, const Repository& repository, const PullRequest& pull);
    Result<void> mark_merged(const Viewer& viewer, const PullRequest& pull, std::string_view merge_commit);
    Result<void> emit(const Viewer& viewer, std::string_view action, Id issue_id,
                      std::string_view before = "", std::string_view after = "", std::string changes = "");
    Result<std::vector<PullRequest>> open_from(const Repository& head, std::string_view branch);
    Result<std::vector<PullRequest>> open_into(const Repository& base, std::string_view branch);
    /// Head moved: the record, refs/pull/N/head and the event.
    Result<void> synchronize(const Viewer& pusher, const PullRequest& pull, const BranchMove& move);
    Result<void> find_merged(const Viewer& pusher, const Repository& base, const BranchMove& move);
    Result<bool> may_open_for(const Repository& repository, std::string_view branch);
    Result<void> open_for(const Viewer& pusher, const Repository& repository, const BranchMove& move);
    Result<std::unordered_set<std::string>> branches_with_own_commits(const Repository& repository);
    Result<void> write_missing_head_refs(const Repository& repository);
    /// refs/pull/N/head in the base repository; fetched from the fork if need be.
    Result<void> write_head_ref(const Repository& base, const PullRequest& pull);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
