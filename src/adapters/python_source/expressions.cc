// What expressions are: constants that can be told by reading, names, containers. Calls are in calls.cc.
#include "adapters/python_source/literals.h"
#include "adapters/python_source/module_reader.h"

namespace ringmaster::python_source {
namespace {

// Longer texts are no names; folding `x = x + x` again and again ends here.
constexpr std::size_t kLongestText = std::size_t{64} << 10;

Value text_value(std::optional<std::string> text) {
    if (!text || text->size() > kLongestText) return Unknown();
    return Constant{.type = Constant::Type::Text, .text = std::move(*text)};
}

Value number(Node literal) {
    if (auto digits = decimal_digits(literal.text()))
        return Constant{.type = Constant::Type::Integer, .text = std::move(*digits)};
    return Unknown();
}

}  // namespace

Value ModuleReader::evaluate(Node expression) {
    if (!expression || depth_ >= kDeepest) return Unknown();
    const Level level(depth_);
    return evaluate_kind(expression);
}

Value ModuleReader::evaluate_kind(Node expression) {
    const std::string_view kind = expression.kind();
    if (kind == "identifier") return look_up(expression.text());
    if (kind == "attribute")
        return known_attribute(evaluate(expression.field("object")), expression.field("attribute").text());
    if (kind == "call") return evaluate_call(expression);
    if (kind == "string") return evaluate_string(expression);
    if (kind == "concatenated_string") return text_value(text_of_string(expression));
    if (kind == "integer") return number(expression);
    if (kind == "float")
        return Constant{.type = Constant::Type::Other, .text = std::string(expression.text())};
    if (kind == "true") return Constant{.type = Constant::Type::Bool, .text = "True"};
    if (kind == "false") return Constant{.type = Constant::Type::Bool, .text = "False"};
    if (kind == "none") return Constant{.type = Constant::Type::None, .text = "None"};
    if (kind == "parenthesized_expression") return evaluate(expression.first_child());
    if (kind == "tuple" || kind == "list" || kind == "set" || kind == "expression_list")
        return evaluate_items(expression);
    if (kind == "dictionary") return evaluate_dictionary(expression);
    if (kind == "binary_operator") return evaluate_concatenation(expression);
    if (kind == "unary_operator") return evaluate_operator(expression);
    if (kind == "conditional_expression") return evaluate_conditional(expression);
    if (kind == "lambda") return evaluate_lambda(expression);
    if (kind == "list_comprehension" || kind == "set_comprehension" || kind == "dictionary_comprehension" ||
        kind == "generator_expression")
        return evaluate_comprehension(expression);
    if (kind == "named_expression") {
        const Value value = evaluate(expression.field("value"));
        bind(expression.field("name").text(), value);
        return value;
    }
    // Whatever else: what is made inside may be kept by it.
    for (const Node& child : expression.children()) escape(evaluate(child));
    return Unknown();
}

Value ModuleReader::evaluate_items(Node expression) {
    std::vector<Value> items;
    bool is_exact = true;
    for (const Node& child : expression.children()) {
        is_exact &= !child.is("list_splat");
        items.push_back(evaluate(child));
    }
    if (!is_exact) items.emplace_back(Unknown());  // no longer as many as are written
    return container(std::move(items));
}

Value ModuleReader::evaluate_dictionary(Node expression) {
    std::vector<Value> items;
    for (const Node& child : expression.children()) {
        if (child.is("pair")) {
            (void)evaluate(child.field("key"));
            items.push_back(evaluate(child.field("value")));
        } else {
            items.push_back(evaluate(child));
        }
    }
    return container(std::move(items));
}

Value ModuleReader::evaluate_string(Node expression) {
    const Node start = expression.first_child();
    if (read_prefix(start.text()).is_bytes) return Constant{.type = Constant::Type::Other, .text = ""};
    return text_value(text_of_string(expression));
}

/// nullopt: bytes, or a text that only running tells.
std::optional<std::string> ModuleReader::text_of_string(Node string) {
    std::string text;
    bool is_known = true;
    if (string.is("concatenated_string")) {
        for (const Node& part : string.children()) {
            const auto read = text_of_string(part);
            if (read) text += *read;
            is_known &= read.has_value();
        }
        return is_known ? std::optional(text) : std::nullopt;
    }
    StringPrefix prefix;
    for (const Node& part : string.children()) {
        if (part.is("string_start")) {
            prefix = read_prefix(part.text());
        } else if (part.is("string_content")) {
            const auto read = unescape(part.text(), prefix);
            if (read) text += *read;
            is_known &= read.has_value();
        } else if (part.is("interpolation")) {
            const auto value = fold(evaluate(part.field("expression")));
            const std::string_view conversion = part.field("type_conversion").text();
            const bool is_plain = (conversion.empty() || conversion == "!s") &&
                                  !part.field("format_specifier") &&
                                  part.text().find('=') == std::string_view::npos;
            is_known &= value && is_plain && value->type != Constant::Type::Other;
            if (is_known) text += value->text;
        } else if (!part.is("string_end")) {
            is_known = false;
        }
    }
    return is_known && !prefix.is_bytes ? std::optional(text) : std::nullopt;
}

Value ModuleReader::evaluate_concatenation(Node expression) {
    const Value left = evaluate(expression.field("left"));
    const Value right = evaluate(expression.field("right"));
    escape(left);
    escape(right);
    if (expression.field("operator").text() != "+") return Unknown();
    const auto first = fold(left);
    const auto second = fold(right);
    const bool are_texts =
        first && second && first->type == Constant::Type::Text && second->type == Constant::Type::Text;
    return are_texts ? text_value(first->text + second->text) : Unknown();
}

Value ModuleReader::evaluate_operator(Node expression) {
    const Value value = evaluate(expression.field("argument"));
    const auto* constant = std::get_if<Constant>(&value);
    const bool is_number =
        constant != nullptr && (constant->type == Constant::Type::Integer ||
                                (constant->type == Constant::Type::Other && !constant->text.empty()));
    if (!is_number || expression.field("operator").text() != "-" || constant->text.starts_with('-'))
        return Unknown();
    Constant negative = *constant;
    if (negative.text != "0") negative.text.insert(0, "-");
    return negative;
}

Value ModuleReader::evaluate_conditional(Node expression) {
    const auto parts = expression.children();  // value, condition, other value
    if (parts.size() != 3) return Unknown();
    (void)evaluate(parts[1]);
    const Level uncertain(conditions_);
    const Value first = evaluate(parts[0]);
    const Value second = evaluate(parts[2]);
    return choice({first, second});
}

Value ModuleReader::evaluate_lambda(Node expression) {
    Function function;
    // What Prefect calls its flow (prefect/flows.py, Flow.__init__), already as it writes it.
    function.name = "unknown-lambda";
    function.parameters = read_parameters(expression.field("parameters"));
    function.parent = scope_;
    function.body = expression.field("body");
    objects_.functions.push_back(std::move(function));
    return &objects_.functions.back();
}

Value ModuleReader::evaluate_comprehension(Node expression) {
    objects_.scopes.push_back({.kind = Scope::Kind::Function,
                               .parent = scope_,
                               .path = scope_->path,
                               .names = {},
                               .times_bound = {}});
    Scope* outer = scope_;
    scope_ = &objects_.scopes.back();
    const Level uncertain(conditions_);
    for (const Node& clause : expression.children()) {
        if (!clause.is("for_in_clause")) continue;
        for (const Node& source : clause.fields("right")) (void)evaluate(source);
        assign(clause.field("left"), Unknown());
    }
    for (const Node& part : expression.children()) {
        if (part.is("for_in_clause")) continue;
        if (part.is("pair")) {
            (void)evaluate(part.field("key"));
            escape(evaluate(part.field("value")));
        } else {
            escape(evaluate(part));
        }
    }
    scope_ = outer;
    return Unknown();
}

std::optional<Constant> ModuleReader::fold(const Value& value) {
    const Value known = resolve(value);
    const auto* constant = std::get_if<Constant>(&known);
    if (constant == nullptr || !constant->is_certain) return std::nullopt;
    return *constant;
}

/// Follows an imported name into the folder that is searched; what is not there stays as it is.
Value ModuleReader::resolve(const Value& value) {
    const auto* reference = std::get_if<Reference>(&value);
    if (reference == nullptr || imports_ == nullptr) return value;
    Value found = imports_->follow(*reference);
    return std::holds_alternative<Unknown>(found) ? value : found;
}

}  // namespace ringmaster::python_source
