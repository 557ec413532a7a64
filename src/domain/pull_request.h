#pragma once
// A pull request as a forge tells it.

#include <optional>
#include <string>

#include "base/time.h"
#include "domain/commit_sha.h"

namespace ringmaster {

enum class PullRequestState { Open, Closed, Merged };

struct PullRequest {
    int number = 0;
    PullRequestState state = PullRequestState::Open;
    bool is_draft = false;
    std::string title;
    std::string body;
    std::string author;  ///< login; empty for a deleted account
    std::string url;
    /// The version that is wanted: the branch's tip where the forge tells it, else the recorded head (which
    /// can lag the branch by hours on GitHub: github-facts 2.3).
    CommitSha head;
    std::string head_subject;  ///< first line of the head's commit message; may be empty
    std::string head_branch;
    bool is_from_fork = false;  ///< the head is in another repository, or that repository is gone
    bool is_open() const { return state == PullRequestState::Open; }
};

}  // namespace ringmaster
