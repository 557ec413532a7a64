#include "adapters/github/view_fixture_test.h"

#include <nlohmann/json.hpp>

namespace ringmaster::github {

nlohmann::json view_answer() {
    using Json = nlohmann::json;
    Json pull_request = {
        {"id", "PR_12"},
        {"number", 12},
        {"state", "OPEN"},
        {"isDraft", false},
        {"title", "Add a cart"},
        {"body", "It holds things"},
        {"url", "https://forge/acme/shop/pull/12"},
        {"headRefOid", kHead},
        {"headRefName", "cart"},
        {"isCrossRepository", false},
        {"author", {{"login", "ada"}}},
        {"headRepository", {{"nameWithOwner", "acme/shop"}}},
        {"headRef", {{"target", {{"oid", kHead}, {"messageHeadline", "Hold things"}}}}},
        {"commits", {{"nodes", {{{"commit", {{"oid", kHead}, {"messageHeadline", "Hold things"}}}}}}}},
        {"labels",
         {{"totalCount", 2},
          {"pageInfo", {{"hasNextPage", false}, {"endCursor", "c2"}}},
          {"nodes",
           {{{"id", "LA_2"}, {"name", "🎪 ⚡ showtime-trigger-start"}}, {{"id", "LA_1"}, {"name", "bug"}}}}}},
        {"comments", {{"nodes", Json::array()}}},
        {"timelineItems", {{"nodes", Json::array()}}},
    };
    Json repository = {
        {"id", "R_1"},
        {"viewerPermission", "WRITE"},
        {"deployments", {{"nodes", Json::array()}}},
        {"pullRequest", pull_request},
    };
    for (int k = 1; k <= 40; ++k) repository["t" + std::to_string(k)] = nullptr;
    return {{"data", {{"viewer", {{"login", "helper[bot]"}}}, {"repository", repository}}}};
}

nlohmann::json comment_node(const std::string& id, const std::string& body, bool is_own) {
    return {{"id", id},
            {"body", body},
            {"isMinimized", false},
            {"viewerDidAuthor", is_own},
            {"author", {{"__typename", "User"}, {"login", "someone"}}}};
}

}  // namespace ringmaster::github
