#pragma once
// Everything that is made of programs of the user's own: the engines exec, what `doctor` asks them, and the
// checks of `check-plugin`.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/exec/exec_builder.h"
#include "adapters/exec/exec_router.h"
#include "adapters/exec/exec_runtime.h"
#include "app/config.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

/// What it is told.
struct ExecFacts {
    const LoadedConfig& loaded;
    const cli::Environment& environment;
    std::string folder;  ///< that programs are run in
    RepositoryName repository = {};
    std::string git_folder = {};  ///< repository that commits are taken from
};

/// How a program is run, whichever it is.
exec::PluginSettings plugin_settings(const ExecFacts& facts, std::vector<std::string> command);

std::unique_ptr<Builder> exec_builder(const ExecFacts& facts, Subprocess& subprocess);
std::unique_ptr<Runtime> exec_runtime(const ExecFacts& facts, Subprocess& subprocess);
/// Errors: InvalidInput (the address).
Result<std::unique_ptr<exec::ExecRouter>> exec_router(const ExecFacts& facts, Subprocess& subprocess);

/// For `doctor`: what a program says of itself, in one line. Errors: what keeps it from being used.
Result<std::string> describe_plugin(const ExecFacts& facts, const TextList& command);

/// The checks of a program, with all they need; `interruption` outlives them.
std::vector<cli::Check> plugin_checks(const ExecFacts& facts, const cli::PluginUnderTest& plugin,
                                      Progress& interruption);

}  // namespace ringmaster::app
