#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_worker(Context& context, const Arguments& arguments) {
    const bool once = arguments.flag("once");
    if (!once) context.err().line("Carrying out runs as they come; Ctrl-C stops.");
    TRY(context.work_on_runs({.run_id = "", .once = once}));
    return kDone;
}

}  // namespace

Command worker_command() {
    return {.name = "worker",
            .group = kFlowsGroup,
            .summary = "Carry out runs of the local orchestrator, and start what its schedules want",
            .description =
                "Each run gets exactly the deployed commit in a folder of its own, with the environment's "
                "variables. Any "
                "number of workers may run at once on this machine; each run is carried out by one.",
            .options = {{.name = "once", .help = "Stop when no run is left that may begin"}},
            .examples = {{"ringmaster worker", ""}},
            .run = run_worker};
}

Command carry_out_run_command() {
    return {.name = "__carry-out-run",
            .group = kOtherGroup,
            .summary = "Carry out one run",
            .positionals = {{.name = "RUN", .help = "Its id"}},
            .run = [](Context& context, const Arguments& arguments) -> Result<ExitCode> {
                TRY(context.work_on_runs({.run_id = *arguments.text("RUN"), .once = true}));
                return kDone;
            },
            .hidden = true};
}

}  // namespace ringmaster::cli
