#include "cli/run.h"

#include "base/text.h"
#include "cli/github_actions.h"
#include "cli/help.h"
#include "cli/value.h"

namespace ringmaster::cli {

namespace {

Error unknown_command(const Program& program, const std::string& word) {
    std::vector<std::string> names;
    for (const auto& command : program.commands)
        if (!command.hidden) names.push_back(command.name);
    const auto near = nearest_word(word, names);
    const std::string see = fmt::format("`{} --help` lists the commands", program.name);
    return Error::invalid_input("unknown command {}", sanitize_for_terminal(word))
        .hint(near ? fmt::format("did you mean {}? {}", *near, see) : see);
}

Error unknown_leading_option(const Program& program, const std::string& word) {
    std::vector<std::string> names = {"--help"};
    if (program.has_version_option) names.emplace_back("--version");
    for (const auto& option : program.common_options) names.push_back("--" + option.name);
    const auto near = nearest_word(word, names);
    const std::string see = fmt::format(
        "{}`{} --help` lists the commands",
        program.common_options.empty() ? "" : "options of one command come after it; ", program.name);
    return Error::invalid_input("unknown option {}", sanitize_for_terminal(word))
        .hint(near ? fmt::format("did you mean {}? {}", *near, see) : see);
}

ExitCode run_parsed(Context& context, const Command& command, std::span<const std::string> words,
                    bool& as_json) {
    const auto attempt = [&]() -> Result<ExitCode> {
        const auto arguments = TRY(parse_arguments(context.program(), command, words));
        if (arguments.wants_help()) {
            print_command_help(context.out(), context.program(), command);
            return kDone;
        }
        as_json = arguments.json().has_value();
        TRY(context.accept_common_options(arguments));
        return command.run(context, arguments);
    };
    auto result = attempt();
    if (result) return *result;
    const Error& said = result.error();
    const bool needs_hint = said.kind() == ErrorKind::InvalidInput && said.hint().empty();
    const std::string help = fmt::format("see `{} {} --help`", context.program().name, command.name);
    const Error error = needs_hint ? Error(Error(said).hint(help)) : said;
    print_error(context, error, as_json);
    return exit_code_for(error.kind());
}

ExitCode run_command(Context& context, const Command& command, std::span<const std::string> words) {
    bool as_json = false;
    const auto code = run_parsed(context, command, words, as_json);
    context.command_ended(command, as_json);
    return code;
}

}  // namespace

std::string next_step(const Error& error) {
    if (!error.hint().empty()) return error.hint();
    switch (error.kind()) {
        case ErrorKind::Unavailable:
            return "check the network, then run the same command again";
        case ErrorKind::RateLimited:
            return error.retry_after() ? "try again in " + format_duration_for_people(*error.retry_after())
                                       : "try again in a few minutes";
        case ErrorKind::TimedOut:
            return "run the same command again; `ringmaster doctor` tells whether everything is reachable";
        case ErrorKind::Conflict:
            return "something else changed at the same time; run the same command again";
        case ErrorKind::Busy:
            return error.retry_after() ? "another worker is on it; try again in " +
                                             format_duration_for_people(*error.retry_after())
                                       : "another worker is on it; try again when it is done";
        case ErrorKind::NotFound:
            return "check the number and the repository (`ringmaster config` shows which one is used)";
        case ErrorKind::Unauthorized:
            return "`ringmaster doctor` says which permission is missing; `gh auth login` or GITHUB_TOKEN "
                   "gives "
                   "one";
        case ErrorKind::InvalidInput:
            return "see --help";
        case ErrorKind::Corrupt:
            return "an answer made no sense; run it again with -vv to see it";
        case ErrorKind::Failed:
            return "`ringmaster logs` shows the output of a show; run it again with -v to see each step";
        case ErrorKind::Interrupted:
            return "run the same command again to go on";
    }
    return {};
}

void print_error(Context& context, const Error& error, bool as_json) {
    const std::string message = sanitize_for_terminal(error.describe(), Newlines::Keep);
    const std::string hint = sanitize_for_terminal(next_step(error), Newlines::Keep);
    auto& err = context.err();
    err.line(err.paint(Style::Red, "error:") + " " + message);
    if (!hint.empty()) err.line(err.paint(Style::Dim, "hint:") + "  " + hint);
    annotate_error(context, message);
    if (!as_json) return;
    Value object = Value::object();
    object.set("code", to_string(error.kind()))
        .set("message", error.describe())
        .set("hint", next_step(error));
    context.out().write(Value::object().set("error", std::move(object)).print());
}

ExitCode run_program(Context& context, std::span<const std::string> words) {
    const auto& program = context.program();
    if (words.empty()) {
        print_program_help(context.out(), program);
        return kWrongUsage;
    }
    const auto leading = count_leading_options(program, words);
    if (leading == words.size()) {
        print_error(context,
                    Error::invalid_input("there is no command after {}", sanitize_for_terminal(words[0]))
                        .hint(fmt::format("`{} --help` lists the commands", program.name)),
                    false);
        return kWrongUsage;
    }
    const std::string& first = words[leading];
    if (first == "--help" || first == "-h") {
        print_program_help(context.out(), program);
        return kDone;
    }
    const auto* command =
        program.find(first == "--version" && program.has_version_option ? "version" : first);
    if (command == nullptr) {
        const auto error =
            first.starts_with("-") ? unknown_leading_option(program, first) : unknown_command(program, first);
        print_error(context, error, false);
        return kWrongUsage;
    }
    std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(leading) + 1, words.end());
    if (!command->takes_rest)
        rest.insert(rest.begin(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(leading));
    return run_command(context, *command, rest);
}

}  // namespace ringmaster::cli
