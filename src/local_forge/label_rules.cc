#include "local_forge/label_rules.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::size_t kMaxNameLength = 50;          // 1.1; code points by 1.2
constexpr std::size_t kMaxDescriptionLength = 100;  // 1.4

// Every character above U+FFFF takes four bytes in UTF-8, and only those do.
bool is_four_byte_start(char c) {
    return (static_cast<unsigned char>(c) & 0xF8) == 0xF0;
}
bool has_four_byte_characters(std::string_view text) {
    return std::ranges::any_of(text, is_four_byte_start);
}

// "must contain more than native emoji": what remains without four-byte characters, variation selectors,
// joiners, and spaces must be something.
bool is_only_emoji(std::string_view name) {
    if (!has_four_byte_characters(name)) return false;
    for (std::size_t i = 0; i < name.size();) {
        if (is_four_byte_start(name[i]))
            i += 4;
        else if (name.substr(i).starts_with("\xEF\xB8\x8F") || name.substr(i).starts_with("\xE2\x80\x8D"))
            i += 3;
        else if (name[i] == ' ')
            ++i;
        else
            return false;
    }
    return true;
}

FieldError error(std::string field, std::string code, std::string message, std::string_view value = "") {
    return {"Label", std::move(field), std::move(code), std::move(message), std::string(value)};
}

void check_name(std::string_view name, std::vector<FieldError>& errors) {
    if (trim(name).empty())
        errors.push_back(error("name", "missing_field", ""));
    else if (count_code_points(name) > kMaxNameLength)
        errors.push_back(error("name", "custom", "name is too long (maximum is 50 characters)"));
    else if (is_only_emoji(name))
        errors.push_back(error("name", "custom", "name must contain more than native emoji"));
    else if (!is_valid_utf8(name))
        errors.push_back(error("name", "invalid", ""));
}

bool is_color(std::string_view color) {
    return color.size() == 6 && is_lower_hex(to_lower_ascii(color));
}

}  // namespace

std::vector<FieldError> check_label(const std::optional<std::string>& name,
                                    const std::optional<std::string>& color,
                                    const std::optional<std::string>& description) {
    std::vector<FieldError> errors;
    if (name) check_name(*name, errors);
    if (color && !is_color(*color)) errors.push_back(error("color", "invalid", "", *color));
    if (description && count_code_points(*description) > kMaxDescriptionLength)
        errors.push_back(
            error("description", "custom", "description is too long (maximum is 100 characters)"));
    if (description && has_four_byte_characters(*description))
        errors.push_back(error("description", "custom", "description doesn't accept 4-byte Unicode"));
    return errors;
}

bool is_valid_label_name(std::string_view name) {
    std::vector<FieldError> errors;
    check_name(name, errors);
    return errors.empty();
}

}  // namespace ringmaster::local_forge
