#include "adapters/github/github_forge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "adapters/github/github_world_test.h"
#include "adapters/github/listing_looks.h"
#include "adapters/github/view_fixture_test.h"

namespace ringmaster::github {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Json page(std::size_t total, const Json& nodes, const std::string& next = "") {
    return {{"totalCount", total},
            {"pageInfo", {{"hasNextPage", !next.empty()}, {"endCursor", next.empty() ? Json() : Json(next)}}},
            {"nodes", nodes}};
}

Json summary_node(int number, const std::vector<std::string>& labels, const std::string& state = "OPEN") {
    Json node = view_answer()["data"]["repository"]["pullRequest"];
    for (const auto* key : {"body", "commits", "comments", "timelineItems"}) node.erase(key);
    node["number"] = number;
    node["state"] = state;
    Json nodes = Json::array();
    for (const auto& name : labels) nodes.push_back({{"id", "LA_" + name}, {"name", name}});
    node["labels"] = page(labels.size(), nodes);
    return node;
}

Json definition_node(const std::string& name, const std::vector<int>& pull_requests, int issues = 0,
                     const std::string& next = "") {
    Json nodes = Json::array();
    for (const int number : pull_requests) nodes.push_back({{"number", number}});
    return {{"id", "LA_" + name},
            {"name", name},
            {"color", "ffffff"},
            {"description", nullptr},
            {"issues", {{"totalCount", issues}}},
            {"pullRequests", page(pull_requests.size() + (next.empty() ? 0 : 1), nodes, next)}};
}

class ForgeTest : public GitHubTest {
 protected:
    ForgeTest() : forge_(client()) {}
    void answer_repository(const std::vector<std::string>& parts, const Json& repository) {
        http_.expect("POST", "graphql", parts)
            .answers(200, Json{{"data", {{"repository", repository}}}}.dump());
    }
    void answer_open(const std::string& after, std::size_t total, const Json& nodes,
                     const std::string& next = "") {
        answer_repository({"pullRequests(states:OPEN", "\"after\":" + after},
                          {{"pullRequests", page(total, nodes, next)}});
    }
    void answer_definitions(std::size_t total, const Json& nodes, const std::string& next = "") {
        answer_repository({"labels(first:100,after:$after"}, {{"labels", page(total, nodes, next)}});
    }
    void answer_view(const Json& answer, std::vector<std::pair<std::string, std::string>> headers = {}) {
        http_
            .expect("POST", "graphql",
                    {"t40:label(name:\\\"🎪 🔑 12.40\\\")", R"("number":12,"environment":"show/pr-12")"})
            .answers(200, answer.dump(), std::move(headers));
    }

    GitHubForge forge_;
};

TEST_F(ForgeTest, ObservingIsOneRequest) {
    answer_view(view_answer());
    const auto view = forge_.observe(12);
    ASSERT_TRUE(view) << view.error().describe();
    EXPECT_EQ(view->server_time, clock_.now());
    EXPECT_THAT(view->labels, SizeIs(2));
}

TEST_F(ForgeTest, MoreLabelsThanAPageAreReadToTheEnd) {
    auto answer = view_answer();
    answer["data"]["repository"]["pullRequest"]["labels"] =
        page(2, Json::array({{{"id", "LA_2"}, {"name", "b"}}}), "next");
    answer_view(answer);
    answer_repository(
        {R"("after":"next")"},
        {{"pullRequest", {{"labels", page(2, Json::array({{{"id", "LA_1"}, {"name", "a"}}}))}}}});
    EXPECT_THAT(forge_.observe(12)->labels, ElementsAre("a", "b"));
}

TEST_F(ForgeTest, AListOfLabelsThatIsNotCompleteIsCorrupt) {
    auto answer = view_answer();
    answer["data"]["repository"]["pullRequest"]["labels"]["totalCount"] = 3;
    answer_view(answer);
    const auto view = forge_.observe(12);
    EXPECT_EQ(view.error().kind(), ErrorKind::Corrupt);
    EXPECT_THAT(view.error().describe(), HasSubstr("counts 3 labels on #12 but listed 2"));
}

TEST_F(ForgeTest, AnAnswerWithoutADateIsCorrupt) {
    answer_view(view_answer(), {{"date", ""}});
    EXPECT_EQ(forge_.observe(12).error().kind(), ErrorKind::Corrupt);
    answer_view(view_answer(), {{"date", "yesterday"}});
    EXPECT_EQ(forge_.observe(12).error().kind(), ErrorKind::Corrupt);
}

TEST_F(ForgeTest, WhatDoesNotExistIsNotFound) {
    http_.expect("POST", "graphql")
        .answers(200,
                 R"({"data":{"repository":{"pullRequest":null}},"errors":[{"type":"NOT_FOUND",)"
                 R"("path":["repository","pullRequest"],"message":"Could not resolve to a PullRequest"}]})");
    EXPECT_EQ(forge_.observe(12).error().kind(), ErrorKind::NotFound);
    EXPECT_EQ(forge_.observe(0).error().kind(), ErrorKind::InvalidInput);
}

TEST_F(ForgeTest, OpenPullRequestsAreListedByCursorToTheEnd) {
    answer_open("null", 3, Json::array({summary_node(9, {"x"}), summary_node(2, {})}), "c1");
    answer_open("\"c1\"", 3, Json::array({summary_node(5, {"z", "a"})}));
    const auto listed = forge_.list_open();
    ASSERT_TRUE(listed) << listed.error().describe();
    ASSERT_THAT(*listed, SizeIs(3));
    EXPECT_EQ(listed->at(0).pull_request.number, 2);
    EXPECT_THAT(listed->at(1).labels, ElementsAre("a", "z"));
    EXPECT_EQ(listed->at(2).pull_request.number, 9);
}

TEST_F(ForgeTest, AnIncompleteListingIsLookedAtAgainAndThenCorruptNeverShorter) {
    answer_open("null", 2, Json::array({summary_node(1, {})}));
    answer_open("null", 1, Json::array({summary_node(1, {})}));
    EXPECT_THAT(*forge_.list_open(), SizeIs(1));
    for (int i = 0; i < kMostListingLooks; ++i) answer_open("null", 2, Json::array({summary_node(1, {})}));
    EXPECT_EQ(forge_.list_open().error().kind(), ErrorKind::Corrupt);
}

TEST_F(ForgeTest, FiveHundredOpenPullRequestsTakeFiveRequests) {
    for (int first = 0; first < 500; first += 100) {
        Json nodes = Json::array();
        for (int i = 1; i <= 100; ++i) nodes.push_back(summary_node(first + i, {"bug"}));
        answer_open(first == 0 ? "null" : fmt::format("\"c{}\"", first), 500, nodes,
                    first == 400 ? "" : fmt::format("c{}", first + 100));
    }
    EXPECT_THAT(*forge_.list_open(), SizeIs(500));
    EXPECT_THAT(http_.requests(), SizeIs(5));
}

TEST_F(ForgeTest, LabelledPullRequestsAreFoundThroughTheDefinitionsTheyCarry) {
    answer_open("null", 2, Json::array({summary_node(1, {"🎪 🎯 abc1234"}), summary_node(2, {"bug"})}));
    answer_definitions(
        3, Json::array({definition_node("bug", {2, 40}), definition_node("🎪 🎯 abc1234", {1, 30})}), "d1");
    answer_definitions(3, Json::array({definition_node("🎪 ⌛ 24h", {31}, 0, "e1")}));
    http_.expect("POST", "graphql", {"...on Label", R"("id":"LA_🎪 ⌛ 24h","after":"e1")"})
        .answers(
            200,
            Json{{"data", {{"node", {{"pullRequests", page(2, Json::array({{{"number", 32}}}))}}}}}}.dump());
    answer_repository({"p30:pullRequest(number:30)", "p31:pullRequest", "p32:pullRequest"},
                      {{"p30", summary_node(30, {"🎪 🎯 abc1234"}, "CLOSED")},
                       {"p31", summary_node(31, {"🎪 ⌛ 24h"}, "MERGED")},
                       {"p32", summary_node(32, {"🎪 ⌛ 24h"}, "CLOSED")}});
    const auto listed = forge_.list_labelled();
    ASSERT_TRUE(listed) << listed.error().describe();
    std::vector<int> numbers;
    for (const auto& summary : *listed) numbers.push_back(summary.pull_request.number);
    EXPECT_THAT(numbers, ElementsAre(1, 30, 31, 32));
    EXPECT_EQ(listed->at(2).pull_request.state, PullRequestState::Merged);
}

TEST_F(ForgeTest, DefinitionsComeWithHowOftenTheyAreAttached) {
    answer_definitions(3, Json::array({definition_node("bug", {}), definition_node("🎪 a", {1, 2}, 3),
                                       definition_node("🎪 b", {})}));
    const auto listed = forge_.list_definitions("🎪 ");
    ASSERT_THAT(*listed, SizeIs(2));
    EXPECT_EQ(listed->at(0).definition.name, "🎪 a");
    EXPECT_EQ(listed->at(0).attached_to, 5);
    EXPECT_EQ(listed->at(1).attached_to, 0);
}

TEST_F(ForgeTest, DefinitionsThatAnotherSweepIsDeletingAreListedOnceTheyAreAtRest) {
    // Three cleanups at once (tests/proof/races cleanup): "GitHub counts 167 label definitions but listed
    // 187".
    for (const int total : {187, 167, 147})
        answer_definitions(total, Json::array({definition_node("🎪 a", {})}));
    answer_definitions(1, Json::array({definition_node("🎪 a", {})}));
    EXPECT_THAT(*forge_.list_definitions("🎪 "), SizeIs(1));
}

TEST_F(ForgeTest, AnIncompleteListOfDefinitionsIsCorrupt) {
    for (int i = 0; i < kMostListingLooks; ++i)
        answer_definitions(2, Json::array({definition_node("🎪 a", {})}));
    EXPECT_EQ(forge_.list_definitions("🎪 ").error().kind(), ErrorKind::Corrupt);
}

struct PermissionRow {
    std::string_view level;
    Permission permission;
};
class PermissionTable : public ForgeTest, public ::testing::WithParamInterface<PermissionRow> {};

TEST_P(PermissionTable, EachWordMeansWhatTheContractSays) {
    http_.expect("GET", "/repos/acme/shop/collaborators/ada/permission")
        .answers(200, fmt::format(R"({{"permission":"{}"}})", GetParam().level));
    const auto answer = forge_.permission("ada").value();
    EXPECT_EQ(answer.permission, GetParam().permission);
    EXPECT_EQ(answer.level, GetParam().level);
}
INSTANTIATE_TEST_SUITE_P(
    Words, PermissionTable,
    ::testing::Values(PermissionRow{"admin", Permission::Admin}, PermissionRow{"write", Permission::Write},
                      PermissionRow{"read", Permission::Read}, PermissionRow{"none", Permission::None},
                      PermissionRow{"triage", Permission::Read}, PermissionRow{"maintain", Permission::Read},
                      PermissionRow{"wizard", Permission::None}));

TEST_F(ForgeTest, AStrangerIsAnAnswerAndEverythingElseAnError) {
    http_.expect("GET", "/collaborators/mal%2Fory%5Bbot%5D/permission").answers(404, "");
    const auto stranger = forge_.permission("mal/ory[bot]").value();
    EXPECT_EQ(stranger.permission, Permission::None);
    EXPECT_EQ(stranger.level, "not_collaborator");
    http_.expect("GET", "/permission").answers(403, "");
    EXPECT_EQ(forge_.permission("ada").error().kind(), ErrorKind::Unauthorized);
    http_.expect("GET", "/permission").answers(200, "{}");
    EXPECT_EQ(forge_.permission("ada").error().kind(), ErrorKind::Corrupt);
    EXPECT_EQ(forge_.permission("").error().kind(), ErrorKind::InvalidInput);
}

class DefinitionsTest : public ForgeTest {
 protected:
    void answer_look_up(const std::vector<Json>& found) {
        Json repository = {{"id", "R_1"}};
        for (std::size_t i = 0; i < found.size(); ++i) repository[fmt::format("n{}", i)] = found[i];
        answer_repository({"n0:label(name:$n0)"}, repository);
    }
    static Json stored(const std::string& name, const std::string& color, const std::string& description) {
        return {{"id", "LA_" + name}, {"name", name}, {"color", color}, {"description", description}};
    }
    const std::vector<LabelDefinition> wanted_ = {
        {"a", "FF0000", "x"}, {"b", "00ff00", "y"}, {"c", "0000ff", ""}};
};

TEST_F(DefinitionsTest, KeepCreatesWhatIsMissingOnly) {
    answer_look_up({stored("a", "ff0000", "x"), stored("b", "123456", "theirs"), nullptr});
    http_.expect("POST", "graphql", {"mutation($c0:CreateLabelInput!){c0:createLabel", R"("name":"c")"})
        .answers(200, R"({"data":{"c0":{"label":{"id":"LA_c"}}}})");
    EXPECT_THAT(
        *forge_.put_definitions(wanted_, Existing::Keep),
        ElementsAre(DefinitionOutcome::Unchanged, DefinitionOutcome::Unchanged, DefinitionOutcome::Created));
}

TEST_F(DefinitionsTest, OverwriteResetsWhatDiffers) {
    answer_look_up({stored("a", "ff0000", "x"), stored("b", "123456", "y"), stored("c", "0000ff", "theirs")});
    http_
        .expect(
            "POST", "graphql",
            {"u0:updateLabel", "u1:updateLabel", R"("u0":{"id":"LA_b","color":"00ff00","description":"y"})"})
        .answers(200, R"({"data":{"u0":{"label":{"id":"LA_b"}},"u1":{"label":{"id":"LA_c"}}}})");
    EXPECT_THAT(
        *forge_.put_definitions(wanted_, Existing::Overwrite),
        ElementsAre(DefinitionOutcome::Unchanged, DefinitionOutcome::Updated, DefinitionOutcome::Updated));
}

TEST_F(DefinitionsTest, NothingToPutTakesNoRequest) {
    EXPECT_THAT(*forge_.put_definitions({}, Existing::Overwrite), IsEmpty());
    const std::vector<LabelDefinition> bad = {{"a", "red", ""}};
    EXPECT_EQ(forge_.put_definitions(bad, Existing::Keep).error().kind(), ErrorKind::InvalidInput);
}

TEST_F(DefinitionsTest, OnlyWhatIsStillAttachedToNothingIsDeleted) {
    const auto node = [](const std::string& name, int issues, int pull_requests) {
        return Json{{"id", "LA"},
                    {"name", name},
                    {"issues", {{"totalCount", issues}}},
                    {"pullRequests", {{"totalCount", pull_requests}}}};
    };
    const Json data = {{"l0", node("free", 0, 0)},    {"l1", node("used", 0, 1)},
                       {"l2", node("issue", 1, 0)},   {"l3", nullptr},
                       {"l4", node("renamed", 0, 0)}, {"l5", node("free too", 0, 0)}};
    const Json errors = Json::array({{{"type", "NOT_FOUND"}, {"path", {"l3"}}, {"message", "no node"}}});
    http_.expect("POST", "graphql", {"l0:node(id:$l0)", R"("l1":"LA_used")"})
        .answers(200, Json{{"data", data}, {"errors", errors}}.dump());
    http_.expect("POST", "graphql", {"{d0:deleteLabel", " d5:deleteLabel", R"("d0":{"id":"LA_free"})"})
        .answers(200, R"({"data":{"d0":{"clientMutationId":null},"d5":null},)"
                      R"("errors":[{"type":"NOT_FOUND","path":["d5"],"message":"no node"}]})");
    std::vector<StoredLabel> labels;
    for (const auto* name : {"free", "used", "issue", "gone", "old name", "free too"})
        labels.push_back({std::string("LA_") + name, {name, "", ""}, 0});
    EXPECT_THAT(*forge_.delete_unattached(labels), ElementsAre("free"));
}

class CommitTest : public ForgeTest {
 protected:
    void answer_commits(const std::vector<std::string>& shas, const std::string& next = "",
                        std::size_t total = 0) {
        Json nodes = Json::array();
        for (const auto& sha : shas) nodes.push_back({{"commit", {{"oid", sha}}}});
        answer_repository({"commits(first:100"},
                          {{"pullRequest",
                            {{"headRefOid", kHead},
                             {"headRef", {{"target", {{"oid", kTip}}}}},
                             {"commits", page(total == 0 ? shas.size() : total, nodes, next)}}}});
    }
    static std::string sha(const std::string& prefix) {
        return prefix + std::string(40 - prefix.size(), '0');
    }
};

TEST_F(CommitTest, APrefixIsLookedForAmongTheCommitsOfThePullRequest) {
    answer_commits({sha("1234567a")}, "c1", 2);
    answer_commits({sha("7654321b")}, "", 2);
    EXPECT_EQ(forge_.resolve_commit(12, "7654321")->text(), sha("7654321b"));
}

TEST_F(CommitTest, TheHeadWinsWithoutLookingFurther) {
    answer_commits({sha("bbbbbbb0")}, "c1", 2);
    EXPECT_EQ(forge_.resolve_commit(12, "BBBBBBB")->text(), kTip);
}

TEST_F(CommitTest, UnknownAmbiguousAndSenselessPrefixesAreErrors) {
    answer_commits({sha("1234567a"), sha("1234567b")});
    EXPECT_EQ(forge_.resolve_commit(12, "1234567").error().kind(), ErrorKind::InvalidInput);
    answer_commits({sha("1234567a")});
    EXPECT_EQ(forge_.resolve_commit(12, "ccccccc").error().kind(), ErrorKind::NotFound);
    EXPECT_EQ(forge_.resolve_commit(12, "nope").error().kind(), ErrorKind::InvalidInput);
}

TEST_F(CommitTest, AncestryIsAskedByComparing) {
    const auto ask = [&](int status, const std::string& body) {
        http_.expect("GET", "/repos/acme/shop/compare/" + kHead + "..." + kTip).answers(status, body);
        return forge_.contains(*CommitSha::parse(kTip), *CommitSha::parse(kHead));
    };
    EXPECT_EQ(ask(200, R"({"status":"ahead"})"), Ancestry::Contained);
    EXPECT_EQ(ask(200, R"({"status":"identical"})"), Ancestry::Contained);
    EXPECT_EQ(ask(200, R"({"status":"behind"})"), Ancestry::NotContained);
    EXPECT_EQ(ask(200, R"({"status":"diverged"})"), Ancestry::NotContained);
    EXPECT_EQ(ask(404, ""), Ancestry::Unknown);
    EXPECT_EQ(ask(422, ""), Ancestry::Unknown);
    EXPECT_EQ(ask(401, "").error().kind(), ErrorKind::Unauthorized);
    EXPECT_EQ(ask(200, "{}").error().kind(), ErrorKind::Corrupt);
}

}  // namespace
}  // namespace ringmaster::github
