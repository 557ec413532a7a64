#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/flow_requests.h"
#include "cli/json_result.h"
#include "cli/registry.h"
#include "flows/plan_json.h"

namespace ringmaster::cli {

namespace {

Result<flows::Made> make(flows::FlowService& service, const Arguments& arguments, Progress& progress) {
    if (*arguments.text("OPERATION") == "deploy")
        return service.plan_deploy(deploy_request(arguments), progress);
    return service.plan_promotion(promote_request(arguments), progress);
}

Result<ExitCode> run_plan(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto made = TRY(make(*service, arguments, context.interruption()));
    if (const auto file = arguments.text("out")) {
        // It holds the variables of the environment.
        TRY(context.write_private_file(*file, flows::to_json_text(made.plan)));
        context.err().line(fmt::format("The plan is in {}; nobody else can read it.", *file));
    }
    if (!print_json_if_asked(context, arguments, plan_value(made.plan))) print_plan(context.out(), made);
    return made.plan.has_problems() ? kFailed : kDone;
}

/// Those of both, each once.
std::vector<Option> options_of_both() {
    auto options = deploy_options();
    for (auto& option : promote_options())
        if (std::ranges::find(options, option.name, &Option::name) == options.end())
            options.push_back(std::move(option));
    options.push_back({.name = "out",
                       .kind = OptionKind::Text,
                       .help = "Write the plan to this new file, to be approved and performed later",
                       .value_name = "FILE"});
    return options;
}

}  // namespace

Command plan_command() {
    return {.name = "plan",
            .group = kFlowsGroup,
            .summary = "Show what a deploy or a promotion would do",
            .description =
                "Changes nothing. The same facts give the same plan, and the same digest: what people "
                "approve is the "
                "digest. Exit code 1 if it cannot be done.",
            .positionals = {{.name = "OPERATION", .help = "What to plan", .choices = {"deploy", "promote"}},
                            flows_argument()},
            .options = options_of_both(),
            .examples = {{"ringmaster plan deploy all --to dev", ""},
                         {"ringmaster plan promote load_orders --to prod --out release.plan", ""}},
            .json_fields = plan_fields(),
            .run = run_plan};
}

}  // namespace ringmaster::cli
