// The statements of a module, in order.
#include "adapters/python_source/module_reader.h"

namespace ringmaster::python_source {

std::string join_path(std::string_view scope, std::string_view name) {
    if (scope.empty()) return std::string(name);
    return std::string(scope) + "." + std::string(name);
}

ModuleReader::ModuleReader(ReadModule& result, std::string source_folder, Imports* imports)
    : result_(result),
      objects_(result.objects),
      source_folder_(std::move(source_folder)),
      imports_(imports),
      scope_(&result.module) {}

void ModuleReader::read(Node module) {
    count_globals(module);
    run_block(module);
    run_called_functions();
    for (auto& function : objects_.functions) function.body = Node();
}

void ModuleReader::run_block(Node block) {
    for (const Node& statement : block.children()) run(statement);
}

void ModuleReader::run(Node statement) {
    if (depth_ >= kDeepest) return;
    const Level level(depth_);
    const std::string_view kind = statement.kind();
    if (kind == "expression_statement") return run_expression_statement(statement);
    if (kind == "decorated_definition") return run_decorated(statement);
    if (kind == "function_definition") return run_function(statement, {});
    if (kind == "class_definition") return run_class(statement, false);
    if (kind == "if_statement") return run_if(statement);
    if (kind == "for_statement" || kind == "while_statement") return run_loop(statement);
    if (kind == "try_statement") return run_try(statement);
    if (kind == "with_statement") return run_with(statement);
    if (kind == "match_statement") return run_match(statement);
    if (kind == "import_statement") return run_import(statement);
    if (kind == "import_from_statement") return run_import_from(statement);
    if (kind == "delete_statement") return run_delete(statement);
    if (kind == "block") return run_block(statement);
    if (kind == "future_import_statement" || kind == "global_statement" || kind == "nonlocal_statement")
        return;
    if (kind == "type_alias_statement") return;
    if (kind == "ERROR") {
        const Level uncertain(conditions_);
        return run_block(statement);
    }
    run_children(statement);
}

void ModuleReader::run_children(Node node) {
    for (const Node& child : node.children()) (void)evaluate(child);
}

void ModuleReader::run_expression_statement(Node statement) {
    for (const Node& child : statement.children()) {
        if (child.is("assignment")) {
            run_assignment(child);
        } else if (child.is("augmented_assignment")) {
            (void)evaluate(child.field("right"));
            assign(child.field("left"), Unknown());
        } else {
            (void)evaluate(child);
        }
    }
}

void ModuleReader::run_assignment(Node assignment) {
    std::vector<Node> targets = {assignment.field("left")};
    Node right = assignment.field("right");
    while (right.is("assignment")) {
        targets.push_back(right.field("left"));
        right = right.field("right");
    }
    if (!right) return;  // only an annotation
    const Value value = evaluate(right);
    for (const Node& target : targets) assign(target, value);
}

void ModuleReader::run_delete(Node statement) {
    for (const Node& child : statement.children()) {
        const auto targets = child.is("expression_list") ? child.children() : std::vector<Node>{child};
        for (const Node& target : targets)
            if (target.is("identifier"))
                bind(target.text(), Unbound());
            else
                assign(target, Unknown());
    }
}

/// `with` registers a DAG with Airflow, wherever it is bound.
void ModuleReader::enter(const Value& value) {
    if (const auto* flow = std::get_if<MadeFlow*>(&value)) {
        (*flow)->is_registered = true;
        (*flow)->is_registration_certain |= conditions_ == 0;
    } else if (const auto* items = std::get_if<Container*>(&value)) {
        for (const Value& item : (*items)->items)
            if (std::holds_alternative<MadeFlow*>(item)) enter(item);
    }
}

void ModuleReader::run_with(Node statement) {
    for (const Node& clause : statement.children()) {
        if (!clause.is("with_clause")) continue;
        for (const Node& item : clause.children()) {
            const Node value = item.field("value");
            const Node manager = value.is("as_pattern") ? value.first_child() : value;
            const Value managed = evaluate(manager);
            enter(managed);
            const Node alias = value.is("as_pattern") ? value.field("alias").first_child() : Node();
            // A DAG's __enter__ gives the DAG; what others give is theirs.
            if (alias) assign(alias, std::holds_alternative<MadeFlow*>(managed) ? managed : Value(Unknown()));
        }
    }
    run_block(statement.field("body"));
}

}  // namespace ringmaster::python_source
