#pragma once
// A program of the user's own that does a builder's, a runtime's or a router's work, and how we talk to it:
// one process a call, `PROGRAM [ARGUMENT…] OPERATION`, one JSON document on its stdin, one JSON document a
// line on its stdout. docs/engines/exec.md is the protocol; nothing else here knows its outer form.

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/support/json_reader.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/progress.h"
#include "ports/subprocess.h"

namespace ringmaster::exec {

/// The version of the protocol, in every request and in the answer to "hello".
constexpr int kProtocol = 1;
/// For what a program only has to look up.
constexpr auto kLookTimeout = std::chrono::minutes(1);

struct PluginSettings {
    std::vector<std::string> command;  ///< program and arguments; the operation is added
    std::string folder;                ///< that it runs in, so that "./my-runtime" is found; empty = ours
    /// On top of PATH, HOME, LANG and TMPDIR.
    std::map<std::string, std::string> environment;
};

/// One operation to ask for.
struct PluginCall {
    std::string operation;
    std::map<std::string, std::string> environment;  ///< what a program in shell need not parse JSON for
    std::optional<Duration> timeout;                 ///< nullopt: as long as the pulse lets it
    /// Whether lines on stderr are progress; they are no lines of a show's log.
    enum class Stderr { IsProgress, IsKept } stderr_lines = Stderr::IsProgress;
};

/// What the program said in the end.
struct PluginAnswer {
    std::optional<support::JsonReader> ok;
    std::optional<Error> refusal;  ///< its {"error":…}; set if `ok` is not
};

/// What it says about itself.
struct PluginHello {
    int protocol = 0;
    std::string name;
    std::vector<std::string> operations;
};

/// Used from several threads at once.
class PluginProgram {
 public:
    PluginProgram(PluginSettings settings, Subprocess& subprocess)
        : settings_(std::move(settings)), subprocess_(&subprocess) {}

    /// Runs it; its lines go to `progress`. `request` is an object; protocol and operation are added. A
    /// refusal is an answer. Errors: NotFound (no such program), Corrupt (it does not keep to the protocol),
    /// Failed (it ended without an answer), TimedOut, the pulse's own.
    Result<PluginAnswer> call(const PluginCall& call, nlohmann::json request, Progress& progress) const;
    /// As call, with a refusal as the error.
    Result<support::JsonReader> ask(const PluginCall& call, nlohmann::json request, Progress& progress) const;
    /// Errors: as ask; Corrupt for a protocol that is not ours, too.
    Result<PluginHello> hello(Progress& progress) const;
    /// What it says of itself, in one line for people. Errors: as hello.
    Result<std::string> describe() const;

    /// The command as typed, for messages.
    std::string name() const;

 private:
    ProcessSpec process_of(const PluginCall& call, const std::string& input) const;

    PluginSettings settings_;
    Subprocess* subprocess_;
};

}  // namespace ringmaster::exec
