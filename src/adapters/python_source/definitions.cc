// Functions, classes and their decorators.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/python_source/literals.h"
#include "adapters/python_source/module_reader.h"
#include "base/text.h"

namespace ringmaster::python_source {
namespace {

std::optional<std::string> docstring_of(Node body,
                                        const std::function<std::optional<std::string>(Node)>& text) {
    const Node first = body.first_child();
    if (!first.is("expression_statement")) return std::nullopt;
    const Node string = first.first_child();
    if (!string.is("string") && !string.is("concatenated_string")) return std::nullopt;
    if (string.text().starts_with('f') || string.text().starts_with('F')) return std::nullopt;
    return text(string);
}

/// How many functions stand inside one another in `body`, itself not counted; 2 is all that anybody asks.
int nested_functions(Node node, int depth) {
    if (depth > kDeepest) return 0;
    int deepest = 0;
    for (const Node& child : node.children()) {
        const bool is_function = child.is("function_definition") || child.is("lambda");
        deepest = std::max(deepest, nested_functions(child, depth + 1) + (is_function ? 1 : 0));
        if (deepest >= 2) return 2;
    }
    return deepest;
}

/// Whether a decorator gives a function with the name of the one it was given; `calls`: how often it is
/// called before it gets one ("@tag" 0, "@tag(…)" 1). What is not in this file is taken to.
bool keeps_names(const Function& decorator, int calls) {
    const std::string_view text = decorator.body.text();
    if (text.find("wraps") != std::string_view::npos || text.find("update_wrapper") != std::string_view::npos)
        return true;
    return nested_functions(decorator.body, 0) <= calls;
}

std::optional<std::string> as_json(const Constant& constant) {
    switch (constant.type) {
        case Constant::Type::None:
            return "null";
        case Constant::Type::Bool:
            return constant.text == "True" ? "true" : "false";
        case Constant::Type::Integer:
            return constant.text;
        case Constant::Type::Text:
            return nlohmann::json(constant.text)
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        case Constant::Type::Other:
            break;
    }
    const auto number = nlohmann::json::parse(constant.text, nullptr, false);
    return number.is_number() ? std::optional(constant.text) : std::nullopt;
}

bool is_builtin_wrapper(Node expression) {
    return expression.text() == "staticmethod" || expression.text() == "classmethod";
}

}  // namespace

FlowParameter ModuleReader::read_parameter(Node parameter) {
    FlowParameter result;
    const Node name = parameter.field("name");
    result.name = name                         ? name.text()
                  : parameter.is("identifier") ? parameter.text()
                                               : parameter.first_child().text();
    result.annotation = parameter.field("type").text();
    if (const Node value = parameter.field("value")) {
        result.default_value = value.text();
        const auto constant = fold(evaluate(value));
        if (constant) result.default_json = as_json(*constant);
    }
    return result;
}

std::vector<FlowParameter> ModuleReader::read_parameters(Node parameters) {
    std::vector<FlowParameter> result;
    bool is_keyword_only = false;
    for (const Node& parameter : parameters.children()) {
        const std::string_view kind = parameter.kind();
        const Node inner = kind == "typed_parameter" ? parameter.first_child() : parameter;
        if (inner.is("list_splat_pattern") || kind == "keyword_separator") {
            is_keyword_only = true;
        } else if (kind == "identifier" || kind == "default_parameter" || kind == "typed_default_parameter" ||
                   (kind == "typed_parameter" && !inner.is("dictionary_splat_pattern"))) {
            result.push_back(read_parameter(parameter));
            result.back().is_keyword_only = is_keyword_only;
        }
    }
    return result;
}

Function* ModuleReader::new_function(Node definition) {
    Function function;
    function.name = definition.field("name").text();
    function.parameters = read_parameters(definition.field("parameters"));
    function.parent = scope_;
    function.body = definition.field("body");
    function.is_method = scope_->kind == Scope::Kind::Class;
    if (const auto text = docstring_of(function.body, [this](Node string) { return text_of_string(string); }))
        function.docstring = clean_docstring(*text);
    objects_.functions.push_back(std::move(function));
    return &objects_.functions.back();
}

void ModuleReader::run_decorated(Node statement) {
    std::vector<Node> decorators;
    for (const Node& child : statement.children())
        if (child.is("decorator")) decorators.push_back(child.first_child());
    const Node definition = statement.field("definition");
    if (definition.is("class_definition")) {
        for (const Node& decorator : decorators) (void)evaluate(decorator);
        run_class(definition, true);
    } else if (definition) {
        run_function(definition, decorators);
    }
}

void ModuleReader::run_function(Node definition, const std::vector<Node>& decorators) {
    if (definition.field("name").text().empty()) return;
    // What of its head was not understood makes all that is said of it uncertain; its body does not matter
    // here.
    bool is_damaged = definition.field("parameters").has_error() || definition.field("name").has_error();
    for (const Node& decorator : decorators) is_damaged |= decorator.has_error();
    conditions_ += is_damaged ? 1 : 0;
    std::vector<Value> values;
    for (const Node& decorator : decorators) values.push_back(resolve(evaluate(decorator)));
    Function* function = new_function(definition);
    for (const Node& decorator : decorators) function->is_method &= decorator.text() != "staticmethod";
    Value current = function;
    for (std::size_t i = decorators.size(); i-- > 0;)
        current = decorate(values[i], decorators[i], current, definition.line());
    bind(function->name, current);
    conditions_ -= is_damaged ? 1 : 0;
}

/// The flow that a decorator makes of a function; Unknown if it makes none.
Value ModuleReader::decorated_flow(const Value& decorator, Node expression, Function& function, int line) {
    auto* const* partial = std::get_if<PartialCall*>(&decorator);
    const Maker maker = partial != nullptr ? (*partial)->maker : maker_of(decorator);
    const Arguments arguments = partial != nullptr ? (*partial)->arguments : Arguments();
    MadeFlow* flow = nullptr;
    if (maker == Maker::AirflowDagDecorator) {
        flow = airflow_factory(arguments, function, line);
        if (partial == nullptr)
            flow->diagnostics.emplace_back("a bare @dag needs Airflow 3; Airflow 2 wants @dag()");
    } else if (maker == Maker::PrefectFlow || maker == Maker::PrefectFlowClass) {
        flow = prefect_flow(arguments, arguments.keyword("name"), &function, expression, line);
    } else {
        return Unknown();
    }
    flow->is_decorated = true;
    flow->is_conditional |= std::holds_alternative<Choice*>(decorator);
    return flow->kind == FlowKind::Airflow ? Value(Factory{flow}) : Value(flow);
}

/// What `decorator` makes of `current`, which is the function or what the decorators below made of it.
Value ModuleReader::decorate(const Value& decorator, Node expression, Value current, int line) {
    auto* const* function = std::get_if<Function*>(&current);
    if (function == nullptr) return current;  // those above a flow are taken to hand it on
    Value made = decorated_flow(decorator, expression, **function, line);
    if (!std::holds_alternative<Unknown>(made)) return made;

    bool keeps_name = true;
    if (auto* const* wrapper = std::get_if<Function*>(&decorator)) {
        mark_called(decorator);
        keeps_name = keeps_names(**wrapper, 0);
    } else if (const auto* returned = std::get_if<Returned>(&decorator)) {
        keeps_name = keeps_names(*returned->function, 1);
    }
    if (!keeps_name && !is_builtin_wrapper(expression))
        (*function)->renamed_by = "@" + std::string(expression.text());
    return current;
}

void ModuleReader::run_class(Node definition, bool is_decorated) {
    const std::string_view name = definition.field("name").text();
    if (name.empty()) return;
    objects_.classes.emplace_back();
    Class& type = objects_.classes.back();
    type.scope = {.kind = Scope::Kind::Class,
                  .parent = scope_,
                  .path = join_path(scope_->path, name),
                  .names = {},
                  .times_bound = {}};
    type.is_plain = !is_decorated;
    const auto bases = definition.field("superclasses").children();
    for (const Node& base : bases) {
        const Value value = evaluate(base);
        auto* const* local = std::get_if<Class*>(&value);
        if (local != nullptr && bases.size() == 1) type.base = *local;
        const bool is_plain = local != nullptr ? (*local)->is_plain : base.text() == "object";
        type.is_plain &= is_plain && bases.size() == 1;
    }
    Scope* outer = scope_;
    scope_ = &type.scope;
    run_block(definition.field("body"));
    scope_ = outer;
    bind(name, &type);
}

/// What the module calls runs too, once the module is known; nothing that happens there is certain.
void ModuleReader::run_called_functions() {
    const Level uncertain(conditions_);
    for (std::size_t i = 0; i < called_.size(); ++i) {  // it grows
        Function& function = *called_[i];
        objects_.scopes.push_back({.kind = Scope::Kind::Function,
                                   .parent = function.parent,
                                   .path = join_path(function.parent->path, function.name),
                                   .names = {},
                                   .times_bound = {}});
        Scope* outer = scope_;
        scope_ = &objects_.scopes.back();
        for (const auto& parameter : function.parameters) bind(parameter.name, Unknown());
        if (function.body.is("block"))
            run_block(function.body);
        else
            (void)evaluate(function.body);
        scope_ = outer;
    }
}

}  // namespace ringmaster::python_source
