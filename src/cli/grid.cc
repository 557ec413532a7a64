#include "flows/grid.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/flow_display.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

std::string version_text(const flows::GridCell& cell) {
    const auto& version = cell.seen.version;
    if (!version.package_version.empty() && !version.commit.empty())
        return fmt::format("{} ({})", version.package_version, version.commit.substr(0, 7));
    if (!version.commit.empty()) return version.commit.substr(0, 7);
    return cell.seen.deployment.spec.version.empty() ? "?" : cell.seen.deployment.spec.version;
}

/// What a person has to know beside the version, the worst first.
std::vector<std::string> marks(const flows::GridCell& cell) {
    std::vector<std::string> words;
    const auto& run = cell.seen.last_run;
    if (run && (run->state == RunState::Failed || run->state == RunState::Crashed))
        words.emplace_back(to_string(run->state));
    else if (!run)
        words.emplace_back("never ran");
    if (!cell.seen.drift.empty()) words.emplace_back("drift");
    if (cell.distance && cell.distance->ahead > 0)
        words.push_back(fmt::format("{} behind", cell.distance->ahead));
    if (cell.distance && cell.distance->behind > 0)
        words.push_back(fmt::format("{} ahead", cell.distance->behind));
    if (cell.seen.deployment.spec.is_paused) words.emplace_back("paused");
    if (!cell.other_branches.empty())
        words.push_back(fmt::format("+{} branches", cell.other_branches.size()));
    return words;
}

Style style_of(const flows::GridCell& cell) {
    const auto& run = cell.seen.last_run;
    if (run && (run->state == RunState::Failed || run->state == RunState::Crashed)) return Style::Red;
    if (!cell.seen.drift.empty() || (cell.distance && cell.distance->ahead + cell.distance->behind > 0))
        return Style::Yellow;
    return run ? Style::Green : Style::Plain;
}

std::string cell_text(const std::optional<flows::GridCell>& cell) {
    if (!cell) return "-";
    const auto words = marks(*cell);
    return version_text(*cell) + (words.empty() ? "" : ", " + join(words, ", "));
}

Value cell_value(const std::string& environment, const flows::GridCell& cell, TimePoint now) {
    const auto& seen = cell.seen;
    const auto number = [](const std::optional<CommitDistance>& distance, int CommitDistance::* part) {
        return distance ? Value((*distance).*part) : Value();
    };
    return Value::object()
        .set("env", environment)
        .set("deployment", seen.deployment.spec.name)
        .set("branch", seen.version.branch)
        .set("version", seen.deployment.spec.version)
        .set("commit_hash", seen.version.commit)
        .set("package_version", seen.version.package_version)
        .set("behind", number(cell.distance, &CommitDistance::ahead))
        .set("ahead", number(cell.distance, &CommitDistance::behind))
        .set("age",
             seen.deployment.updated_at ? Value(format_age(now - *seen.deployment.updated_at)) : Value())
        .set("last_run", seen.last_run ? Value(to_string(seen.last_run->state)) : Value())
        .set("drift", static_cast<int>(seen.drift.size()))
        .set("paused", seen.deployment.spec.is_paused)
        .set("other_branches", Value::list(cell.other_branches))
        .set("url", seen.deployment.url);
}

Value grid_value(const flows::Grid& grid, TimePoint now) {
    Value rows = Value::array();
    for (const auto& row : grid.rows) {
        Value cells = Value::array();
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (row.cells[i]) cells.add(cell_value(grid.environments[i], *row.cells[i], now));
        rows.add(
            Value::object()
                .set("flow", row.flow)
                .set("source_relative", row.source_relative.empty() ? Value() : Value(row.source_relative))
                .set("line_number", row.line_number)
                .set("environments", std::move(cells)));
    }
    return rows;
}

void print_markdown(Stream& stream, const flows::Grid& grid) {
    std::string head = "| Flow |";
    std::string rule = "| --- |";
    for (const auto& environment : grid.environments) {
        head += " " + escape_markdown(environment) + " |";
        rule += " --- |";
    }
    stream.line(head);
    stream.line(rule);
    for (const auto& row : grid.rows) {
        std::string line = "| " + escape_markdown(row.flow) + " |";
        for (const auto& cell : row.cells) line += " " + escape_markdown(cell_text(cell)) + " |";
        stream.line(line);
    }
}

Table grid_table(const flows::Grid& grid) {
    Table table{.headings = {"FLOW"}, .rows = {}};
    for (const auto& environment : grid.environments) table.headings.push_back(to_upper_ascii(environment));
    for (const auto& row : grid.rows) {
        std::vector<Cell> cells = {{row.flow, row.source_relative.empty() ? Style::Dim : Style::Plain}};
        for (const auto& cell : row.cells)
            cells.push_back(cell ? Cell(cell_text(cell), style_of(*cell), cell->seen.deployment.url)
                                 : Cell("-", Style::Dim));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Result<ExitCode> run_grid(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    flows::GridRequest request{.branch = arguments.text("branch").value_or(""), .flows = {}};
    if (arguments.was_given("FLOW")) request.flows = flows_of(arguments);
    const auto grid = TRY(flows::make_grid(*service, request, context.interruption()));
    if (print_json_if_asked(context, arguments, grid_value(grid, context.clock().now()))) return kDone;
    if (arguments.flag("markdown"))
        print_markdown(context.out(), grid);
    else if (grid.rows.empty())
        context.err().line("There are no flows and no deployments of this project.");
    else
        print_table(context.out(), grid_table(grid));
    if (!grid.others.empty() && !arguments.flag("markdown"))
        context.err().line(
            fmt::format("{} deployments are of other projects, or have names that do not say of what: "
                        "`ringmaster deployments` lists them.",
                        grid.others.size()));
    return kDone;
}

}  // namespace

Command grid_command() {
    auto flows = flows_argument();
    flows.is_required = false;
    flows.help = "Only these flows";
    return {.name = "grid",
            .group = kFlowsGroup,
            .summary = "Show what version of each flow is in each environment",
            .description =
                "Flows by environments: the version, how many commits it is behind what is checked out here, "
                "how its "
                "last run ended, and whether it is still what was deployed.",
            .positionals = {std::move(flows)},
            .options = {{.name = "branch",
                         .kind = OptionKind::Text,
                         .help = "Deployments of this branch, instead of the newest of any",
                         .value_name = "BRANCH"},
                        {.name = "markdown", .help = "As a Markdown table, for a pull request"}},
            .examples = {{"ringmaster grid", ""}, {"ringmaster grid --markdown", ""}},
            .json_fields = {"flow", "source_relative", "line_number", "environments"},
            .run = run_grid};
}

}  // namespace ringmaster::cli
