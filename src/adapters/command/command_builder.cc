#include "adapters/command/command_builder.h"

#include <algorithm>

#include "adapters/support/basic_environment.h"

namespace ringmaster::command {

Result<Artifact> CommandBuilder::build(const BuildSpec& spec, Progress& progress) {
    if (settings_.command.empty())
        return Fail(Error::invalid_input("the build engine \"command\" has no command")
                        .hint("set [shows.build] command, or use the engine \"none\""));
    const auto make = [&](const Workspace::Attempt& attempt, Progress& inner) {
        return run(spec, attempt, inner);
    };
    return TRY_WHILE(workspace_.produce(spec, settings_.command, make, progress), "building {} of {}",
                     spec.show.base_name(), spec.show.repository.text());
}

Result<void> CommandBuilder::run(const BuildSpec& spec, const Workspace::Attempt& attempt,
                                 Progress& progress) {
    ProcessSpec process;
    process.arguments = settings_.command;
    process.directory = attempt.tree;
    process.environment = support::basic_environment();
    for (const auto& [name, value] : settings_.environment) process.environment[name] = value;
    process.environment["RINGMASTER_PR"] = std::to_string(spec.show.pull_request_number);
    process.environment["RINGMASTER_SHA"] = spec.commit.text();
    process.environment["RINGMASTER_REPOSITORY"] = spec.show.repository.text();
    const auto equals = attempt.marker.find('=');
    process.environment[attempt.marker.substr(0, equals)] = attempt.marker.substr(equals + 1);
    process.limits = settings_.limits;
    process.timeout = std::max<Duration>(attempt.time_left, Duration(1));
    process.max_output_bytes = 0;  // it is in the log
    const auto result = subprocess_->run(process, progress);
    // The log goes with the attempt; its last lines are in the comment and on the terminal.
    if (!result && result.error().kind() == ErrorKind::TimedOut)
        return Fail(Error::timed_out("the build was stopped: it had not ended after {}",
                                     format_duration_for_people(spec.timeout)));
    if (!result) return Fail(result.error());
    if (result->exit_code != 0)
        return Fail(Error::failed("the build command ended with exit code {}", result->exit_code));
    return {};
}

}  // namespace ringmaster::command
