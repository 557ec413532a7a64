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
    /// `folder` is there; `clone_url` may carry credentials (it is never printed); `bare_repository` is the
    /// forge's own, which builds take commits from.
    DemoRepository(std::string folder, std::string clone_url, std::string bare_repository,
                   Subprocess& subprocess)
        : folder_(std::move(folder)),
          clone_url_(std::move(clone_url)),
          bare_repository_(std::move(bare_repository)),
          subprocess_(subprocess) {}

    /// Writes the embedded sample, commits it on main and pushes. Errors: Failed (git said no), NotFound (no
    /// git).
    Result<void> publish_sample();
    /// Starts a branch for a change.
    Result<void> start_branch(std::string_view name);
    /// Changes what the sample says, commits and pushes; the new commit.
    Result<CommitSha> push_greeting(std::string_view greeting, std::string_view message);
    /// Working trees that builds have made and not removed.
    Result<int> count_worktrees();
    const std::string& folder() const { return folder_; }

 private:
    Result<std::string> git(std::vector<std::string> arguments);

    std::string folder_;
    std::string clone_url_;
    std::string bare_repository_;
    Subprocess& subprocess_;
};

}  // namespace ringmaster::app
