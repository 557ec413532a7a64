#pragma once
// GitHub's refusals as our errors: one sentence and a hint each. Pure functions, so every case is in a table
// test.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/http_client.h"

namespace ringmaster::github {

/// What an error message may say about the request, and what it must not.
struct RequestContext {
    std::string doing;       ///< "observing #12": reads after "while"
    std::string repository;  ///< "owner/name"
    std::string token;       ///< never to be shown; servers may echo it
};

/// Whether a response says "later" (github-facts 3.7, 3.9), and when: by x-ratelimit-remaining, retry-after
/// and the message, in that order. `now` is our clock, for a server that sends no date.
std::optional<Error> rate_limit_error(const HttpResponse& response, const RequestContext& context,
                                      TimePoint now);

/// The error a response outside 200–299 stands for.
Error error_of_response(const HttpResponse& response, const RequestContext& context, TimePoint now);

/// One entry of a GraphQL answer's `errors`.
struct GraphQlError {
    std::string type;               ///< "NOT_FOUND", "UNPROCESSABLE", …; empty for errors of the query itself
    std::string code;               ///< extensions.code, "undefinedField" for one
    std::vector<std::string> path;  ///< keys and indices, outermost first; the alias is path[0]
    std::string message;

    bool is_not_found() const { return type == "NOT_FOUND"; }
    /// The server has no such mutation or field: an older GitHub Enterprise Server (github-facts 1.26).
    bool is_unknown_field() const;
};

Error error_of_graphql(const GraphQlError& error, const RequestContext& context);

/// Whether a 422 says that the name exists, and nothing else (github-facts 1.12, the way gh tells it).
bool is_already_exists(const HttpResponse& response);

/// What a label definition, a label on a pull request, a comment or a deployment needs; by the words of the
/// refusal.
std::string missing_right_hint(std::string_view message);

}  // namespace ringmaster::github
