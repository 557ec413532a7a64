#pragma once
// Cuts a GraphQL document into tokens: names, numbers, strings (both forms, decoded) and punctuation. White
// space, commas and comments are gone.
// https://spec.graphql.org/October2021/#sec-Appendix-Grammar-Summary.Lexical-Tokens

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "graphql/document.h"

namespace ringmaster::graphql {

/// Where and why a document cannot be read.
struct SyntaxError {
    std::string message;
    Location location;
};

struct Token {
    enum class Kind { End, Punctuator, Name, Int, Float, String };
    Kind kind = Kind::End;
    std::string text;  ///< "..." or one character for a punctuator; decoded for a string
    Location location;

    bool is(std::string_view punctuator) const { return kind == Kind::Punctuator && text == punctuator; }
};

class Lexer {
 public:
    /// `source` must be valid UTF-8 and outlive the lexer.
    explicit Lexer(std::string_view source);

    /// The next token; End for ever after the last.
    std::expected<Token, SyntaxError> next();

 private:
    using Scanned = std::expected<Token, SyntaxError>;

    char peek(std::size_t ahead = 0) const {
        return position_ + ahead < source_.size() ? source_[position_ + ahead] : '\0';
    }
    bool at_end() const { return position_ >= source_.size(); }
    Location here() const { return {line_, static_cast<int>(position_ - line_start_) + 1}; }
    void start_line();
    void skip_ignored();
    Scanned punctuator();
    Scanned name();
    Scanned number();
    bool digits();
    Scanned string();
    Scanned block_string();
    std::expected<std::string, SyntaxError> escape();
    std::expected<char32_t, SyntaxError> unicode_escape();
    std::expected<char32_t, SyntaxError> hex_digits(std::size_t count);

    std::string_view source_;
    std::size_t position_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
};

/// Removes the common indentation and the blank first and last lines of a block string's raw value, as the
/// specification's BlockStringValue() does.
std::string dedent_block_string(std::string_view raw);

}  // namespace ringmaster::graphql
