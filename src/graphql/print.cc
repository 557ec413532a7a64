#include "graphql/print.h"

#include <fmt/core.h>

#include <string_view>

namespace ringmaster::graphql {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
                else
                    out.push_back(c);
        }
    }
    return out + "\"";
}

template <typename Items, typename Print>
std::string joined(const Items& items, std::string_view open, std::string_view close, Print print_item) {
    std::string out(open);
    for (const auto& item : items) {
        if (out.size() > open.size()) out += ", ";
        out += print_item(item);
    }
    return out.append(close);
}

std::string print_arguments(const std::vector<Argument>& arguments) {
    if (arguments.empty()) return "";
    return joined(arguments, "(", ")",
                  [](const Argument& argument) { return argument.name + ": " + print(argument.value); });
}

std::string print_directives(const std::vector<Directive>& directives) {
    std::string out;
    for (const Directive& directive : directives)
        out += " @" + directive.name + print_arguments(directive.arguments);
    return out;
}

std::string print_selections(const std::vector<Selection>& selections);

std::string print_selection(const Selection& selection) {
    std::string out;
    switch (selection.kind) {
        case Selection::Kind::Field:
            out = (selection.alias.empty() ? "" : selection.alias + ": ") + selection.name +
                  print_arguments(selection.arguments);
            break;
        case Selection::Kind::FragmentSpread:
            out = "..." + selection.name;
            break;
        case Selection::Kind::InlineFragment:
            out = selection.type_condition.empty() ? "..." : "... on " + selection.type_condition;
            break;
    }
    out += print_directives(selection.directives);
    if (!selection.selections.empty()) out += " " + print_selections(selection.selections);
    return out;
}

std::string print_selections(const std::vector<Selection>& selections) {
    std::string out = "{ ";
    for (const Selection& selection : selections) out += print_selection(selection) + " ";
    return out + "}";
}

std::string print_operation(const Operation& operation) {
    constexpr std::string_view kWords[] = {"query", "mutation", "subscription"};
    std::string out(kWords[static_cast<int>(operation.kind)]);
    if (!operation.name.empty()) out += " " + operation.name;
    if (!operation.variables.empty())
        out += joined(operation.variables, "(", ")", [](const VariableDefinition& variable) {
            std::string text = "$" + variable.name + ": " + print(variable.type);
            if (variable.default_value) text += " = " + print(*variable.default_value);
            return text + print_directives(variable.directives);
        });
    return out + print_directives(operation.directives) + " " + print_selections(operation.selections);
}

}  // namespace

std::string print(const Literal& literal) {
    switch (literal.kind) {
        case Literal::Kind::Null:
            return "null";
        case Literal::Kind::String:
            return in_quotes(literal.text);
        case Literal::Kind::Variable:
            return "$" + literal.text;
        case Literal::Kind::List:
            return joined(literal.items, "[", "]", [](const Literal& item) { return print(item); });
        case Literal::Kind::Object:
            return joined(literal.members, "{", "}", [](const LiteralMember& member) {
                return member.name + ": " + print(member.value);
            });
        default:
            return literal.text;
    }
}

std::string print(const TypeReference& type) {
    const std::string inner = type.is_list() ? "[" + print(type.element.front()) + "]" : type.name;
    return type.non_null ? inner + "!" : inner;
}

std::string print(const Document& document) {
    std::string out;
    for (const Operation& operation : document.operations) out += print_operation(operation) + "\n";
    for (const Fragment& fragment : document.fragments)
        out += "fragment " + fragment.name + " on " + fragment.type_condition +
               print_directives(fragment.directives) + " " + print_selections(fragment.selections) + "\n";
    return out;
}

}  // namespace ringmaster::graphql
