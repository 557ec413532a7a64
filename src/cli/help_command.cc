#include <algorithm>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/help.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

std::vector<std::string> everything_to_ask_for(const Program& program) {
    std::vector<std::string> words;
    for (const auto& command : program.commands)
        if (!command.hidden) words.push_back(command.name);
    for (const auto& topic : help_topics()) words.emplace_back(topic.name);
    return words;
}

Result<ExitCode> run_help(Context& context, const Arguments& arguments) {
    const auto& program = context.program();
    const auto word = arguments.text("TOPIC");
    if (!word) {
        print_program_help(context.out(), program);
        return kDone;
    }
    if (const auto* command = program.find(*word)) {
        print_command_help(context.out(), program, *command);
        return kDone;
    }
    for (const auto& topic : help_topics()) {
        if (topic.name != *word) continue;
        print_topic(context.out(), topic);
        return kDone;
    }
    const auto near = nearest_word(*word, everything_to_ask_for(program));
    return Fail(Error::invalid_input("there is no command and no help topic {}", sanitize_for_terminal(*word))
                    .hint(near ? "did you mean " + *near + "?" : "`ringmaster help` lists them"));
}

}  // namespace

Command help_command() {
    return {.name = "help",
            .group = kOtherGroup,
            .summary = "Explain a command or a topic",
            .positionals = {{.name = "TOPIC",
                             .help = "A command, or one of the topics that `ringmaster help` lists",
                             .is_required = false}},
            .examples = {{"ringmaster help sync", ""}, {"ringmaster help exit-codes", ""}},
            .run = run_help};
}

}  // namespace ringmaster::cli
