#include "app/config_value.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::app {

std::string_view describe(KeyType type) {
    switch (type) {
        case KeyType::Text:
        case KeyType::Choice:
            return "text in quotes";
        case KeyType::Integer:
            return "a whole number";
        case KeyType::Duration:
            return "a duration in quotes, such as \"5m\"";
        case KeyType::Ttl:
            return "a time to live in quotes, such as \"48h\", or \"close\"";
        case KeyType::List:
            return "a list of texts, such as [\"a\", \"b\"]";
        case KeyType::Map:
            return "a table of texts, such as { NAME = \"value\" }";
        case KeyType::Command:
            return "a list of words, such as [\"npm\", \"start\"], or text for a shell";
    }
    return "a value";
}

std::string_view describe(const ConfigValue& value) {
    static constexpr std::string_view kNames[] = {"text", "a number", "true or false", "a list", "a table"};
    return kNames[value.index()];
}

namespace {

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += std::string("\\") + c;
        else if (c == '\n')
            result += "\\n";
        else if (c == '\t')
            result += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            result += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        else
            result += c;
    }
    return result + "\"";
}

bool is_bare_key(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

Result<ConfigValue> map_from_text(std::string_view text) {
    TextMap map;
    for (const auto part : split(text, ',')) {
        if (trim(part).empty()) continue;
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            return Fail(Error::invalid_input("\"{}\" is not NAME=VALUE", part));
        map.insert_or_assign(std::string(trim(part.substr(0, equals))), std::string(part.substr(equals + 1)));
    }
    return map;
}

}  // namespace

std::string to_toml(const ConfigValue& value) {
    struct Visitor {
        std::string operator()(const std::string& text) const { return in_quotes(text); }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(const TextList& list) const {
            std::vector<std::string> parts;
            for (const auto& element : list) parts.push_back(in_quotes(element));
            return "[" + join(parts, ", ") + "]";
        }
        std::string operator()(const TextMap& map) const {
            std::vector<std::string> parts;
            for (const auto& [name, text] : map)
                parts.push_back((is_bare_key(name) ? name : in_quotes(name)) + " = " + in_quotes(text));
            return parts.empty() ? "{}" : "{ " + join(parts, ", ") + " }";
        }
    };
    return std::visit(Visitor{}, value);
}

Result<ConfigValue> from_text(KeyType type, std::string_view text) {
    switch (type) {
        case KeyType::Text:
        case KeyType::Choice:
        case KeyType::Duration:
        case KeyType::Ttl:
        case KeyType::Command:
            return std::string(text);
        case KeyType::Integer:
            if (const auto number = parse_integer(trim(text))) return *number;
            return Fail(Error::invalid_input("\"{}\" is not a whole number", text));
        case KeyType::List: {
            TextList list;
            for (const auto part : split(text, ','))
                if (!trim(part).empty()) list.emplace_back(trim(part));
            return list;
        }
        case KeyType::Map:
            return map_from_text(text);
    }
    return std::string(text);
}

}  // namespace ringmaster::app
