#include "flows/parameter_schema.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

using nlohmann::json;

/// A type without its parts; nullopt: not one that JSON Schema has a word for.
std::optional<json> simple_type(std::string_view name) {
    if (name == "int") return json{{"type", "integer"}};
    if (name == "float") return json{{"type", "number"}};
    if (name == "str") return json{{"type", "string"}};
    if (name == "bool") return json{{"type", "boolean"}};
    if (name == "None") return json{{"type", "null"}};
    if (name == "list" || name == "List" || name == "typing.List")
        return json{{"type", "array"}, {"items", json::object()}};
    if (name == "dict" || name == "Dict" || name == "typing.Dict") return json{{"type", "object"}};
    return std::nullopt;
}

/// "A | B[C, D] | E" at its outer bars.
std::vector<std::string_view> alternatives(std::string_view text) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '[' || text[i] == '(') ++depth;
        if (text[i] == ']' || text[i] == ')') --depth;
        if (text[i] == '|' && depth == 0) {
            parts.push_back(trim(text.substr(from, i - from)));
            from = i + 1;
        }
    }
    parts.push_back(trim(text.substr(from)));
    return parts;
}

std::optional<json> type_of(std::string_view annotation, int depth = 0);

/// Of "list[int]": nullopt when a part of it is unknown.
std::optional<json> generic_type(std::string_view name, std::string_view inner, int depth) {
    if (name == "Optional" || name == "typing.Optional") {
        const auto type = type_of(inner, depth + 1);
        if (!type) return std::nullopt;
        return json{{"anyOf", json::array({*type, {{"type", "null"}}})}};
    }
    if (name == "list" || name == "List" || name == "typing.List") {
        const auto items = type_of(inner, depth + 1);
        if (!items) return std::nullopt;
        return json{{"type", "array"}, {"items", *items}};
    }
    if (name == "dict" || name == "Dict" || name == "typing.Dict") return json{{"type", "object"}};
    return std::nullopt;
}

std::optional<json> type_of(std::string_view annotation, int depth) {
    annotation = trim(annotation);
    if (depth > 8 || annotation.empty()) return std::nullopt;
    const auto parts = alternatives(annotation);
    if (parts.size() > 1) {
        auto any = json::array();
        for (const auto part : parts) {
            const auto type = type_of(part, depth + 1);
            if (!type) return std::nullopt;
            any.push_back(*type);
        }
        return json{{"anyOf", any}};
    }
    if (const auto open = annotation.find('['); open != std::string_view::npos && annotation.ends_with(']'))
        return generic_type(annotation.substr(0, open),
                            annotation.substr(open + 1, annotation.size() - open - 2), depth);
    return simple_type(annotation);
}

}  // namespace

std::string parameter_schema(const std::vector<FlowParameter>& parameters) {
    json properties = json::object();
    json required = json::array();
    int position = 0;
    for (const auto& parameter : parameters) {
        json property = type_of(parameter.annotation).value_or(json::object());
        property["position"] = position++;
        property["title"] = parameter.name;
        if (!parameter.default_value)
            required.push_back(parameter.name);
        else if (parameter.default_json)
            property["default"] = json::parse(*parameter.default_json, nullptr, false);
        if (property.contains("default") && property["default"].is_discarded()) property.erase("default");
        properties[parameter.name] = std::move(property);
    }
    json schema = {{"title", "Parameters"}, {"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ringmaster::flows
