#pragma once
// The few questions we ask of the git repository we are started in, by running git.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/environment.h"
#include "domain/commit_sha.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

class LocalGit {
 public:
    LocalGit(Subprocess& subprocess, std::string directory, const cli::Environment& environment)
        : subprocess_(subprocess), directory_(std::move(directory)), environment_(environment) {}

    bool is_installed();
    /// Top of the working tree; nullopt: not in one, or there is no git.
    std::optional<std::string> top_folder();
    /// Address of the remote `origin`; empty = none.
    std::string origin();
    /// user.email as git knows it; empty = it is not set.
    std::string user_email();
    std::optional<CommitSha> head();
    /// Whether HEAD contains the commit; nullopt: the history here does not reach far enough to tell.
    std::optional<bool> head_contains(const CommitSha& commit);

 private:
    Result<ProcessResult> run(std::vector<std::string> arguments);
    /// The output without its last newline; nullopt unless git exits 0.
    std::optional<std::string> ask(std::vector<std::string> arguments);

    Subprocess& subprocess_;
    std::string directory_;
    const cli::Environment& environment_;
};

}  // namespace ringmaster::app
