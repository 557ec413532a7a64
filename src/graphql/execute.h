#pragma once
// Runs a validated operation: fields are resolved in the order they are written, so mutations happen one
// after the other and a failed one does not stop the next; a field's error stands in `errors` while the rest
// of the data comes back (github-facts 1.13, 1.15). https://spec.graphql.org/October2021/#sec-Execution

#include <string>
#include <vector>

#include "graphql/document.h"
#include "graphql/error_entry.h"
#include "graphql/limits.h"
#include "graphql/schema.h"
#include "graphql/value.h"

namespace ringmaster::graphql {

struct Execution {
    std::string data;  ///< JSON text: an object, or null
    std::vector<ErrorEntry> errors;
};

/// `world` is what Call::world() gives to resolvers.
Execution execute(const Schema& schema, const Document& document, const Operation& operation,
                  const Members& variables, void* world, const Limits& limits = {});

}  // namespace ringmaster::graphql
