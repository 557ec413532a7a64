#include "base/text.h"
#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

struct DeploymentsOptions {
    std::optional<std::string> environment;
    std::optional<std::string> flow;
    bool wants(const flows::SeenDeployment& seen) const {
        return (!environment || (seen.name && seen.name->environment == *environment)) &&
               (!flow || seen.flow == replace_all(*flow, "-", "_"));
    }
};

std::string schedules(const DeploymentSpec& spec) {
    std::vector<std::string> texts;
    for (const auto& schedule : spec.schedules) texts.push_back(schedule.text());
    return join(texts, "; ");
}

Value run_value(const std::optional<FlowRun>& run) {
    if (!run) return {};
    return Value::object()
        .set("id", run->id)
        .set("name", run->name)
        .set("state", to_string(run->state))
        .set("state_text", run->state_text)
        .set("version", run->version)
        .set("started_at", time_value(run->started_at))
        .set("ended_at", time_value(run->ended_at))
        .set("url", run->url);
}

Value drift_value(const flows::SeenDeployment& seen) {
    if (!seen.is_recorded) return {};
    Value list = Value::array();
    for (const auto& change : seen.drift)
        list.add(Value::object()
                     .set("field", change.field)
                     .set("before", change.before)
                     .set("after", change.after));
    return list;
}

/// The fields of acme-portal-sdk's DeploymentDetails (contract 1.2), then ours.
Value deployment_value(const flows::SeenDeployment& seen, std::string_view engine) {
    const auto& deployment = seen.deployment;
    const auto& spec = deployment.spec;
    return Value::object()
        .set("name", spec.name)
        .set("project_name", seen.name ? Value(seen.name->project) : Value())
        .set("branch", seen.name ? Value(seen.name->branch) : Value())
        .set("flow_name", seen.flow)
        .set("env", seen.name ? Value(seen.name->environment) : Value())
        .set("commit_hash", seen.version.commit)
        .set("package_version", seen.version.package_version)
        .set("tags", Value::list(spec.tags))
        .set("id", deployment.id)
        .set("created_at", deployment.created_text)
        .set("updated_at", deployment.updated_text)
        .set("flow_id", deployment.flow_id)
        .set("url", deployment.url)
        .set("child_attributes", Value::object())
        .set("orchestrator", engine)
        .set("version", spec.version)
        .set("image", spec.image)
        .set("paused", spec.is_paused)
        .set("schedule", schedules(spec))
        .set("last_run", run_value(seen.last_run))
        .set("drift", drift_value(seen));
}

std::vector<Cell> row(const flows::SeenDeployment& seen, TimePoint now) {
    const auto& spec = seen.deployment.spec;
    const Cell drift =
        seen.drift.empty() ? Cell("") : Cell(fmt::format("{} differences", seen.drift.size()), Style::Yellow);
    return {{seen.name ? seen.flow : spec.name, Style::Plain, seen.deployment.url},
            seen.name ? seen.name->environment : "-",
            seen.name ? seen.name->branch : "-",
            spec.version.empty() ? "-" : spec.version,
            schedules(spec),
            spec.is_paused ? Cell("paused", Style::Yellow) : Cell(""),
            {run_text(seen.last_run, now), run_style(seen.last_run)},
            drift};
}

Result<ExitCode> run_deployments(Context& context, const Arguments& arguments) {
    const DeploymentsOptions options{.environment = arguments.text("in"), .flow = arguments.text("flow")};
    auto* service = TRY(context.flows());
    auto all = TRY(service->deployments(context.interruption()));
    std::erase_if(all, [&](const auto& seen) { return !options.wants(seen); });
    Value list = Value::array();
    Table table{.headings = {"FLOW", "ENV", "BRANCH", "VERSION", "SCHEDULE", "", "LAST RUN", "DRIFT"},
                .rows = {}};
    for (const auto& seen : all) {
        list.add(deployment_value(seen, service->outside().orchestrator.engine()));
        table.rows.push_back(row(seen, context.clock().now()));
    }
    if (print_json_if_asked(context, arguments, list)) return kDone;
    if (all.empty())
        context.err().line(options.environment || options.flow ? "No deployment fits."
                                                               : "There are no deployments.");
    else
        print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command deployments_command() {
    return {.name = "deployments",
            .group = kFlowsGroup,
            .summary = "List every deployment of the orchestrator",
            .description =
                "All of them, with version, schedule, last run, and where they are not what was recorded.",
            .options = {{.name = "in",
                         .kind = OptionKind::Text,
                         .help = "Only those of this environment",
                         .value_name = "ENV"},
                        {.name = "flow",
                         .kind = OptionKind::Text,
                         .help = "Only those of this flow",
                         .value_name = "FLOW"}},
            .examples = {{"ringmaster deployments --in prod", ""},
                         {"ringmaster deployments --json flow_name,env,version,last_run", ""}},
            .json_fields = {"name",  "project_name",     "branch",          "flow_name",
                            "env",   "commit_hash",      "package_version", "tags",
                            "id",    "created_at",       "updated_at",      "flow_id",
                            "url",   "child_attributes", "orchestrator",    "version",
                            "image", "paused",           "schedule",        "last_run",
                            "drift"},
            .run = run_deployments};
}

}  // namespace ringmaster::cli
