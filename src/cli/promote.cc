#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/flow_requests.h"
#include "cli/registry.h"
#include "flows/plan_json.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_promote(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    if (const auto file = arguments.text("plan")) {
        if (arguments.was_given("FLOW") || arguments.was_given("to"))
            return Fail(Error::invalid_input("a saved plan says itself what it is about")
                            .hint("leave out the flows and --to"));
        const auto text = TRY(context.read_file(*file));
        auto plan = TRY_WHILE(flows::plan_from_json(text), "reading {}", *file);
        const flows::Made made{.plan = TRY(service->revised(std::move(plan), context.interruption())),
                               .notes = {}};
        return carry_out(context, arguments, *service, made);
    }
    const auto made = TRY(service->plan_promotion(promote_request(arguments), context.interruption()));
    return carry_out(context, arguments, *service, made);
}

}  // namespace

Command promote_command() {
    auto options = promote_options();
    options.push_back({.name = "plan",
                       .kind = OptionKind::Text,
                       .help = "Perform this saved plan, if the world is still the one it was made in",
                       .value_name = "FILE"});
    for (auto& option : performing_options()) options.push_back(std::move(option));
    auto flows = flows_argument();
    flows.is_required = false;
    return {.name = "promote",
            .group = kFlowsGroup,
            .summary = "Give an environment the version that was tried in another",
            .description =
                "The very version: its commit, its image, and the settings of that commit. Not done, unless "
                "overruled "
                "with a reason: a version that did not run or failed, a source that is not what was "
                "deployed, a target "
                "that is newer, outside its window, without its approvals.",
            .positionals = {std::move(flows)},
            .options = std::move(options),
            .examples = {{"ringmaster promote load_orders --to tst", ""},
                         {"ringmaster promote --plan release.plan", ""}},
            .json_fields = plan_fields(),
            .run = run_promote};
}

}  // namespace ringmaster::cli
