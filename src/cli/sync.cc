#include "base/text.h"
#include "cli/check_lines.h"
#include "cli/commands.h"
#include "cli/github_actions.h"
#include "cli/json_result.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"

namespace ringmaster::cli {

namespace {

struct SyncOptions {
    shows::SyncRequest request;
    bool check_only = false;
};

Result<SyncOptions> parse(Context& context, const Arguments& arguments) {
    SyncOptions options{.request = request_for(context, arguments.pull_request(), shows::Purpose::Sync)};
    options.request.sha_prefix = TRY(sha_option(arguments));
    options.request.wait_for_claim = TRY(duration_option(arguments, "wait"));
    options.request.dry_run = dry_run_option(arguments);
    options.request.description = TRY(description_of(arguments));
    options.check_only = arguments.flag("check-only");
    return options;
}

Result<ExitCode> print_check(Context& context, const Arguments& arguments, const SyncOptions& options) {
    auto* service = TRY(context.shows());
    const auto check = TRY(service->check(options.request));
    const auto lines = check_lines(check, context.environment(), options.request.sha_prefix.value_or(""));
    context.err().line(fmt::format("🎪 Using {} SHA: {}", options.request.sha_prefix ? "specified" : "latest",
                                   check.request.target.short_sha().text()));
    write_step_outputs(context, lines);
    Value object = Value::object();
    object.set("pull_request", options.request.number)
        .set("action_taken", "none")
        .set("reason", shows::to_string(check.decision.reason))
        .set("blocked_reason", check.decision.blocked_reason
                                   ? Value(shows::to_string(*check.decision.blocked_reason))
                                   : Value())
        .set("sha", check.request.target.text());
    for (const auto& [key, value] : lines)
        if (key == "build_needed" || key == "sync_needed")
            object.set(key, value == "true");
        else if (key == "action_needed")
            object.set(key, value);
    if (print_json_if_asked(context, arguments, object)) return kDone;
    for (const auto& [key, value] : lines) context.out().line(key + "=" + value);
    return kDone;
}

Result<ExitCode> run_sync(Context& context, const Arguments& arguments) {
    const auto options = TRY(parse(context, arguments));
    if (options.check_only) return print_check(context, arguments, options);
    const auto outcome = TRY(run_request(context, options.request));
    return report_outcome(context, arguments, options.request, outcome);
}

}  // namespace

Command sync_command() {
    auto fields = outcome_fields();
    fields.insert(fields.end(), {"action_needed", "build_needed", "sync_needed"});
    return {
        .name = "sync",
        .group = kShowsGroup,
        .summary = "Make the shows of a pull request what its labels and newest commit say",
        .description =
            "Looks at the pull request and does what is needed: builds and starts a show, replaces it by the "
            "newest commit without a gap, removes it, or nothing. Safe to run at any time, any number of "
            "times, "
            "by any number of workers: one at a time acts on a pull request.",
        .positionals = {pull_request_argument()},
        .options = {{.name = "sha",
                     .kind = OptionKind::Text,
                     .help = "Version to bring up, 7 to 40 digits (default: the newest commit)",
                     .value_name = "SHA"},
                    {.name = "check-only",
                     .help = "Only say what would be done, as key=value lines for workflows"},
                    {.name = "dry-run", .help = "Only say what would be done; nothing is changed anywhere"},
                    description_option(),
                    {.name = "wait",
                     .kind = OptionKind::Text,
                     .help = "How long to wait for another worker that is busy with it",
                     .value_name = "TIME",
                     .default_value = "0s"}},
        .examples = {{"ringmaster sync 1234", ""},
                     {"ringmaster sync 1234 --check-only", "what a workflow asks first"},
                     {"ringmaster sync 1234 --sha abc1234 --json url,status", ""}},
        .json_fields = std::move(fields),
        .run = run_sync};
}

}  // namespace ringmaster::cli
