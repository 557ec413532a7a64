#include "base/text.h"
#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/json_result.h"
#include "cli/registry.h"
#include "flows/json_text.h"

namespace ringmaster::cli {

namespace {

constexpr Duration kPause = std::chrono::milliseconds(500);
constexpr Duration kPatience = std::chrono::seconds(10);

/// "day=2024-01-01": JSON where it is JSON, else text.
Result<std::map<std::string, std::string>> parameters_of(const Arguments& arguments) {
    std::map<std::string, std::string> parameters;
    for (const auto& word : arguments.all("param")) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0)
            return Fail(Error::invalid_input("--param needs NAME=VALUE, but got \"{}\"",
                                             sanitize_for_terminal(word)));
        parameters.insert_or_assign(word.substr(0, equals), flows::json_or_text(word.substr(equals + 1)));
    }
    return parameters;
}

Value run_value(const FlowRun& run, const Deployment& deployment) {
    return Value::object()
        .set("id", run.id)
        .set("name", run.name)
        .set("deployment", deployment.spec.name)
        .set("state", to_string(run.state))
        .set("state_text", run.state_text)
        .set("version", deployment.spec.version)
        .set("started_at", time_value(run.started_at))
        .set("ended_at", time_value(run.ended_at))
        .set("url", run.url);
}

/// Prints the log as it comes, until the run has ended.
Result<FlowRun> follow(Context& context, FlowRuns& runs, FlowRun run) {
    std::size_t printed = 0;
    const auto began = context.clock().now();
    bool is_told = false;
    while (true) {
        TRY(context.interruption().pulse());
        run = TRY(runs.find(run.id, context.interruption()));
        for (const auto& line : TRY(runs.logs(run.id, printed, context.interruption()))) {
            ++printed;
            context.err().line(fmt::format("{} {}",
                                           context.err().paint(Style::Dim, format_iso8601(line.time)),
                                           sanitize_for_terminal(line.message)));
        }
        if (is_final(run.state)) return run;
        const bool waits = run.state == RunState::Scheduled && context.clock().now() - began > kPatience;
        if (waits && !is_told) context.err().line("No worker has begun it yet; waiting.");
        is_told = is_told || waits;
        TRY(context.clock().sleep(kPause, context.interruption()));
    }
}

Result<ExitCode> run_run(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto deployment =
        TRY(service->deployment_of(*arguments.text("FLOW"), arguments.text("in").value_or(""),
                                   arguments.text("branch").value_or(""), context.interruption()));
    auto& runs = service->outside().runs;
    auto run = TRY(runs.start({.deployment_id = deployment.id,
                               .parameters = TRY(parameters_of(arguments)),
                               .idempotency_key = arguments.text("key").value_or("")},
                              context.interruption()));
    TRY(context.carry_out_run(run.id));
    const bool waits = arguments.flag("wait");
    if (waits) run = TRY(follow(context, runs, std::move(run)));
    if (!print_json_if_asked(context, arguments, run_value(run, deployment)))
        context.out().line(
            fmt::format("{}  {} {}{}", context.out().link(run.url, run.name.empty() ? run.id : run.name),
                        deployment.spec.name, context.out().paint(run_style(run), to_string(run.state)),
                        run.state_text.empty() ? "" : ": " + sanitize_for_terminal(run.state_text)));
    return waits && run.state != RunState::Completed ? kFailed : kDone;
}

}  // namespace

Command run_command() {
    return {
        .name = "run",
        .group = kFlowsGroup,
        .summary = "Start a run of a deployed flow",
        .description =
            "With --wait it prints the run's log as it comes and ends when the run does: exit code 1 "
            "unless it completed.",
        .positionals = {{.name = "FLOW", .help = "Name of a flow"}},
        .options = {{.name = "in", .kind = OptionKind::Text, .help = "The environment", .value_name = "ENV"},
                    {.name = "param",
                     .kind = OptionKind::Text,
                     .help = "A parameter, as JSON or text; may be repeated",
                     .value_name = "NAME=VALUE",
                     .short_name = "p"},
                    {.name = "branch",
                     .kind = OptionKind::Text,
                     .help = "The branch of the deployment",
                     .value_name = "BRANCH"},
                    {.name = "key",
                     .kind = OptionKind::Text,
                     .help = "A run with a key that was used before is that run, not a new one",
                     .value_name = "KEY"},
                    {.name = "wait", .help = "Until it has ended", .short_name = "w"}},
        .examples = {{"ringmaster run load_orders --in dev --param day=2024-01-01 --wait", ""}},
        .json_fields = {"id", "name", "deployment", "state", "state_text", "version", "started_at",
                        "ended_at", "url"},
        .run = run_run};
}

}  // namespace ringmaster::cli
