#include "adapters/github/apply_fixture_test.h"

#include <nlohmann/json.hpp>

#include "adapters/github/view_fixture_test.h"

namespace ringmaster::github {

using Json = nlohmann::json;

PullRequestView ApplyTest::observe(const std::function<void(Json&)>& edit) {
    Json answer = view_answer();
    if (edit) edit(answer["data"]["repository"]);
    http_.expect("POST", "graphql", {"viewerPermission"}).answers(200, answer.dump());
    auto view = forge_.observe(12);
    if (!view) throw std::runtime_error(view.error().describe());
    return *view;
}

void ApplyTest::with_comment(Json& repository) {
    repository["pullRequest"]["comments"]["nodes"] =
        Json::array({comment_node("C_1", "old <!-- showtime-comment -->", true)});
}

void ApplyTest::with_deployment(Json& repository) {
    repository["deployments"]["nodes"] =
        Json::array({{{"id", "DE_1"}, {"commitOid", kHead}, {"state", "ACTIVE"}}});
}

std::string ApplyTest::labels_answer(const std::string& alias, const std::vector<std::string>& names) {
    Json nodes = Json::array();
    for (const auto& name : names) nodes.push_back({{"id", "LA_" + name}, {"name", name}});
    const Json labels = {{"totalCount", nodes.size()},
                         {"pageInfo", {{"hasNextPage", false}, {"endCursor", nullptr}}},
                         {"nodes", nodes}};
    return Json{{alias, {{"labelable", {{"labels", labels}}}}}}.dump();
}

std::string ApplyTest::data(const std::string& members, const std::string& errors) {
    return "{\"data\":" + members + (errors.empty() ? "" : ",\"errors\":[" + errors + "]") + "}";
}

void ApplyTest::expect_look_up(const std::vector<std::pair<std::string, std::string>>& names_and_ids) {
    Json repository = {{"id", "R_1"}};
    std::vector<std::string> parts = {"n0:label(name:$n0)"};
    for (std::size_t i = 0; i < names_and_ids.size(); ++i) {
        const auto& [name, id] = names_and_ids[i];
        parts.push_back(fmt::format("\"n{}\":\"{}\"", i, name));
        Json& label = repository[fmt::format("n{}", i)];
        if (!id.empty()) label = {{"id", id}, {"name", name}, {"color", "ffffff"}, {"description", nullptr}};
    }
    http_.expect("POST", "graphql", parts).answers(200, data(Json{{"repository", repository}}.dump()));
}

void ApplyTest::expect_no_comment_yet() {
    http_.expect("POST", "graphql", {"comments(first:100"})
        .answers(200,
                 data(R"({"viewer":{"login":"helper[bot]"},"repository":{"pullRequest":{"comments":)"
                      R"({"totalCount":0,"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]}}}})"));
}

}  // namespace ringmaster::github
