#include "adapters/python_source/source_text.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace ringmaster::python_source {
namespace {

enum class Encoding { Utf8, Ascii, Latin1, Latin9, Windows1252, Unknown };

void append_code_point(std::string& text, std::uint32_t point) {
    if (point < 0x80) {
        text.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
        text.push_back(static_cast<char>(0xC0 | (point >> 6)));
        text.push_back(static_cast<char>(0x80 | (point & 0x3F)));
    } else {
        text.push_back(static_cast<char>(0xE0 | (point >> 12)));
        text.push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
        text.push_back(static_cast<char>(0x80 | (point & 0x3F)));
    }
}

// https://encoding.spec.whatwg.org/index-windows-1252.txt; Python leaves five of these undefined, which we
// read as they are.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

std::uint32_t latin9(std::uint8_t byte) {
    switch (byte) {
        case 0xA4:
            return 0x20AC;
        case 0xA6:
            return 0x0160;
        case 0xA8:
            return 0x0161;
        case 0xB4:
            return 0x017D;
        case 0xB8:
            return 0x017E;
        case 0xBC:
            return 0x0152;
        case 0xBD:
            return 0x0153;
        case 0xBE:
            return 0x0178;
        default:
            return byte;
    }
}

std::string from_single_bytes(std::string_view bytes, Encoding encoding) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 16);
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        std::uint32_t point = byte;
        if (encoding == Encoding::Latin9) point = latin9(byte);
        if (encoding == Encoding::Windows1252 && byte >= 0x80 && byte < 0xA0)
            point = kWindows1252[byte - 0x80];
        append_code_point(text, point);
    }
    return text;
}

/// The length of the valid UTF-8 sequence at `at`; 0 = there is none.
std::size_t valid_sequence(std::string_view bytes, std::size_t at) {
    for (std::size_t length = 1; length <= 4 && at + length <= bytes.size(); ++length)
        if (is_valid_utf8(bytes.substr(at, length))) return length;
    return 0;
}

std::string with_replacements(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = valid_sequence(bytes, at);
        if (length == 0)
            text += "\xEF\xBF\xBD";
        else
            text += bytes.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return text;
}

bool is_cookie_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/// PEP 263: ^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)
std::optional<std::string> cookie_of_line(std::string_view line) {
    const std::size_t start = line.find_first_not_of(" \t\f");
    if (start == std::string_view::npos || line[start] != '#') return std::nullopt;
    for (std::size_t at = line.find("coding", start); at != std::string_view::npos;
         at = line.find("coding", at + 1)) {
        std::size_t end = at + 6;
        if (end >= line.size() || (line[end] != ':' && line[end] != '=')) continue;
        const std::size_t name = line.find_first_not_of(" \t", end + 1);
        if (name == std::string_view::npos) continue;
        end = name;
        while (end < line.size() && is_cookie_character(line[end])) ++end;
        if (end > name) return std::string(line.substr(name, end - name));
    }
    return std::nullopt;
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find_first_of("\r\n");
    const std::string_view line = rest.substr(0, end);
    const bool is_pair = end != std::string_view::npos && rest.substr(end).starts_with("\r\n");
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + (is_pair ? 2 : 1));
    return line;
}

std::optional<std::string> cookie(std::string_view bytes) {
    const std::string_view first = take_line(bytes);
    if (const auto name = cookie_of_line(first)) return name;
    // The second line counts only after a line without code.
    const std::size_t code = first.find_first_not_of(" \t\f");
    if (code != std::string_view::npos && first[code] != '#') return std::nullopt;
    return cookie_of_line(take_line(bytes));
}

Encoding encoding_named(std::string_view cookie) {
    const std::string name = replace_all(to_lower_ascii(cookie), "_", "-");
    const auto is_one_of = [&name](std::initializer_list<std::string_view> names) {
        for (const auto one : names)
            if (name == one) return true;
        return false;
    };
    if (name.starts_with("utf-8") || is_one_of({"utf8", "u8", "cp65001"})) return Encoding::Utf8;
    if (is_one_of({"ascii", "us-ascii", "646"})) return Encoding::Ascii;
    if (name.starts_with("latin-1-") || name.starts_with("iso-8859-1-")) return Encoding::Latin1;
    if (is_one_of({"latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-latin-1", "8859", "cp819", "l1"}))
        return Encoding::Latin1;
    if (is_one_of({"iso-8859-15", "iso8859-15", "latin-9", "latin9", "l9"})) return Encoding::Latin9;
    if (is_one_of({"cp1252", "windows-1252", "1252"})) return Encoding::Windows1252;
    return Encoding::Unknown;
}

std::string with_plain_line_ends(std::string text) {
    if (text.find('\r') == std::string::npos) return text;
    return replace_all(replace_all(std::move(text), "\r\n", "\n"), "\r", "\n");
}

SourceText unreadable(std::string problem) {
    return {.text = "", .problems = {std::move(problem)}, .is_readable = false};
}

}  // namespace

SourceText decode_source(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        return unreadable("it is UTF-16, which Python does not read as source; save it as UTF-8");
    const bool has_mark = bytes.starts_with("\xEF\xBB\xBF");
    if (has_mark) bytes.remove_prefix(3);
    if (bytes.find('\0') != std::string_view::npos)
        return unreadable("it has zero bytes, with which Python reads no source");

    SourceText source;
    const auto name = cookie(bytes);
    Encoding encoding = name ? encoding_named(*name) : Encoding::Utf8;
    if (encoding == Encoding::Unknown)
        source.problems.push_back(
            fmt::format("its encoding \"{}\" is not one that is read here (UTF-8, ASCII, Latin-1, Latin-9, "
                        "Windows-1252); "
                        "it was read as UTF-8",
                        *name));
    if (has_mark && name && encoding != Encoding::Utf8) {
        source.problems.push_back(
            fmt::format("it begins with UTF-8's mark and says \"coding: {}\"; Python refuses that", *name));
        encoding = Encoding::Utf8;
    }
    if (encoding == Encoding::Latin1 || encoding == Encoding::Latin9 || encoding == Encoding::Windows1252) {
        source.text = with_plain_line_ends(from_single_bytes(bytes, encoding));
        return source;
    }
    const bool is_valid = is_valid_utf8(bytes);
    if (!is_valid && encoding != Encoding::Unknown)
        source.problems.push_back(
            "it is not valid UTF-8; Python needs a line such as \"# -*- coding: latin-1 -*-\" to read it");
    source.text = with_plain_line_ends(is_valid ? std::string(bytes) : with_replacements(bytes));
    return source;
}

}  // namespace ringmaster::python_source
