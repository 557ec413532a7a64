#pragma once
// Build engine "exec": a program of the user's own turns a commit into something that can run, here or on a
// machine of its own. What it must keep to is what ports/builder.h asks of every engine; `ringmaster
// check-plugin builder` tries it.

#include <map>
#include <string>
#include <vector>

#include "adapters/exec/plugin_program.h"
#include "ports/builder.h"

namespace ringmaster::exec {

/// What the program is told besides the version.
struct ExecBuilderSettings {
    std::vector<std::string> command;  ///< [shows.build] command; may be empty
    std::map<std::string, std::string> environment;
    std::string source;  ///< git repository that has the commit, or can fetch it
    std::string remote;  ///< where from; empty = never
};

/// Used from several threads at once.
class ExecBuilder final : public Builder {
 public:
    ExecBuilder(ExecBuilderSettings settings, PluginProgram program)
        : settings_(std::move(settings)), program_(std::move(program)) {}

    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    Result<void> remove(const ShowId& show) override;

 private:
    Result<PluginAnswer> start(const BuildSpec& spec, Progress& progress) const;
    std::map<std::string, std::string> variables_of(const ShowId& show) const;

    ExecBuilderSettings settings_;
    PluginProgram program_;
};

}  // namespace ringmaster::exec
