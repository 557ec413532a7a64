#include "adapters/local_orchestrator/json_texts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::local_orchestrator {
namespace {

using nlohmann::json;

constexpr int kDeepestSchema = 32;  // schemas that we make are three deep

json parse(std::string_view text) {
    return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string print(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_of_type(const json& value, std::string_view type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    if (type == "null") return value.is_null();
    return true;
}

bool fits(const json& value, const json& schema, int depth = 0) {
    if (!schema.is_object() || depth > kDeepestSchema) return true;
    if (const auto any = schema.find("anyOf"); any != schema.end() && any->is_array())
        return std::ranges::any_of(*any, [&](const json& one) { return fits(value, one, depth + 1); });
    if (const auto type = schema.find("type"); type != schema.end() && type->is_string())
        if (!is_of_type(value, type->get_ref<const std::string&>())) return false;
    const auto items = schema.find("items");
    if (items == schema.end() || !value.is_array()) return true;
    return std::ranges::all_of(value, [&](const json& item) { return fits(item, *items, depth + 1); });
}

// "integer", "integer or null"; empty = the schema does not say it so plainly.
std::string type_of(const json& schema) {
    if (const auto type = schema.find("type"); type != schema.end() && type->is_string())
        return type->get<std::string>();
    const auto any = schema.find("anyOf");
    if (any == schema.end() || !any->is_array()) return "";
    std::vector<std::string> types;
    for (const auto& one : *any)
        if (one.is_object()) types.push_back(type_of(one));
    return join(types, " or ");
}

Result<void> check_one(const std::string& name, const std::string& text, const json& properties) {
    const auto value = parse(text);
    if (value.is_discarded())
        return Fail(Error::invalid_input("the parameter \"{}\" is not JSON", sanitize_for_terminal(name)));
    const auto property = properties.find(name);
    if (property == properties.end() || fits(value, *property)) return {};
    const auto type = type_of(*property);
    return Fail(Error::invalid_input("the parameter \"{}\" does not fit the flow{}",
                                     sanitize_for_terminal(name),
                                     type.empty() ? "" : fmt::format(": it should be of type {}", type)));
}

}  // namespace

std::string json_array(const std::vector<std::string>& texts) {
    return print(json(texts));
}

Result<std::string> json_object(const std::map<std::string, std::string>& parameters) {
    json object = json::object();
    for (const auto& [name, text] : parameters) {
        auto value = parse(text);
        if (value.is_discarded())
            return Fail(
                Error::invalid_input("the parameter \"{}\" is not JSON", sanitize_for_terminal(name)));
        object[name] = std::move(value);
    }
    return print(object);
}

Result<std::map<std::string, std::string>> members_of(std::string_view text) {
    const auto object = parse(text);
    if (!object.is_object()) return Fail(Error::corrupt("what should be a JSON object is none"));
    std::map<std::string, std::string> members;
    for (const auto& [name, value] : object.items()) members[name] = print(value);
    return members;
}

Result<void> check_parameters(std::string_view schema_text,
                              const std::map<std::string, std::string>& parameters) {
    const auto schema = parse(schema_text);
    json properties = json::object();
    if (schema.is_object()) {
        if (const auto listed = schema.find("properties"); listed != schema.end() && listed->is_object())
            properties = *listed;
        if (const auto required = schema.find("required"); required != schema.end() && required->is_array())
            for (const auto& name : *required)
                if (name.is_string() && !parameters.contains(name.get<std::string>()))
                    return Fail(Error::invalid_input("the parameter \"{}\" is missing",
                                                     sanitize_for_terminal(name.get<std::string>())));
    }
    for (const auto& [name, text] : parameters) TRY(check_one(name, text, properties));
    return {};
}

}  // namespace ringmaster::local_orchestrator
