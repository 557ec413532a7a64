#pragma once
// A GraphQL request from its body to its answer: the one function a server needs.
// https://graphql.github.io/graphql-over-http/draft/

#include <string>
#include <string_view>

#include "graphql/limits.h"
#include "graphql/schema.h"

namespace ringmaster::graphql {

struct HttpAnswer {
    int status =
        200;  ///< 200 for whatever is a GraphQL request, errors included, as GitHub; 400 for what is none
    std::string body;  ///< JSON
};

/// `request_body`: {"query": …, "variables": …, "operationName": …}. `world` is what Call::world() gives.
HttpAnswer answer_request(const Schema& schema, std::string_view request_body, void* world,
                          const Limits& limits = {});

}  // namespace ringmaster::graphql
