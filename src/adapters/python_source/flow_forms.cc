// The forms in which Prefect and Airflow make flows, and what name each gives.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/python_source/module_reader.h"
#include "base/text.h"

namespace ringmaster::python_source {
namespace {

constexpr std::size_t kLongestExpression = 200;

std::string expression_text(std::string_view source) {
    return truncate_utf8(trim(source), kLongestExpression);
}

bool is_dag_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;  // Python's \w has letters of all languages
}

/// Prefect: prefect/utilities/names.py, raise_on_name_with_banned_characters.
void check_prefect_name(MadeFlow& flow) {
    if (flow.name.find_first_of("/%&><") != std::string::npos)
        flow.diagnostics.push_back(
            fmt::format("Prefect refuses the name \"{}\": a flow's name has none of / % & > <", flow.name));
}

/// Airflow: airflow/utils/helpers.py, validate_key.
void check_dag_id(MadeFlow& flow) {
    constexpr std::size_t kLongestId = 250;
    if (!std::ranges::all_of(flow.name, is_dag_id_character) || count_code_points(flow.name) > kLongestId)
        flow.diagnostics.push_back(fmt::format(
            "Airflow refuses the whole file: the id \"{}\" may have letters, digits, '-', '.' and '_' "
            "only, 250 at most",
            flow.name));
}

}  // namespace

MadeFlow* ModuleReader::new_flow(FlowKind kind, int line) {
    MadeFlow flow;
    flow.kind = kind;
    flow.line = line;
    flow.scope_path = scope_->path;
    flow.is_conditional = conditions_ > 0;
    if (scope_->kind == Scope::Kind::Class) flow.class_name = scope_->path;
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent)
        flow.is_in_function |= scope->kind == Scope::Kind::Function;
    objects_.flows.push_back(std::move(flow));
    return &objects_.flows.back();
}

/// A name in effect replaces the function's; an empty one or None does not.
void ModuleReader::name_by(MadeFlow& flow, const Argument* name, const Arguments& arguments) {
    if (name == nullptr) {
        if (!arguments.unknown_splat) return;
        flow.is_name_known = false;
        flow.name_expression = expression_text(arguments.unknown_splat.text());
        return;
    }
    const auto constant = fold(name->value);
    if (constant && (constant->type == Constant::Type::None || constant->text.empty())) return;
    if (constant && constant->type == Constant::Type::Text) {
        flow.name = constant->text;
        flow.is_name_known = true;
        flow.name_expression.clear();
        return;
    }
    flow.is_name_known = false;
    flow.name_expression = expression_text(name->node.text());
    if (constant)
        flow.diagnostics.push_back(
            fmt::format("the name has to be text; {} is none", expression_text(name->node.text())));
}

void ModuleReader::name_by_function(MadeFlow& flow, const Value& function, Node function_node) {
    const Value known = resolve(function);
    auto* const* found = std::get_if<Function*>(&known);
    if (found == nullptr) {
        flow.is_name_known = false;
        flow.name_expression = expression_text(function_node.text()) + ".__name__";
        flow.name = function_node.is("identifier") ? function_node.text() : "";
        return;
    }
    flow.function = *found;
    flow.name = (*found)->name;
    flow.parameters = (*found)->parameters;
    flow.description = (*found)->docstring;
    if (!(*found)->renamed_by.empty()) {
        flow.is_name_known = false;
        flow.name_expression = (*found)->renamed_by;
    }
}

void ModuleReader::describe(MadeFlow& flow, const Arguments& arguments) {
    const Argument* description = arguments.keyword("description");
    if (description == nullptr) return;
    const auto constant = fold(description->value);
    if (constant && constant->type == Constant::Type::Text && !constant->text.empty())
        flow.description = constant->text;
}

MadeFlow* ModuleReader::prefect_flow(const Arguments& arguments, const Argument* name, const Value& function,
                                     Node function_node, int line) {
    MadeFlow* flow = new_flow(FlowKind::Prefect, line);
    name_by_function(*flow, function, function_node);
    const bool is_own_method = flow->function != nullptr && flow->function->is_method &&
                               scope_->kind == Scope::Kind::Class && flow->function->parent == scope_;
    if (is_own_method && !flow->parameters.empty()) flow->parameters.erase(flow->parameters.begin());
    name_by(*flow, name, arguments);
    describe(*flow, arguments);
    const bool is_misused =
        !arguments.positional.empty() && std::holds_alternative<Constant>(arguments.positional.front().value);
    if (is_misused) {
        flow->is_conditional = true;
        flow->diagnostics.push_back(fmt::format("Prefect refuses {} as a positional argument: write name={}",
                                                arguments.positional.front().node.text(),
                                                arguments.positional.front().node.text()));
    }
    if (flow->is_name_known) check_prefect_name(*flow);
    return flow;
}

MadeFlow* ModuleReader::with_options(const MadeFlow& base, const Arguments& arguments, int line) {
    MadeFlow* flow = new_flow(FlowKind::Prefect, line);
    flow->name = base.name;
    flow->is_name_known = base.is_name_known;
    flow->name_expression = base.name_expression;
    flow->description = base.description;
    flow->function = base.function;
    flow->parameters = base.parameters;
    flow->is_conditional |= base.is_conditional;
    name_by(*flow, arguments.keyword("name"), arguments);
    describe(*flow, arguments);
    if (flow->is_name_known) check_prefect_name(*flow);
    return flow;
}

MadeFlow* ModuleReader::airflow_dag(const Arguments& arguments, int line) {
    MadeFlow* flow = new_flow(FlowKind::Airflow, line);
    const Argument* id = arguments.keyword("dag_id");
    if (id == nullptr && !arguments.positional.empty()) id = &arguments.positional.front();
    name_by(*flow, id, arguments);
    describe(*flow, arguments);
    if (flow->name.empty() && flow->is_name_known) {
        flow->is_name_known = false;
        flow->diagnostics.emplace_back("a DAG needs an id; Airflow refuses the whole file without");
    }
    if (flow->is_name_known) check_dag_id(*flow);
    return flow;
}

MadeFlow* ModuleReader::airflow_factory(const Arguments& arguments, Function& function, int line) {
    MadeFlow* flow = new_flow(FlowKind::Airflow, line);
    flow->is_decorated = true;
    flow->function = &function;
    flow->name = function.name;
    flow->parameters = function.parameters;
    const Argument* id = arguments.keyword("dag_id");
    if (id == nullptr && !arguments.positional.empty()) id = &arguments.positional.front();
    name_by(*flow, id, arguments);
    describe(*flow, arguments);
    if (flow->is_name_known) check_dag_id(*flow);
    return flow;
}

}  // namespace ringmaster::python_source
