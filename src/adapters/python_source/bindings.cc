// Names and attributes: what is bound to them, and what they give.
#include <algorithm>

#include "adapters/python_source/module_reader.h"

namespace ringmaster::python_source {
namespace {

// More alternatives than anybody writes; beyond, a name is unknown.
constexpr std::size_t kMostOptions = 64;
// A list in a list in a list …
constexpr int kDeepestContainer = 16;
constexpr int kLongestInheritance = 32;

}  // namespace

void ModuleReader::set(Scope& scope, std::string_view name, Value value) {
    auto found = scope.names.find(name);
    if (found == scope.names.end()) found = scope.names.emplace(name, Unbound()).first;
    if (journal_ != nullptr) journal_->push_back({&scope, std::string(name), found->second});
    found->second = std::move(value);
}

void ModuleReader::bind(std::string_view name, Value value) {
    if (name.empty()) return;
    const auto times = scope_->times_bound.find(name);
    if (times == scope_->times_bound.end())
        scope_->times_bound.emplace(name, 1);
    else
        ++times->second;
    if (auto* constant = std::get_if<Constant>(&value)) constant->is_certain &= conditions_ == 0;
    MadeFlow* made = nullptr;
    if (auto* const* flow = std::get_if<MadeFlow*>(&value)) made = *flow;
    if (const auto* factory = std::get_if<Factory>(&value)) made = factory->flow;
    if (made != nullptr && made->first_path.empty()) made->first_path = join_path(scope_->path, name);
    set(*scope_, name, std::move(value));
}

Value ModuleReader::use_constant(const Scope& scope, std::string_view name, const Value& value) {
    if (!std::holds_alternative<Constant>(value)) return value;
    if (unknown_names_.contains(join_path(scope.path, name))) return Unknown();
    used_constants_.emplace(&scope, name);
    return value;
}

Value ModuleReader::look_up(std::string_view name) {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
        if (scope->kind == Scope::Kind::Class && scope != scope_)
            continue;  // a method does not see its class
        const auto found = scope->names.find(name);
        if (found != scope->names.end() && !std::holds_alternative<Unbound>(found->second))
            return use_constant(*scope, name, found->second);
    }
    return Unbound();
}

std::set<std::string, std::less<>> ModuleReader::unsafe_names() const {
    std::set<std::string, std::less<>> names;
    for (const auto& [scope, name] : used_constants_) {
        const auto times = scope->times_bound.find(name);
        if (times != scope->times_bound.end() && times->second > 1)
            names.insert(join_path(scope->path, name));
    }
    return names;
}

Value ModuleReader::class_attribute(const Class& type, std::string_view name) {
    const Class* at = &type;
    for (int i = 0; at != nullptr && i < kLongestInheritance; ++i, at = at->base) {
        const auto found = at->scope.names.find(name);
        if (found == at->scope.names.end()) continue;
        // What a metaclass (Enum …) or a decorator makes of a constant is not ours to say.
        if (std::holds_alternative<Constant>(found->second) && !type.is_plain) return Unknown();
        return use_constant(at->scope, name, found->second);
    }
    return Unknown();
}

Value ModuleReader::known_attribute(const Value& object, std::string_view name) {
    if (const auto* reference = std::get_if<Reference>(&object)) {
        Reference longer{.base = reference->base, .dotted = join_path(reference->dotted, name)};
        if (assigned_attributes_.contains(longer.dotted)) return Unknown();
        return longer;
    }
    if (auto* const* type = std::get_if<Class*>(&object)) return class_attribute(**type, name);
    if (auto* const* flow = std::get_if<MadeFlow*>(&object);
        flow != nullptr && name == "fn" && (*flow)->function)
        return (*flow)->function;
    if (auto* const* one_of = std::get_if<Choice*>(&object)) {
        std::vector<Value> options;
        for (const Value& option : (*one_of)->options) options.push_back(known_attribute(option, name));
        return choice(options);
    }
    return Unknown();
}

void ModuleReader::assign(Node target, const Value& value) {
    if (target.is("identifier")) return bind(target.text(), value);
    if (target.is("attribute")) return assign_attribute(target, value);
    if (target.is("subscript")) {
        const Node object = target.field("value");
        const bool is_globals = object.is("call") && object.field("function").text() == "globals";
        run_children(target);
        if (auto* const* flow = std::get_if<MadeFlow*>(&value)) (*flow)->is_global |= is_globals;
        return escape(value);
    }
    if (target.is("list_splat_pattern") || target.is("parenthesized_expression"))
        return assign(target.first_child(), target.is("list_splat_pattern") ? Value(Unknown()) : value);
    assign_pattern(target.children(), value);
}

void ModuleReader::assign_pattern(const std::vector<Node>& targets, const Value& value) {
    if (depth_ >= kDeepest) return;
    const Level level(depth_);
    auto* const* items = std::get_if<Container*>(&value);
    const bool has_splat =
        std::ranges::any_of(targets, [](const Node& target) { return target.is("list_splat_pattern"); });
    const bool is_pairwise = items != nullptr && !has_splat && (*items)->items.size() == targets.size();
    if (!is_pairwise) escape(value);
    for (std::size_t i = 0; i < targets.size(); ++i)
        assign(targets[i], is_pairwise ? (*items)->items[i] : Value(Unknown()));
}

void ModuleReader::assign_attribute(Node target, const Value& value) {
    const Value object = evaluate(target.field("object"));
    const std::string name(target.field("attribute").text());
    if (auto* const* type = std::get_if<Class*>(&object)) {
        ++(*type)->scope.times_bound[name];
        return set((*type)->scope, name, value);
    }
    if (const auto* reference = std::get_if<Reference>(&object))
        assigned_attributes_.insert(join_path(reference->dotted, name));
    // Prefect takes a function's attribute "name" before anything else.
    if (name == "name" || name == "__name__") {
        const std::string source = std::string(target.text()) + " = …";
        if (auto* const* function = std::get_if<Function*>(&object)) (*function)->renamed_by = source;
        if (auto* const* flow = std::get_if<MadeFlow*>(&object)) {
            (*flow)->is_name_known = false;
            (*flow)->name_expression = source;
        }
    }
    escape(value);
}

/// `value` went where we do not follow it: it may live on there, and a function may be called.
void ModuleReader::escape(const Value& value, int depth) {
    if (auto* const* flow = std::get_if<MadeFlow*>(&value)) (*flow)->has_escaped = true;
    mark_called(value);
    auto* const* items = std::get_if<Container*>(&value);
    if (items == nullptr || depth > 2) return;
    for (const Value& item : (*items)->items) escape(item, depth + 1);
}

void ModuleReader::mark_called(const Value& value) {
    auto* const* function = std::get_if<Function*>(&value);
    if (function == nullptr || !(*function)->body || (*function)->was_called) return;
    (*function)->was_called = true;
    called_.push_back(*function);
}

Value ModuleReader::choice(const std::vector<Value>& options) {
    std::vector<Value> flat;
    const auto add = [&flat](const Value& value) {
        // Beyond the bound nobody compares: each of many cases with each other would take forever.
        if (flat.size() > kMostOptions || std::ranges::find(flat, value) == flat.end()) flat.push_back(value);
    };
    for (const Value& option : options) {
        if (auto* const* one_of = std::get_if<Choice*>(&option))
            std::ranges::for_each((*one_of)->options, add);
        else
            add(option);
    }
    if (flat.size() > kMostOptions) {
        // The name is lost, the flows are not.
        for (const Value& option : flat)
            if (auto* const* flow = std::get_if<MadeFlow*>(&option)) (*flow)->has_escaped = true;
        return Unknown();
    }
    if (flat.size() == 1) return flat.front();
    objects_.choices.push_back({std::move(flat)});
    return &objects_.choices.back();
}

Value ModuleReader::container(std::vector<Value> items) {
    int depth = 1;
    for (const Value& item : items)
        if (auto* const* inner = std::get_if<Container*>(&item)) depth = std::max(depth, (*inner)->depth + 1);
    if (depth > kDeepestContainer) return Unknown();
    objects_.containers.push_back({.items = std::move(items), .depth = depth});
    return &objects_.containers.back();
}

/// A name that some function declares global may be bound there as well, whenever that runs.
void ModuleReader::count_globals(Node module) {
    if (module.text().find("global ") == std::string_view::npos) return;
    std::vector<Node> waiting = {module};
    while (!waiting.empty()) {
        const Node node = waiting.back();
        waiting.pop_back();
        for (const Node& child : node.children())
            if (!node.is("global_statement"))
                waiting.push_back(child);
            else
                ++result_.module.times_bound[std::string(child.text())];
    }
}

}  // namespace ringmaster::python_source
