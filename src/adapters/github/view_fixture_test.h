#pragma once
// An answer to observe_query as GitHub gives it, to be changed by tests: view_answer()["data"]["repository"]…

#include <nlohmann/json.hpp>
#include <string>

namespace ringmaster::github {

inline const std::string kHead(40, 'a');
inline const std::string kTip(40, 'b');

inline nlohmann::json view_answer() {
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

inline nlohmann::json comment_node(std::string id, std::string body, bool is_own) {
    return {{"id", id},
            {"body", body},
            {"isMinimized", false},
            {"viewerDidAuthor", is_own},
            {"author", {{"__typename", "User"}, {"login", "someone"}}}};
}

}  // namespace ringmaster::github
