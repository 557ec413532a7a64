#pragma once
// A JSON value to print: what commands make for --json. Objects keep the order in which their fields were
// added. (Commands need no JSON library for this; value.cc does.)

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ringmaster::cli {

class Value {
 public:
    struct Array;
    struct Object;

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(int value) : data_(static_cast<std::int64_t>(value)) {}
    Value(std::int64_t value) : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    template <typename T>
    Value(const std::optional<T>& value) {
        if (value) *this = Value(*value);
    }

    static Value array();
    static Value object();
    static Value list(const std::vector<std::string>& texts);

    /// Adds a field to an object. Returns the object, for chains.
    Value& set(std::string_view name, Value value);
    /// Adds an element to an array.
    Value& add(Value value);

    bool is_array() const;
    bool is_object() const;
    const std::vector<Value>& elements() const;
    const std::vector<std::pair<std::string, Value>>& fields() const;
    /// Only these fields, in this order; arrays are gone through element by element.
    Value only(const std::vector<std::string>& names) const;

    /// Two spaces a level, and a newline at the end. Invalid UTF-8 becomes U+FFFD.
    std::string print() const;
    std::string print_compact() const;

    using Data = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<Value>,
                              std::vector<std::pair<std::string, Value>>>;
    const Data& data() const { return data_; }

 private:
    Data data_;
};

}  // namespace ringmaster::cli
