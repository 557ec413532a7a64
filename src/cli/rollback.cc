#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_rollback(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto made = TRY(service->plan_rollback({.flow = *arguments.text("FLOW"),
                                                  .environment = arguments.text("in").value_or(""),
                                                  .branch = arguments.text("branch").value_or(""),
                                                  .to_version = arguments.text("to").value_or("")},
                                                 context.interruption()));
    return carry_out(context, arguments, *service, made);
}

}  // namespace

Command rollback_command() {
    std::vector<Option> options = {
        {.name = "in", .kind = OptionKind::Text, .help = "The environment", .value_name = "ENV"},
        {.name = "to",
         .kind = OptionKind::Text,
         .help = "A recorded version or commit; what was there before if nothing is said",
         .value_name = "VERSION"},
        {.name = "branch",
         .kind = OptionKind::Text,
         .help = "The branch of the deployment",
         .value_name = "BRANCH"}};
    for (auto& option : performing_options()) options.push_back(std::move(option));
    return {.name = "rollback",
            .group = kFlowsGroup,
            .summary = "Put back what an environment had before",
            .description =
                "Version, schedule, parameters and variables together, as they were recorded. Needs the "
                "approvals that "
                "a promotion there needs; --overrule approvals where it cannot wait.",
            .positionals = {{.name = "FLOW", .help = "Name of a flow"}},
            .options = std::move(options),
            .examples = {{"ringmaster rollback load_orders --in prod", ""},
                         {"ringmaster rollback load_orders --in prod --to main-abc1234", ""}},
            .json_fields = plan_fields(),
            .run = run_rollback};
}

}  // namespace ringmaster::cli
