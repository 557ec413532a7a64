#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

constexpr const char* kFileName = "ringmaster.toml";

struct InitOptions {
    bool workflows = false;
    bool force = false;
    bool dry_run = false;
    std::string engine;  ///< empty: what the project looks like
};

InitOptions parse(const Arguments& arguments) {
    return {.workflows = arguments.flag("workflows"),
            .force = arguments.flag("force"),
            .dry_run = arguments.flag("dry-run"),
            .engine = arguments.text("engine").value_or("")};
}

struct NewFile {
    std::string path;
    std::string text;
};

std::string start_of(const ProjectFacts& facts) {
    if (facts.runs_in_docker)
        return facts.exposed_port == 0
                   ? "its image (from Dockerfile)"
                   : fmt::format("its image, on port {} (from Dockerfile)", facts.exposed_port);
    if (facts.start_command.empty()) return {};
    return fmt::format("{} (from {})", facts.start_command, facts.start_command_from);
}

void say_what_was_found(Stream& stream, const ProjectFacts& facts) {
    const auto say = [&](std::string_view name, const std::string& what, std::string_view otherwise) {
        stream.line(fmt::format("  {:<12}{}", name, what.empty() ? otherwise : sanitize_for_terminal(what)));
    };
    stream.line("Found here:");
    say("repository", facts.repository, "none (no git remote named origin)");
    say("language", facts.language, "not recognised");
    say("starts with", start_of(facts), "unknown: set [shows.run] command");
    if (facts.runs_in_docker)
        stream.line("Chosen: the docker engines (--engine process: without them)");
    else if (facts.has_dockerfile)
        stream.line("Chosen: the process engine (--engine docker: from the Dockerfile)");
}

/// As `--engine` says, if it does. Errors: InvalidInput, if there is nothing to build an image from.
Result<void> choose_engine(ProjectFacts& facts, const InitOptions& options) {
    if (options.engine == "docker" && !facts.has_dockerfile)
        return Fail(Error::invalid_input("there is no Dockerfile in {}", facts.directory)
                        .hint("write one, or leave out --engine"));
    if (!options.engine.empty()) facts.runs_in_docker = options.engine == "docker";
    return {};
}

std::string next_steps(const ProjectFacts& facts, const InitOptions& options) {
    std::string text = "\nNext:\n";
    if (facts.start_command.empty() && !facts.runs_in_docker)
        text += "  set [shows.run] command: the program that serves a version on the port in PORT\n";
    if (options.workflows)
        text +=
            "  set the repository's variables RINGMASTER_URL and RINGMASTER_SHA256, as the workflow's head "
            "says\n";
    return text +
           "  ringmaster doctor         check token, permissions and engines\n"
           "  ringmaster setup-labels   create the labels people set\n"
           "  ringmaster start PR       give a pull request its show\n" +
           (options.workflows ? "" : "  ringmaster init --workflows   … and let GitHub Actions do it\n");
}

/// The files that this run is to write. Errors: Failed, if one is there already and is not to be replaced.
/// With the workflows asked for, settings that are there stay: then only the workflows are missing.
Result<std::vector<NewFile>> plan_files(Context& context, const ProjectFacts& facts,
                                        const InitOptions& options) {
    std::vector<NewFile> files;
    const std::string settings = facts.directory + "/" + kFileName;
    const bool keeps_settings = options.workflows && !options.force && context.file_exists(settings);
    if (!keeps_settings) files.push_back({settings, context.config_template(facts)});
    if (options.workflows)
        for (auto& [path, text] : context.workflows())
            files.push_back({facts.directory + "/" + path, std::move(text)});
    if (options.force || options.dry_run) return files;
    for (const auto& file : files)
        if (context.file_exists(file.path))
            return Fail(Error::failed("{} exists already; nothing was changed", file.path)
                            .hint("edit it, or replace it with --force"));
    return files;
}

void print_files(Context& context, const std::vector<NewFile>& files) {
    for (const auto& file : files) {
        if (files.size() > 1) context.out().line(fmt::format("# {}", file.path));
        context.out().write(file.text);
    }
}

Result<ExitCode> run_init(Context& context, const Arguments& arguments) {
    const auto options = parse(arguments);
    auto facts = TRY_WHILE(context.look_at_project(), "looking at the project");
    TRY(choose_engine(facts, options));
    const auto files = TRY(plan_files(context, facts, options));
    std::vector<std::string> paths;
    for (const auto& file : files) {
        if (!options.dry_run) TRY(context.write_file(file.path, file.text, options.force));
        paths.push_back(file.path);
    }
    const auto value = Value::object()
                           .set("file", facts.directory + "/" + kFileName)
                           .set("files", Value::list(paths))
                           .set("written", !options.dry_run)
                           .set("repository", facts.repository)
                           .set("language", facts.language)
                           .set("engine", facts.runs_in_docker ? "docker" : "process")
                           .set("start_command", facts.start_command);
    if (print_json_if_asked(context, arguments, value)) return kDone;
    say_what_was_found(context.err(), facts);
    if (options.dry_run) {
        print_files(context, files);
        return kDone;
    }
    for (const auto& path : paths) context.out().line(path);
    context.err().write(next_steps(facts, options));
    return kDone;
}

}  // namespace

Command init_command() {
    return {.name = "init",
            .group = kSetUpGroup,
            .summary = "Look at this project and write ringmaster.toml",
            .description =
                "Finds out the repository, the language and how the project is started, and writes a "
                "commented ringmaster.toml at the top of the repository; with --workflows also the "
                "workflows that run Ringmaster on GitHub Actions. A file that is there already is left "
                "alone.",
            .options = {{.name = "workflows", .help = "Write .github/workflows/ringmaster*.yml too"},
                        {.name = "engine",
                         .kind = OptionKind::Text,
                         .help = "How shows are built and run (default: docker where there is a Dockerfile)",
                         .value_name = "NAME",
                         .choices = {"process", "docker"}},
                        {.name = "force", .help = "Replace files that are there"},
                        {.name = "dry-run", .help = "Print the files instead of writing them"}},
            .examples = {{"ringmaster init", ""},
                         {"ringmaster init --dry-run", "look first"},
                         {"ringmaster init --workflows", "for GitHub Actions"}},
            .json_fields = {"file", "files", "written", "repository", "language", "engine", "start_command"},
            .run = run_init};
}

}  // namespace ringmaster::cli
