#pragma once
// A GraphQL schema described in C++: types, their fields with arguments, and a resolver for each field.
// Declarations are written as the schema language writes them:
//
//     Schema schema;
//     schema.object("Label").implements("Node")
//         .field("name: String!", [](const Call& call) -> Resolved { return call.parent<Label>().name; })
//         .field("issues(first: Int, after: String): IssueConnection!", resolve_issues);
//     schema.input("LabelOrder", {"field: LabelOrderField!", "direction: OrderDirection! = ASC"});
//     schema.finish("Query", "Mutation");
//
// A schema is built once and then only read, from any thread. A mistake in it is a bug and stops the program
// in finish() or before, so a test that builds the schema proves it whole.

#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "graphql/document.h"
#include "graphql/value.h"

namespace ringmaster::graphql {

/// A field's value, or why it has none.
using Resolved = std::expected<Value, Problem>;
using Unresolved = std::unexpected<Problem>;

class Schema;

struct FieldDefinition;

/// What a resolver is called with. Everything in it lives as long as the call.
class Call {
 public:
    struct Parts {
        const Object& parent;
        const Members& arguments;
        const FieldDefinition& field;
        const std::vector<const Selection*>& selections;
        const Document& document;
        const Schema& schema;
        void* world;
    };
    explicit Call(const Parts& parts)
        : arguments(parts.arguments), field(parts.field), schema(parts.schema), parts_(parts) {}

    template <typename T>
    const T& parent() const {
        return parts_.parent.as<T>();
    }
    const Object& parent_object() const { return parts_.parent; }
    /// What the caller of execute() handed in for this request.
    template <typename W>
    W& world() const {
        return *static_cast<W*>(parts_.world);
    }
    /// Whether a field of that name is asked for directly below this one, in whatever fragment. Lets a
    /// resolver leave out what nobody will read; @skip and @include are not looked at.
    bool selects(std::string_view name) const;

    const Members& arguments;
    const FieldDefinition& field;
    const Schema& schema;

 private:
    const Parts& parts_;
};

using Resolver = std::function<Resolved(const Call&)>;

enum class TypeKind { Scalar, Object, Interface, Union, Enum, InputObject };

struct TypeDefinition;

/// An argument, or a field of an input object.
struct InputDefinition {
    std::string name;
    TypeReference type;
    std::optional<Literal> default_value;
    const TypeDefinition* named_type = nullptr;

    bool is_required() const { return type.non_null && !default_value; }
};

struct FieldDefinition {
    std::string name;
    TypeReference type;
    std::vector<InputDefinition> arguments;
    std::optional<std::string> deprecated;
    Resolver resolve;
    const TypeDefinition* named_type = nullptr;

    const InputDefinition* argument(std::string_view argument_name) const;
};

struct TypeDefinition {
    TypeKind kind = TypeKind::Object;
    std::string name;
    std::string description;
    std::deque<FieldDefinition> fields;       ///< of objects and interfaces
    std::vector<std::string> interfaces;      ///< that an object implements
    std::vector<std::string> possible_types;  ///< objects that a union or an interface may be
    std::vector<std::string> enum_values;
    std::vector<InputDefinition> input_fields;
    std::function<bool(std::string_view)> accepts_text;  ///< of a scalar that is text: whether this is one

    const FieldDefinition* field(std::string_view field_name) const;
    const InputDefinition* input_field(std::string_view field_name) const;
    bool is_composite() const {
        return kind == TypeKind::Object || kind == TypeKind::Interface || kind == TypeKind::Union;
    }
    bool is_input() const { return !is_composite(); }
    /// Whether an object of type `object_name` may stand where this type is declared.
    bool may_be(std::string_view object_name) const;
    bool has_enum_value(std::string_view value) const;

 private:
    friend class Schema;
    std::map<std::string, const FieldDefinition*, std::less<>> fields_by_name_;
};

/// Adds to one type; what Schema's functions return.
class TypeBuilder {
 public:
    explicit TypeBuilder(TypeDefinition& type) : type_(type) {}
    TypeBuilder& describe(std::string_view text);
    TypeBuilder& implements(std::string_view interface_name);
    /// `declaration`: "name(argument: Type = default): Type". An interface's fields have no resolver.
    TypeBuilder& field(std::string_view declaration, Resolver resolve = nullptr);
    /// The field added last is deprecated.
    TypeBuilder& deprecated(std::string_view reason);

 private:
    TypeDefinition& type_;
};

class Schema {
 public:
    /// With the specification's scalars and the introspection types.
    Schema();

    TypeBuilder object(std::string_view name);
    TypeBuilder interface(std::string_view name);
    void union_of(std::string_view name, std::vector<std::string> members);
    void enumeration(std::string_view name, std::vector<std::string> values);
    void input(std::string_view name, const std::vector<std::string_view>& fields);
    /// A scalar written as text; `accepts` refuses what is not one (nothing: any text).
    void scalar(std::string_view name, std::function<bool(std::string_view)> accepts = nullptr);

    /// Resolves and checks all names. Nothing may be added afterwards.
    void finish(std::string_view query_type, std::string_view mutation_type);

    const TypeDefinition* find(std::string_view name) const;
    const TypeDefinition& query() const { return *query_; }
    /// Null: there are no mutations.
    const TypeDefinition* mutation() const { return mutation_; }
    /// In order of name.
    const std::map<std::string, TypeDefinition, std::less<>>& types() const { return types_; }
    /// The field of that name, with __typename everywhere and __schema and __type on the query's root.
    const FieldDefinition* field(const TypeDefinition& type, std::string_view name) const;

 private:
    TypeDefinition& add(TypeKind kind, std::string_view name);
    void resolve_type(TypeDefinition& type);
    void resolve_input(InputDefinition& input, const TypeDefinition& owner);
    void check_implementation(const TypeDefinition& object, const TypeDefinition& interface) const;
    void add_introspection();

    std::map<std::string, TypeDefinition, std::less<>> types_;
    const TypeDefinition* query_ = nullptr;
    const TypeDefinition* mutation_ = nullptr;
    FieldDefinition typename_field_;
    std::vector<FieldDefinition> root_fields_;
};

}  // namespace ringmaster::graphql
