#include "cli/showtime.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/github_actions.h"
#include "cli/registry.h"
#include "cli/run.h"
#include "cli/version.h"

namespace ringmaster::cli {

const Program& showtime_program() {
    static const Program program = {
        .name = "showtime",
        .tagline = "🎪 Ephemeral environments for pull requests, managed by labels.",
        .commands = {showtime::version_command(), showtime::start_command(), showtime::status_command(),
                     showtime::stop_command(), showtime::list_command(), showtime::labels_command(),
                     showtime::sync_command(), showtime::setup_labels_command(), showtime::cleanup_command(),
                     showtime::cleanup_labels_command(), showtime::git_check_command(),
                     showtime::show_completion_command(), showtime::install_completion_command(),
                     complete_command()},
        .groups = {kShowsGroup},
        .has_version_option = false};
    return program;
}

}  // namespace ringmaster::cli

namespace ringmaster::cli::showtime {

ExitCode fail(Context& context, std::string_view marker, const Error& error) {
    const auto text = sanitize_for_terminal(error.describe());
    context.err().line(fmt::format("{}{}", marker, text));
    const auto hint = next_step(error);
    if (!hint.empty()) context.err().line("   " + sanitize_for_terminal(hint));
    annotate_error(context, text);
    return error.kind() == ErrorKind::Interrupted ? kInterrupted : kFailed;
}

ExitCode fail(Context& context, const Error& error) {
    switch (error.kind()) {
        case ErrorKind::Unauthorized:
        case ErrorKind::RateLimited:
        case ErrorKind::NotFound:
        case ErrorKind::Unavailable:
            return fail(context, "❌ GitHub error: ", error);
        default:
            return fail(context, "❌ Error: ", error);
    }
}

Option ignored_option(std::string name, OptionKind kind, std::string default_value) {
    return {.name = std::move(name),
            .kind = kind,
            .help = "Accepted for old scripts; only its default has a meaning",
            .value_name = kind == OptionKind::Integer ? "INTEGER" : "TEXT",
            .default_value = std::move(default_value)};
}

Result<void> refuse_ignored(const Arguments& arguments, std::string_view option, std::string_view harmless) {
    if (!arguments.was_given(option) || arguments.text(option) == harmless) return {};
    return Fail(Error::invalid_input("--{} has no effect and never had; it is not accepted", option)
                    .hint("leave it out"));
}

namespace {

Result<ExitCode> run_version(Context& context, const Arguments&) {
    context.out().line(fmt::format("🎪 Superset Showtime v{}", kShowtimeVersion));
    return kDone;
}

Result<ExitCode> run_git_check(Context& context, const Arguments&) {
    const auto check = context.git_check();
    if (!check) return fail(context, check.error());
    context.out().line(
        fmt::format("🎪 Required SHA: {}", check->required.empty() ? "none" : check->required));
    switch (check->verdict) {
        case shows::CommitVerdict::Valid:
        case shows::CommitVerdict::NotRequired:
            context.out().line("✅ Git validation PASSED");
            return kDone;
        case shows::CommitVerdict::Invalid:
            context.out().line("❌ Git validation FAILED");
            context.err().line("   Rebase the branch so that it contains the required commit, and push.");
            return kFailed;
        case shows::CommitVerdict::NotChecked:
            context.out().line("⚠️ Git validation NOT CHECKED: " + check->why);
            return kDone;
    }
    return kDone;
}

/// The shell a person uses, by SHELL; bash where it is none we know.
std::string shell_of(const Environment& environment) {
    const auto path = environment.value_or("SHELL", "bash");
    const auto name = path.substr(path.rfind('/') + 1);
    return name == "zsh" || name == "fish" ? name : "bash";
}

Result<ExitCode> run_show_completion(Context& context, const Arguments&) {
    context.out().write(completion_script(shell_of(context.environment()), context.program().name));
    return kDone;
}

Result<ExitCode> run_install_completion(Context& context, const Arguments&) {
    const auto shell = shell_of(context.environment());
    const auto home = context.environment().value_or("HOME", "");
    if (home.empty())
        return fail(context, Error::failed("HOME is not set, so there is no place to install to"));
    const std::string path =
        home + (shell == "zsh"    ? "/.zfunc/_showtime"
                : shell == "fish" ? "/.config/fish/completions/showtime.fish"
                                  : "/.local/share/bash-completion/completions/showtime");
    const auto written = context.write_file(path, completion_script(shell, context.program().name), true);
    if (!written) return fail(context, written.error());
    context.out().line(fmt::format("{} completion installed in {}", shell, path));
    return kDone;
}

Command plain(std::string name, std::string summary, Result<ExitCode> (*run)(Context&, const Arguments&)) {
    return {.name = std::move(name), .group = kShowsGroup, .summary = std::move(summary), .run = run};
}

}  // namespace

Command version_command() {
    return plain("version", "Show version information", run_version);
}

Command git_check_command() {
    return plain("git-check", "Check that the checkout contains the required commit", run_git_check);
}

Command show_completion_command() {
    auto command =
        plain("--show-completion", "Print the completion script of your shell", run_show_completion);
    command.hidden = true;
    return command;
}

Command install_completion_command() {
    auto command = plain("--install-completion", "Install completion for your shell", run_install_completion);
    command.hidden = true;
    return command;
}

}  // namespace ringmaster::cli::showtime
