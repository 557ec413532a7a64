#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace ringmaster {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
    bool valid = false;
};

// Decodes the code point at the front; overlong forms, surrogates and values above U+10FFFF are invalid (RFC
// 3629).
CodePoint decode_front(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1, true};
    std::size_t length = 0;
    char32_t value = 0;
    if (first >= 0xC2 && first <= 0xDF)
        length = 2, value = first & 0x1F;
    else if (first >= 0xE0 && first <= 0xEF)
        length = 3, value = first & 0x0F;
    else if (first >= 0xF0 && first <= 0xF4)
        length = 4, value = first & 0x07;
    else
        return {};
    if (text.size() < length) return {};
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3F);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, length, true};
}

template <typename Visit>
void for_each_code_point(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const CodePoint point = decode_front(text);
        visit(point, text.substr(0, point.bytes));
        text.remove_prefix(point.bytes);
    }
}

// C0, DEL, C1, and the bidirectional controls that can reorder what a reader sees (CVE-2021-42574).
bool is_unsafe_on_a_terminal(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/// Insertions, deletions, replacements and swaps of neighbours (the most common slip of fingers), each
/// counted once.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_previous, previous, row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_previous = std::exchange(previous, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_previous[j - 2] + 1);
        }
    }
    return row[b.size()];
}

constexpr std::string_view kMarkdownSigns = "\\`*_[]()|~!$";

bool ends_with_ignoring_case(std::string_view text, std::string_view lower_case_end) {
    return text.size() >= lower_case_end.size() &&
           equal_ignoring_ascii_case(text.substr(text.size() - lower_case_end.size()), lower_case_end);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string to_lower_ascii(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::string to_upper_ascii(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), upper);
    return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines = split(text, '\n');
    if (lines.back().empty()) lines.pop_back();
    for (auto& line : lines)
        if (line.ends_with('\r')) line.remove_suffix(1);
    return lines;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) result += separator;
        result += parts[i];
    }
    return result;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    if (from.empty()) return text;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

bool is_lower_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<long long> parse_integer(std::string_view text) {
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    for_each_code_point(
        text, [&](const CodePoint& point, std::string_view) { units += point.value > 0xFFFF ? 2 : 1; });
    return units;
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for_each_code_point(text, [&](const CodePoint&, std::string_view) { ++count; });
    return count;
}

bool is_valid_utf8(std::string_view text) {
    bool valid = true;
    for_each_code_point(text,
                        [&](const CodePoint& point, std::string_view) { valid = valid && point.valid; });
    return valid;
}

std::string truncate_utf8(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return std::string(text);
    constexpr std::string_view kEllipsis = "…";
    if (max_bytes < kEllipsis.size()) return {};
    std::size_t end = max_bytes - kEllipsis.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::string sanitize_for_terminal(std::string_view text, Newlines newlines) {
    std::string result;
    result.reserve(text.size());
    for_each_code_point(text, [&](const CodePoint& point, std::string_view bytes) {
        const bool kept_control = point.value == '\t' || (point.value == '\n' && newlines == Newlines::Keep);
        if (!point.valid || (is_unsafe_on_a_terminal(point.value) && !kept_control))
            result += "\xEF\xBF\xBD";  // U+FFFD
        else
            result += bytes;
    });
    return result;
}

std::string escape_markdown(std::string_view given) {
    // An entity would not do for these: GitHub looks for mentions, references and addresses in the rendered
    // text, where it is a plain character again (cmark-gfm makes a link of "a&#64;b.com"). A zero-width space
    // parts them.
    constexpr std::string_view kGap = "&#8203;";
    const std::string text = sanitize_for_terminal(given);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        const std::string_view before = std::string_view(text).substr(0, i);
        if ((c == '.' && ends_with_ignoring_case(before, "www")) ||
            (c == '-' && ends_with_ignoring_case(before, "gh")))
            result += kGap;
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (kMarkdownSigns.contains(c))
            (result += '\\') += c;
        else
            result += c;
        if (c == '@' || c == '#' || (c == ':' && next == '/')) result += kGap;
    }
    return result;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += '%';
            result += kDigits[byte >> 4];
            result += kDigits[byte & 15];
        }
    }
    return result;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates) {
    const std::string* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        const std::size_t distance = edit_distance(to_lower_ascii(word), to_lower_ascii(candidate));
        if (distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (!best) return std::nullopt;
    return *best;
}

}  // namespace ringmaster
