#include "cli/sweep_run.h"

#include "base/text.h"
#include "cli/display.h"
#include "cli/github_actions.h"
#include "cli/json_result.h"
#include "cli/prompt.h"
#include "cli/run.h"

namespace ringmaster::cli {

using shows::SweepPlan;
using shows::SweepReport;

namespace {

Value items_value(const std::vector<shows::SweepItem>& items) {
    Value list = Value::array();
    for (const auto& item : items)
        list.add(Value::object()
                     .set("kind", shows::to_string(item.kind))
                     .set("pull_request",
                          item.pull_request_number == 0 ? Value() : Value(item.pull_request_number))
                     .set("what", item.what)
                     .set("why", item.why));
    return list;
}

Value to_value(const SweepPlan& plan, const SweepReport& report, bool is_dry) {
    Value failures = Value::array();
    for (const auto& failure : report.failures)
        failures.add(
            Value::object().set("code", to_string(failure.kind())).set("message", failure.describe()));
    return Value::object()
        .set("dry_run", is_dry)
        .set("items", items_value(plan.items))
        .set("removed", items_value(report.removed))
        .set("skipped", Value::list(plan.skipped))
        .set("expired", report.expired)
        .set("orphans", report.orphans)
        .set("closed", report.closed)
        .set("definitions", report.definitions)
        .set("failures", std::move(failures));
}

void print_plan(Context& context, Stream& stream, const SweepPlan& plan) {
    Table table{.headings = {"KIND", "PR", "WHAT", "WHY"}};
    for (const auto& item : plan.items)
        table.rows.push_back({std::string(shows::to_string(item.kind)),
                              item.pull_request_number == 0 ? "-" : std::to_string(item.pull_request_number),
                              item.what, item.why});
    if (!plan.items.empty()) print_table(stream, table);
    for (const auto& skipped : plan.skipped)
        context.err().line("left alone: " + sanitize_for_terminal(skipped));
}

ExitCode finish(Context& context, const Arguments& arguments, const SweepPlan& plan,
                const SweepReport& report, bool is_dry) {
    for (const auto& failure : report.failures) print_error(context, failure, false);
    const auto code = report.failures.empty() ? kDone : kFailed;
    if (print_json_if_asked(context, arguments, to_value(plan, report, is_dry))) return code;
    if (is_dry) {
        print_plan(context, context.out(), plan);
        context.err().line(plan.items.empty()
                               ? "There is nothing to clean up."
                               : fmt::format("{} would be removed; nothing was.", plan.items.size()));
        return code;
    }
    context.out().line(
        fmt::format("Removed: {} expired, {} of closed pull requests, {} orphaned services, {} labels.",
                    report.expired, report.closed, report.orphans, report.definitions));
    return code;
}

}  // namespace

std::vector<std::string> sweep_fields() {
    return {"dry_run", "items",  "removed",     "skipped", "expired",
            "orphans", "closed", "definitions", "failures"};
}

Result<ExitCode> run_sweep(Context& context, const Arguments& arguments, const shows::SweepOptions& options,
                           bool is_dry) {
    auto* service = TRY(context.shows());
    const auto plan = TRY_WHILE(shows::plan_sweep(*service, options), "looking for what is no longer needed");
    if (is_dry || plan.items.empty()) return finish(context, arguments, plan, {}, is_dry);
    const bool asks = !arguments.flag("yes") && !arguments.flag("force");
    if (asks) print_plan(context, context.err(), plan);
    if (!TRY(confirm(context, arguments, fmt::format("Remove these {}?", plan.items.size())))) {
        context.err().line("Nothing was changed.");
        return kDone;
    }
    const auto display = make_display(context);
    const auto report = TRY(shows::perform_sweep(*service, plan, options, *display, *display));
    display->clear();
    return finish(context, arguments, plan, report, false);
}

}  // namespace ringmaster::cli
