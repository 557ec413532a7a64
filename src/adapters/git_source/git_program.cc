#include "adapters/git_source/git_program.h"

#include "adapters/support/basic_environment.h"
#include "base/text.h"

namespace ringmaster::git_source {
namespace {

// What the configuration or the content of a repository could otherwise make git run, fetch or tidy up
// (git-config(1)).
const std::vector<std::string> kSafely = {
    "--no-pager", "--literal-pathspecs",         "-c", "core.hooksPath=/dev/null",
    "-c",         "core.fsmonitor=false",        "-c", "submodule.recurse=false",
    "-c",         "protocol.ext.allow=never",    "-c", "gc.auto=0",
    "-c",         "maintenance.auto=false",      "-c", "log.showSignature=false",
    "-c",         "core.warnAmbiguousRefs=true", "-c", "color.ui=false"};

// git's output is for us to read, not for whoever watches.
class PulseOnly final : public Progress {
 public:
    explicit PulseOnly(Progress& progress) : progress_(&progress) {}
    void line(std::string_view) override {}
    Result<void> pulse() override { return progress_->pulse(); }

 private:
    Progress* progress_;
};

}  // namespace

std::string last_words(const ProcessResult& result) {
    const auto lines = split_lines(trim(result.error_output));
    return lines.empty() ? fmt::format("exit code {}", result.exit_code)
                         : sanitize_for_terminal(lines.back());
}

Result<ProcessResult> GitProgram::run(GitCall call, Progress& progress) const {
    ProcessSpec spec;
    spec.arguments = {"git", "-C", call.directory.empty() ? directory_ : call.directory};
    spec.arguments.insert(spec.arguments.end(), kSafely.begin(), kSafely.end());
    spec.arguments.insert(spec.arguments.end(), call.arguments.begin(), call.arguments.end());
    spec.environment = support::basic_environment();
    spec.environment["LC_ALL"] = "C";               // its messages are ours to read
    spec.environment["GIT_TERMINAL_PROMPT"] = "0";  // nobody is there to type a password
    spec.environment["GIT_OPTIONAL_LOCKS"] = "0";   // a look must not get in the way of the person's own git
    spec.environment["GIT_NO_REPLACE_OBJECTS"] = "1";  // a commit is what its digits say
    spec.environment.insert(call.environment.begin(), call.environment.end());
    spec.input = std::move(call.input);
    spec.timeout = call.timeout;
    spec.max_output_bytes = call.max_output_bytes;
    spec.on_output = std::move(call.on_output);
    PulseOnly quiet(progress);
    return TRY_WHILE(subprocess_->run(spec, quiet), "running git {} in {}", call.arguments.front(),
                     directory_);
}

Result<std::string> GitProgram::line(std::vector<std::string> arguments, Progress& progress) const {
    const auto doing = arguments.front();
    const auto result = TRY(run({.arguments = std::move(arguments)}, progress));
    if (result.exit_code != 0)
        return Fail(Error::failed("git {} in {} failed: {}", doing, directory_, last_words(result)));
    return std::string(trim(result.output));
}

}  // namespace ringmaster::git_source
