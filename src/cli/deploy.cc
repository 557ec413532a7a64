#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/flow_requests.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_deploy(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto made = TRY(service->plan_deploy(deploy_request(arguments), context.interruption()));
    return carry_out(context, arguments, *service, made);
}

}  // namespace

Command deploy_command() {
    auto options = deploy_options();
    for (auto& option : performing_options())
        if (option.name != "overrule") options.push_back(std::move(option));
    return {.name = "deploy",
            .group = kFlowsGroup,
            .summary = "Deploy flows of a commit to an environment",
            .description =
                "Shows what would change, asks, and changes exactly that. What is deployed is the commit: "
                "uncommitted "
                "changes are not part of it. Run again, it changes nothing.",
            .positionals = {flows_argument()},
            .options = std::move(options),
            .examples = {{"ringmaster deploy all --to dev", ""},
                         {"ringmaster deploy load_orders daily --to dev --dry-run", ""}},
            .json_fields = plan_fields(),
            .run = run_deploy};
}

}  // namespace ringmaster::cli
