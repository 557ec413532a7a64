#include "cli/command_reference.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_commands(Context& context, const Arguments& arguments) {
    if (arguments.flag("docs")) {
        context.out().write(commands_as_markdown(context.program()));
        return kDone;
    }
    const auto reference = commands_as_value(context.program());
    if (print_json_if_asked(context, arguments, reference)) return kDone;
    Table table{.headings = {"COMMAND", "GROUP", "WHAT IT DOES"}};
    for (const auto& command : context.program().commands)
        if (!command.hidden)
            table.rows.push_back({{command.name, Style::Bold}, command.group, command.summary});
    print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command commands_command() {
    return {.name = "commands",
            .group = kOtherGroup,
            .summary = "List every command and option",
            .options = {{.name = "docs", .help = "Print docs/commands.md instead"}},
            .examples = {{"ringmaster commands --json", "for programs"},
                         {"ringmaster commands --docs > docs/commands.md", ""}},
            .json_fields = {"name", "group", "summary", "description", "usage", "arguments", "options",
                            "examples", "json_fields"},
            .run = run_commands};
}

}  // namespace ringmaster::cli
