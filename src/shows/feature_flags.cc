#include "shows/feature_flags.h"

#include <optional>

#include "base/text.h"

namespace ringmaster::shows {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view take_word(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && is_word(text[length])) ++length;
    const auto word = text.substr(0, length);
    text.remove_prefix(length);
    return word;
}

std::optional<std::string> truth(std::string_view value) {
    const std::string lower = to_lower_ascii(value);
    if (lower == "true" || lower == "1" || lower == "yes") return "True";
    if (lower == "false" || lower == "0" || lower == "no") return "False";
    return std::nullopt;
}

}  // namespace

std::map<std::string, std::string> parse_feature_flags(std::string_view body, std::string_view prefix) {
    constexpr std::string_view kKey = "FEATURE_";
    std::map<std::string, std::string> flags;
    if (prefix.empty()) return flags;
    while (!body.empty()) {
        if (!is_word(body.front())) {
            body.remove_prefix(1);
            continue;
        }
        const auto name = take_word(body);
        if (!name.starts_with(kKey) || name.size() == kKey.size() || !body.starts_with('=')) continue;
        body.remove_prefix(1);
        if (const auto value = truth(take_word(body)))
            flags[std::string(prefix) + std::string(name.substr(kKey.size()))] = *value;
    }
    return flags;
}

}  // namespace ringmaster::shows
