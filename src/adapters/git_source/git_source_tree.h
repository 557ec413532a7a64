#pragma once
// The repository that flows come from, read with git (2.31 or newer). See ports/source_tree.h for what each
// call promises; what is here is how git is asked.

#include <string>
#include <vector>

#include "adapters/git_source/git_program.h"
#include "ports/source_tree.h"

namespace ringmaster::git_source {

class GitSourceTree final : public SourceTree {
 public:
    /// `directory`: anywhere in the repository; nothing is looked at before the first call.
    GitSourceTree(std::string directory, Subprocess& subprocess) : git_(std::move(directory), subprocess) {}

    Result<SourceState> state(const std::vector<std::string>& paths, Progress& progress) override;
    Result<CommitSha> resolve(std::string_view text, Progress& progress) override;
    Result<std::map<std::string, std::optional<CommitDistance>>> commits_between(
        const std::vector<std::string>& older, const CommitSha& newer, Progress& progress) override;
    Result<std::string> read_file(const CommitSha& commit, const std::string& path,
                                  Progress& progress) override;
    Result<void> export_commit(const CommitSha& commit, const std::string& folder,
                               Progress& progress) override;
    Result<CommitSummary> describe(const CommitSha& commit, Progress& progress) override;

 private:
    /// What each name means, in their order; empty = nothing, or not one thing.
    struct Resolved {
        std::vector<std::string> commits;
        bool is_ambiguous = false;  ///< one of them, at least
    };
    Result<Resolved> commits_of(const std::vector<std::string>& names, Progress& progress) const;
    Result<void> require(const CommitSha& commit, Progress& progress) const;
    Result<std::string> remote_address(Progress& progress) const;
    Result<std::map<std::string, std::optional<CommitDistance>>> distances(
        const std::vector<std::string>& older, const CommitSha& newer, Progress& progress) const;

    GitProgram git_;
};

}  // namespace ringmaster::git_source
