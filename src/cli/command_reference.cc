#include "cli/command_reference.h"

#include "base/text.h"
#include "cli/help.h"

namespace ringmaster::cli {

namespace {

Value option_value(const Option& option) {
    return Value::object()
        .set("name", "--" + option.name)
        .set("short", option.short_name.empty() ? Value() : Value("-" + option.short_name))
        .set("takes", option.value_name.empty() ? Value() : Value(option.value_name))
        .set("negatable", option.kind == OptionKind::Switch)
        .set("default", option.default_value.empty() ? Value() : Value(option.default_value))
        .set("choices", Value::list(option.choices))
        .set("help", option.help);
}

Value command_value(const Program& program, const Command& command) {
    Value arguments = Value::array(), options = Value::array(), examples = Value::array();
    for (const auto& positional : command.positionals)
        arguments.add(Value::object()
                          .set("name", positional.name)
                          .set("required", positional.is_required)
                          .set("choices", Value::list(positional.choices))
                          .set("help", positional.help));
    for (const auto& option : own_options(command))
        if (!option.hidden) options.add(option_value(option));
    for (const auto& example : command.examples) examples.add(example.command);
    return Value::object()
        .set("name", command.name)
        .set("group", command.group)
        .set("summary", command.summary)
        .set("description", command.description)
        .set("usage", program.name + " " + command.name + usage_of(command))
        .set("arguments", std::move(arguments))
        .set("options", std::move(options))
        .set("examples", std::move(examples))
        .set("json_fields", Value::list(command.json_fields));
}

/// Text in a Markdown table's cell: code stays code, a bar would end the cell.
std::string cell(std::string_view text) {
    return replace_all(std::string(text), "|", "\\|");
}

void append_options(std::string& text, const std::vector<Option>& options) {
    if (options.empty()) return;
    text += "\n| option | what it does |\n|---|---|\n";
    for (const auto& option : options) {
        if (option.hidden) continue;
        std::string help = option.help;
        if (!option.choices.empty()) help += ": " + join(option.choices, ", ");
        if (!option.default_value.empty()) help += " (default `" + option.default_value + "`)";
        text += fmt::format("| `{}` | {} |\n", cell(option_heading(option)), cell(help));
    }
}

void append_command(std::string& text, const Program& program, const Command& command) {
    text += fmt::format("\n### {}\n\n{}.", command.name, command.summary);
    if (!command.description.empty()) text += " " + command.description;
    text += fmt::format("\n\n```\n{} {}{}\n```\n", program.name, command.name, usage_of(command));
    if (!command.positionals.empty()) {
        text += "\n| argument | what it is |\n|---|---|\n";
        for (const auto& positional : command.positionals)
            text += fmt::format("| `{}` | {} |\n", positional.name, cell(positional.help));
    }
    append_options(text, own_options(command));
    if (command.examples.empty()) return;
    text += "\n```sh\n";
    for (const auto& example : command.examples)
        text += example.command + (example.what.empty() ? "" : "   # " + example.what) + "\n";
    text += "```\n";
}

}  // namespace

Value commands_as_value(const Program& program) {
    Value list = Value::array();
    for (const auto& command : program.commands)
        if (!command.hidden) list.add(command_value(program, command));
    return list;
}

std::string commands_as_markdown(const Program& program) {
    std::string text =
        "<!-- Made by `ringmaster commands --docs`; change src/cli instead. -->\n# Commands\n\n"
        "Every command takes `--help`.\n\n## Options of every command\n";
    append_options(text, program.common_options);
    for (const auto& group : program.groups) {
        text += fmt::format("\n## {}\n", group);
        for (const auto& command : program.commands)
            if (command.group == group && !command.hidden) append_command(text, program, command);
    }
    for (const auto& topic : help_topics()) {
        text += fmt::format("\n## {}\n\n", topic.summary);
        if (!topic.text.empty()) text += fmt::format("{}\n", topic.text);
        if (!topic.entries.empty()) text += "| | |\n|---|---|\n";
        for (const auto& entry : topic.entries)
            text += fmt::format("| `{}` | {} |\n", entry.term, cell(entry.meaning));
    }
    return text;
}

}  // namespace ringmaster::cli
