#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/json_result.h"
#include "cli/prompt.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> remove_all(Context& context, flows::FlowService& service,
                            const std::vector<flows::SeenDeployment>& gone) {
    const auto actor = TRY(context.actor());
    bool has_failed = false;
    for (const auto& seen : gone) {
        const auto removed = service.prune(seen, actor, context.interruption());
        has_failed = has_failed || !removed;
        context.out().line(
            removed ? fmt::format("✓ {}  removed", seen.deployment.spec.name)
                    : fmt::format("✗ {}  {}", seen.deployment.spec.name, removed.error().describe()));
    }
    return has_failed ? kFailed : kDone;
}

Result<ExitCode> run_prune(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto gone = TRY(service->leftovers(context.interruption()));
    Value list = Value::array();
    Table table{.headings = {"DEPLOYMENT", "FLOW", "ENV", "BRANCH", "LAST RUN"}, .rows = {}};
    for (const auto& seen : gone) {
        list.add(Value::object()
                     .set("deployment", seen.deployment.spec.name)
                     .set("flow", seen.flow)
                     .set("env", seen.name->environment)
                     .set("branch", seen.version.branch));
        table.rows.push_back({seen.deployment.spec.name, seen.flow, seen.name->environment,
                              seen.version.branch, run_text(seen.last_run, context.clock().now())});
    }
    const bool is_printed = print_json_if_asked(context, arguments, list);
    if (gone.empty()) {
        if (!is_printed) context.err().line("Every deployment has its flow and its branch.");
        return kDone;
    }
    if (!is_printed) print_table(context.out(), table);
    if (arguments.flag("dry-run") || is_printed) return kDone;
    if (!TRY(confirm(context, arguments, fmt::format("Remove these {} deployments?", gone.size()))))
        return kDone;
    return remove_all(context, *service, gone);
}

}  // namespace

Command prune_command() {
    return {.name = "prune",
            .group = kFlowsGroup,
            .summary = "Remove deployments whose flow or branch is gone",
            .description =
                "Of this project only. A branch is gone when neither this clone nor its remote-tracking "
                "branches have it: fetch with --prune first.",
            .options = {{.name = "yes", .help = "Do not ask", .short_name = "y"},
                        {.name = "dry-run", .help = "Show them and stop"}},
            .examples = {{"ringmaster prune --dry-run", ""}, {"ringmaster prune --yes", ""}},
            .json_fields = {"deployment", "flow", "env", "branch"},
            .run = run_prune};
}

}  // namespace ringmaster::cli
