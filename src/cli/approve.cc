#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/prompt.h"
#include "cli/registry.h"
#include "flows/plan_json.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_approve(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto file = *arguments.text("FILE");
    const auto text = TRY(context.read_file(file));
    const flows::Made made{.plan = TRY_WHILE(flows::plan_from_json(text), "reading {}", file), .notes = {}};
    const auto who = TRY(context.actor());
    if (who.empty())
        return Fail(Error::invalid_input("nobody knows who approves this")
                        .hint("set [flows] actor, or git's user.email"));
    print_plan(context.err(), made);
    if (!TRY(confirm(context, arguments, fmt::format("Approve it as {}?", who)))) return kDone;
    TRY(service->outside().records.approve({.plan_digest = made.plan.digest(),
                                            .approver = who,
                                            .time = context.clock().now(),
                                            .comment = arguments.text("comment").value_or("")}));
    context.out().line(fmt::format("{} approved plan {}", who, made.plan.digest().substr(0, 12)));
    return kDone;
}

}  // namespace

Command approve_command() {
    return {
        .name = "approve",
        .group = kFlowsGroup,
        .summary = "Agree to a saved plan",
        .description = "Holds for exactly this plan: one that would do something else needs a new approval.",
        .positionals = {{.name = "FILE",
                         .help = "What `ringmaster plan --out` wrote",
                         .candidates = Candidates::Files}},
        .options =
            {{.name = "comment", .kind = OptionKind::Text, .help = "For the records", .value_name = "TEXT"},
             {.name = "yes", .help = "Do not ask", .short_name = "y"}},
        .examples = {{"ringmaster approve release.plan", ""}},
        .run = run_approve};
}

}  // namespace ringmaster::cli
