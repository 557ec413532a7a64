#include "adapters/github/view_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/github/view_fixture_test.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const TimePoint kNow = *parse_iso8601("2026-01-05T12:00:00Z");

Result<ParsedView> parse(const Json& answer) {
    return parse_view(answer.dump(), 12, kNow);
}
Json& pull_request_of(Json& answer) {
    return answer["data"]["repository"]["pullRequest"];
}
std::string error_of(const Json& answer) {
    const auto parsed = parse(answer);
    if (parsed) return "parsed";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::Corrupt);
    return parsed.error().message();
}

TEST(ViewParser, ReadsTheFacts) {
    const auto parsed = parse(view_answer());
    ASSERT_TRUE(parsed) << parsed.error().describe();
    const auto& view = parsed->view;
    EXPECT_EQ(view.id, "PR_12");
    EXPECT_EQ(view.pull_request.number, 12);
    EXPECT_TRUE(view.pull_request.is_open());
    EXPECT_EQ(view.pull_request.title, "Add a cart");
    EXPECT_EQ(view.pull_request.body, "It holds things");
    EXPECT_EQ(view.pull_request.author, "ada");
    EXPECT_EQ(view.pull_request.head.text(), kHead);
    EXPECT_EQ(view.pull_request.head_subject, "Hold things");
    EXPECT_EQ(view.pull_request.head_branch, "cart");
    EXPECT_FALSE(view.pull_request.is_from_fork);
    EXPECT_THAT(view.labels, ElementsAre("bug", "🎪 ⚡ showtime-trigger-start"));
    EXPECT_EQ(view.viewer, "helper[bot]");
    EXPECT_EQ(view.viewer_permission, Permission::Write);
    EXPECT_EQ(view.server_time, kNow);
    EXPECT_FALSE(view.comment);
    EXPECT_TRUE(view.claim_tokens.empty());
    EXPECT_EQ(parsed->repository_id, "R_1");
}

TEST(ViewParser, TheBranchsTipIsWantedWhileThePullRequestIsOpen) {
    auto answer = view_answer();
    pull_request_of(answer)["headRef"]["target"] = {{"oid", kTip}, {"messageHeadline", "Newer"}};
    EXPECT_EQ(parse(answer)->view.pull_request.head.text(), kTip);
    EXPECT_EQ(parse(answer)->view.pull_request.head_subject, "Newer");
    pull_request_of(answer)["state"] = "CLOSED";
    EXPECT_EQ(parse(answer)->view.pull_request.head.text(), kHead);
    EXPECT_EQ(parse(answer)->view.pull_request.head_subject, "Hold things");
}

TEST(ViewParser, ADeletedBranchLeavesTheRecordedHead) {
    auto answer = view_answer();
    pull_request_of(answer)["headRef"] = nullptr;
    pull_request_of(answer)["state"] = "MERGED";
    const auto view = parse(answer)->view;
    EXPECT_EQ(view.pull_request.head.text(), kHead);
    EXPECT_EQ(view.pull_request.state, PullRequestState::Merged);
    EXPECT_EQ(view.pull_request.head_subject, "Hold things");
}

TEST(ViewParser, AForkIsAForkEvenWhenItsRepositoryIsGone) {
    auto answer = view_answer();
    pull_request_of(answer)["headRepository"] = nullptr;
    EXPECT_TRUE(parse(answer)->view.pull_request.is_from_fork);
    answer = view_answer();
    pull_request_of(answer)["isCrossRepository"] = true;
    EXPECT_TRUE(parse(answer)->view.pull_request.is_from_fork);
}

TEST(ViewParser, AnAccountThatIsGoneHasNoLogin) {
    auto answer = view_answer();
    pull_request_of(answer)["author"] = nullptr;
    EXPECT_EQ(parse(answer)->view.pull_request.author, "");
}

TEST(ViewParser, ReadsLeaseTokensByTheirExactName) {
    auto answer = view_answer();
    const std::string description = "ringmaster lease abc123 until 2026-01-05T12:05:00Z";
    answer["data"]["repository"]["t2"] = {
        {"id", "LA_9"}, {"name", "🎪 🔑 12.2"}, {"description", description}};
    answer["data"]["repository"]["t3"] = {
        {"id", "LA_8"}, {"name", "🎪 🎯 12.3"}, {"description", description}};
    const auto tokens = parse(answer)->view.claim_tokens;
    EXPECT_THAT(tokens, ElementsAre(ClaimToken{2, "LA_9", "abc123", kNow + std::chrono::minutes(5)}));
}

TEST(ViewParser, ATokenNobodyCanReadStopsEverything) {
    auto answer = view_answer();
    answer["data"]["repository"]["t1"] = {{"id", "LA_9"}, {"name", "🎪 🔑 12.1"}, {"description", nullptr}};
    EXPECT_THAT(error_of(answer), HasSubstr("🎪 🔑 12.1"));
}

TEST(ViewParser, OurCommentIsTheNewestOfOurOwnThatCarriesTheMarkerAndIsShown) {
    const std::string marked = fmt::format("text {}", kStickyMarker);
    auto answer = view_answer();
    auto& comments = pull_request_of(answer)["comments"]["nodes"];
    comments = Json::array({comment_node("C_1", marked, false), comment_node("C_2", "no marker", true)});
    EXPECT_FALSE(parse(answer)->view.comment) << "anybody can paste the marker";
    comments.push_back(comment_node("C_3", marked, true));
    comments.push_back(comment_node("C_4", marked, true));
    comments.push_back(comment_node("C_5", marked, true));
    comments.back()["isMinimized"] = true;
    ASSERT_TRUE(parse(answer)->view.comment);
    EXPECT_EQ(parse(answer)->view.comment->id, "C_4");
}

TEST(ViewParser, ABotsCommentIsItsOwnUnderTheBareLogin) {
    const std::string marked = fmt::format("text {}", kStickyMarker);
    auto answer = view_answer();
    auto node = comment_node("C_1", marked, false);
    node["author"] = {{"__typename", "User"}, {"login", "helper"}};
    pull_request_of(answer)["comments"]["nodes"] = Json::array({node});
    EXPECT_FALSE(parse(answer)->view.comment) << "a person of that login is not the bot";
    node["author"]["__typename"] = "Bot";
    pull_request_of(answer)["comments"]["nodes"] = Json::array({node});
    EXPECT_TRUE(parse(answer)->view.comment);
}

TEST(ViewParser, DeploymentsComeNewestFirst) {
    auto answer = view_answer();
    const auto record = [](std::string id, std::string state) {
        return Json{{"id", id}, {"commitOid", kHead}, {"state", state}};
    };
    answer["data"]["repository"]["deployments"]["nodes"] =
        Json::array({record("D_1", "DESTROYED"), record("D_2", "ABANDONED"), record("D_3", "ACTIVE")});
    const auto sha = *CommitSha::parse(kHead);
    EXPECT_THAT(parse(answer)->view.deployments,
                ElementsAre(DeploymentRecord{"D_3", sha, DeploymentState::Success},
                            DeploymentRecord{"D_2", sha, DeploymentState::Queued},
                            DeploymentRecord{"D_1", sha, DeploymentState::Inactive}));
}

TEST(ViewParser, TheClaimsRefIsTheTokenOfNumberZero) {
    auto answer = view_answer();
    answer["data"]["repository"]["claim"] = {
        {"target", {{"oid", kTip}, {"message", "ringmaster lease abc123 until 2026-01-05T12:05:00Z\n"}}}};
    EXPECT_THAT(parse(answer)->view.claim_tokens,
                ElementsAre(ClaimToken{0, kTip, "abc123", *parse_iso8601("2026-01-05T12:05:00Z")}));
    answer["data"]["repository"]["claim"] = nullptr;
    EXPECT_TRUE(parse(answer)->view.claim_tokens.empty());
    answer["data"]["repository"]["claim"] = {{"target", {{"oid", kTip}}}};
    EXPECT_THAT(error_of(answer), HasSubstr("refs/ringmaster/pr-12 should be a lease"));
}

TEST(ViewParser, TheLastPersonToPutALabelOnCounts) {
    auto answer = view_answer();
    const auto event = [](Json actor, std::string label) {
        return Json{{"actor", std::move(actor)}, {"label", {{"name", label}}}};
    };
    pull_request_of(answer)["timelineItems"]["nodes"] =
        Json::array({event({{"login", "ada"}}, "go"), event({{"login", "bob"}}, "bug"),
                     event({{"login", "cat"}}, "go"), event(nullptr, "bug")});
    EXPECT_THAT(parse(answer)->view.labelled_by, ElementsAre(Pair("bug", ""), Pair("go", "cat")));
}

TEST(ViewParser, EveryPermissionWordIsKnownAndOthersGiveNone) {
    EXPECT_EQ(parse_viewer_permission("ADMIN"), Permission::Admin);
    EXPECT_EQ(parse_viewer_permission("MAINTAIN"), Permission::Write);
    EXPECT_EQ(parse_viewer_permission("WRITE"), Permission::Write);
    EXPECT_EQ(parse_viewer_permission("TRIAGE"), Permission::Read);
    EXPECT_EQ(parse_viewer_permission("READ"), Permission::Read);
    EXPECT_EQ(parse_viewer_permission("GOD"), Permission::None);
}

TEST(ViewParser, WhatIsMissingOrWrongIsNamedByItsPlace) {
    auto answer = view_answer();
    pull_request_of(answer)["state"] = "HALF";
    EXPECT_EQ(error_of(answer),
              "GitHub's answer: /data/repository/pullRequest/state should be OPEN, CLOSED or MERGED");
    answer = view_answer();
    pull_request_of(answer)["headRefOid"] = "abc";
    EXPECT_THAT(error_of(answer), HasSubstr("/headRefOid should be a commit's forty digits"));
    answer = view_answer();
    pull_request_of(answer)["labels"]["pageInfo"]["hasNextPage"] = true;
    pull_request_of(answer)["labels"]["pageInfo"]["endCursor"] = "";
    EXPECT_THAT(error_of(answer), HasSubstr("endCursor should be a cursor"));
    answer = view_answer();
    pull_request_of(answer)["number"] = 13;
    EXPECT_THAT(error_of(answer), HasSubstr("should be pull request #12"));
    answer = view_answer();
    pull_request_of(answer) = nullptr;
    EXPECT_THAT(error_of(answer), HasSubstr("/data/repository/pullRequest should be there"));
}

/// Every place in the document, as JSON pointers.
void collect_places(const Json& value, const Json::json_pointer& at,
                    std::vector<Json::json_pointer>& places) {
    places.push_back(at);
    if (value.is_object())
        for (const auto& [key, child] : value.items()) collect_places(child, at / key, places);
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) collect_places(value[i], at / i, places);
}

TEST(ViewParser, AnyPlaceMayHoldAnythingAndTheWorstIsCorrupt) {
    auto whole = view_answer();
    pull_request_of(whole)["comments"]["nodes"] =
        Json::array({comment_node("C_1", std::string(kStickyMarker), true)});
    pull_request_of(whole)["timelineItems"]["nodes"] =
        Json::array({{{"actor", {{"login", "ada"}}}, {"label", {{"name", "go"}}}}});
    whole["data"]["repository"]["claim"] = {
        {"target", {{"oid", kTip}, {"message", "ringmaster lease abc123 until 2026-01-05T12:05:00Z"}}}};
    whole["data"]["repository"]["deployments"]["nodes"] =
        Json::array({{{"id", "D_1"}, {"commitOid", kHead}, {"state", "ACTIVE"}}});
    std::vector<Json::json_pointer> places;
    collect_places(whole, Json::json_pointer(), places);
    const std::vector<Json> values = {nullptr,
                                      true,
                                      0,
                                      -1,
                                      1e300,
                                      18446744073709551615U,
                                      "",
                                      Json::array(),
                                      Json::object(),
                                      "text",
                                      Json::array({nullptr, 1, "x"})};
    for (const auto& place : places) {
        for (const auto& value : values) {
            auto changed = whole;
            changed[place] = value;
            const auto parsed = parse(changed);
            if (!parsed && changed.contains("data") && !changed.contains("errors")) {
                EXPECT_EQ(parsed.error().kind(), ErrorKind::Corrupt) << place.to_string() << " = " << value;
            }
        }
    }
}

RC_GTEST_PROP(ViewParser, ACutOffAnswerIsCorrupt, ()) {
    const std::string whole = view_answer().dump();
    const auto length = *rc::gen::inRange<std::size_t>(0, whole.size());
    const auto parsed = parse_view(std::string_view(whole).substr(0, length), 12, kNow);
    RC_ASSERT(!parsed.has_value());
    RC_ASSERT(parsed.error().kind() == ErrorKind::Corrupt);
}

}  // namespace
}  // namespace ringmaster::github
