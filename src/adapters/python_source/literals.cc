#include "adapters/python_source/literals.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/text.h"

namespace ringmaster::python_source {
namespace {

bool append_utf8(std::string& text, std::uint32_t point) {
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    if (point < 0x80) {
        text.push_back(static_cast<char>(point));
        return true;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint32_t kLeads[] = {0, 0xC0, 0xE0, 0xF0};
    text.push_back(static_cast<char>(kLeads[more] | (point >> (6 * more))));
    for (int i = more - 1; i >= 0; --i) text.push_back(static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F)));
    return true;
}

/// Reads `length` digits of `base` at `at` and moves behind them.
std::optional<std::uint32_t> take_number(std::string_view text, std::size_t& at, std::size_t length,
                                         int base) {
    if (at + length > text.size()) return std::nullopt;
    std::uint32_t number = 0;
    const char* end = text.data() + at + length;
    const auto read = std::from_chars(text.data() + at, end, number, base);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    at += length;
    return number;
}

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

std::size_t octal_length(std::string_view text, std::size_t at) {
    std::size_t length = 0;
    while (length < 3 && at + length < text.size() && is_octal(text[at + length])) ++length;
    return length;
}

std::optional<char> simple_escape(char c) {
    switch (c) {
        case '\\':
            return '\\';
        case '\'':
            return '\'';
        case '"':
            return '"';
        case 'a':
            return '\a';
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'v':
            return '\v';
        default:
            return std::nullopt;
    }
}

/// `at` is behind the backslash.
bool append_escape(std::string& result, std::string_view text, std::size_t& at) {
    if (at >= text.size()) return false;
    const char c = text[at];
    if (c == '\n') {  // the line goes on
        ++at;
        return true;
    }
    if (const auto simple = simple_escape(c)) {
        result.push_back(*simple);
        ++at;
        return true;
    }
    std::optional<std::uint32_t> point;
    if (is_octal(c)) {
        point = take_number(text, at, octal_length(text, at), 8);
    } else if (c == 'x' || c == 'u' || c == 'U') {
        ++at;
        point = take_number(text, at, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
    } else if (c == 'N') {
        return false;
    } else {  // Python keeps what it does not know, with the backslash
        result += '\\';
        return true;
    }
    return point && append_utf8(result, *point);
}

bool is_base_letter(char c) {
    return c == 'x' || c == 'o' || c == 'b';
}

std::string expand_tabs(std::string_view line) {
    constexpr std::size_t kTab = 8;
    std::string result;
    std::size_t column = 0;
    for (const char c : line) {
        if (c == '\t') {
            const std::size_t spaces = kTab - column % kTab;
            result.append(spaces, ' ');
            column += spaces;
        } else {
            result.push_back(c);
            if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column;
        }
    }
    return result;
}

std::size_t indentation(std::string_view line) {
    const std::size_t start = line.find_first_not_of(' ');
    return start == std::string_view::npos ? line.size() : start;
}

}  // namespace

StringPrefix read_prefix(std::string_view start) {
    StringPrefix prefix;
    for (const char c : to_lower_ascii(start)) {
        prefix.is_raw |= c == 'r';
        prefix.is_bytes |= c == 'b';
        prefix.is_format |= c == 'f' || c == 't';
    }
    return prefix;
}

std::optional<std::string> unescape(std::string_view content, StringPrefix prefix) {
    std::string result;
    result.reserve(content.size());
    for (std::size_t at = 0; at < content.size();) {
        const char c = content[at];
        ++at;
        if (c == '\\' && !prefix.is_raw) {
            if (!append_escape(result, content, at)) return std::nullopt;
            continue;
        }
        result.push_back(c);
        const bool is_doubled =
            prefix.is_format && (c == '{' || c == '}') && at < content.size() && content[at] == c;
        if (is_doubled) ++at;
    }
    return result;
}

std::optional<std::string> decimal_digits(std::string_view literal) {
    const std::string digits = replace_all(to_lower_ascii(literal), "_", "");
    int base = 10;
    std::size_t start = 0;
    if (digits.size() > 2 && digits[0] == '0' && is_base_letter(digits[1])) {
        base = digits[1] == 'x' ? 16 : digits[1] == 'o' ? 8 : 2;
        start = 2;
    }
    std::int64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data() + start, end, number, base);
    if (digits.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return std::to_string(number);
}

std::string clean_docstring(std::string_view text) {
    std::vector<std::string> lines;
    for (const auto line : split(text, '\n')) lines.push_back(expand_tabs(line));
    if (lines.empty()) return "";
    std::size_t margin = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (indentation(lines[i]) < lines[i].size()) margin = std::min(margin, indentation(lines[i]));
    lines[0].erase(0, indentation(lines[0]));
    if (margin != std::numeric_limits<std::size_t>::max())
        for (std::size_t i = 1; i < lines.size(); ++i) lines[i].erase(0, std::min(margin, lines[i].size()));
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    const auto first = std::ranges::find_if(lines, [](const std::string& line) { return !line.empty(); });
    lines.erase(lines.begin(), first);
    return join(lines, "\n");
}

}  // namespace ringmaster::python_source
