#pragma once
// A GraphQL document as it was written: operations, fragments, and the values in them, each with its place.
// What the parser makes and what validation and execution read.
// https://spec.graphql.org/October2021/#sec-Document

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace ringmaster::graphql {

/// Counted from 1; a column is a byte of the line.
struct Location {
    int line = 1;
    int column = 1;
    auto operator<=>(const Location&) const = default;
};

struct LiteralMember;

/// A value as written; may name variables.
struct Literal {
    enum class Kind { Null, Boolean, Int, Float, String, Enum, List, Object, Variable };
    Kind kind = Kind::Null;
    std::string text;  ///< the digits, the decoded string, "true", the enum's or the variable's name
    std::vector<Literal> items;
    std::vector<LiteralMember> members;
    Location location;
};

struct LiteralMember {
    std::string name;
    Literal value;
    Location location;
};

/// "Int", "[Label!]!". Either a name or a list of one element type.
struct TypeReference {
    std::string name;
    std::vector<TypeReference> element;
    bool non_null = false;
    Location location;

    bool is_list() const { return !element.empty(); }
    const std::string& innermost_name() const { return is_list() ? element.front().innermost_name() : name; }
    TypeReference nullable() const {
        TypeReference copy = *this;
        copy.non_null = false;
        return copy;
    }
};

struct Argument {
    std::string name;
    Literal value;
    Location location;
};

struct Directive {
    std::string name;
    std::vector<Argument> arguments;
    Location location;
};

struct Selection {
    enum class Kind { Field, FragmentSpread, InlineFragment };
    Kind kind = Kind::Field;
    std::string alias;
    std::string name;            ///< of the field, or of the fragment that is spread
    std::string type_condition;  ///< of an inline fragment; may be empty
    std::vector<Argument> arguments;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
    Location location;

    const std::string& response_name() const { return alias.empty() ? name : alias; }
};

struct VariableDefinition {
    std::string name;
    TypeReference type;
    std::optional<Literal> default_value;
    std::vector<Directive> directives;
    Location location;
};

struct Operation {
    enum class Kind { Query, Mutation, Subscription };
    Kind kind = Kind::Query;
    std::string name;
    std::vector<VariableDefinition> variables;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
    Location location;
};

struct Fragment {
    std::string name;
    std::string type_condition;
    std::vector<Directive> directives;
    std::vector<Selection> selections;
    Location location;
};

struct Document {
    std::vector<Operation> operations;
    std::vector<Fragment> fragments;

    const Fragment* find_fragment(const std::string& name) const {
        for (const Fragment& fragment : fragments)
            if (fragment.name == name) return &fragment;
        return nullptr;
    }
};

}  // namespace ringmaster::graphql
