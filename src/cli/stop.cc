#include "cli/commands.h"
#include "cli/prompt.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"

namespace ringmaster::cli {

namespace {

Result<shows::SyncRequest> parse(Context& context, const Arguments& arguments) {
    auto request = request_for(context, arguments.pull_request(), shows::Purpose::Stop);
    request.wait_for_claim = TRY(duration_option(arguments, "wait"));
    request.dry_run = dry_run_option(arguments);
    request.description = TRY(description_of(arguments));
    return request;
}

Result<ExitCode> run_stop(Context& context, const Arguments& arguments) {
    const auto request = TRY(parse(context, arguments));
    if (!request.dry_run.any()) {
        const auto question = fmt::format("Remove every show of #{} and its labels?", request.number);
        if (!TRY(confirm(context, arguments, question))) {
            context.err().line("Nothing was changed.");
            return kDone;
        }
    }
    if (arguments.flag("detach")) return leave_to_others(context, arguments, request);
    const auto outcome = TRY(run_request(context, request));
    return report_outcome(context, arguments, request, outcome);
}

}  // namespace

Command stop_command() {
    return {.name = "stop",
            .group = kShowsGroup,
            .summary = "End every show of a pull request",
            .description =
                "Removes the services, and then the labels, in this order: labels go only when the engine "
                "confirmed that the service is gone. A build that is under way is ended.",
            .positionals = {pull_request_argument()},
            .options = {{.name = "yes", .help = "Do not ask", .short_name = "y"},
                        {.name = "force", .help = "The same as --yes"},
                        {.name = "dry-run", .help = "Only say what would be done"},
                        detach_option(),
                        description_option(),
                        {.name = "wait",
                         .kind = OptionKind::Text,
                         .help = "How long to wait for another worker to let go",
                         .value_name = "TIME",
                         .default_value = "2m"}},
            .examples = {{"ringmaster stop 1234", ""}, {"ringmaster stop 1234 --yes", "in a script"}},
            .json_fields = outcome_fields(),
            .run = run_stop};
}

}  // namespace ringmaster::cli
