#include "graphql/value.h"

namespace ringmaster::graphql {
namespace {

template <typename T>
const T* typed(const Value* value) {
    if (value == nullptr || value->is_null()) return nullptr;
    const T* found = value->get_if<T>();
    RM_ASSERT(found != nullptr, "arguments are coerced to the type their field declares");
    return found;
}

template <typename T>
std::optional<T> copied(const Value* value) {
    const T* found = typed<T>(value);
    return found == nullptr ? std::nullopt : std::optional<T>(*found);
}

}  // namespace

const Value* Members::find(std::string_view name) const {
    for (const auto& [key, value] : members_)
        if (key == name) return &value;
    return nullptr;
}

void Members::set(std::string name, Value value) {
    members_.emplace_back(std::move(name), std::move(value));
}

bool Members::has(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && !value->is_null();
}

std::optional<std::string> Members::text(std::string_view name) const {
    return copied<std::string>(find(name));
}
std::optional<std::int64_t> Members::integer(std::string_view name) const {
    return copied<std::int64_t>(find(name));
}
std::optional<bool> Members::boolean(std::string_view name) const {
    return copied<bool>(find(name));
}
const Members* Members::members(std::string_view name) const {
    return typed<Members>(find(name));
}
const List* Members::list(std::string_view name) const {
    return typed<List>(find(name));
}

std::vector<std::string> Members::texts(std::string_view name) const {
    std::vector<std::string> texts;
    const List* items = list(name);
    if (items == nullptr) return texts;
    for (const Value& item : *items)
        if (const auto* text = typed<std::string>(&item)) texts.push_back(*text);
    return texts;
}

}  // namespace ringmaster::graphql
