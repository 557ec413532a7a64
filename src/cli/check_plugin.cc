#include "cli/check_report.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

PluginUnderTest::Kind kind_of(std::string_view word) {
    if (word == "builder") return PluginUnderTest::Kind::Builder;
    return word == "router" ? PluginUnderTest::Kind::Router : PluginUnderTest::Kind::Runtime;
}

Result<ExitCode> run_check_plugin(Context& context, const Arguments& arguments) {
    PluginUnderTest plugin{.kind = kind_of(*arguments.text("KIND")),
                           .command = arguments.all("PROGRAM"),
                           .image = arguments.text("image").value_or(""),
                           .directory = arguments.text("directory").value_or("")};
    const auto checks = TRY(context.plugin_checks(plugin));
    const auto [failures, warnings, list] = TRY(look_at_all(context, arguments, checks));
    const auto code = failures == 0 ? kDone : kFailed;
    if (print_json_if_asked(context, arguments, list)) return code;
    context.err().line(failures == 0 ? "It does all that is asked of it."
                                     : fmt::format("{} to mend.", failures));
    return code;
}

}  // namespace

Command check_plugin_command() {
    return {
        .name = "check-plugin",
        .group = kSetUpGroup,
        .summary = "Try a builder, runtime or router of your own, and say what it does wrong",
        .description =
            "Calls the program as the engine \"exec\" would, with shows, commits and addresses made up for "
            "it: each operation, twice where that may happen, two at once, and what has to fail. All of it "
            "is removed again. Nothing on the forge is asked or changed. Apps are started with [shows.run] "
            "command, else with a small web server in Python; versions are built with [shows.build] "
            "command, else with build.sh; addresses are those of [shows.router], if it has one with {repo} "
            "in it. docs/engines/exec.md describes what a program has to do. Exit code 1 if a check failed.",
        .positionals = {{.name = "KIND", .help = "What it is", .choices = {"builder", "runtime", "router"}},
                        {.name = "PROGRAM",
                         .help = "The program and its arguments, after --; the operation is added",
                         .takes_rest = true}},
        .options = {{.name = "image",
                     .kind = OptionKind::Text,
                     .help = "Image that a runtime is to run, for one that runs images",
                     .value_name = "IMAGE"},
                    {.name = "directory",
                     .kind = OptionKind::Text,
                     .help = "Folder that a runtime is to run, instead of a made-up one",
                     .value_name = "FOLDER"}},
        .examples = {{"ringmaster check-plugin runtime -- ./my-runtime", ""},
                     {"ringmaster check-plugin builder --json -- python3 my-builder.py", ""},
                     {"ringmaster check-plugin router -- ./my-router", ""}},
        .json_fields = {"check", "verdict", "detail", "mend"},
        .run = run_check_plugin};
}

}  // namespace ringmaster::cli
