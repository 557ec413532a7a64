#pragma once
// Build engine "command": a checkout of exactly the show's commit, in which a configured command runs. The
// command comes from the configuration, but what it builds comes from the pull request: it gets no secrets
// and no token, and runs as our user, so that fork policy and approval (shows/) decide what gets here at all.

#include <map>
#include <string>
#include <vector>

#include "adapters/support/workspace.h"
#include "ports/builder.h"
#include "ports/subprocess.h"

namespace ringmaster::command {

using support::Workspace;

struct CommandBuilderSettings {
    Workspace::Settings workspace;
    /// A program and its arguments; see shell_command().
    std::vector<std::string> command;
    /// On top of PATH, HOME, LANG, TMPDIR and RINGMASTER_PR, _SHA and _REPOSITORY, which it cannot change.
    std::map<std::string, std::string> environment;
    ProcessLimits limits;
};

/// A line as typed into a shell.
inline std::vector<std::string> shell_command(std::string line) {
    return {"/bin/sh", "-c", std::move(line)};
}

class CommandBuilder final : public Builder {
 public:
    CommandBuilder(CommandBuilderSettings settings, Subprocess& subprocess, Clock& clock)
        : settings_(std::move(settings)),
          workspace_(settings_.workspace, subprocess, clock),
          subprocess_(&subprocess) {}

    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    Result<void> remove(const ShowId& show) override { return workspace_.remove(show); }
    std::string log_path(const ShowId& show) const { return workspace_.log_path(show); }

 private:
    Result<void> run(const BuildSpec& spec, const Workspace::Attempt& attempt, Progress& progress);

    CommandBuilderSettings settings_;
    Workspace workspace_;
    Subprocess* subprocess_;
};

}  // namespace ringmaster::command
