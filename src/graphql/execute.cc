#include "graphql/execute.h"

#include <fmt/core.h>

#include <map>
#include <memory>
#include <set>

#include "graphql/coerce.h"
#include "graphql/json_text.h"

namespace ringmaster::graphql {
namespace {

struct PlannedField;
using Plan = std::vector<std::unique_ptr<PlannedField>>;

// A field of the answer with everything that is the same for each object it is asked of.
struct PlannedField {
    std::string response_name;
    std::string json_key;  // with quotes and colon
    const FieldDefinition* definition = nullptr;
    std::vector<const Selection*> selections;  // all that answer under this name
    std::expected<Members, std::string> arguments;
    std::map<std::string, Plan, std::less<>> plans;  // of the fields below, by the object's type

    Location location() const { return selections.front()->location; }
};

struct RootObject {};

class Executor {
 public:
    Executor(const Schema& schema, const Document& document, const Members& variables, void* world,
             const Limits& limits)
        : schema_(schema), document_(document), variables_(variables), world_(world), limits_(limits) {}

    Execution run(const Operation& operation) {
        const TypeDefinition& root =
            operation.kind == Operation::Kind::Mutation ? *schema_.mutation() : schema_.query();
        Plan plan;
        std::set<std::string_view> spread;
        add_to_plan(plan, operation.selections, root, spread);
        const Object object(root.name, std::make_shared<const RootObject>());
        if (!write_object(plan, object)) result_.data = "null";
        return std::move(result_);
    }

 private:
    const Plan& plan_below(PlannedField& field, const TypeDefinition& type);
    void add_to_plan(Plan& plan, const std::vector<Selection>& selections, const TypeDefinition& type,
                     std::set<std::string_view>& spread);
    void add_field(Plan& plan, const Selection& selection, const TypeDefinition& type);
    bool is_included(const std::vector<Directive>& directives) const;
    bool applies(const std::string& condition, const TypeDefinition& type) const;

    // Each writes a value, or returns false when it must be null but may not: then whoever may be null is.
    bool write_object(const Plan& plan, const Object& object);
    bool write_field(PlannedField& field, const Object& parent);
    bool write_value(PlannedField& field, const TypeReference& type, const Value& value);
    bool write_non_null(PlannedField& field, const TypeReference& type, const Value& value);
    bool write_list(PlannedField& field, const TypeReference& element, const List& list);
    bool write_leaf(PlannedField& field, const Value& value);
    bool write_composite(PlannedField& field, const Value& value);
    bool write_null(const TypeReference& type);

    void report(const PlannedField& field, std::string message, std::string type);
    bool exceeds_limits(const PlannedField& field);

    const Schema& schema_;
    const Document& document_;
    const Members& variables_;
    void* world_;
    const Limits& limits_;
    Execution result_;
    std::vector<std::variant<const std::string*, std::int64_t>> path_;
    std::size_t values_ = 0;
    bool is_exceeded_ = false;
};

const Plan& Executor::plan_below(PlannedField& field, const TypeDefinition& type) {
    if (const auto found = field.plans.find(type.name); found != field.plans.end()) return found->second;
    Plan& plan = field.plans[type.name];
    std::set<std::string_view> spread;
    for (const Selection* selection : field.selections)
        add_to_plan(plan, selection->selections, type, spread);
    return plan;
}

bool Executor::is_included(const std::vector<Directive>& directives) const {
    static const std::vector<InputDefinition> kCondition = {
        {"if", TypeReference{.name = "Boolean", .non_null = true}, std::nullopt, nullptr}};
    for (const Directive& directive : directives) {
        const auto arguments = coerce_arguments(schema_, kCondition, directive.arguments, variables_);
        // Validation leaves one way to fail: an absent variable behind a default of the place, of which there
        // is none.
        const bool condition = arguments && arguments->boolean("if").value_or(false);
        if (condition == (directive.name == "skip")) return false;
    }
    return true;
}

bool Executor::applies(const std::string& condition, const TypeDefinition& type) const {
    return condition.empty() || schema_.find(condition)->may_be(type.name);
}

void Executor::add_to_plan(Plan& plan, const std::vector<Selection>& selections, const TypeDefinition& type,
                           std::set<std::string_view>& spread) {
    for (const Selection& selection : selections) {
        if (!is_included(selection.directives)) continue;
        switch (selection.kind) {
            case Selection::Kind::Field:
                add_field(plan, selection, type);
                break;
            case Selection::Kind::InlineFragment:
                if (applies(selection.type_condition, type))
                    add_to_plan(plan, selection.selections, type, spread);
                break;
            case Selection::Kind::FragmentSpread: {
                if (!spread.insert(selection.name).second) break;
                const Fragment& fragment = *document_.find_fragment(selection.name);
                if (applies(fragment.type_condition, type))
                    add_to_plan(plan, fragment.selections, type, spread);
                break;
            }
        }
    }
}

void Executor::add_field(Plan& plan, const Selection& selection, const TypeDefinition& type) {
    for (const auto& field : plan) {
        if (field->response_name != selection.response_name()) continue;
        field->selections.push_back(&selection);
        return;
    }
    auto field = std::make_unique<PlannedField>();
    field->response_name = selection.response_name();
    append_json_string(field->json_key, field->response_name);
    field->json_key.push_back(':');
    field->definition = schema_.field(type, selection.name);
    field->selections = {&selection};
    field->arguments =
        coerce_arguments(schema_, field->definition->arguments, selection.arguments, variables_);
    plan.push_back(std::move(field));
}

bool Executor::write_object(const Plan& plan, const Object& object) {
    std::string& out = result_.data;
    const std::size_t start = out.size();
    out.push_back('{');
    for (const auto& field : plan) {
        if (out.size() > start + 1) out.push_back(',');
        out += field->json_key;
        path_.emplace_back(&field->response_name);
        const bool is_written = write_field(*field, object);
        path_.pop_back();
        if (!is_written) {
            out.resize(start);
            return false;
        }
    }
    out.push_back('}');
    return true;
}

bool Executor::write_field(PlannedField& field, const Object& parent) {
    const TypeReference& type = field.definition->type;
    if (exceeds_limits(field)) return false;
    if (!field.arguments) {
        report(field, fmt::format("Argument {}", field.arguments.error()), "");
        return write_null(type);
    }
    const Resolved value = field.definition->resolve(Call({.parent = parent,
                                                           .arguments = *field.arguments,
                                                           .field = *field.definition,
                                                           .selections = field.selections,
                                                           .document = document_,
                                                           .schema = schema_,
                                                           .world = world_}));
    if (!value) {
        report(field, value.error().message, value.error().type);
        return write_null(type);
    }
    return write_value(field, type, *value);
}

bool Executor::write_null(const TypeReference& type) {
    if (type.non_null) return false;
    result_.data += "null";
    return true;
}

bool Executor::write_value(PlannedField& field, const TypeReference& type, const Value& value) {
    if (value.is_null()) {
        if (type.non_null)
            report(field, fmt::format("Cannot return null for non-nullable field {}", field.definition->name),
                   "");
        return write_null(type);
    }
    if (const auto* problem = value.get_if<Problem>()) {
        report(field, problem->message, problem->type);
        return write_null(type);
    }
    const std::size_t start = result_.data.size();
    if (write_non_null(field, type, value)) return true;
    if (is_exceeded_) return false;
    result_.data.resize(start);
    return write_null(type);
}

bool Executor::write_non_null(PlannedField& field, const TypeReference& type, const Value& value) {
    if (exceeds_limits(field)) return false;
    if (type.is_list()) {
        const auto* list = value.get_if<List>();
        RM_ASSERT(list != nullptr, "a field declared as a list resolves to one");
        return write_list(field, type.element.front(), *list);
    }
    return field.definition->named_type->is_composite() ? write_composite(field, value)
                                                        : write_leaf(field, value);
}

bool Executor::write_list(PlannedField& field, const TypeReference& element, const List& list) {
    result_.data.push_back('[');
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0) result_.data.push_back(',');
        path_.emplace_back(static_cast<std::int64_t>(i));
        const bool is_written = write_value(field, element, list[i]);
        path_.pop_back();
        if (!is_written) return false;
    }
    result_.data.push_back(']');
    return true;
}

bool Executor::write_leaf(PlannedField& field, const Value& value) {
    std::string& out = result_.data;
    if (const auto* text = value.get_if<std::string>()) {
        const TypeDefinition& type = *field.definition->named_type;
        if (type.kind == TypeKind::Enum && !type.has_enum_value(*text)) {
            report(field, fmt::format("\"{}\" is no value of {}", *text, type.name), "");
            return false;
        }
        append_json_string(out, *text);
    } else if (const auto* number = value.get_if<std::int64_t>()) {
        out += std::to_string(*number);
    } else if (const auto* truth = value.get_if<bool>()) {
        out += *truth ? "true" : "false";
    } else {
        const auto* real = value.get_if<double>();
        RM_ASSERT(real != nullptr, "a leaf resolves to text, a number or a truth value");
        append_json_number(out, *real);
    }
    return true;
}

bool Executor::write_composite(PlannedField& field, const Value& value) {
    const auto* object = value.get_if<Object>();
    RM_ASSERT(object != nullptr, "a field declared as an object resolves to one");
    const TypeDefinition* type = schema_.find(object->type_name());
    RM_ASSERT(type != nullptr && field.definition->named_type->may_be(object->type_name()),
              "an object is of a type its field may have");
    return write_object(plan_below(field, *type), *object);
}

void Executor::report(const PlannedField& field, std::string message, std::string type) {
    if (result_.errors.size() >= limits_.max_errors) return;
    ErrorEntry error{.message = std::move(message), .type = std::move(type), .locations = {field.location()}};
    for (const auto& segment : path_) {
        if (const auto* name = std::get_if<const std::string*>(&segment))
            error.path.emplace_back(**name);
        else
            error.path.emplace_back(std::get<std::int64_t>(segment));
    }
    result_.errors.push_back(std::move(error));
}

bool Executor::exceeds_limits(const PlannedField& field) {
    if (is_exceeded_) return true;
    if (++values_ <= limits_.max_result_values && result_.data.size() <= limits_.max_result_bytes)
        return false;
    is_exceeded_ = true;
    report(field, "The answer is larger than this server gives: ask for fewer or smaller pages",
           "RESOURCE_LIMITS_EXCEEDED");
    return true;
}

}  // namespace

Execution execute(const Schema& schema, const Document& document, const Operation& operation,
                  const Members& variables, void* world, const Limits& limits) {
    return Executor(schema, document, variables, world, limits).run(operation);
}

}  // namespace ringmaster::graphql
