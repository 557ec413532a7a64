#include "base/text.h"
#include "cli/check_lines.h"
#include "cli/explain.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"
#include "cli/showtime.h"

namespace ringmaster::cli::showtime {

namespace {

using shows::Action;

Result<ExitCode> check_only(Context& context, const shows::SyncRequest& request) {
    auto service = context.shows();
    if (!service) return fail(context, service.error());
    const auto check = (*service)->check(request);
    if (!check) return fail(context, check.error());
    context.err().line(fmt::format("🎪 Using {} SHA: {}", request.sha_prefix ? "specified" : "latest",
                                   check->request.target.short_sha().text()));
    for (const auto& [key, value] :
         check_lines(*check, context.environment(), request.sha_prefix.value_or("")))
        context.out().line(key + "=" + value);
    return kDone;
}

ExitCode report_blocked(Context& context, std::string_view marker, const shows::Decision& decision) {
    const auto actor = context.environment().value_or("GITHUB_ACTOR", "");
    if (decision.blocked_reason == shows::BlockedReason::AuthorizationFailed && !actor.empty())
        context.err().line(fmt::format("   asked for by {}", sanitize_for_terminal(actor)));
    const auto reason = decision.blocked_reason ? shows::to_string(*decision.blocked_reason)
                                                : shows::to_string(decision.reason);
    context.out().line(fmt::format("{}{} ({})", marker, explain(decision.reason), reason));
    const auto next = next_after(decision, {});
    if (!next.empty()) context.err().line("   " + next);
    return kFailed;
}

/// Another worker at it is the original's `claim_failed`.
ExitCode report_failure(Context& context, std::string_view marker, const Error& error) {
    if (error.kind() == ErrorKind::Unauthorized) return fail(context, error);
    if (error.kind() == ErrorKind::Busy)
        return fail(context, std::string(marker) + "Another job is already active: ", error);
    return fail(context, marker, error);
}

Result<ExitCode> run_sync(Context& context, const Arguments& arguments) {
    TRY(refuse_ignored(arguments, "aws-sleep", "0"));
    TRY(refuse_ignored(arguments, "docker-tag", ""));
    auto request = request_for(context, arguments.pull_request(), shows::Purpose::Sync);
    request.sha_prefix = TRY(sha_option(arguments));
    request.dry_run = dry_run_option(arguments);
    if (arguments.flag("check-only")) return check_only(context, request);
    const auto outcome = run_request(context, request);
    if (!outcome) return report_failure(context, "🎪 ❌ Sync failed: ", outcome.error());
    if (outcome->decision.action == Action::Blocked)
        return report_blocked(context, "🎪 ❌ Sync failed: ", outcome->decision);
    if (request.dry_run.any()) context.out().line("🎪 Dry run: nothing was changed");
    if (!outcome->url.empty()) context.out().line("🌐 " + outcome->url);
    for (const auto& warning : outcome->warnings) context.err().line("⚠️ " + sanitize_for_terminal(warning));
    context.out().line("🎪 ✅ Sync completed: " + outcome->action_taken);
    return kDone;
}

Result<shows::SyncRequest> parse_start(Context& context, const Arguments& arguments) {
    TRY(refuse_ignored(arguments, "size", "standard"));
    TRY(refuse_ignored(arguments, "aws-sleep", "0"));
    TRY(refuse_ignored(arguments, "image-tag", ""));
    TRY(refuse_ignored(arguments, "docker-tag", ""));
    auto request = request_for(context, arguments.pull_request(), shows::Purpose::Start);
    request.sha_prefix = TRY(sha_option(arguments));
    if (arguments.was_given("ttl")) request.ttl = TRY(Ttl::parse(*arguments.text("ttl")));
    request.force = arguments.flag("force");
    request.dry_run = dry_run_option(arguments);
    return request;
}

Result<ExitCode> run_start(Context& context, const Arguments& arguments) {
    const auto request = TRY(parse_start(context, arguments));
    constexpr auto kMarker = "🎪 ❌ Failed to create environment: ";
    const auto outcome = run_request(context, request);
    if (!outcome) return report_failure(context, kMarker, outcome.error());
    const auto sha = outcome->target.short_sha().text();
    switch (outcome->decision.action) {
        case Action::Blocked:
            return report_blocked(context, kMarker, outcome->decision);
        case Action::CreateEnvironment:
            if (request.dry_run.any())
                context.out().line(fmt::format("🎪 Dry run: would create an environment of {} for PR #{}",
                                               sha, request.number));
            else
                context.out().line("🎪 ✅ Environment created: " + sha);
            if (!outcome->url.empty()) context.out().line("🌐 " + outcome->url);
            return kDone;
        default:
            context.out().line(fmt::format("🎪 Nothing to create for PR #{}: {}", request.number,
                                           explain(outcome->decision.reason)));
            if (outcome->decision.reason == shows::Reason::AlreadyRunning)
                context.out().line("   --force builds it again");
            return kDone;
    }
}

Option flag(std::string name, std::string help) {
    return {.name = std::move(name), .help = std::move(help)};
}

Option sha() {
    return {.name = "sha",
            .kind = OptionKind::Text,
            .help = "Commit to use, 7 to 40 digits (default: the newest of the pull request)",
            .value_name = "TEXT"};
}

}  // namespace

Command sync_command() {
    return {
        .name = "sync",
        .group = kShowsGroup,
        .summary = "Bring the environment of a pull request to the state its labels ask for",
        .positionals = {pull_request_argument()},
        .options = {sha(), flag("check-only", "Print what would be done as key=value lines, and do nothing"),
                    flag("dry-run-aws", "Deploy and remove nothing"),
                    flag("dry-run-github", "Write nothing on the forge"),
                    flag("dry-run-docker", "Build nothing"),
                    ignored_option("aws-sleep", OptionKind::Integer, "0"),
                    ignored_option("docker-tag", OptionKind::Text, "")},
        .examples = {{"showtime sync 1234 --check-only", ""}, {"showtime sync 1234 --sha abc1234", ""}},
        .run = run_sync};
}

Command start_command() {
    return {.name = "start",
            .group = kShowsGroup,
            .summary = "Create the environment of a pull request",
            .positionals = {pull_request_argument()},
            .options = {sha(),
                        {.name = "ttl",
                         .kind = OptionKind::Text,
                         .help = "Time to live: 24h, 48h, 72h, 1w, close",
                         .value_name = "TEXT",
                         .default_value = "48h"},
                        ignored_option("size", OptionKind::Text, "standard"),
                        flag("dry-run", "Only say what would be done"),
                        flag("dry-run-aws", "Deploy nothing"),
                        ignored_option("aws-sleep", OptionKind::Integer, "0"),
                        ignored_option("image-tag", OptionKind::Text, ""),
                        ignored_option("docker-tag", OptionKind::Text, ""),
                        flag("force", "Build again although it runs")},
            .examples = {{"showtime start 1234", ""}, {"showtime start 1234 --ttl 1w", ""}},
            .run = run_start};
}

}  // namespace ringmaster::cli::showtime
