#include "base/text.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"
#include "cli/showtime.h"

namespace ringmaster::cli::showtime {

namespace {

/// What is asked about: the show visitors get, else all there is.
std::string name_of(const shows::PullRequestStatus& status) {
    const int number = status.view.pull_request.number;
    if (status.labels.active) return fmt::format("pr-{}-{}", number, status.labels.active->text());
    if (!status.shows.empty()) return fmt::format("pr-{}-{}", number, status.shows.front().show.sha.text());
    if (!status.services.empty()) return status.services.front().name;
    return fmt::format("pr-{}", number);
}

bool has_anything(const shows::PullRequestStatus& status) {
    return !status.shows.empty() || !status.services.empty() || !status.labels.remnants.empty();
}

/// Asks as the original does: on stdout, and an answer may come through a pipe. Errors: Failed (no answer).
Result<bool> asks_and_hears_yes(Context& context, const std::string& question) {
    context.out().write(question + " [y/N]: ");
    const auto answer = context.input().read_line();
    if (!answer)
        return Fail(Error::failed("nobody answered the question").hint("--force does it without asking"));
    const auto word = to_lower_ascii(trim(*answer));
    return word == "y" || word == "yes";
}

Result<ExitCode> stop(Context& context, const Arguments& arguments) {
    const int number = arguments.pull_request();
    auto* service = TRY(context.shows());
    const auto status = TRY(service->status(number));
    if (!has_anything(status)) {
        context.out().line(fmt::format("🎪 No active environment found for PR #{}", number));
        return kDone;
    }
    const auto name = name_of(status);
    auto request = request_for(context, number, shows::Purpose::Stop);
    request.wait_for_claim =
        std::chrono::minutes(2);  // a build that is under way ends within its watch interval
    if (arguments.flag("dry-run") || arguments.flag("dry-run-aws")) {
        context.out().line(fmt::format("🎪 Dry run: would delete {} and the labels of PR #{}", name, number));
        return kDone;
    }
    if (!arguments.flag("force") && !TRY(asks_and_hears_yes(context, "Delete environment " + name + "?"))) {
        context.out().line("🎪 Cancelled");
        return kDone;
    }
    const auto outcome = TRY(run_request(context, request));
    for (const auto& warning : outcome.warnings) context.err().line("⚠️ " + sanitize_for_terminal(warning));
    if (outcome.decision.action != shows::Action::DestroyEnvironment)
        return Fail(
            Error::failed("the environment was not stopped: {}", shows::to_string(outcome.decision.reason)));
    context.out().line("🎪 ✅ Environment stopped and cleaned up!");
    return kDone;
}

Result<ExitCode> run_stop(Context& context, const Arguments& arguments) {
    TRY(refuse_ignored(arguments, "aws-sleep", "0"));
    const auto code = stop(context, arguments);
    return code ? *code : fail(context, code.error());
}

}  // namespace

Command stop_command() {
    return {.name = "stop",
            .group = kShowsGroup,
            .summary = "Delete the environment of a pull request",
            .positionals = {pull_request_argument()},
            .options = {{.name = "force", .help = "Do not ask"},
                        {.name = "dry-run", .help = "Only say what would be done"},
                        {.name = "dry-run-aws", .help = "Remove nothing"},
                        ignored_option("aws-sleep", OptionKind::Integer, "0")},
            .examples = {{"showtime stop 1234 --force", ""}},
            .run = run_stop};
}

}  // namespace ringmaster::cli::showtime
