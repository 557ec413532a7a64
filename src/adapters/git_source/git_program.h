#pragma once
// Runs git on one repository, reading only: without a shell, with an environment of its own, and so that
// neither the repository's content nor its hooks get to act. Whatever comes from outside is either checked
// (commits are digits) or goes in on stdin, where nothing is an option.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/progress.h"
#include "ports/subprocess.h"

namespace ringmaster::git_source {

struct GitCall {
    std::vector<std::string> arguments;  ///< after "git"
    std::string input;
    std::map<std::string, std::string> environment;  ///< beside what every call gets
    std::string directory;                           ///< empty = the repository's
    Duration timeout = std::chrono::minutes(1);      ///< all of it is local
    std::size_t max_output_bytes = 16 << 20;
    std::function<void(std::string_view bytes)> on_output;  ///< as ProcessSpec has it
};

class GitProgram {
 public:
    /// `directory`: anywhere in the repository.
    GitProgram(std::string directory, Subprocess& subprocess)
        : directory_(std::move(directory)), subprocess_(&subprocess) {}

    const std::string& directory() const { return directory_; }
    /// Its output does not go to `progress`. An exit code is no error. Errors: those of Subprocess.
    Result<ProcessResult> run(GitCall call, Progress& progress) const;
    /// Its output, trimmed. Errors: Failed, with git's last words, when it does not exit 0.
    Result<std::string> line(std::vector<std::string> arguments, Progress& progress) const;

 private:
    std::string directory_;
    Subprocess* subprocess_;
};

/// Why git failed, in its own words, safe for a terminal.
std::string last_words(const ProcessResult& result);

}  // namespace ringmaster::git_source
