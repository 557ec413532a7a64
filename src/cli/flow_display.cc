#include "cli/flow_display.h"

#include <algorithm>

#include "base/text.h"
#include "cli/json_result.h"
#include "cli/prompt.h"

namespace ringmaster::cli {

namespace {

Style style_of(flows::ChangeKind kind) {
    switch (kind) {
        case flows::ChangeKind::Create:
            return Style::Green;
        case flows::ChangeKind::Update:
            return Style::Yellow;
        case flows::ChangeKind::Problem:
            return Style::Red;
        case flows::ChangeKind::Unchanged:
            break;
    }
    return Style::Dim;
}

std::string_view mark_of(flows::ChangeKind kind) {
    switch (kind) {
        case flows::ChangeKind::Create:
            return "+";
        case flows::ChangeKind::Update:
            return "~";
        case flows::ChangeKind::Problem:
            return "!";
        case flows::ChangeKind::Unchanged:
            break;
    }
    return "=";
}

std::string headline(const flows::Plan& plan) {
    const auto what =
        plan.changes.size() == 1 ? std::string("1 flow") : fmt::format("{} flows", plan.changes.size());
    if (plan.operation == flows::Operation::Promote)
        return fmt::format("Promote {} from {} to {} ({})", plan.changes.size(), plan.source_environment,
                           plan.environment, plan.engine);
    if (plan.operation == flows::Operation::Rollback)
        return fmt::format("Roll back in {} ({})", plan.environment, plan.engine);
    return fmt::format("Deploy {} to {} ({})", what, plan.environment, plan.engine);
}

std::string first_words(const flows::PlannedChange& change) {
    const auto& wanted = change.wanted;
    if (change.kind() == flows::ChangeKind::Unchanged) return fmt::format("stays {}", wanted.version);
    if (!change.existing) return fmt::format("new, {}", wanted.version);
    if (change.existing->spec.version == wanted.version)
        return fmt::format("{}, changed settings", wanted.version);
    return fmt::format("{} → {}", change.existing->spec.version, wanted.version);
}

/// What a new deployment is like; the version is said already.
void print_new(Stream& stream, const DeploymentSpec& spec) {
    const auto row = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) stream.line(fmt::format("      {:<18} {}", name, sanitize_for_terminal(value)));
    };
    row("deployment", spec.name);
    row("entrypoint", spec.entrypoint);
    row("work pool", spec.work_pool);
    row("image", spec.image);
    if (spec.code) row("code", fmt::format("{} at {}", spec.code->repository, spec.code->commit));
    for (const auto& schedule : spec.schedules) row("schedule", schedule.text());
    for (const auto& [name, value] : spec.parameters)
        row("parameter " + name, flows::is_secret(name, value) ? "••••" : value);
    if (spec.is_paused) row("paused", "yes");
}

void print_change(Stream& stream, const flows::PlannedChange& change) {
    const auto kind = change.kind();
    stream.line(stream.paint(style_of(kind), fmt::format("  {} {}", mark_of(kind), change.flow)) + "  " +
                stream.paint(Style::Dim, first_words(change)));
    if (kind == flows::ChangeKind::Create) print_new(stream, change.wanted);
    for (const auto& field : change.fields)
        stream.line(fmt::format("      {:<18} {} → {}", field.field,
                                field.before.empty() ? "(none)" : field.before,
                                field.after.empty() ? "(none)" : field.after));
    for (const auto& problem : change.problems)
        stream.line("      " + stream.paint(Style::Red, "cannot be done: ") + sanitize_for_terminal(problem));
    for (const auto& objection : change.objections)
        stream.line("      " +
                    stream.paint(Style::Red, fmt::format("may not be done ({}): ", objection.gate)) +
                    sanitize_for_terminal(objection.message));
    for (const auto& warning : change.warnings)
        stream.line("      " + stream.paint(Style::Yellow, "note: ") + sanitize_for_terminal(warning));
}

std::string counts(const flows::Plan& plan) {
    std::vector<std::string> parts;
    for (const auto kind : {flows::ChangeKind::Create, flows::ChangeKind::Update,
                            flows::ChangeKind::Unchanged, flows::ChangeKind::Problem})
        if (const int count = plan.count(kind); count > 0)
            parts.push_back(fmt::format("{} {}", count, to_string(kind)));
    return join(parts, ", ");
}

Value change_value(const flows::PlannedChange& change) {
    Value fields = Value::array();
    for (const auto& field : change.fields)
        fields.add(
            Value::object().set("field", field.field).set("before", field.before).set("after", field.after));
    Value objections = Value::array();
    for (const auto& objection : change.objections)
        objections.add(Value::object().set("gate", objection.gate).set("message", objection.message));
    return Value::object()
        .set("flow", change.flow)
        .set("flow_id", change.flow_id)
        .set("deployment", change.wanted.name)
        .set("kind", to_string(change.kind()))
        .set("version", change.wanted.version)
        .set("previous_version", change.existing ? Value(change.existing->spec.version) : Value())
        .set("changes", std::move(fields))
        .set("problems", Value::list(change.problems))
        .set("objections", std::move(objections))
        .set("warnings", Value::list(change.warnings));
}

Value applied_value(const flows::Applied& applied) {
    return Value::object()
        .set("flow", applied.flow)
        .set("deployment", applied.deployment)
        .set("kind", to_string(applied.kind))
        .set("outcome", to_string(applied.outcome))
        .set("error", applied.error ? Value(applied.error->describe()) : Value());
}

void print_applied(Context& context, const flows::Applied& applied) {
    auto& stream = context.out();
    const auto line = [&](Style style, std::string_view mark, std::string_view what) {
        stream.line(fmt::format("{} {}  {}", stream.paint(style, mark),
                                stream.link(applied.url, applied.flow), what));
    };
    if (applied.outcome == DeployOutcome::Undone) return line(Style::Yellow, "↺", "put back as it was");
    if (applied.outcome == DeployOutcome::Failed)
        return line(Style::Red, "✗",
                    applied.error ? sanitize_for_terminal(applied.error->describe()) : "failed");
    if (applied.kind == flows::ChangeKind::Unchanged) return line(Style::Dim, "=", "unchanged");
    line(Style::Green, "✓", applied.kind == flows::ChangeKind::Create ? "created" : "updated");
}

flows::ApplyOptions apply_options(const Arguments& arguments, std::string actor) {
    flows::ApplyOptions options{.actor = std::move(actor),
                                .reason = arguments.text("reason").value_or(""),
                                .overruled = {},
                                .atomic = arguments.flag("atomic")};
    for (const auto& list : arguments.all("overrule"))
        for (const auto gate : split(list, ','))
            if (!gate.empty()) options.overruled.emplace_back(gate);
    return options;
}

Result<ExitCode> report(Context& context, const Arguments& arguments,
                        const std::vector<flows::Applied>& applied) {
    Value results = Value::array();
    for (const auto& each : applied) results.add(applied_value(each));
    const bool has_failed = std::ranges::any_of(applied, [](const auto& each) {
        return each.outcome == DeployOutcome::Failed || each.outcome == DeployOutcome::Undone;
    });
    if (!print_json_if_asked(context, arguments, results))
        for (const auto& each : applied) print_applied(context, each);
    return has_failed ? kFailed : kDone;
}

}  // namespace

Positional flows_argument() {
    return {.name = "FLOW", .help = "Names of flows, or all", .repeats = true};
}

std::vector<std::string> flows_of(const Arguments& arguments) {
    std::vector<std::string> flows;
    for (const auto& word : arguments.all("FLOW"))
        for (const auto part : split(word, ','))
            if (!trim(part).empty()) flows.emplace_back(trim(part));
    return flows;
}

std::vector<Option> performing_options() {
    return {
        {.name = "yes", .help = "Do not ask", .short_name = "y"},
        {.name = "dry-run", .help = "Show the plan and stop"},
        {.name = "atomic", .help = "After a failure, put back what was changed"},
        {.name = "overrule",
         .kind = OptionKind::Text,
         .help = "Rules that shall not count, by commas: " + join(flows::gates(), ", "),
         .value_name = "RULES"},
        {.name = "reason", .kind = OptionKind::Text, .help = "Why, for the records", .value_name = "TEXT"}};
}

std::vector<std::string> plan_fields() {
    return {"flow",    "flow_id",  "deployment", "kind",     "version", "previous_version",
            "changes", "problems", "objections", "warnings", "outcome", "error"};
}

void print_plan(Stream& stream, const flows::Made& made) {
    const auto& plan = made.plan;
    stream.line(stream.paint(Style::Bold, headline(plan)));
    for (const auto& note : made.notes)
        stream.line("  " + stream.paint(Style::Yellow, "note: ") + sanitize_for_terminal(note));
    for (const auto& change : plan.changes) print_change(stream, change);
    stream.line(fmt::format("{}; plan {}", counts(plan), plan.digest().substr(0, 12)));
}

Value plan_value(const flows::Plan& plan) {
    Value list = Value::array();
    for (const auto& change : plan.changes) list.add(change_value(change));
    return list;
}

Result<ExitCode> carry_out(Context& context, const Arguments& arguments, flows::FlowService& service,
                           const flows::Made& made) {
    const auto& plan = made.plan;
    const bool is_dry = arguments.flag("dry-run");
    if (is_dry && print_json_if_asked(context, arguments, plan_value(plan)))
        return plan.has_problems() ? kFailed : kDone;
    print_plan(is_dry ? context.out() : context.err(), made);
    if (is_dry) return plan.has_problems() ? kFailed : kDone;
    const int changes = plan.count(flows::ChangeKind::Create) + plan.count(flows::ChangeKind::Update);
    const auto options = apply_options(arguments, TRY(context.actor()));
    const bool can_be_done = !plan.has_problems() && plan.objections(options.overruled).empty();
    if (changes > 0 && can_be_done &&
        !TRY(confirm(context, arguments,
                     fmt::format("Change {} in {}?",
                                 changes == 1 ? "1 deployment" : fmt::format("{} deployments", changes),
                                 plan.environment)))) {
        context.err().line("Nothing was changed.");
        return kDone;
    }
    return report(context, arguments, TRY(service.apply(plan, options, context.interruption())));
}

std::string run_text(const std::optional<FlowRun>& run, TimePoint now) {
    if (!run) return "never ran";
    const auto when = run->ended_at ? run->ended_at : run->started_at ? run->started_at : run->expected_at;
    if (!when) return std::string(to_string(run->state));
    return fmt::format("{} {}", to_string(run->state),
                       *when > now ? "in " + format_age(*when - now) : format_age(now - *when) + " ago");
}

Style run_style(const std::optional<FlowRun>& run) {
    if (!run) return Style::Dim;
    if (run->state == RunState::Completed) return Style::Green;
    if (run->state == RunState::Failed || run->state == RunState::Crashed) return Style::Red;
    return Style::Yellow;
}

Value time_value(const std::optional<TimePoint>& time) {
    return time ? Value(format_iso8601(*time)) : Value();
}

}  // namespace ringmaster::cli
