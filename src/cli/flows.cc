#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"
#include "flows/service.h"

namespace ringmaster::cli {

namespace {

Value parameter_value(const FlowParameter& parameter) {
    return Value::object()
        .set("name", parameter.name)
        .set("type", parameter.annotation)
        .set("default", parameter.default_value)
        .set("required", !parameter.default_value.has_value());
}

/// The fields of acme-portal-sdk's FlowDetails (contract 1.1), then ours.
Value flow_value(const Flow& flow) {
    Value parameters = Value::array();
    for (const auto& parameter : flow.parameters) parameters.add(parameter_value(parameter));
    Value attributes = Value::object();
    attributes.set("obj_type", flow.object_kind)
        .set("obj_name", flow.object_name)
        .set("obj_parent_type", flow.class_name.empty() ? "module" : "class")
        .set("obj_parent", flow.class_name.empty() ? flow.module : flow.class_name)
        .set("module", flow.module)
        .set("import_path", flow.import_path);
    return Value::object()
        .set("name", flow.name)
        .set("original_name", flow.original_name)
        .set("description", flow.description)
        .set("id", flow.id)
        .set("source_path", flow.source_path)
        .set("source_relative", flow.source_relative)
        .set("line_number", flow.line_number)
        .set("grouping", Value::list(flow.grouping))
        .set("child_attributes", std::move(attributes))
        .set("kind", to_string(flow.kind))
        .set("static", flow.is_static)
        .set("name_expression", flow.name_expression.empty() ? Value() : Value(flow.name_expression))
        .set("entrypoint_object", flow.entrypoint_object)
        .set("parameters", std::move(parameters))
        .set("diagnostics", Value::list(flow.diagnostics));
}

std::string place(const Flow& flow) {
    return flow.line_number > 0 ? fmt::format("{}:{}", flow.source_relative, flow.line_number)
                                : flow.source_relative;
}

Cell notes(const Flow& flow) {
    std::vector<std::string> notes = flow.diagnostics;
    if (!flow.is_static)
        notes.insert(notes.begin(), flow.name_expression.empty()
                                        ? std::string("only running the code tells whether it exists")
                                        : "its name is " + flow.name_expression);
    return {join(notes, "; "), notes.empty() ? Style::Plain : Style::Yellow};
}

Result<FoundFlows> find(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.flows());
    const auto root = arguments.text("root");
    if (!root) return service->find(context.interruption());
    return service->outside().finder.find({.root = *root, .files = {}}, context.interruption());
}

Result<ExitCode> run_flows(Context& context, const Arguments& arguments) {
    const auto found = TRY(find(context, arguments));
    for (const auto& problem : found.problems)
        context.err().line(context.err().paint(Style::Yellow, "note: ") +
                           (problem.line_number > 0
                                ? fmt::format("{}:{}: ", problem.source_relative, problem.line_number)
                                : problem.source_relative + ": ") +
                           sanitize_for_terminal(problem.message));
    Value list = Value::array();
    Table table{.headings = {"FLOW", "WHERE", "KIND", "DESCRIPTION", "NOTES"}, .rows = {}};
    for (const auto& flow : found.flows) {
        list.add(flow_value(flow));
        const auto& description = flow.description.value_or("");
        table.rows.push_back({flow.name, place(flow), std::string(to_string(flow.kind)),
                              description.substr(0, description.find('\n')), notes(flow)});
    }
    if (print_json_if_asked(context, arguments, list)) return kDone;
    if (found.flows.empty())
        context.err().line(fmt::format("No flow was found in {} Python files.", found.files));
    else
        print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command flows_command() {
    return {.name = "flows",
            .group = kFlowsGroup,
            .summary = "Find the flows in the code",
            .description =
                "Reads the Python files below [flows] paths without running them, and finds Prefect flows "
                "and Airflow "
                "DAGs in every form that can be told from the source. What only running the code tells is "
                "marked.",
            .options = {{.name = "root",
                         .kind = OptionKind::Text,
                         .help = "Look in this folder instead",
                         .value_name = "DIR"}},
            .examples = {{"ringmaster flows", ""},
                         {"ringmaster flows --json name,source_relative,line_number", ""}},
            .json_fields = {"name", "original_name", "description", "id", "source_path", "source_relative",
                            "line_number", "grouping", "child_attributes", "kind", "static",
                            "name_expression", "entrypoint_object", "parameters", "diagnostics"},
            .run = run_flows};
}

}  // namespace ringmaster::cli
