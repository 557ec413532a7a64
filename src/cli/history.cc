#include "base/text.h"
#include "cli/commands.h"
#include "cli/flow_history.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Value to_value(const HistoryEvent& event) {
    return Value::object()
        .set("time", format_iso8601(event.time))
        .set("pull_request", event.pull_request_number)
        .set("sha", event.sha)
        .set("actor", event.actor)
        .set("action", event.action)
        .set("step", event.step)
        .set("outcome", event.outcome)
        .set("detail", event.detail)
        .set("description", event.description)
        .set("duration_ms", static_cast<std::int64_t>(event.duration_ms));
}

Result<ExitCode> run_history(Context& context, const Arguments& arguments) {
    const auto what = arguments.text("WHAT").value_or("");
    const auto pull_request = parse_integer(what);
    if (arguments.was_given("in") || arguments.flag("flows") || (!what.empty() && !pull_request))
        return run_flow_history(context, arguments, what);
    auto* history = TRY(context.history());
    const int number = pull_request && *pull_request < 2'000'000'000 ? static_cast<int>(*pull_request) : 0;
    const auto events = TRY_WHILE(history->recent(number, static_cast<int>(*arguments.integer("limit"))),
                                  "reading the history");
    Value list = Value::array();
    Table table{.headings = {"TIME", "PR", "SHA", "ACTION", "STEP", "OUTCOME", "TOOK", "BY", "DETAIL",
                             "DESCRIPTION"}};
    for (const auto& event : events) {
        list.add(to_value(event));
        table.rows.push_back({format_iso8601(event.time),
                              std::to_string(event.pull_request_number),
                              event.sha,
                              event.action,
                              event.step,
                              {event.outcome, event.outcome == "failed" ? Style::Red : Style::Plain},
                              format_duration_for_people(Duration(event.duration_ms)),
                              event.actor,
                              event.detail,
                              event.description});
    }
    if (print_json_if_asked(context, arguments, list)) return kDone;
    if (events.empty())
        context.err().line("Nothing has been recorded on this machine yet.");
    else
        print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command history_command() {
    return {
        .name = "history",
        .group = kShowsGroup,
        .summary = "Show what happened, newest first",
        .description =
            "What this machine did, or the service whose database is configured: shows of pull requests, or, "
            "with "
            "the name of a flow, --in or --flows, deploys, promotions and rollbacks.",
        .positionals = {{.name = "WHAT",
                         .help = "Number of a pull request, or name of a flow",
                         .is_required = false,
                         .candidates = Candidates::PullRequests}},
        .options = {{.name = "in",
                     .kind = OptionKind::Text,
                     .help = "What happened to flows in this environment",
                     .value_name = "ENV"},
                    {.name = "flows", .help = "What happened to all flows"},
                    {.name = "limit",
                     .kind = OptionKind::Integer,
                     .help = "At most this many",
                     .value_name = "N",
                     .default_value = "50",
                     .short_name = "n",
                     .minimum = 1}},
        .examples = {{"ringmaster history", ""},
                     {"ringmaster history 1234 --json time,step,outcome", ""},
                     {"ringmaster history load_orders --in prod", ""}},
        .json_fields = {"time", "pull_request", "sha", "actor", "action", "step", "outcome", "detail",
                        "description", "duration_ms", "flow", "env", "version", "from", "plan", "deployment"},
        .run = run_history};
}

}  // namespace ringmaster::cli
