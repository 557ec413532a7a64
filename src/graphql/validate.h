#pragma once
// Whether a document makes sense against a schema: the rules of
// https://spec.graphql.org/October2021/#sec-Validation. Only a document without errors is executed.

#include <vector>

#include "graphql/document.h"
#include "graphql/error_entry.h"
#include "graphql/limits.h"
#include "graphql/schema.h"

namespace ringmaster::graphql {

/// At most `limits.max_errors` of them; messages as GitHub's server words them where that is known.
std::vector<ErrorEntry> validate(const Schema& schema, const Document& document, const Limits& limits = {});

/// The part of validate() that writes fragments out: bounds on fields, depth and aliases, and that fields
/// under one response name are the same field. `document` has no fragment cycles and no unknown names.
std::vector<ErrorEntry> check_merged_selections(const Schema& schema, const Document& document,
                                                const Operation& operation, const Limits& limits);

}  // namespace ringmaster::graphql
