#pragma once
// Runs the `git` executable on a bare repository. Every call starts one process, waits for it, and gives what
// it printed; an exit code is an answer, not an error. No environment is handed on but what stands here.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

struct GitResult {
    int exit_code = 0;
    std::string output;
    std::string error_output;
    bool ok() const { return exit_code == 0; }
};

struct GitCall {
    std::vector<std::string> arguments;  ///< without "git" and the repository
    std::string input;
    std::map<std::string, std::string> environment;  ///< added to our own
    bool with_hooks = false;  ///< a push runs the repository's hooks; our own upkeep does not
};

class Git {
 public:
    explicit Git(std::string bare_repository) : path_(std::move(bare_repository)) {}

    /// Errors: NotFound (no git on this machine), Unavailable (no process could be made), TimedOut (after 10
    /// minutes).
    Result<GitResult> run(const GitCall& call) const;
    /// The same with the repository as the current folder, for commands that take it as an argument (".").
    Result<GitResult> run_inside(const GitCall& call) const;
    /// What it printed, without the last line break; any exit code but 0 is an error (Failed) with git's own
    /// words.
    Result<std::string> read(std::vector<std::string> arguments, std::string input = "") const;

    /// `ref` updates in git's own `update-ref --stdin` form, all or none; the refusal is git's words
    /// (Failed).
    Result<void> update_refs(const std::string& script) const;
    /// In the order asked; unknown ones are an error.
    Result<std::vector<Commit>> commits(const std::vector<std::string>& log_arguments,
                                        std::string input = "") const;
    Result<bool> is_ancestor(std::string_view ancestor, std::string_view descendant) const;

    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

}  // namespace ringmaster::local_forge
