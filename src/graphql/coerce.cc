#include "graphql/coerce.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/result.h"
#include "base/text.h"
#include "graphql/print.h"

namespace ringmaster::graphql {
namespace {

// JSON nests as deep as its sender likes, and an input type may contain itself.
constexpr int kMaxInputNesting = 64;

using Failure = std::unexpected<std::string>;

Failure cannot(std::string_view shown, const TypeReference& type) {
    return Failure(
        fmt::format("Could not coerce value {} to {}", truncate_utf8(shown, 200), print(type.nullable())));
}

bool fits_int(std::int64_t value) {
    return value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
}

// A scalar as literals and JSON have it in common; an Int written as digits is already a number here.
Coerced coerce_scalar(const TypeDefinition& type, const Value& value, std::string_view shown,
                      const TypeReference& reference) {
    const auto* number = value.get_if<std::int64_t>();
    const auto* real = value.get_if<double>();
    const auto* text = value.get_if<std::string>();
    if (type.name == "Int") {
        if (number != nullptr && fits_int(*number)) return value;
    } else if (type.name == "Float") {
        if (number != nullptr) return static_cast<double>(*number);
        if (real != nullptr) return value;
    } else if (type.name == "Boolean") {
        if (value.get_if<bool>() != nullptr) return value;
    } else if (type.name == "ID" && number != nullptr) {
        return std::to_string(*number);
    } else if (text != nullptr && (!type.accepts_text || type.accepts_text(*text))) {
        return value;
    }
    return cannot(shown, reference);
}

std::optional<Value> value_of_scalar(const Literal& literal) {
    const char* end = literal.text.data() + literal.text.size();
    switch (literal.kind) {
        case Literal::Kind::Boolean:
            return Value(literal.text == "true");
        case Literal::Kind::String:
            return Value(literal.text);
        case Literal::Kind::Int: {
            std::int64_t number = 0;
            if (std::from_chars(literal.text.data(), end, number).ec == std::errc{}) return Value(number);
            [[fallthrough]];  // a Float may be written without a point, and be larger
        }
        case Literal::Kind::Float: {
            double real = 0;
            if (std::from_chars(literal.text.data(), end, real).ec == std::errc{}) return Value(real);
            return std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

class LiteralCoercion {
 public:
    LiteralCoercion(const Schema& schema, const Members* variables)
        : schema_(schema), variables_(variables) {}

    Coerced coerce(const Literal& literal, const TypeReference& type) const {
        if (literal.kind == Literal::Kind::Variable) return variable(literal, type);
        if (literal.kind == Literal::Kind::Null) {
            if (type.non_null) return Failure("Expected value to not be null");
            return Value();
        }
        if (type.is_list()) return list(literal, type.element.front());
        const TypeDefinition& named = *schema_.find(type.name);
        if (named.kind == TypeKind::InputObject) return object(literal, named, type);
        if (named.kind == TypeKind::Enum) {
            if (literal.kind == Literal::Kind::Enum && named.has_enum_value(literal.text))
                return Value(literal.text);
            return cannot(print(literal), type);
        }
        const auto value = value_of_scalar(literal);
        if (!value) return cannot(print(literal), type);
        return coerce_scalar(named, *value, print(literal), type);
    }

    bool is_absent(const Literal& literal) const {
        return literal.kind == Literal::Kind::Variable && variables_ != nullptr &&
               variables_->find(literal.text) == nullptr;
    }

 private:
    Coerced variable(const Literal& literal, const TypeReference& type) const {
        const Value* value = variables_ == nullptr ? nullptr : variables_->find(literal.text);
        if (variables_ == nullptr) return Value();
        if (value == nullptr || value->is_null()) {
            if (type.non_null) return Failure("Expected value to not be null");
            return Value();
        }
        // Validated to be of this type, or of the element's: one value stands for a list of one.
        if (type.is_list() && value->get_if<List>() == nullptr) return Value(List{*value});
        return *value;
    }

    Coerced list(const Literal& literal, const TypeReference& element) const {
        if (literal.kind != Literal::Kind::List) return Value(List{TRY(coerce(literal, element))});
        List items;
        for (const Literal& item : literal.items) items.push_back(TRY(coerce(item, element)));
        return Value(std::move(items));
    }

    Coerced object(const Literal& literal, const TypeDefinition& named, const TypeReference& type) const {
        if (literal.kind != Literal::Kind::Object) return cannot(print(literal), type);
        for (const LiteralMember& member : literal.members)
            if (named.input_field(member.name) == nullptr)
                return Failure(fmt::format("{}: Field is not defined on {}", member.name, named.name));
        Members members;
        for (const InputDefinition& field : named.input_fields) {
            const LiteralMember* given = nullptr;
            for (const LiteralMember& member : literal.members) {
                if (member.name != field.name) continue;
                if (given != nullptr) return Failure(fmt::format("{}: Given more than once", field.name));
                given = &member;
            }
            if (given == nullptr || is_absent(given->value)) {
                if (field.is_required()) return Failure(field.name + ": Expected value to not be null");
                if (field.default_value)
                    members.set(field.name, TRY(coerce(*field.default_value, field.type)));
                continue;
            }
            Coerced value = coerce(given->value, field.type);
            if (!value) return Failure(field.name + ": " + value.error());
            members.set(field.name, std::move(*value));
        }
        return Value(std::move(members));
    }

    const Schema& schema_;
    const Members* variables_;
};

std::string shown(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Value> value_of_scalar(const nlohmann::json& json) {
    if (json.is_boolean()) return Value(json.get<bool>());
    if (json.is_string()) return Value(json.get<std::string>());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return Value(json.get<double>());
    if (json.is_number_integer()) return Value(json.get<std::int64_t>());
    if (!json.is_number_float()) return std::nullopt;
    const double real = json.get<double>();
    // Clients whose language has one kind of number send 5.0 for 5.
    if (std::trunc(real) == real && std::abs(real) < 1e15) return Value(static_cast<std::int64_t>(real));
    return Value(real);
}

class JsonCoercion {
 public:
    explicit JsonCoercion(const Schema& schema) : schema_(schema) {}

    Coerced coerce(const nlohmann::json& json, const TypeReference& type, int nesting = 0) const {
        if (nesting > kMaxInputNesting) return Failure("Nested too deep");
        if (json.is_null()) {
            if (type.non_null) return Failure("Expected value to not be null");
            return Value();
        }
        if (type.is_list()) {
            List items;
            if (!json.is_array()) {
                items.push_back(TRY(coerce(json, type.element.front(), nesting + 1)));
            } else {
                for (const auto& item : json)
                    items.push_back(TRY(coerce(item, type.element.front(), nesting + 1)));
            }
            return Value(std::move(items));
        }
        const TypeDefinition& named = *schema_.find(type.name);
        if (named.kind == TypeKind::InputObject) return object(json, named, type, nesting);
        const auto value = value_of_scalar(json);
        if (!value) return cannot(shown(json), type);
        if (named.kind == TypeKind::Enum) {
            const auto* text = value->get_if<std::string>();
            if (text != nullptr && named.has_enum_value(*text)) return *value;
            return cannot(shown(json), type);
        }
        return coerce_scalar(named, *value, shown(json), type);
    }

 private:
    Coerced object(const nlohmann::json& json, const TypeDefinition& named, const TypeReference& type,
                   int nesting) const {
        if (!json.is_object()) return cannot(shown(json), type);
        for (const auto& item : json.items())
            if (named.input_field(item.key()) == nullptr)
                return Failure(fmt::format("{}: Field is not defined on {}", item.key(), named.name));
        Members members;
        for (const InputDefinition& field : named.input_fields) {
            const auto given = json.find(field.name);
            if (given == json.end()) {
                if (field.is_required()) return Failure(field.name + ": Expected value to not be null");
                if (field.default_value)
                    members.set(field.name,
                                TRY(coerce_literal(schema_, *field.default_value, field.type, nullptr)));
                continue;
            }
            Coerced value = coerce(*given, field.type, nesting + 1);
            if (!value) return Failure(field.name + ": " + value.error());
            members.set(field.name, std::move(*value));
        }
        return Value(std::move(members));
    }

    const Schema& schema_;
};

}  // namespace

Coerced coerce_literal(const Schema& schema, const Literal& literal, const TypeReference& type,
                       const Members* variables) {
    return LiteralCoercion(schema, variables).coerce(literal, type);
}

Coerced coerce_json(const Schema& schema, const nlohmann::json& json, const TypeReference& type) {
    return JsonCoercion(schema).coerce(json, type);
}

std::expected<Members, ErrorEntry> coerce_variables(const Schema& schema, const Operation& operation,
                                                    const nlohmann::json& given) {
    Members variables;
    for (const VariableDefinition& definition : operation.variables) {
        const auto refused = [&](const std::string& why) {
            return std::unexpected(
                ErrorEntry{.message = fmt::format("Variable ${} of type {} was provided invalid value ({})",
                                                  definition.name, print(definition.type), why),
                           .code = "invalidVariable",
                           .locations = {definition.location}});
        };
        const auto value = given.is_object() ? given.find(definition.name) : given.end();
        if (value == given.end()) {
            if (definition.default_value) {
                Coerced standard =
                    coerce_literal(schema, *definition.default_value, definition.type, nullptr);
                if (!standard) return refused(standard.error());
                variables.set(definition.name, std::move(*standard));
            } else if (definition.type.non_null) {
                return refused("Expected value to not be null");
            }
            continue;
        }
        Coerced coerced = coerce_json(schema, *value, definition.type);
        if (!coerced) return refused(coerced.error());
        variables.set(definition.name, std::move(*coerced));
    }
    return variables;
}

std::expected<Members, std::string> coerce_arguments(const Schema& schema,
                                                     const std::vector<InputDefinition>& declared,
                                                     const std::vector<Argument>& given,
                                                     const Members& variables) {
    const LiteralCoercion literals(schema, &variables);
    Members arguments;
    for (const InputDefinition& definition : declared) {
        const Argument* argument = nullptr;
        for (const Argument& candidate : given)
            if (candidate.name == definition.name) argument = &candidate;
        const bool is_absent = argument == nullptr || literals.is_absent(argument->value);
        if (is_absent && definition.is_required())
            return Failure(definition.name + ": Expected value to not be null");
        const Literal* literal = !is_absent                 ? &argument->value
                                 : definition.default_value ? &*definition.default_value
                                                            : nullptr;
        if (literal == nullptr) continue;
        Coerced value = literals.coerce(*literal, definition.type);
        if (!value) return Failure(definition.name + ": " + value.error());
        arguments.set(definition.name, std::move(*value));
    }
    return arguments;
}

}  // namespace ringmaster::graphql
