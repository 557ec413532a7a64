#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

void print_drift(Stream& stream, const flows::SeenDeployment& seen) {
    stream.line(stream.paint(Style::Yellow, seen.deployment.spec.name));
    for (const auto& change : seen.drift)
        stream.line(fmt::format("    {:<18} {} → {}", change.field,
                                change.before.empty() ? "(none)" : change.before,
                                change.after.empty() ? "(none)" : change.after));
}

Value drift_value(const flows::SeenDeployment& seen) {
    Value changes = Value::array();
    for (const auto& change : seen.drift)
        changes.add(Value::object()
                        .set("field", change.field)
                        .set("recorded", change.before)
                        .set("found", change.after));
    return Value::object()
        .set("deployment", seen.deployment.spec.name)
        .set("flow", seen.flow)
        .set("env", seen.name ? Value(seen.name->environment) : Value())
        .set("changes", std::move(changes));
}

Result<ExitCode> run_drift(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto environment = arguments.text("in");
    int looked_at = 0;
    bool has_drift = false;
    Value list = Value::array();
    const bool as_json = arguments.json().has_value();
    for (const auto& seen : TRY(service->deployments(context.interruption()))) {
        if (!seen.is_recorded || (environment && (!seen.name || seen.name->environment != *environment)))
            continue;
        ++looked_at;
        if (seen.drift.empty()) continue;
        has_drift = true;
        list.add(drift_value(seen));
        if (!as_json) print_drift(context.out(), seen);
    }
    if (!print_json_if_asked(context, arguments, list) && !has_drift)
        context.err().line(fmt::format("{} deployments are as they were recorded.", looked_at));
    return has_drift && arguments.flag("exit-code") ? kFailed : kDone;
}

}  // namespace

Command drift_command() {
    return {.name = "drift",
            .group = kFlowsGroup,
            .summary = "Show where deployments are not what was recorded",
            .description =
                "What somebody changed on the orchestrator since it was deployed from here, field by field.",
            .options = {{.name = "in",
                         .kind = OptionKind::Text,
                         .help = "Only this environment",
                         .value_name = "ENV"},
                        {.name = "exit-code", .help = "Exit with 1 if there is any"}},
            .examples = {{"ringmaster drift --in prod --exit-code", ""}},
            .json_fields = {"deployment", "flow", "env", "changes"},
            .run = run_drift};
}

}  // namespace ringmaster::cli
