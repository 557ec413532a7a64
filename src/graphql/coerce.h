#pragma once
// Input values made to fit their declared types: variables from JSON, arguments from literals.
// https://spec.graphql.org/October2021/#sec-Coercing-Variable-Values

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graphql/document.h"
#include "graphql/error_entry.h"
#include "graphql/schema.h"
#include "graphql/value.h"

namespace ringmaster::graphql {

/// The error says what is wrong, and inside which input field ("title: Expected value to not be null").
using Coerced = std::expected<Value, std::string>;

/// `variables`: null accepts any variable, for checking a document before there are values.
Coerced coerce_literal(const Schema& schema, const Literal& literal, const TypeReference& type,
                       const Members* variables);

Coerced coerce_json(const Schema& schema, const nlohmann::json& json, const TypeReference& type);

/// The operation's variables with their defaults; what was not given and has none is absent. Unknown ones in
/// `given` (an object or null) are ignored, as GitHub does.
std::expected<Members, ErrorEntry> coerce_variables(const Schema& schema, const Operation& operation,
                                                    const nlohmann::json& given);

/// The arguments a field or directive declares. The error names the argument.
std::expected<Members, std::string> coerce_arguments(const Schema& schema,
                                                     const std::vector<InputDefinition>& declared,
                                                     const std::vector<Argument>& given,
                                                     const Members& variables);

}  // namespace ringmaster::graphql
