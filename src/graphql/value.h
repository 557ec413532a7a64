#pragma once
// A value on its way in (an argument, coerced to its type) or out (what a resolver gives). An enum's value is
// its name as text; an object on its way out is a type's name and something only that type's resolvers
// understand.

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"

namespace ringmaster::graphql {

/// What the resolvers of a type's fields get as their parent.
class Object {
 public:
    template <typename T>
    Object(std::string_view type_name, std::shared_ptr<const T> data)
        : type_name_(type_name), data_(std::move(data)), data_type_(typeid(T)) {}

    /// The object type's name; must outlive the request (a literal does).
    std::string_view type_name() const { return type_name_; }
    template <typename T>
    const T& as() const {
        RM_ASSERT(data_type_ == typeid(T), "a resolver reads the kind of object its type is made of");
        return *static_cast<const T*>(data_.get());
    }

 private:
    std::string_view type_name_;
    std::shared_ptr<const void> data_;
    std::type_index data_type_;
};

template <typename T>
Object object(std::string_view type_name, T data) {
    return Object(type_name, std::make_shared<const T>(std::move(data)));
}

/// Why there is no value. `type` becomes a key beside `message`, as GitHub has it ("NOT_FOUND").
struct Problem {
    std::string message;
    std::string type;
};

class Value;
using List = std::vector<Value>;
using Member = std::pair<std::string, Value>;

/// Named values: a field's arguments, or an input object. A name that was not given and has no default is
/// absent, which is not the same as null.
class Members {
 public:
    const Value* find(std::string_view name) const;
    void set(std::string name, Value value);
    /// Given, and not null.
    bool has(std::string_view name) const;
    /// Each of these asserts the type, which validation has checked; absent and null are nullopt.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;
    const Members* members(std::string_view name) const;
    const List* list(std::string_view name) const;
    /// A list of strings or enums; absent and null are empty.
    std::vector<std::string> texts(std::string_view name) const;
    const std::vector<Member>& all() const;

 private:
    std::vector<Member> members_;
};

class Value {
 public:
    using Data =
        std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Members, Object, Problem>;

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Value(Integer value) : data_(static_cast<std::int64_t>(value)) {}
    Value(double value) : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(List value) : data_(std::move(value)) {}
    Value(Members value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}
    /// One item of a list that failed: null in its place, and an error.
    Value(Problem problem) : data_(std::move(problem)) {}
    template <typename T>
    Value(std::optional<T> value) {
        if (value) *this = Value(std::move(*value));
    }

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
    const Data& data() const { return data_; }
    template <typename T>
    const T* get_if() const {
        return std::get_if<T>(&data_);
    }

 private:
    Data data_;
};

inline const std::vector<Member>& Members::all() const {
    return members_;
}

}  // namespace ringmaster::graphql
