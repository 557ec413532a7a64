#include "cli/help.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::cli {

namespace {

/// "  name      what it is for", the second column wrapped.
void print_entry(Stream& stream, std::string_view name, std::string_view what, int column) {
    std::string text =
        wrap(what, std::min(stream.traits().width, 100), std::string(static_cast<std::size_t>(column), ' '));
    std::string line = "  " + std::string(name);
    const int used = display_width(line);
    if (used + 1 >= column)
        line += "\n" + text;
    else
        line += std::string(static_cast<std::size_t>(column - used), ' ') +
                text.substr(static_cast<std::size_t>(column));
    stream.write(line);
}

void print_heading(Stream& stream, std::string_view text) {
    stream.write("\n" + stream.paint(Style::Bold, text) + "\n");
}

std::string option_help(const Option& option) {
    std::string text = option.help;
    if (!option.choices.empty()) text += ": " + join(option.choices, ", ");
    if (!option.default_value.empty()) text += " (default: " + option.default_value + ")";
    return text;
}

void print_options(Stream& stream, std::string_view heading, const std::vector<Option>& options) {
    print_heading(stream, heading);
    for (const auto& option : options)
        if (!option.hidden) print_entry(stream, option_heading(option), option_help(option), 30);
}

}  // namespace

std::string option_heading(const Option& option) {
    std::string text = option.short_name.empty() ? "" : "-" + option.short_name + ", ";
    text += option.kind == OptionKind::Switch ? "--[no-]" + option.name : "--" + option.name;
    if (!option.value_name.empty()) text += " " + option.value_name;
    return text;
}

/// " PR", " [FLOW…]".
std::string named(const Positional& positional) {
    const auto name = positional.name + (positional.repeats ? "…" : "");
    return positional.is_required ? " " + name : " [" + name + "]";
}

std::string usage_of(const Command& command) {
    std::string text;
    std::string rest;
    for (const auto& positional : command.positionals) {
        if (positional.takes_rest)
            rest = " -- " + positional.name + "…";
        else
            text += named(positional);
    }
    return text + " [options]" + rest;
}

std::vector<Option> own_options(const Command& command) {
    auto options = command.options;
    if (!command.json_fields.empty())
        options.push_back({.name = "json",
                           .kind = OptionKind::Text,
                           .help = "Print JSON, all fields or only these: " + join(command.json_fields, ", "),
                           .value_name = "[FIELDS]"});
    return options;
}

void print_program_help(Stream& stream, const Program& program) {
    stream.line(program.tagline);
    print_heading(stream, "Usage");
    stream.line(fmt::format("  {} COMMAND [options]", program.name));
    for (const auto& group : program.groups) {
        print_heading(stream, group);
        for (const auto& command : program.commands)
            if (command.group == group && !command.hidden)
                print_entry(stream, command.name, command.summary, 20);
    }
    if (program.find("help") != nullptr) {
        print_heading(stream, "Help topics");
        for (const auto& topic : help_topics()) print_entry(stream, topic.name, topic.summary, 20);
    }
    stream.line(fmt::format("\n`{} COMMAND --help` says more about a command.", program.name));
}

void print_topic(Stream& stream, const Topic& topic) {
    stream.line(fmt::format("{}.\n", topic.summary));
    if (!topic.text.empty()) stream.write(wrap(topic.text, std::min(stream.traits().width, 100), ""));
    int column = 0;
    for (const auto& entry : topic.entries) column = std::max(column, display_width(entry.term) + 4);
    for (const auto& entry : topic.entries)
        print_entry(stream, entry.term, entry.meaning, std::min(column, 28));
}

void print_command_help(Stream& stream, const Program& program, const Command& command) {
    stream.line(command.summary + ".");
    if (!command.description.empty()) {
        stream.write("\n");
        stream.write(wrap(command.description, std::min(stream.traits().width, 100), ""));
    }
    print_heading(stream, "Usage");
    stream.line(fmt::format("  {} {}{}", program.name, command.name, usage_of(command)));
    if (!command.positionals.empty()) {
        print_heading(stream, "Arguments");
        for (const auto& positional : command.positionals)
            print_entry(stream, positional.name,
                        positional.choices.empty() ? positional.help
                                                   : positional.help + ": " + join(positional.choices, ", "),
                        30);
    }
    const auto options = own_options(command);
    if (!options.empty()) print_options(stream, "Options", options);
    auto common = program.common_options;
    common.push_back({.name = "help", .help = "Print this", .short_name = "h"});
    print_options(stream, "Options of every command", common);
    if (!command.examples.empty()) print_heading(stream, "Examples");
    for (const auto& example : command.examples) {
        if (!example.what.empty()) stream.line(stream.paint(Style::Dim, "  # " + example.what));
        stream.line("  " + example.command);
    }
}

}  // namespace ringmaster::cli
