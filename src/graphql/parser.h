#pragma once
// Reads executable GraphQL documents, and the one-line declarations from which a Schema is put together.
// Survives any bytes: what is not GraphQL, or is larger than the limits, is a SyntaxError.

#include <expected>
#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "graphql/lexer.h"
#include "graphql/limits.h"

namespace ringmaster::graphql {

/// A whole document: at least one operation or fragment. Type definitions are refused: a client has none to
/// give.
std::expected<Document, SyntaxError> parse_document(std::string_view source, const Limits& limits = {});

/// One argument or input field: "first: Int", "direction: OrderDirection! = ASC".
struct InputDeclaration {
    std::string name;
    TypeReference type;
    std::optional<Literal> default_value;
};

/// One field: "labels(first: Int, after: String): LabelConnection!".
struct FieldDeclaration {
    std::string name;
    std::vector<InputDeclaration> arguments;
    TypeReference type;
};

std::expected<FieldDeclaration, SyntaxError> parse_field_declaration(std::string_view source);
std::expected<InputDeclaration, SyntaxError> parse_input_declaration(std::string_view source);

}  // namespace ringmaster::graphql
