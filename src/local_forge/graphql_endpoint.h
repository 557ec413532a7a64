#pragma once
// POST /graphql and /api/graphql: one GraphQL request, answered as GitHub does.

#include <string>
#include <string_view>

#include "local_forge/model.h"

namespace ringmaster::local_forge {

class ForgeStore;

/// `request_body`: {"query", "variables", "operationName"}. The answer's JSON; `http_status` is 200 also for
/// errors in the query (github-facts 1.13), 400 for what is not JSON, 401 for a viewer without a user.
/// `web_root`: what `url` fields begin with, the forge as the client reaches it ("https://forge.test:8443").
std::string handle_graphql(ForgeStore& store, const Viewer& viewer, std::string_view request_body,
                           int& http_status, std::string_view web_root = "http://localhost");

}  // namespace ringmaster::local_forge
