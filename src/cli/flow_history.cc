#include "cli/flow_history.h"

#include "base/text.h"
#include "cli/json_result.h"
#include "flows/service.h"

namespace ringmaster::cli {

namespace {

Value to_value(const DeployRecord& record) {
    return Value::object()
        .set("time", format_iso8601(record.time))
        .set("flow", record.flow)
        .set("env", record.environment)
        .set("action", record.operation)
        .set("version", record.version)
        .set("from", record.source_environment)
        .set("outcome", to_string(record.outcome))
        .set("actor", record.actor)
        .set("detail", record.detail)
        .set("description", record.reason)
        .set("plan", record.plan_digest)
        .set("deployment", record.deployment);
}

Style style_of(DeployOutcome outcome) {
    if (outcome == DeployOutcome::Failed) return Style::Red;
    return outcome == DeployOutcome::Done ? Style::Plain : Style::Yellow;
}

}  // namespace

Result<ExitCode> run_flow_history(Context& context, const Arguments& arguments, const std::string& flow) {
    auto* service = TRY(context.flows());
    const auto records =
        TRY_WHILE(service->outside().records.recent({.project = service->settings().project,
                                                     .flow = replace_all(flow, "-", "_"),
                                                     .environment = arguments.text("in").value_or(""),
                                                     .limit = static_cast<int>(*arguments.integer("limit"))}),
                  "reading the records");
    Value list = Value::array();
    Table table{
        .headings = {"TIME", "FLOW", "ENV", "ACTION", "VERSION", "FROM", "OUTCOME", "BY", "DETAIL", "WHY"},
        .rows = {}};
    for (const auto& record : records) {
        list.add(to_value(record));
        table.rows.push_back({format_iso8601(record.time),
                              record.flow,
                              record.environment,
                              record.operation,
                              record.version,
                              record.source_environment,
                              {std::string(to_string(record.outcome)), style_of(record.outcome)},
                              record.actor,
                              record.detail,
                              record.reason});
    }
    if (print_json_if_asked(context, arguments, list)) return kDone;
    if (records.empty())
        context.err().line("Nothing of it has been recorded on this machine yet.");
    else
        print_table(context.out(), table);
    return kDone;
}

}  // namespace ringmaster::cli
