#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "graphql/print.h"
#include "graphql/validate.h"

namespace ringmaster::graphql {
namespace {

// A field as it stands once fragments are written out.
struct Occurrence {
    const Selection* selection = nullptr;
    const TypeDefinition* parent = nullptr;
    const FieldDefinition* field = nullptr;
};

// Selections that answer into one object, and the type they were written for.
struct Part {
    const std::vector<Selection>* selections = nullptr;
    const TypeDefinition* type = nullptr;
    bool operator==(const Part&) const = default;
};

bool same_arguments(const Selection& a, const Selection& b) {
    if (a.arguments.size() != b.arguments.size()) return false;
    return std::ranges::all_of(a.arguments, [&](const Argument& argument) {
        const auto other = std::ranges::find(b.arguments, argument.name, &Argument::name);
        return other != b.arguments.end() && print(other->value) == print(argument.value);
    });
}

// Whether the two give JSON of one form: both lists or neither, both objects or neither. The specification
// wants leaves to be of one type as well; GitHub's server does not, and gh relies on it (`gh issue view` asks
// `state` of an issue and of a pull request under one name).
bool same_shape(const TypeReference& a, const TypeDefinition& a_named, const TypeReference& b,
                const TypeDefinition& b_named) {
    if (a.is_list() != b.is_list()) return false;
    if (a.is_list()) return same_shape(a.element.front(), a_named, b.element.front(), b_named);
    return a_named.is_composite() == b_named.is_composite();
}

class MergedSelections {
 public:
    MergedSelections(const Schema& schema, const Document& document, const Limits& limits)
        : schema_(schema), document_(document), limits_(limits) {}

    void check(const std::vector<Part>& parts, int depth) {
        if (depth > limits_.max_depth)
            return exceed(fmt::format("Query has a depth of more than {}", limits_.max_depth));
        std::map<std::string_view, std::vector<Occurrence>> by_name;
        for (const Part& part : parts) {
            std::set<std::string_view> spread;
            collect(*part.selections, *part.type, spread, by_name);
            if (is_exceeded_) return;
        }
        for (const auto& [name, occurrences] : by_name) {
            if (!check_conflicts(name, occurrences)) continue;
            for (const std::vector<Part>& below : parts_below(occurrences)) {
                check(below, depth + 1);
                if (is_exceeded_) return;
            }
        }
    }

    std::vector<ErrorEntry> errors;

 private:
    void exceed(std::string message) {
        if (!is_exceeded_)
            errors.push_back({.message = std::move(message), .type = "RESOURCE_LIMITS_EXCEEDED"});
        is_exceeded_ = true;
    }

    void collect(const std::vector<Selection>& selections, const TypeDefinition& type,
                 std::set<std::string_view>& spread,
                 std::map<std::string_view, std::vector<Occurrence>>& by_name) {
        for (const Selection& selection : selections) {
            if (is_exceeded_) return;
            if (selection.kind == Selection::Kind::Field) {
                count(selection);
                by_name[selection.response_name()].push_back(
                    {&selection, &type, schema_.field(type, selection.name)});
            } else if (selection.kind == Selection::Kind::InlineFragment) {
                count(selection);
                collect(selection.selections,
                        selection.type_condition.empty() ? type : *schema_.find(selection.type_condition),
                        spread, by_name);
            } else if (spread.insert(selection.name).second) {
                const Fragment& fragment = *document_.find_fragment(selection.name);
                collect(fragment.selections, *schema_.find(fragment.type_condition), spread, by_name);
            }
        }
    }

    void count(const Selection& selection) {
        if (++fields_ > limits_.max_fields)
            exceed(fmt::format("Query has more than {} fields", limits_.max_fields));
        if (!selection.alias.empty() && ++aliases_ > limits_.max_aliases)
            exceed(fmt::format("Query has more than {} aliases", limits_.max_aliases));
    }

    // Compares each occurrence with the first of every parent type: as the types are few, so are the
    // comparisons.
    bool check_conflicts(std::string_view name, const std::vector<Occurrence>& occurrences) {
        std::vector<const Occurrence*> representatives;
        for (const Occurrence& occurrence : occurrences) {
            bool is_new_parent = true;
            for (const Occurrence* other : representatives) {
                if (other->parent == occurrence.parent) is_new_parent = false;
                if (conflict(name, *other, occurrence)) return false;
            }
            if (is_new_parent) representatives.push_back(&occurrence);
        }
        return true;
    }

    bool conflict(std::string_view name, const Occurrence& a, const Occurrence& b) {
        const auto report = [&](std::string_view kind, std::string_view what) {
            if (errors.size() < limits_.max_errors)
                errors.push_back({.message = fmt::format("Field '{}' has {} conflict: {}?", name, kind, what),
                                  .code = "fieldConflict",
                                  .locations = {a.selection->location, b.selection->location}});
            return true;
        };
        const bool may_meet =
            a.parent == b.parent || a.parent->kind != TypeKind::Object || b.parent->kind != TypeKind::Object;
        if (may_meet && a.selection->name != b.selection->name)
            return report("a field", a.selection->name + " or " + b.selection->name);
        if (may_meet && !same_arguments(*a.selection, *b.selection))
            return report("an argument", print_arguments_of(a) + " or " + print_arguments_of(b));
        if (!same_shape(a.field->type, *a.field->named_type, b.field->type, *b.field->named_type))
            return report("a type", print(a.field->type) + " or " + print(b.field->type));
        return false;
    }

    static std::string print_arguments_of(const Occurrence& occurrence) {
        std::string text = "{";
        for (const Argument& argument : occurrence.selection->arguments)
            text += (text.size() > 1 ? "," : "") + argument.name + ":" + print(argument.value);
        return text + "}";
    }

    // What must merge below: fields of one object type go together, with those of the abstract types it may
    // be.
    static std::vector<std::vector<Part>> parts_below(const std::vector<Occurrence>& occurrences) {
        std::set<const TypeDefinition*> objects;
        for (const Occurrence& occurrence : occurrences)
            if (occurrence.parent->kind == TypeKind::Object) objects.insert(occurrence.parent);
        if (objects.empty()) objects.insert(nullptr);
        std::vector<std::vector<Part>> result;
        for (const TypeDefinition* object : objects) {
            std::vector<Part> parts;
            for (const Occurrence& occurrence : occurrences) {
                const bool belongs =
                    occurrence.parent == object || occurrence.parent->kind != TypeKind::Object;
                const Part part{&occurrence.selection->selections, occurrence.field->named_type};
                if (belongs && !part.selections->empty() && std::ranges::find(parts, part) == parts.end())
                    parts.push_back(part);
            }
            if (!parts.empty()) result.push_back(std::move(parts));
        }
        return result;
    }

    const Schema& schema_;
    const Document& document_;
    const Limits& limits_;
    std::size_t fields_ = 0;
    std::size_t aliases_ = 0;
    bool is_exceeded_ = false;
};

}  // namespace

std::vector<ErrorEntry> check_merged_selections(const Schema& schema, const Document& document,
                                                const Operation& operation, const Limits& limits) {
    MergedSelections merged(schema, document, limits);
    const TypeDefinition* root =
        operation.kind == Operation::Kind::Mutation ? schema.mutation() : &schema.query();
    merged.check({{&operation.selections, root}}, 1);
    return std::move(merged.errors);
}

}  // namespace ringmaster::graphql
