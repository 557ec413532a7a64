#include "cli/check_report.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_doctor(Context& context, const Arguments& arguments) {
    const auto [failures, warnings, list] =
        TRY(look_at_all(context, arguments, context.checks(arguments.flag("write"))));
    const auto code = failures == 0 ? kDone : kFailed;
    if (print_json_if_asked(context, arguments, list)) return code;
    context.err().line(failures > 0   ? fmt::format("{} to mend.", failures)
                       : warnings > 0 ? fmt::format("Everything works; {} to look at.", warnings)
                                      : "Everything is as it should be.");
    return code;
}

}  // namespace

Command doctor_command() {
    return {
        .name = "doctor",
        .group = kSetUpGroup,
        .summary = "Check that everything works, and say how to mend what does not",
        .description =
            "Looks at the configuration, the repository, the token and what it may do, the clock, secrets, "
            "and "
            "tries what the engines need: the newest commit is checked out and removed again, a free port "
            "found, a file written. Nothing changes on the forge, unless --write is given: then a label is "
            "created and deleted again.",
        .options = {{.name = "write", .help = "Also try to create a label and delete it"}},
        .examples = {{"ringmaster doctor", ""}, {"ringmaster doctor --write --json check,verdict,mend", ""}},
        .json_fields = {"check", "verdict", "detail", "mend"},
        .run = run_doctor};
}

}  // namespace ringmaster::cli
