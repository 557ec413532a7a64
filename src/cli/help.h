#pragma once
// Help texts, all printed from the commands' own descriptions.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"

namespace ringmaster::cli {

void print_program_help(Stream& stream, const Program& program);
void print_command_help(Stream& stream, const Program& program, const Command& command);

/// Help that is not about one command: exit codes, environment variables, output.
struct Topic {
    struct Entry {
        std::string_view term;
        std::string_view meaning;
    };
    std::string_view name;
    std::string_view summary;
    std::string_view text = {};  ///< a paragraph; may be empty
    std::vector<Entry> entries = {};
};
void print_topic(Stream& stream, const Topic& topic);
const std::vector<Topic>& help_topics();

/// "PR [--sha SHA] …" as the usage line has it.
std::string usage_of(const Command& command);
/// "--sha SHA", "--[no-]labels", "-v, --verbose".
std::string option_heading(const Option& option);
/// The options of a command, --json among them, and those of every command.
std::vector<Option> own_options(const Command& command);

}  // namespace ringmaster::cli
