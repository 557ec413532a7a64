#include "graphql/lexer.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace ringmaster::graphql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_name_start(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}

std::unexpected<SyntaxError> fail(std::string message, Location location) {
    return std::unexpected(SyntaxError{std::move(message), location});
}

std::string encode_utf8(char32_t c) {
    std::string out;
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)),
            put(0x80 | (c & 0x3F));
    }
    return out;
}

bool is_high_surrogate(char32_t c) {
    return c >= 0xD800 && c <= 0xDBFF;
}
bool is_low_surrogate(char32_t c) {
    return c >= 0xDC00 && c <= 0xDFFF;
}

}  // namespace

Lexer::Lexer(std::string_view source) : source_(source) {
    if (source_.starts_with(kByteOrderMark)) position_ = kByteOrderMark.size();
}

// At a line end: "\r\n" counts as one.
void Lexer::start_line() {
    position_ += peek() == '\r' && peek(1) == '\n' ? 2 : 1;
    line_start_ = position_;
    ++line_;
}

void Lexer::skip_ignored() {
    while (!at_end()) {
        const char c = peek();
        if (c == ' ' || c == '\t' || c == ',') {
            ++position_;
        } else if (c == '\n' || c == '\r') {
            start_line();
        } else if (c == '#') {
            while (!at_end() && peek() != '\n' && peek() != '\r') ++position_;
        } else if (source_.substr(position_).starts_with(kByteOrderMark)) {
            position_ += kByteOrderMark.size();
        } else {
            return;
        }
    }
}

Lexer::Scanned Lexer::next() {
    skip_ignored();
    if (at_end()) return Token{Token::Kind::End, "", here()};
    const char c = peek();
    if (is_name_start(c)) return name();
    if (is_digit(c) || c == '-') return number();
    if (c == '"') return source_.substr(position_).starts_with(R"(""")") ? block_string() : string();
    return punctuator();
}

Lexer::Scanned Lexer::punctuator() {
    const Location start = here();
    if (source_.substr(position_).starts_with("...")) {
        position_ += 3;
        return Token{Token::Kind::Punctuator, "...", start};
    }
    const char c = peek();
    constexpr std::string_view kPunctuators = "!$&():=@[]{|}";
    if (kPunctuators.find(c) == std::string_view::npos)
        return fail(fmt::format("Unexpected character {} at [{}, {}]",
                                c > ' ' && c < 0x7F ? fmt::format("\"{}\"", c)
                                                    : fmt::format("0x{:02X}", static_cast<unsigned char>(c)),
                                start.line, start.column),
                    start);
    ++position_;
    return Token{Token::Kind::Punctuator, std::string(1, c), start};
}

Lexer::Scanned Lexer::name() {
    const Location start = here();
    const std::size_t begin = position_;
    while (is_name_part(peek())) ++position_;
    return Token{Token::Kind::Name, std::string(source_.substr(begin, position_ - begin)), start};
}

bool Lexer::digits() {
    const std::size_t begin = position_;
    while (is_digit(peek())) ++position_;
    return position_ > begin;
}

Lexer::Scanned Lexer::number() {
    const Location start = here();
    const std::size_t begin = position_;
    const auto malformed = [&] {
        return fail(fmt::format("Malformed number at [{}, {}]", start.line, start.column), start);
    };
    if (peek() == '-') ++position_;
    if (peek() == '0' && is_digit(peek(1))) return malformed();
    if (!digits()) return malformed();
    auto kind = Token::Kind::Int;
    if (peek() == '.') {
        ++position_;
        kind = Token::Kind::Float;
        if (!digits()) return malformed();
    }
    if (peek() == 'e' || peek() == 'E') {
        ++position_;
        kind = Token::Kind::Float;
        if (peek() == '+' || peek() == '-') ++position_;
        if (!digits()) return malformed();
    }
    if (is_name_part(peek()) || peek() == '.') return malformed();
    return Token{kind, std::string(source_.substr(begin, position_ - begin)), start};
}

Lexer::Scanned Lexer::string() {
    const Location start = here();
    ++position_;
    std::string text;
    while (!at_end() && peek() != '\n' && peek() != '\r') {
        const char c = peek();
        if (c == '"') {
            ++position_;
            return Token{Token::Kind::String, std::move(text), start};
        }
        if (c == '\\') {
            text += TRY(escape());
        } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t') {
            return fail("Control character in a string", here());
        } else {
            text.push_back(c);
            ++position_;
        }
    }
    return fail(fmt::format("Unterminated string at [{}, {}]", start.line, start.column), start);
}

std::expected<std::string, SyntaxError> Lexer::escape() {
    const Location start = here();
    const char c = peek(1);
    position_ += 2;
    switch (c) {
        case '"':
        case '\\':
        case '/':
            return std::string(1, c);
        case 'b':
            return "\b";
        case 'f':
            return "\f";
        case 'n':
            return "\n";
        case 'r':
            return "\r";
        case 't':
            return "\t";
        case 'u': {
            const char32_t first = TRY(unicode_escape());
            if (!is_high_surrogate(first)) {
                if (is_low_surrogate(first)) return fail("Half a surrogate pair in a string", start);
                return encode_utf8(first);
            }
            if (peek() != '\\' || peek(1) != 'u') return fail("Half a surrogate pair in a string", start);
            position_ += 2;
            const char32_t second = TRY(unicode_escape());
            if (!is_low_surrogate(second)) return fail("Half a surrogate pair in a string", start);
            return encode_utf8(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
        default:
            return fail("Unknown escape in a string", start);
    }
}

// After "\u": four digits, or "{1F3AA}" as later editions of the specification allow.
std::expected<char32_t, SyntaxError> Lexer::unicode_escape() {
    if (peek() != '{') return hex_digits(4);
    const Location start = here();
    ++position_;
    std::size_t count = 0;
    while (count < 6 && peek(count) != '}') ++count;
    const char32_t value = TRY(hex_digits(count));
    if (count == 0 || peek() != '}' || value > 0x10FFFF || is_high_surrogate(value))
        return fail("Malformed \\u{…} in a string", start);
    ++position_;
    return value;
}

std::expected<char32_t, SyntaxError> Lexer::hex_digits(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++position_) {
        const char c = peek();
        const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!is_digit(c) && !letter) return fail("Malformed \\u escape in a string", here());
        value = value * 16 + static_cast<char32_t>(letter ? (c | 0x20) - 'a' + 10 : c - '0');
    }
    return value;
}

Lexer::Scanned Lexer::block_string() {
    const Location start = here();
    position_ += 3;
    std::string raw;
    while (!at_end()) {
        const std::string_view rest = source_.substr(position_);
        if (rest.starts_with(R"(""")")) {
            position_ += 3;
            return Token{Token::Kind::String, dedent_block_string(raw), start};
        }
        if (rest.starts_with(R"(\""")")) {
            raw += R"(""")";
            position_ += 4;
        } else if (peek() == '\n' || peek() == '\r') {
            raw.push_back('\n');
            start_line();
        } else {
            raw.push_back(peek());
            ++position_;
        }
    }
    return fail(fmt::format("Unterminated block string at [{}, {}]", start.line, start.column), start);
}

std::string dedent_block_string(std::string_view raw) {
    std::vector<std::string_view> lines = split(raw, '\n');
    const auto indent_of = [](std::string_view line) {
        return std::min(line.find_first_not_of(" \t"), line.size());
    };
    const auto is_blank = [&](std::string_view line) { return indent_of(line) == line.size(); };
    std::size_t common = std::string_view::npos;
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (!is_blank(lines[i])) common = std::min(common, indent_of(lines[i]));
    if (common != std::string_view::npos)
        for (std::size_t i = 1; i < lines.size(); ++i)
            lines[i].remove_prefix(std::min(common, lines[i].size()));

    while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
    const auto first = std::find_if_not(lines.begin(), lines.end(), is_blank);
    std::string text;
    for (auto line = first; line != lines.end(); ++line) {
        if (line != first) text.push_back('\n');
        text += *line;
    }
    return text;
}

}  // namespace ringmaster::graphql
