#include "cli/value.h"

#include <nlohmann/json.hpp>

#include "base/assert.h"

namespace ringmaster::cli {

using Elements = std::vector<Value>;
using Fields = std::vector<std::pair<std::string, Value>>;

Value Value::array() {
    Value value;
    value.data_ = Elements{};
    return value;
}

Value Value::object() {
    Value value;
    value.data_ = Fields{};
    return value;
}

Value Value::list(const std::vector<std::string>& texts) {
    Value value = array();
    for (const auto& text : texts) value.add(text);
    return value;
}

Value& Value::set(std::string_view name, Value value) {
    auto* fields = std::get_if<Fields>(&data_);
    RM_ASSERT(fields != nullptr, "fields are set on objects only");
    fields->emplace_back(std::string(name), std::move(value));
    return *this;
}

Value& Value::add(Value value) {
    auto* elements = std::get_if<Elements>(&data_);
    RM_ASSERT(elements != nullptr, "elements are added to arrays only");
    elements->push_back(std::move(value));
    return *this;
}

bool Value::is_array() const {
    return std::holds_alternative<Elements>(data_);
}
bool Value::is_object() const {
    return std::holds_alternative<Fields>(data_);
}
const Elements& Value::elements() const {
    return std::get<Elements>(data_);
}
const Fields& Value::fields() const {
    return std::get<Fields>(data_);
}

Value Value::only(const std::vector<std::string>& names) const {
    if (is_array()) {
        Value result = array();
        for (const auto& element : elements()) result.add(element.only(names));
        return result;
    }
    if (!is_object()) return *this;
    Value result = object();
    for (const auto& name : names)
        for (const auto& [field, value] : fields())
            if (field == name) result.set(field, value);
    return result;
}

namespace {

nlohmann::ordered_json to_json(const Value& value) {
    struct Visitor {
        nlohmann::ordered_json operator()(std::monostate) const { return nullptr; }
        nlohmann::ordered_json operator()(bool flag) const { return flag; }
        nlohmann::ordered_json operator()(std::int64_t number) const { return number; }
        nlohmann::ordered_json operator()(const std::string& text) const { return text; }
        nlohmann::ordered_json operator()(const Elements& elements) const {
            auto result = nlohmann::ordered_json::array();
            for (const auto& element : elements) result.push_back(to_json(element));
            return result;
        }
        nlohmann::ordered_json operator()(const Fields& fields) const {
            auto result = nlohmann::ordered_json::object();
            for (const auto& [name, field] : fields) result[name] = to_json(field);
            return result;
        }
    };
    return std::visit(Visitor{}, value.data());
}

constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;

}  // namespace

std::string Value::print() const {
    return to_json(*this).dump(2, ' ', false, kReplace) + "\n";
}

std::string Value::print_compact() const {
    return to_json(*this).dump(-1, ' ', false, kReplace);
}

}  // namespace ringmaster::cli
