#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

constexpr const char* kFileName = "ringmaster.toml";

struct InitOptions {
    bool force = false;
    bool dry_run = false;
};

InitOptions parse(const Arguments& arguments) {
    return {.force = arguments.flag("force"), .dry_run = arguments.flag("dry-run")};
}

void say_what_was_found(Stream& stream, const ProjectFacts& facts) {
    const auto say = [&](std::string_view name, const std::string& what, std::string_view otherwise) {
        stream.line(fmt::format("  {:<12}{}", name, what.empty() ? otherwise : sanitize_for_terminal(what)));
    };
    stream.line("Found here:");
    say("repository", facts.repository, "none (no git remote named origin)");
    say("language", facts.language, "not recognised");
    say("starts with",
        facts.start_command.empty()
            ? ""
            : fmt::format("{} (from {})", facts.start_command, facts.start_command_from),
        "unknown: set [shows.run] command");
    if (facts.has_dockerfile)
        stream.line("  There is a Dockerfile; this version has no docker engine and does not use it.");
}

std::string next_steps(const ProjectFacts& facts) {
    std::string text = "\nNext:\n";
    if (facts.start_command.empty())
        text += "  set [shows.run] command: the program that serves a version on the port in PORT\n";
    return text +
           "  ringmaster doctor         check token, permissions and engines\n"
           "  ringmaster setup-labels   create the labels people set\n"
           "  ringmaster start PR       give a pull request its show\n";
}

Result<ExitCode> run_init(Context& context, const Arguments& arguments) {
    const auto options = parse(arguments);
    const auto facts = TRY_WHILE(context.look_at_project(), "looking at the project");
    const auto text = context.config_template(facts);
    const std::string path = facts.directory + "/" + kFileName;
    if (!options.dry_run) {
        auto written = context.write_file(path, text, options.force);
        if (!written && written.error().kind() == ErrorKind::Conflict)
            return Fail(Error::failed("{} exists already; nothing was changed", path)
                            .hint("edit it, or replace it with --force"));
        TRY(std::move(written));
    }
    const auto value = Value::object()
                           .set("file", path)
                           .set("written", !options.dry_run)
                           .set("repository", facts.repository)
                           .set("language", facts.language)
                           .set("start_command", facts.start_command);
    if (print_json_if_asked(context, arguments, value)) return kDone;
    say_what_was_found(context.err(), facts);
    if (options.dry_run) {
        context.out().write(text);
        return kDone;
    }
    context.out().line(path);
    context.err().write(next_steps(facts));
    return kDone;
}

}  // namespace

Command init_command() {
    return {.name = "init",
            .group = kSetUpGroup,
            .summary = "Look at this project and write ringmaster.toml",
            .description =
                "Finds out the repository, the language and how the project is started, and writes a "
                "commented ringmaster.toml at the top of the repository. A file that is there already "
                "is left alone.",
            .options = {{.name = "force", .help = "Replace the file that is there"},
                        {.name = "dry-run", .help = "Print the file instead of writing it"}},
            .examples = {{"ringmaster init", ""}, {"ringmaster init --dry-run", "look first"}},
            .json_fields = {"file", "written", "repository", "language", "start_command"},
            .run = run_init};
}

}  // namespace ringmaster::cli
