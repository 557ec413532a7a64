#pragma once
// The REST API: authentication, routing, limits, conditional requests and the headers that every answer has.
// Serves the same under "/" (as api.github.com) and "/api/v3" (as GitHub Enterprise Server), and GraphQL
// beside it.

#include <optional>
#include <string>

#include "http_server/listener.h"
#include "local_forge/answer.h"
#include "local_forge/rate_limiter.h"
#include "local_forge/rest_json.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

class RestApi {
 public:
    RestApi(ForgeStore& store, std::int64_t requests_an_hour) : store_(store), limiter_(requests_an_hour) {}

    http_server::Response handle(const http_server::Request& request);

 private:
    Answer<http_server::Response> answer(const http_server::Request& request, const Viewer& viewer,
                                         std::string_view path);
    http_server::Response answer_graphql(const http_server::Request& request, const Viewer& viewer);
    http_server::Response rate_limit_response(const Viewer& viewer);
    void add_rate_headers(http_server::Response& response, const RateState& rate,
                          std::string_view resource) const;
    void add_common_headers(http_server::Response& response, const Viewer& viewer, std::string_view version);

    ForgeStore& store_;
    RateLimiter limiter_;
};

/// Who a request comes from: "Authorization: token …", "Bearer …", or Basic with the token as password.
/// 401 "Bad credentials" for a token that is not known.
Answer<Viewer> authenticate(ForgeStore& store, const http_server::Request& request);

/// Where the client sees us, by its Host header; `prefix` is "" or "/api/v3".
Links links_of(const http_server::Request& request, std::string_view prefix);

http_server::Response refusal_response(const Refusal& refusal);

}  // namespace ringmaster::local_forge
