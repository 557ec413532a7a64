// What a schema says of itself: __schema and __type. https://spec.graphql.org/October2021/#sec-Introspection

#include <algorithm>

#include "graphql/parser.h"
#include "graphql/print.h"
#include "graphql/schema.h"

namespace ringmaster::graphql {
namespace {

// A type as introspection shows it: a named one, or a list or non-null around another.
struct TypeNode {
    const TypeDefinition* named = nullptr;
    TypeReference reference;  // only when it wraps something

    bool is_wrapper() const { return named == nullptr; }
};

struct EnumValueNode {
    std::string name;
};

struct DirectiveNode {
    std::string name;
    std::string description;
};

Value type_value(const Schema& schema, const TypeReference& reference) {
    if (reference.non_null || reference.is_list()) return object("__Type", TypeNode{nullptr, reference});
    return object("__Type", TypeNode{schema.find(reference.name), {}});
}

Value type_value(const TypeDefinition* type) {
    if (type == nullptr) return nullptr;
    return object("__Type", TypeNode{type, {}});
}

std::string_view kind_name(const TypeNode& node) {
    if (node.is_wrapper()) return node.reference.non_null ? "NON_NULL" : "LIST";
    constexpr std::string_view kNames[] = {"SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT"};
    return kNames[static_cast<int>(node.named->kind)];
}

template <typename Item>
Value list_of(std::string_view type_name, const Item& items) {
    List list;
    for (const auto& item : items) list.emplace_back(object(type_name, &item));
    return list;
}

Value named_types(const Schema& schema, const std::vector<std::string>& names) {
    List list;
    for (const std::string& name : names) list.push_back(type_value(schema.find(name)));
    return list;
}

Value fields_of(const TypeNode& node, bool include_deprecated) {
    if (node.is_wrapper()) return nullptr;
    if (node.named->kind != TypeKind::Object && node.named->kind != TypeKind::Interface) return nullptr;
    List list;
    for (const FieldDefinition& field : node.named->fields)
        if (include_deprecated || !field.deprecated) list.emplace_back(object("__Field", &field));
    return list;
}

Value of_type(const Schema& schema, const TypeNode& node) {
    if (!node.is_wrapper()) return nullptr;
    if (node.reference.non_null) return type_value(schema, node.reference.nullable());
    return type_value(schema, node.reference.element.front());
}

Value enum_values_of(const TypeNode& node) {
    if (node.is_wrapper() || node.named->kind != TypeKind::Enum) return nullptr;
    List list;
    for (const std::string& name : node.named->enum_values)
        list.emplace_back(object("__EnumValue", EnumValueNode{name}));
    return list;
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value(nullptr) : Value(text);
}
Resolved nothing(const Call&) {
    return nullptr;
}
Resolved no(const Call&) {
    return false;
}

const TypeNode& type_of(const Call& call) {
    return call.parent<TypeNode>();
}
const TypeDefinition* named(const Call& call, TypeKind kind) {
    const TypeNode& node = type_of(call);
    return !node.is_wrapper() && node.named->kind == kind ? node.named : nullptr;
}

Resolved possible_types(const Call& call) {
    const TypeDefinition* type = named(call, TypeKind::Union);
    if (type == nullptr) type = named(call, TypeKind::Interface);
    return type == nullptr ? Value(nullptr) : named_types(call.schema, type->possible_types);
}

void add_type_type(Schema& schema) {
    schema.object("__Type")
        .field("kind: __TypeKind!", [](const Call& c) -> Resolved { return kind_name(type_of(c)); })
        .field("name: String",
               [](const Call& c) -> Resolved {
                   return type_of(c).is_wrapper() ? Value(nullptr) : Value(type_of(c).named->name);
               })
        .field("description: String",
               [](const Call& c) -> Resolved {
                   return type_of(c).is_wrapper() ? Value(nullptr)
                                                  : text_or_null(type_of(c).named->description);
               })
        .field("specifiedByURL: String", nothing)
        .field("fields(includeDeprecated: Boolean = false): [__Field!]",
               [](const Call& c) -> Resolved {
                   return fields_of(type_of(c), c.arguments.boolean("includeDeprecated").value_or(false));
               })
        .field("interfaces: [__Type!]",
               [](const Call& c) -> Resolved {
                   if (named(c, TypeKind::Interface) != nullptr) return List{};
                   const TypeDefinition* type = named(c, TypeKind::Object);
                   return type == nullptr ? Value(nullptr) : named_types(c.schema, type->interfaces);
               })
        .field("possibleTypes: [__Type!]", possible_types)
        .field("enumValues(includeDeprecated: Boolean = false): [__EnumValue!]",
               [](const Call& c) -> Resolved { return enum_values_of(type_of(c)); })
        .field("inputFields(includeDeprecated: Boolean = false): [__InputValue!]",
               [](const Call& c) -> Resolved {
                   const TypeDefinition* type = named(c, TypeKind::InputObject);
                   return type == nullptr ? Value(nullptr) : list_of("__InputValue", type->input_fields);
               })
        .field("ofType: __Type", [](const Call& c) -> Resolved { return of_type(c.schema, type_of(c)); });
    schema.enumeration(
        "__TypeKind", {"SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"});
}

void add_member_types(Schema& schema) {
    const auto field = [](const Call& c) -> const FieldDefinition& {
        return *c.parent<const FieldDefinition*>();
    };
    const auto input = [](const Call& c) -> const InputDefinition& {
        return *c.parent<const InputDefinition*>();
    };
    schema.object("__Field")
        .field("name: String!", [=](const Call& c) -> Resolved { return field(c).name; })
        .field("description: String", nothing)
        .field("args(includeDeprecated: Boolean = false): [__InputValue!]!",
               [=](const Call& c) -> Resolved { return list_of("__InputValue", field(c).arguments); })
        .field("type: __Type!",
               [=](const Call& c) -> Resolved { return type_value(c.schema, field(c).type); })
        .field("isDeprecated: Boolean!",
               [=](const Call& c) -> Resolved { return field(c).deprecated.has_value(); })
        .field("deprecationReason: String", [=](const Call& c) -> Resolved { return field(c).deprecated; });
    schema.object("__InputValue")
        .field("name: String!", [=](const Call& c) -> Resolved { return input(c).name; })
        .field("description: String", nothing)
        .field("type: __Type!",
               [=](const Call& c) -> Resolved { return type_value(c.schema, input(c).type); })
        .field("defaultValue: String",
               [=](const Call& c) -> Resolved {
                   return input(c).default_value ? Value(print(*input(c).default_value)) : Value(nullptr);
               })
        .field("isDeprecated: Boolean!", no)
        .field("deprecationReason: String", nothing);
    schema.object("__EnumValue")
        .field("name: String!", [](const Call& c) -> Resolved { return c.parent<EnumValueNode>().name; })
        .field("description: String", nothing)
        .field("isDeprecated: Boolean!", no)
        .field("deprecationReason: String", nothing);
}

// @include and @skip take the same one argument.
const std::vector<InputDefinition>& condition_argument() {
    static const std::vector<InputDefinition> arguments = {
        {"if", TypeReference{.name = "Boolean", .non_null = true}, std::nullopt, nullptr}};
    return arguments;
}

void add_directive_type(Schema& schema) {
    schema.object("__Directive")
        .field("name: String!", [](const Call& c) -> Resolved { return c.parent<DirectiveNode>().name; })
        .field("description: String",
               [](const Call& c) -> Resolved { return c.parent<DirectiveNode>().description; })
        .field("locations: [__DirectiveLocation!]!",
               [](const Call&) -> Resolved { return List{"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}; })
        .field("args(includeDeprecated: Boolean = false): [__InputValue!]!",
               [](const Call&) -> Resolved { return list_of("__InputValue", condition_argument()); })
        .field("isRepeatable: Boolean!", no);
    schema.enumeration("__DirectiveLocation",
                       {"QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION",
                        "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR",
                        "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM",
                        "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION"});
}

void add_schema_type(Schema& schema) {
    schema.object("__Schema")
        .field("description: String", nothing)
        .field("types: [__Type!]!",
               [](const Call& c) -> Resolved {
                   List list;
                   for (const auto& [name, type] : c.schema.types()) list.push_back(type_value(&type));
                   return list;
               })
        .field("queryType: __Type!", [](const Call& c) -> Resolved { return type_value(&c.schema.query()); })
        .field("mutationType: __Type",
               [](const Call& c) -> Resolved { return type_value(c.schema.mutation()); })
        .field("subscriptionType: __Type", nothing)
        .field("directives: [__Directive!]!", [](const Call&) -> Resolved {
            return List{
                object("__Directive", DirectiveNode{"include", "Included only when the argument is true."}),
                object("__Directive", DirectiveNode{"skip", "Left out when the argument is true."})};
        });
}

struct SchemaNode {};

FieldDefinition root_field(std::string_view declaration, Resolver resolve) {
    auto parsed = parse_field_declaration(declaration);
    RM_ASSERT(parsed.has_value(), "the introspection fields are well written");
    FieldDefinition field{std::move(parsed->name), std::move(parsed->type)};
    for (InputDeclaration& argument : parsed->arguments)
        field.arguments.push_back(
            {std::move(argument.name), std::move(argument.type), argument.default_value});
    field.resolve = std::move(resolve);
    return field;
}

}  // namespace

void Schema::add_introspection() {
    add_schema_type(*this);
    add_type_type(*this);
    add_member_types(*this);
    add_directive_type(*this);
    root_fields_.push_back(root_field("__schema: __Schema!", [](const Call&) -> Resolved {
        return graphql::object("__Schema", SchemaNode{});
    }));
    root_fields_.push_back(root_field("__type(name: String!): __Type", [](const Call& c) -> Resolved {
        return type_value(c.schema.find(*c.arguments.text("name")));
    }));
}

}  // namespace ringmaster::graphql
