#include "local_forge/graphql_endpoint.h"

#include "graphql/engine.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/graphql_world.h"

namespace ringmaster::local_forge {

std::string handle_graphql(ForgeStore& store, const Viewer& viewer, std::string_view request_body,
                           int& http_status, std::string_view web_root) {
    if (!viewer.user) {
        http_status = 401;
        return R"({"message":"This endpoint requires you to be authenticated.","status":"401"})";
    }
    GraphqlWorld world(store, viewer, std::string(web_root));
    auto answer = graphql::answer_request(github_schema(), request_body, &world);
    http_status = answer.status;
    return std::move(answer.body);
}

}  // namespace ringmaster::local_forge
