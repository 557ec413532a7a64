#pragma once
// Checkouts of exact commits beside a git repository (git-worktree(1)), made so that nothing in the commit's
// content gets to act: no hooks, no submodules, no file system monitor.

#include <string>
#include <vector>

#include "adapters/support/folder_lock.h"
#include "base/result.h"
#include "base/time.h"
#include "domain/commit_sha.h"
#include "ports/clock.h"
#include "ports/progress.h"
#include "ports/subprocess.h"

namespace ringmaster::support {

struct GitSource {
    std::string repository;  ///< path of a checkout or a bare repository to take commits from
    std::string remote;      ///< name or URL to fetch a missing commit from; empty = it has to be there
};

class GitWorktrees {
 public:
    GitWorktrees(GitSource source, Subprocess& subprocess, Clock& clock)
        : source_(std::move(source)), subprocess_(&subprocess), clock_(&clock) {}

    /// Checks `commit` out as a new folder `path` and verifies that its HEAD is that commit.
    /// `pull_request_number` says where else the remote may have it (refs/pull/N/head). All within `timeout`.
    /// Errors: NotFound (no such commit, no such repository), Failed, TimedOut, the pulse's own. Leaves
    /// nothing then.
    Result<void> add(const std::string& path, const CommitSha& commit, int pull_request_number,
                     Duration timeout, Progress& progress);
    /// Removes folder and registration; nothing there is success.
    Result<void> remove(const std::string& path);

 private:
    Result<ProcessResult> git(std::vector<std::string> arguments, Duration timeout, Progress& progress);
    Result<std::string> git_line(std::vector<std::string> arguments);
    Result<bool> has(const CommitSha& commit);
    Result<void> fetch(const CommitSha& commit, int pull_request_number, Duration timeout,
                       Progress& progress);
    Result<void> check_out(const std::string& path, const CommitSha& commit, Duration timeout,
                           Progress& progress);
    /// Held while worktrees are registered and listed. NotFound: there is no repository.
    Result<support::FolderLock> lock_registrations(Progress& progress);

    GitSource source_;
    Subprocess* subprocess_;
    Clock* clock_;
};

}  // namespace ringmaster::support
