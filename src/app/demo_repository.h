#pragma once
// The author's side of the demo: a checkout of the sample repository, changed, committed and pushed with git
// as a person would.

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/commit_sha.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

class DemoRepository {
 public:
    /// `folder` is made; `clone_url` may carry credentials (it is never printed).
    DemoRepository(std::string folder, std::string clone_url, Subprocess& subprocess)
        : folder_(std::move(folder)), clone_url_(std::move(clone_url)), subprocess_(subprocess) {}

    /// Writes the embedded sample, commits it on main and pushes. Errors: Failed (git said no), NotFound (no
    /// git).
    Result<void> publish_sample();
    /// Starts a branch for a change.
    Result<void> start_branch(std::string_view name);
    /// Changes what the sample says, commits and pushes; the new commit.
    Result<CommitSha> push_greeting(std::string_view greeting, std::string_view message);
    /// Working trees of the checkout, itself included: builds add some.
    Result<int> count_worktrees();
    const std::string& folder() const { return folder_; }

 private:
    Result<std::string> git(std::vector<std::string> arguments);

    std::string folder_;
    std::string clone_url_;
    Subprocess& subprocess_;
};

}  // namespace ringmaster::app
