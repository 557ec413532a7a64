#pragma once
// A GraphQL answer, taken apart: data, and the errors that may stand beside it (github-facts 1.13, 1.15).
// Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/github/github_errors.h"
#include "adapters/support/json_reader.h"
#include "base/result.h"
#include "base/time.h"

namespace ringmaster::github {

struct GraphQlReply {
    std::optional<support::JsonReader> data;  ///< nullopt: null or missing
    std::vector<GraphQlError> errors;
    std::optional<TimePoint> server_time;  ///< the Date header

    /// The first error at or below this alias; nullptr if it succeeded.
    const GraphQlError* error_of(std::string_view alias) const;
    /// Data, if nothing at all went wrong. Errors: what error_of_graphql says of the first one; Corrupt
    /// without data.
    Result<support::JsonReader> complete(const RequestContext& context) const;
};

/// Errors: Corrupt. An answer with neither data nor errors is Corrupt too.
Result<GraphQlReply> parse_graphql_reply(std::string_view body);

}  // namespace ringmaster::github
