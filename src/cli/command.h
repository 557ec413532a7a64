#pragma once
// What a command is: one value that drives parsing, help, completion, `commands --json` and docs/commands.md.
// Each command has a file of its own: its options as a struct, a parse function, a run function.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/exit_code.h"

namespace ringmaster::cli {

class Context;
class Arguments;

enum class OptionKind {
    Flag,     ///< present or not
    Switch,   ///< --name and --no-name
    Text,     ///< any text
    Integer,  ///< a whole number, at least Option::minimum
};

/// Whose values completion can offer.
enum class Candidates { None, PullRequests, Files, Choices };

struct Option {
    std::string name;  ///< without dashes
    OptionKind kind = OptionKind::Flag;
    std::string help;
    std::string value_name = {};     ///< "SHA"; for Text and Integer
    std::string default_value = {};  ///< as typed; empty = none
    std::vector<std::string> choices = {};
    std::string short_name = {};  ///< one letter
    long long minimum = 0;
    bool hidden = false;  ///< works, but is not shown
};

struct Positional {
    std::string name;  ///< "PR"
    std::string help;
    bool is_required = true;
    OptionKind kind = OptionKind::Text;
    long long minimum = 1;
    Candidates candidates = Candidates::None;
    std::vector<std::string> choices = {};
    bool takes_rest = false;  ///< the words after "--", whatever they look like; the last positional only
    bool repeats = false;     ///< one or more; the last positional only
};

struct Example {
    std::string command;
    std::string what;
};

struct Command {
    std::string name;
    std::string group;
    std::string summary;           ///< one line, no full stop
    std::string description = {};  ///< sentences
    std::vector<Positional> positionals = {};
    std::vector<Option> options = {};
    std::vector<Example> examples = {};
    std::vector<std::string> json_fields = {};  ///< of --json; empty: the command has no --json
    Result<ExitCode> (*run)(Context&, const Arguments&) = nullptr;
    bool takes_rest = false;  ///< its one positional takes every word, whatever it looks like
    bool hidden = false;
};

/// A program by the name it is called with: its commands and what they have in common.
struct Program {
    std::string name;
    std::string tagline;
    std::vector<Command> commands;
    std::vector<Option> common_options;  ///< of every command
    std::vector<std::string> groups;     ///< order of the groups in the help
    bool has_version_option = true;
    const Command* find(std::string_view wanted) const {
        for (const auto& command : commands)
            if (command.name == wanted) return &command;
        return nullptr;
    }
};

}  // namespace ringmaster::cli
