#include "graphql/schema.h"

#include <algorithm>

#include "base/text.h"
#include "graphql/parser.h"
#include "graphql/print.h"

namespace ringmaster::graphql {
namespace {

// Schemas are written by us: a mistake in one is a bug, told with the declaration in question.
void require(bool condition, std::string_view complaint, std::string_view about) {
    if (condition) return;
    assertion_failed("schema", fmt::format("{}: {}", about, complaint).c_str(), "graphql/schema.cc", 0);
}

InputDefinition input_of(InputDeclaration declaration) {
    return {std::move(declaration.name), std::move(declaration.type), std::move(declaration.default_value)};
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool selects_in(const std::vector<Selection>& selections, const Document& document, std::string_view name) {
    return std::ranges::any_of(selections, [&](const Selection& selection) {
        switch (selection.kind) {
            case Selection::Kind::Field:
                return selection.name == name;
            case Selection::Kind::InlineFragment:
                return selects_in(selection.selections, document, name);
            case Selection::Kind::FragmentSpread:
                return selects_in(document.find_fragment(selection.name)->selections, document, name);
        }
        return false;
    });
}

}  // namespace

bool Call::selects(std::string_view name) const {
    return std::ranges::any_of(parts_.selections, [&](const Selection* selection) {
        return selects_in(selection->selections, parts_.document, name);
    });
}

const InputDefinition* FieldDefinition::argument(std::string_view argument_name) const {
    const auto found = std::ranges::find(arguments, argument_name, &InputDefinition::name);
    return found == arguments.end() ? nullptr : &*found;
}

const FieldDefinition* TypeDefinition::field(std::string_view field_name) const {
    const auto found = fields_by_name_.find(field_name);
    return found == fields_by_name_.end() ? nullptr : found->second;
}

const InputDefinition* TypeDefinition::input_field(std::string_view field_name) const {
    const auto found = std::ranges::find(input_fields, field_name, &InputDefinition::name);
    return found == input_fields.end() ? nullptr : &*found;
}

bool TypeDefinition::may_be(std::string_view object_name) const {
    return kind == TypeKind::Object ? name == object_name : contains(possible_types, object_name);
}

bool TypeDefinition::has_enum_value(std::string_view value) const {
    return contains(enum_values, value);
}

TypeBuilder& TypeBuilder::describe(std::string_view text) {
    type_.description = text;
    return *this;
}

TypeBuilder& TypeBuilder::implements(std::string_view interface_name) {
    type_.interfaces.emplace_back(interface_name);
    return *this;
}

TypeBuilder& TypeBuilder::field(std::string_view declaration, Resolver resolve) {
    auto parsed = parse_field_declaration(declaration);
    require(parsed.has_value(), parsed ? "" : parsed.error().message, declaration);
    require((resolve != nullptr) == (type_.kind == TypeKind::Object),
            "objects resolve fields, interfaces do not", type_.name + "." + parsed->name);
    FieldDefinition field{std::move(parsed->name), std::move(parsed->type)};
    for (InputDeclaration& argument : parsed->arguments)
        field.arguments.push_back(input_of(std::move(argument)));
    field.resolve = std::move(resolve);
    type_.fields.push_back(std::move(field));
    return *this;
}

TypeBuilder& TypeBuilder::deprecated(std::string_view reason) {
    type_.fields.back().deprecated = reason;
    return *this;
}

Schema::Schema() {
    for (const char* name : {"Int", "Float", "String", "Boolean", "ID"}) scalar(name);
    typename_field_.name = "__typename";
    typename_field_.type = TypeReference{.name = "String", .non_null = true};
    typename_field_.resolve = [](const Call& call) -> Resolved { return call.parent_object().type_name(); };
    add_introspection();
}

TypeDefinition& Schema::add(TypeKind kind, std::string_view name) {
    const auto [entry, is_new] = types_.try_emplace(std::string(name));
    require(is_new, "declared twice", name);
    entry->second.kind = kind;
    entry->second.name = name;
    return entry->second;
}

TypeBuilder Schema::object(std::string_view name) {
    return TypeBuilder(add(TypeKind::Object, name));
}
TypeBuilder Schema::interface(std::string_view name) {
    return TypeBuilder(add(TypeKind::Interface, name));
}

void Schema::union_of(std::string_view name, std::vector<std::string> members) {
    add(TypeKind::Union, name).possible_types = std::move(members);
}

void Schema::enumeration(std::string_view name, std::vector<std::string> values) {
    add(TypeKind::Enum, name).enum_values = std::move(values);
}

void Schema::input(std::string_view name, const std::vector<std::string_view>& fields) {
    TypeDefinition& type = add(TypeKind::InputObject, name);
    for (const std::string_view declaration : fields) {
        auto parsed = parse_input_declaration(declaration);
        require(parsed.has_value(), parsed ? "" : parsed.error().message, declaration);
        type.input_fields.push_back(input_of(std::move(*parsed)));
    }
}

void Schema::scalar(std::string_view name, std::function<bool(std::string_view)> accepts) {
    add(TypeKind::Scalar, name).accepts_text = std::move(accepts);
}

void Schema::finish(std::string_view query_type, std::string_view mutation_type) {
    query_ = find(query_type);
    require(query_ != nullptr && query_->kind == TypeKind::Object, "is no object type", query_type);
    if (!mutation_type.empty()) {
        mutation_ = find(mutation_type);
        require(mutation_ != nullptr && mutation_->kind == TypeKind::Object, "is no object type",
                mutation_type);
    }
    for (auto& [name, type] : types_) resolve_type(type);
    for (auto& [name, type] : types_)
        for (const std::string& interface_name : type.interfaces) {
            const auto interface = types_.find(interface_name);
            require(interface != types_.end() && interface->second.kind == TypeKind::Interface,
                    "implements what is no interface: " + interface_name, name);
            interface->second.possible_types.push_back(name);
            check_implementation(type, interface->second);
        }
    typename_field_.named_type = find("String");
    for (FieldDefinition& field : root_fields_) {
        field.named_type = find(field.type.innermost_name());
        for (InputDefinition& argument : field.arguments) resolve_input(argument, *query_);
    }
}

void Schema::resolve_type(TypeDefinition& type) {
    for (FieldDefinition& field : type.fields) {
        field.named_type = find(field.type.innermost_name());
        require(field.named_type != nullptr && field.named_type->kind != TypeKind::InputObject,
                "no such output type: " + print(field.type), type.name + "." + field.name);
        require(type.fields_by_name_.emplace(field.name, &field).second, "declared twice",
                type.name + "." + field.name);
        for (InputDefinition& argument : field.arguments) resolve_input(argument, type);
    }
    for (InputDefinition& field : type.input_fields) resolve_input(field, type);
    if (type.kind == TypeKind::Union)
        for (const std::string& member : type.possible_types)
            require(find(member) != nullptr && find(member)->kind == TypeKind::Object,
                    "no such object type: " + member, type.name);
}

void Schema::resolve_input(InputDefinition& input, const TypeDefinition& owner) {
    input.named_type = find(input.type.innermost_name());
    require(input.named_type != nullptr && input.named_type->is_input(),
            "no such input type: " + print(input.type), owner.name + "." + input.name);
}

void Schema::check_implementation(const TypeDefinition& object, const TypeDefinition& interface) const {
    for (const FieldDefinition& wanted : interface.fields) {
        const FieldDefinition* field = object.field(wanted.name);
        require(field != nullptr, "lacks the interface's field " + wanted.name, object.name);
        const bool same_named =
            field->named_type == wanted.named_type || wanted.named_type->may_be(field->type.innermost_name());
        require(same_named && field->type.is_list() == wanted.type.is_list() &&
                    (field->type.non_null || !wanted.type.non_null),
                "does not fit the interface's field", object.name + "." + wanted.name);
    }
}

const TypeDefinition* Schema::find(std::string_view name) const {
    const auto found = types_.find(name);
    return found == types_.end() ? nullptr : &found->second;
}

const FieldDefinition* Schema::field(const TypeDefinition& type, std::string_view name) const {
    if (const FieldDefinition* field = type.field(name)) return field;
    if (name == "__typename" && type.is_composite()) return &typename_field_;
    if (&type != query_) return nullptr;
    const auto found = std::ranges::find(root_fields_, name, &FieldDefinition::name);
    return found == root_fields_.end() ? nullptr : &*found;
}

}  // namespace ringmaster::graphql
