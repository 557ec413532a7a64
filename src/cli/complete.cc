// `__complete`: what could stand where the cursor is. Silent and quick: a shell waits for it at every tab.

#include <span>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/help.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

struct Candidate {
    std::string word;
    std::string what;
};

std::vector<Option> all_options(const Program& program, const Command& command) {
    auto options = own_options(command);
    options.insert(options.end(), program.common_options.begin(), program.common_options.end());
    options.push_back({.name = "help", .help = "Explain this command"});
    return options;
}

void add_options(std::vector<Candidate>& candidates, const Program& program, const Command& command) {
    for (const auto& option : all_options(program, command)) {
        if (option.hidden) continue;
        candidates.push_back({"--" + option.name, option.help});
        if (option.kind == OptionKind::Switch) candidates.push_back({"--no-" + option.name, option.help});
    }
}

/// The option whose value is being typed, if the word before is one that takes a value.
const Option* option_before(const std::vector<Option>& options, std::string_view word) {
    for (const auto& option : options)
        if (!option.value_name.empty() && option.name != "json" && word == "--" + option.name) return &option;
    return nullptr;
}

/// Pull requests that have shows; none where the forge cannot be asked.
void add_pull_requests(std::vector<Candidate>& candidates, Context& context) {
    auto service = context.shows();
    if (!service) return;
    const auto shows = (*service)->list();
    if (!shows) return;
    for (const auto& show : *shows)
        if (show.pull_request_number > 0)
            candidates.push_back({std::to_string(show.pull_request_number), show.title});
}

void add_topics(std::vector<Candidate>& candidates, const Program& program) {
    for (const auto& command : program.commands)
        if (!command.hidden) candidates.push_back({command.name, command.summary});
    for (const auto& topic : help_topics())
        candidates.push_back({std::string(topic.name), std::string(topic.summary)});
}

/// How many of the words after the command are positionals.
std::size_t count_positionals(const std::vector<Option>& options, const std::vector<std::string>& words) {
    std::size_t count = 0;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        if (option_before(options, words[i]) != nullptr)
            ++i;
        else if (!words[i].starts_with("-"))
            ++count;
    }
    return count;
}

void add_positional(std::vector<Candidate>& candidates, Context& context, const Positional& positional) {
    for (const auto& choice : positional.choices) candidates.push_back({choice, positional.help});
    if (positional.candidates == Candidates::PullRequests) add_pull_requests(candidates, context);
    if (positional.name == "TOPIC") add_topics(candidates, context.program());
    if (positional.name != "KEY") return;
    if (const auto report = context.config())
        for (const auto& entry : report->entries) candidates.push_back({entry.key, entry.value});
}

std::vector<Candidate> candidates_for(Context& context, const std::vector<std::string>& words) {
    std::vector<Candidate> candidates;
    const auto& program = context.program();
    if (words.size() < 2) {
        for (const auto& command : program.commands)
            if (!command.hidden) candidates.push_back({command.name, command.summary});
        return candidates;
    }
    const auto* command = program.find(words[0]);
    if (command == nullptr) return candidates;
    const auto options = all_options(program, *command);
    if (const auto* option = words.size() > 2 ? option_before(options, words[words.size() - 2]) : nullptr) {
        for (const auto& choice : option->choices) candidates.push_back({choice, option->help});
        return candidates;
    }
    if (words.back().starts_with("-")) {
        add_options(candidates, program, *command);
        return candidates;
    }
    const auto position = count_positionals(options, words);
    if (position < command->positionals.size())
        add_positional(candidates, context, command->positionals[position]);
    else
        add_options(candidates, program, *command);
    return candidates;
}

Result<ExitCode> run_complete(Context& context, const Arguments& arguments) {
    auto words = arguments.all("WORDS");
    if (words.empty()) words.emplace_back();
    const auto leading = count_leading_options(context.program(), std::span(words).first(words.size() - 1));
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(leading));
    for (const auto& [word, what] : candidates_for(context, words))
        if (word.starts_with(words.back()))
            context.out().line(sanitize_for_terminal(word) + "\t" + sanitize_for_terminal(what));
    return kDone;
}

}  // namespace

Command complete_command() {
    return {.name = "__complete",
            .group = kOtherGroup,
            .summary = "Print what could be typed next",
            .positionals = {{.name = "WORDS", .help = "What was typed so far", .is_required = false}},
            .run = run_complete,
            .takes_rest = true,
            .hidden = true};
}

}  // namespace ringmaster::cli
