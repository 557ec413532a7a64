#pragma once
// Pieces of GraphQL as text: for messages, and for what introspection shows of defaults.

#include <string>

#include "graphql/document.h"

namespace ringmaster::graphql {

std::string print(const Literal& literal);
std::string print(const TypeReference& type);
/// Reads back as the same document (places aside).
std::string print(const Document& document);

}  // namespace ringmaster::graphql
