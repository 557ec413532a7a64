#include "graphql/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "graphql/print.h"
#include "graphql/validate_values.h"

namespace ringmaster::graphql {
namespace {

constexpr std::string_view kOperationWords[] = {"query", "mutation", "subscription"};

// What one operation or fragment uses; an operation's own and its fragments' are joined afterwards.
struct Uses {
    std::vector<VariableUse> variables;
    std::vector<std::pair<std::string, Location>> spreads;
};

class Validator {
 public:
    Validator(const Schema& schema, const Document& document, const Limits& limits)
        : schema_(schema), document_(document), limits_(limits) {}

    std::vector<ErrorEntry> run() {
        check_names();
        for (const Fragment& fragment : document_.fragments) check_fragment(fragment);
        for (const Operation& operation : document_.operations) check_operation(operation);
        check_cycles();
        check_unused_fragments();
        if (!errors_.empty()) return std::move(errors_);  // what follows needs known names and no cycles
        for (const Operation& operation : document_.operations) check_variable_uses(operation);
        for (const Operation& operation : document_.operations)
            for (ErrorEntry& error : check_merged_selections(schema_, document_, operation, limits_))
                report(std::move(error));
        return std::move(errors_);
    }

 private:
    void report(ErrorEntry error) {
        if (errors_.size() >= limits_.max_errors) return;
        if (error.path.empty()) error.path.assign(path_.begin(), path_.end());
        errors_.push_back(std::move(error));
    }
    void report(std::string message, std::string_view code, Location location) {
        report({.message = std::move(message), .code = std::string(code), .locations = {location}});
    }

    void check_names();
    void check_operation(const Operation& operation);
    void check_variables(const Operation& operation);
    void check_fragment(const Fragment& fragment);
    void check_selections(const std::vector<Selection>& selections, const TypeDefinition& parent, Uses& uses);
    void check_field(const Selection& field, const TypeDefinition& parent, Uses& uses);
    void check_leaf(const Selection& field, const FieldDefinition& definition);
    void check_inline_fragment(const Selection& fragment, const TypeDefinition& parent, Uses& uses);
    void check_spread(const Selection& spread, const TypeDefinition& parent, Uses& uses);
    const TypeDefinition* check_condition(const std::string& name, Location location);
    void check_spreadable(const TypeDefinition& condition, const TypeDefinition& parent,
                          std::string_view what, Location location);
    void check_directives(const std::vector<Directive>& directives, bool on_selection, Uses& uses);
    void check_cycles();
    bool leads_back(const std::string& name, std::set<std::string>& finished,
                    std::vector<std::string>& trail);
    void check_unused_fragments();
    void check_variable_uses(const Operation& operation);
    void collect_reachable(const Uses& uses, std::set<std::string>& reached) const;

    const Schema& schema_;
    const Document& document_;
    const Limits& limits_;
    std::vector<ErrorEntry> errors_;
    std::vector<std::string> path_;
    std::map<const Operation*, Uses> operation_uses_;
    std::map<std::string, Uses> fragment_uses_;
};

void Validator::check_names() {
    std::set<std::string> names;
    for (const Operation& operation : document_.operations) {
        if (operation.name.empty() && document_.operations.size() > 1)
            report("GraphQL operations must have a name when there are several of them",
                   "uniquelyNamedOperations", operation.location);
        else if (!names.insert(operation.name).second)
            report(fmt::format("Operation name \"{}\" must be unique", operation.name),
                   "uniquelyNamedOperations", operation.location);
    }
    std::set<std::string> fragments;
    for (const Fragment& fragment : document_.fragments)
        if (!fragments.insert(fragment.name).second)
            report(fmt::format("Fragment name \"{}\" must be unique", fragment.name), "fragmentNotUnique",
                   fragment.location);
}

void Validator::check_operation(const Operation& operation) {
    const std::string_view word = kOperationWords[static_cast<int>(operation.kind)];
    path_ = {operation.name.empty() ? std::string(word) : fmt::format("{} {}", word, operation.name)};
    Uses& uses = operation_uses_[&operation];
    const TypeDefinition* root = operation.kind == Operation::Kind::Query      ? &schema_.query()
                                 : operation.kind == Operation::Kind::Mutation ? schema_.mutation()
                                                                               : nullptr;
    if (root == nullptr)
        return report(fmt::format("Schema is not configured for {}s", word), "missingOperation",
                      operation.location);
    check_variables(operation);
    check_directives(operation.directives, false, uses);
    check_selections(operation.selections, *root, uses);
    path_.clear();
}

void Validator::check_variables(const Operation& operation) {
    std::set<std::string> names;
    for (const VariableDefinition& variable : operation.variables) {
        if (!names.insert(variable.name).second)
            report(fmt::format("There can be only one variable named \"{}\"", variable.name),
                   "variableNotUnique", variable.location);
        const TypeDefinition* type = schema_.find(variable.type.innermost_name());
        if (type == nullptr || !type->is_input()) {
            report(fmt::format("{} isn't a {} input type (on ${})", variable.type.innermost_name(),
                               type == nullptr ? "defined" : "valid", variable.name),
                   "variableRequiresValidType", variable.location);
            continue;
        }
        Uses none;
        check_arguments(
            schema_, "Variable $" + variable.name, {{"default", variable.type, Literal{}}},
            variable.default_value
                ? std::vector<Argument>{{"default", *variable.default_value, variable.location}}
                : std::vector<Argument>{},
            variable.location, [&](ErrorEntry error) { report(std::move(error)); }, none.variables);
        if (!none.variables.empty())
            report(fmt::format("Default value for ${} can't be another variable", variable.name),
                   "defaultValueInvalidType", variable.location);
        check_directives(variable.directives, false, none);
    }
}

void Validator::check_fragment(const Fragment& fragment) {
    path_ = {"fragment " + fragment.name};
    Uses& uses = fragment_uses_[fragment.name];
    check_directives(fragment.directives, false, uses);
    if (const TypeDefinition* type = check_condition(fragment.type_condition, fragment.location))
        check_selections(fragment.selections, *type, uses);
    path_.clear();
}

const TypeDefinition* Validator::check_condition(const std::string& name, Location location) {
    const TypeDefinition* type = schema_.find(name);
    if (type != nullptr && type->is_composite()) return type;
    if (type == nullptr)
        report(fmt::format("No such type {}, so it can't be a fragment condition", name), "undefinedType",
               location);
    else
        report(fmt::format("Invalid fragment on type {} (must be Union, Interface or Object)", name),
               "fragmentOnNonCompositeType", location);
    return nullptr;
}

void Validator::check_selections(const std::vector<Selection>& selections, const TypeDefinition& parent,
                                 Uses& uses) {
    for (const Selection& selection : selections) {
        if (errors_.size() >= limits_.max_errors) return;
        check_directives(selection.directives, true, uses);
        switch (selection.kind) {
            case Selection::Kind::Field:
                check_field(selection, parent, uses);
                break;
            case Selection::Kind::InlineFragment:
                check_inline_fragment(selection, parent, uses);
                break;
            case Selection::Kind::FragmentSpread:
                check_spread(selection, parent, uses);
                break;
        }
    }
}

void Validator::check_field(const Selection& field, const TypeDefinition& parent, Uses& uses) {
    path_.push_back(field.response_name());
    if (const FieldDefinition* definition = schema_.field(parent, field.name)) {
        check_arguments(
            schema_, fmt::format("Field '{}'", field.name), definition->arguments, field.arguments,
            field.location, [&](ErrorEntry error) { report(std::move(error)); }, uses.variables);
        check_leaf(field, *definition);
        if (definition->named_type->is_composite())
            check_selections(field.selections, *definition->named_type, uses);
    } else {
        report(fmt::format("Field '{}' doesn't exist on type '{}'", field.name, parent.name),
               "undefinedField", field.location);
    }
    path_.pop_back();
}

void Validator::check_leaf(const Selection& field, const FieldDefinition& definition) {
    const bool is_composite = definition.named_type->is_composite();
    if (is_composite && field.selections.empty())
        report(fmt::format(
                   "Field must have selections (field '{0}' returns {1} but has no selections. Did you mean "
                   "'{0} {{ ... }}'?)",
                   field.name, definition.named_type->name),
               "selectionMismatch", field.location);
    if (!is_composite && !field.selections.empty())
        report(fmt::format("Selections can't be made on {}s (field '{}' returns {} but has selections)",
                           definition.named_type->kind == TypeKind::Enum ? "enum" : "scalar", field.name,
                           definition.named_type->name),
               "selectionMismatch", field.location);
}

void Validator::check_inline_fragment(const Selection& fragment, const TypeDefinition& parent, Uses& uses) {
    if (fragment.type_condition.empty()) return check_selections(fragment.selections, parent, uses);
    const TypeDefinition* condition = check_condition(fragment.type_condition, fragment.location);
    if (condition == nullptr) return;
    check_spreadable(*condition, parent, "inline fragment", fragment.location);
    check_selections(fragment.selections, *condition, uses);
}

void Validator::check_spread(const Selection& spread, const TypeDefinition& parent, Uses& uses) {
    const Fragment* fragment = document_.find_fragment(spread.name);
    if (fragment == nullptr)
        return report(fmt::format("Fragment {} was used, but not defined", spread.name),
                      "useAndDefineFragment", spread.location);
    uses.spreads.emplace_back(spread.name, spread.location);
    const TypeDefinition* condition = schema_.find(fragment->type_condition);
    if (condition != nullptr && condition->is_composite())
        check_spreadable(*condition, parent, spread.name, spread.location);
}

void Validator::check_spreadable(const TypeDefinition& condition, const TypeDefinition& parent,
                                 std::string_view what, Location location) {
    const bool overlaps =
        condition.kind == TypeKind::Object
            ? parent.may_be(condition.name)
            : (parent.kind == TypeKind::Object
                   ? condition.may_be(parent.name)
                   : std::ranges::any_of(condition.possible_types,
                                         [&](const std::string& name) { return parent.may_be(name); }) ||
                         &condition == &parent);
    if (!overlaps)
        report(
            fmt::format("Fragment on {} can't be spread inside {} ({})", condition.name, parent.name, what),
            "cannotSpreadFragment", location);
}

void Validator::check_directives(const std::vector<Directive>& directives, bool on_selection, Uses& uses) {
    static const std::vector<InputDefinition> kCondition = {
        {"if", TypeReference{.name = "Boolean", .non_null = true}, std::nullopt, nullptr}};
    std::set<std::string> seen;
    for (const Directive& directive : directives) {
        if (directive.name != "include" && directive.name != "skip") {
            report(fmt::format("Directive @{} is not defined", directive.name), "undefinedDirective",
                   directive.location);
            continue;
        }
        if (!on_selection)
            report(fmt::format(
                       "'@{}' can't be applied here (allowed: fields, fragment spreads, inline fragments)",
                       directive.name),
                   "directiveCannotBeApplied", directive.location);
        if (!seen.insert(directive.name).second)
            report(
                fmt::format("The directive \"{}\" can only be used once at this location.", directive.name),
                "directiveNotUniqueForLocation", directive.location);
        check_arguments(
            schema_, fmt::format("Directive '{}'", directive.name), kCondition, directive.arguments,
            directive.location, [&](ErrorEntry error) { report(std::move(error)); }, uses.variables);
    }
}

void Validator::check_cycles() {
    std::set<std::string> finished;
    for (const Fragment& fragment : document_.fragments) {
        std::vector<std::string> trail;
        if (leads_back(fragment.name, finished, trail))
            report(fmt::format("Fragment {} contains an infinite loop", fragment.name), "infiniteLoop",
                   fragment.location);
    }
}

// Whether the fragment reaches one on the trail again. Depth is bounded by max_depth: a longer chain of
// fragments is refused all the same.
bool Validator::leads_back(const std::string& name, std::set<std::string>& finished,
                           std::vector<std::string>& trail) {
    if (std::ranges::find(trail, name) != trail.end()) return true;
    if (finished.contains(name)) return false;
    if (static_cast<int>(trail.size()) > limits_.max_depth) return true;
    trail.push_back(name);
    for (const auto& [spread, location] : fragment_uses_[name].spreads)
        if (leads_back(spread, finished, trail)) return true;
    trail.pop_back();
    finished.insert(name);
    return false;
}

// By a list rather than by recursion: a document may chain thousands of fragments.
void Validator::collect_reachable(const Uses& uses, std::set<std::string>& reached) const {
    std::vector<const Uses*> waiting = {&uses};
    while (!waiting.empty()) {
        const Uses* next = waiting.back();
        waiting.pop_back();
        for (const auto& [name, location] : next->spreads)
            if (reached.insert(name).second) waiting.push_back(&fragment_uses_.at(name));
    }
}

void Validator::check_unused_fragments() {
    std::set<std::string> reached;
    for (const auto& [operation, uses] : operation_uses_) collect_reachable(uses, reached);
    for (const Fragment& fragment : document_.fragments)
        if (!reached.contains(fragment.name))
            report(fmt::format("Fragment {} was defined, but not used", fragment.name),
                   "useAndDefineFragment", fragment.location);
}

void Validator::check_variable_uses(const Operation& operation) {
    std::vector<VariableUse> uses = operation_uses_[&operation].variables;
    std::set<std::string> reached;
    collect_reachable(operation_uses_[&operation], reached);
    for (const std::string& fragment : reached)
        uses.insert(uses.end(), fragment_uses_[fragment].variables.begin(),
                    fragment_uses_[fragment].variables.end());
    const std::string name = operation.name.empty() ? "anonymous operation" : operation.name;
    std::set<std::string> used;
    for (const VariableUse& use : uses) {
        const auto variable = std::ranges::find(operation.variables, use.name, &VariableDefinition::name);
        if (variable == operation.variables.end()) {
            report(fmt::format("Variable ${} is used by {} but not declared", use.name, name),
                   "variableNotDefined", use.location);
            continue;
        }
        used.insert(use.name);
        if (!may_stand(*variable, use))
            report(fmt::format("Type mismatch on variable ${} and {} ({} / {})", use.name, use.place,
                               print(variable->type), print(use.expected)),
                   "variableMismatch", use.location);
    }
    for (const VariableDefinition& variable : operation.variables)
        if (!used.contains(variable.name))
            report(fmt::format("Variable ${} is declared by {} but not used", variable.name, name),
                   "variableNotUsed", variable.location);
}

}  // namespace

std::vector<ErrorEntry> validate(const Schema& schema, const Document& document, const Limits& limits) {
    return Validator(schema, document, limits).run();
}

}  // namespace ringmaster::graphql
