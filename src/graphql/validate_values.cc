#include "graphql/validate_values.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "graphql/coerce.h"
#include "graphql/print.h"

namespace ringmaster::graphql {
namespace {

void collect_uses(const Schema& schema, const Literal& literal, const TypeReference& type, bool has_default,
                  const std::string& place, std::vector<VariableUse>& uses) {
    switch (literal.kind) {
        case Literal::Kind::Variable:
            uses.push_back({literal.text, type, has_default, place, literal.location});
            return;
        case Literal::Kind::List:
            for (const Literal& item : literal.items)
                collect_uses(schema, item, type.is_list() ? type.element.front() : type, false, place, uses);
            return;
        case Literal::Kind::Object: {
            const TypeDefinition* named = schema.find(type.innermost_name());
            for (const LiteralMember& member : literal.members)
                if (const InputDefinition* field = named->input_field(member.name))
                    collect_uses(schema, member.value, field->type, field->default_value.has_value(),
                                 "input field " + field->name, uses);
            return;
        }
        default:
            return;
    }
}

bool compatible(const TypeReference& variable, const TypeReference& place) {
    if (place.non_null && !variable.non_null) return false;
    if (place.is_list() != variable.is_list()) return false;
    if (place.is_list()) return compatible(variable.element.front(), place.element.front());
    return variable.name == place.name;
}

std::string missing_arguments(const std::vector<InputDefinition>& declared,
                              const std::vector<Argument>& given) {
    std::string missing;
    for (const InputDefinition& input : declared)
        if (input.is_required() && std::ranges::find(given, input.name, &Argument::name) == given.end())
            missing += (missing.empty() ? "" : ", ") + input.name;
    return missing;
}

}  // namespace

void check_arguments(const Schema& schema, std::string_view what,
                     const std::vector<InputDefinition>& declared, const std::vector<Argument>& given,
                     Location location, const std::function<void(ErrorEntry)>& report,
                     std::vector<VariableUse>& uses) {
    for (auto argument = given.begin(); argument != given.end(); ++argument) {
        const auto input = std::ranges::find(declared, argument->name, &InputDefinition::name);
        if (std::find_if(given.begin(), argument,
                         [&](const Argument& other) { return other.name == argument->name; }) != argument)
            report({.message = fmt::format("There can be only one argument named \"{}\"", argument->name),
                    .code = "argumentNotUnique",
                    .locations = {argument->location}});
        if (input == declared.end()) {
            report({.message = fmt::format("{} doesn't accept argument '{}'", what, argument->name),
                    .code = "argumentNotAccepted",
                    .locations = {argument->location}});
            continue;
        }
        const Coerced checked = coerce_literal(schema, argument->value, input->type, nullptr);
        if (!checked)
            report({.message = fmt::format(
                        "Argument '{}' on {} has an invalid value ({}). Expected type '{}'.", argument->name,
                        what, truncate_utf8(print(argument->value), 200), print(input->type)),
                    .code = "argumentLiteralsIncompatible",
                    .locations = {argument->location}});
        collect_uses(schema, argument->value, input->type, input->default_value.has_value(),
                     "argument " + argument->name, uses);
    }
    if (const std::string missing = missing_arguments(declared, given); !missing.empty())
        report({.message = fmt::format("{} is missing required arguments: {}", what, missing),
                .code = "missingRequiredArguments",
                .locations = {location}});
}

bool may_stand(const VariableDefinition& variable, const VariableUse& use) {
    const bool has_value = variable.default_value && variable.default_value->kind != Literal::Kind::Null;
    if (use.expected.non_null && !variable.type.non_null && (has_value || use.has_default))
        return compatible(variable.type, use.expected.nullable());
    return compatible(variable.type, use.expected);
}

}  // namespace ringmaster::graphql
