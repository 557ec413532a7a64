#include "cli/commands.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"

namespace ringmaster::cli {

namespace {

Result<shows::SyncRequest> parse(Context& context, const Arguments& arguments) {
    auto request = request_for(context, arguments.pull_request(), shows::Purpose::Start);
    request.sha_prefix = TRY(sha_option(arguments));
    if (const auto typed = arguments.text("ttl")) {
        auto ttl = Ttl::parse(*typed);
        if (!ttl)
            return Fail(Error::invalid_input("--ttl: {}", ttl.error().message()).hint(ttl.error().hint()));
        request.ttl = *ttl;
    }
    request.force = arguments.flag("force");
    request.wait_for_claim = TRY(duration_option(arguments, "wait"));
    request.dry_run = dry_run_option(arguments);
    request.description = TRY(description_of(arguments));
    return request;
}

Result<ExitCode> run_start(Context& context, const Arguments& arguments) {
    const auto request = TRY(parse(context, arguments));
    if (arguments.flag("detach")) return leave_to_others(context, arguments, request);
    const auto outcome = TRY(run_request(context, request));
    return report_outcome(context, arguments, request, outcome);
}

}  // namespace

Command start_command() {
    return {.name = "start",
            .group = kShowsGroup,
            .summary = "Give a pull request its show",
            .description =
                "As adding the label \"🎪 ⚡ showtime-trigger-start\" does. A show that runs already stays "
                "as it is; "
                "--force builds it again. With --sha it also approves that commit of a fork.",
            .positionals = {pull_request_argument()},
            .options = {{.name = "sha",
                         .kind = OptionKind::Text,
                         .help = "Version to bring up, 7 to 40 digits (default: the newest commit)",
                         .value_name = "SHA"},
                        {.name = "ttl",
                         .kind = OptionKind::Text,
                         .help = "How long it lives: 24h, 3d, 1w, close (default: [shows] ttl)",
                         .value_name = "TTL"},
                        {.name = "force", .help = "Build again although it runs"},
                        {.name = "dry-run", .help = "Only say what would be done"},
                        detach_option(),
                        partial_dry_run("dry-run-aws"),
                        partial_dry_run("dry-run-github"),
                        partial_dry_run("dry-run-docker"),
                        description_option(),
                        {.name = "wait",
                         .kind = OptionKind::Text,
                         .help = "How long to wait for another worker that is busy with it",
                         .value_name = "TIME",
                         .default_value = "0s"}},
            .examples = {{"ringmaster start 1234", ""},
                         {"ringmaster start 1234 --detach && ringmaster status 1234 --watch",
                          "a service does it"},
                         {"ringmaster start 1234 --ttl 1w", ""},
                         {"ringmaster start 1234 --sha abc1234", "a fork's commit, after reading it"}},
            .json_fields = outcome_fields(),
            .run = run_start};
}

}  // namespace ringmaster::cli
