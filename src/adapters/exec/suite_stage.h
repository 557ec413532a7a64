#pragma once
// What the checks of a program work on: a folder with a page to serve, and a git repository with one commit
// that builds and one that does not. All of it goes with the object.

#include <string>
#include <vector>

#include "adapters/exec/plugin_suite.h"
#include "base/result.h"
#include "domain/commit_sha.h"
#include "domain/repository_name.h"

namespace ringmaster::exec {

class SuiteStage {
 public:
    SuiteStage(Subprocess& subprocess, Entropy& entropy);
    ~SuiteStage();
    SuiteStage(const SuiteStage&) = delete;
    SuiteStage& operator=(const SuiteStage&) = delete;

    /// One that nobody else's shows belong to.
    const RepositoryName& repository() const { return repository_; }
    std::string app_folder() const { return folder_ + "/app"; }
    std::string git_folder() const { return folder_ + "/repository"; }
    /// A folder that is not there.
    std::string nowhere() const { return folder_ + "/nowhere"; }
    CommitSha made_up_commit();

    /// Serves the app's folder with Python.
    static std::vector<std::string> app_command();
    static std::vector<std::string> build_command();

    Result<void> write_app();
    /// A new commit of the repository, which is made with the first. Errors: Failed (git), Unavailable.
    Result<CommitSha> commit(std::string_view build_script);

 private:
    Result<std::string> git(std::vector<std::string> arguments);

    Subprocess* subprocess_;
    Entropy* entropy_;
    RepositoryName repository_;
    std::string folder_;
};

}  // namespace ringmaster::exec
