#include "local_forge/issue_search.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "local_forge/forge_server_fixture.h"

namespace ringmaster::local_forge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(IssueSearchText, IsReadAsGhWritesIt) {
    const IssueSearch search = parse_issue_search(
        R"(label:bug label:"needs review,wip" -label:"x y" repo:o/r state:open type:pr author:@me "two words" a:b draft:false)");
    EXPECT_THAT(search.issues.labels, ElementsAre(ElementsAre("bug"), ElementsAre("needs review", "wip")));
    EXPECT_THAT(search.issues.without_labels, ElementsAre("x y"));
    EXPECT_THAT(search.repositories, ElementsAre("o/r"));
    EXPECT_EQ(search.issues.state, StateFilter::Open);
    EXPECT_EQ(search.issues.pull_requests, true);
    EXPECT_TRUE(search.by_viewer);
    EXPECT_THAT(search.issues.words, ElementsAre("two words", "a:b"));
    EXPECT_EQ(search.issues.is_draft, false);
}

TEST(IssueSearchText, WithoutAStateMeansAllStates) {
    EXPECT_EQ(parse_issue_search("repo:o/r").issues.state, StateFilter::All);
}

TEST(IssueSearchText, WhatNothingHereHasFindsNothingAndItsAbsenceEverything) {
    EXPECT_TRUE(parse_issue_search("assignee:me").matches_nothing);
    EXPECT_FALSE(parse_issue_search("-assignee:me no:milestone").matches_nothing);
}

TEST(IssueSearchText, AQuotedColonIsPartOfThePhrase) {
    EXPECT_THAT(parse_issue_search(R"("is:pr now")").issues.words, ElementsAre("is:pr now"));
}

TEST(IssueSearchText, NegatesTheOneTermThatFollows) {
    const IssueSearch search = parse_issue_search("NOT rain -wind sun NOT is:pr");
    EXPECT_THAT(search.issues.without_words, ElementsAre("rain", "wind"));
    EXPECT_THAT(search.issues.words, ElementsAre("sun"));
    EXPECT_EQ(search.issues.pull_requests, false);
}

TEST(IssueSearchText, UnfinishedTermsSayNothing) {
    for (const char* text : {"is:", "\"", "-", "label:", "NOT", ":"})
        EXPECT_THAT(parse_issue_search(text).issues.labels, IsEmpty()) << text;
    for (const char* text : {"is:", "\"", "-", "label:", "NOT"})
        EXPECT_THAT(parse_issue_search(text).issues.words, IsEmpty()) << text;
}

RC_GTEST_PROP(IssueSearchText, AnyTextIsASearch, (const std::string& text)) {
    const IssueSearch search = parse_issue_search(text);
    for (const std::string& word : search.issues.words) RC_ASSERT(!word.empty());
}

class IssueSearchTest : public ForgeTest {
 protected:
    // 1: open, labelled, commented on; 2: merged; 3: a draft; 4: carol's issue; 5: a closed issue.
    void SetUp() override {
        start();
        make_clone();
        open_pull_request("one", "Mend the tent");
        open_pull_request("two", "Feed the lion");
        open_pull_request("three", "Paint the ring");
        send("POST", "/repos/demo/app/issues/1/labels", R"(["🎪 ⚡ needs help", "bug"])");
        send("POST", "/repos/demo/app/issues/3/labels", R"(["bug"])");
        send("POST", "/repos/demo/app/issues/1/comments", R"({"body":"Bring Needle and thread"})");
        send("PUT", "/repos/demo/app/pulls/2/merge", "{}");
        send("POST", "/graphql",
             json{{"query",
                   "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { "
                   "clientMutationId } }"},
                  {"variables", {{"id", send("GET", "/repos/demo/app/pulls/3").body["node_id"]}}}}
                 .dump());
        send("POST", "/repos/demo/app/issues", R"({"title":"Tent leaks","body":"when it rains"})",
             "carol-token");
        send("POST", "/repos/demo/app/issues", R"({"title":"Lion sleeps"})");
        send("PATCH", "/repos/demo/app/issues/5", R"({"state":"closed"})");
        send("PUT", "/repos/demo/app/issues/5/lock");
    }
    void open_pull_request(const std::string& branch, const std::string& title) {
        run_git({"checkout", "-q", "-b", branch, "main"});
        run_git({"commit", "-q", "--allow-empty", "-m", title});
        ASSERT_EQ(run_git({"push", "-q", remote(), branch}).exit_code, 0);
    }
    json by_rest(const std::string& text, const std::string& token) {
        const auto answer = send("GET", "/search/issues?q=" + percent_encode(text), "", token);
        json numbers = json::array();
        for (const auto& item : answer.body.value("items", json::array())) numbers.push_back(item["number"]);
        EXPECT_EQ(answer.body.value("total_count", 0U), numbers.size()) << text;
        return numbers;
    }
    json by_graphql(const std::string& text, const std::string& token) {
        const json request = {
            {"query",
             "query($q: String!) { search(query: $q, type: ISSUE, first: 10) { issueCount nodes { ... on "
             "PullRequest { number } ... on Issue { number } } } }"},
            {"variables", {{"q", text}}}};
        const auto answer = send("POST", "/graphql", request.dump(), token);
        EXPECT_FALSE(answer.body.contains("errors")) << answer.body.dump();
        const json search = answer.body["data"]["search"];
        json numbers = json::array();
        for (const auto& node : search["nodes"]) numbers.push_back(node["number"]);
        EXPECT_EQ(search["issueCount"], numbers.size()) << text;
        return numbers;
    }
};

TEST_F(IssueSearchTest, RestAndGraphqlFindTheSame) {
    using Numbers = std::vector<int>;
    const std::vector<std::pair<std::string, Numbers>> table = {
        {"repo:demo/app", {5, 4, 3, 2, 1}},
        {"repo:DEMO/App is:pr", {3, 2, 1}},
        {"is:pr is:open", {3, 1}},
        {"type:issue", {5, 4}},
        {"-is:pr", {5, 4}},
        {"state:closed", {5, 2}},
        {"is:merged", {2}},
        {"is:pr is:unmerged", {3, 1}},
        {"-is:merged is:closed", {}},
        {"is:draft", {3}},
        {"draft:false", {2, 1}},
        {"is:locked", {5}},
        {"label:\"🎪 ⚡ needs help\"", {1}},
        {"label:BUG", {3, 1}},
        {"label:bug label:\"🎪 ⚡ needs help\"", {1}},
        {"label:\"nobody has it\",bug", {3, 1}},
        {"is:pr -label:bug", {2}},
        {"is:pr no:label", {2}},
        {"is:pr -no:label", {3, 1}},
        {"author:carol", {4}},
        {"author:@me", {5, 3, 2, 1}},
        {"author:nobody", {}},
        {"head:one", {1}},
        {"base:main is:open", {3, 1}},
        {"base:elsewhere", {}},
        {"tent", {4, 1}},
        {"TENT mend", {1}},
        {"mend tent", {1}},
        {"\"mend tent\"", {}},
        {"\"the tent\"", {1}},
        {"rains", {4}},
        {"needle", {1}},
        {"needle in:title", {}},
        {"rains in:title,body", {4}},
        {"🎪", {1}},
        {"🎪 in:title", {}},
        {"lion -sleeps", {2}},
        {"lion NOT sleeps", {2}},
        {"tent sort:created-asc", {1, 4}},
        {"is:issue sort:updated", {5, 4}},
        {"is:issue sort:updated-asc", {4, 5}},
        {"is:pr sort:comments-desc", {1, 3, 2}},
        {"user:demo is:draft", {3}},
        {"org:elsewhere", {}},
        {"repo:demo/app repo:demo/nothing is:draft", {3}},
        {"review-requested:bob", {}},
        {"-review-requested:bob is:draft", {3}},
        {"archived:false is:draft", {3}},
        {"archived:true", {}},
        {"what:ever", {}},
    };
    for (const auto& [text, numbers] : table) {
        EXPECT_EQ(by_rest(text, "alice-token"), json(numbers)) << text;
        EXPECT_EQ(by_graphql(text, "alice-token"), json(numbers)) << text;
    }
}

TEST_F(IssueSearchTest, WhatOneMayNotReadIsNotFound) {
    send("POST", "/repos/demo/secret/issues", R"({"title":"Tent of gold"})");
    EXPECT_EQ(by_rest("gold", "alice-token"), json{1});
    EXPECT_EQ(by_graphql("gold", "alice-token"), json{1});
    EXPECT_EQ(by_rest("gold", "carol-token"), json::array());
    EXPECT_EQ(by_graphql("gold", "carol-token"), json::array());
}

TEST_F(IssueSearchTest, ARepositoryThatMayNotBeSeenIsRefusedByRestAndEmptyByGraphql) {
    const auto refused = send("GET", "/search/issues?q=repo:demo/secret", "", "carol-token");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.body["errors"][0]["code"], "invalid");
    EXPECT_EQ(by_graphql("repo:demo/secret", "carol-token"), json::array());
}

TEST_F(IssueSearchTest, RestsOwnOrderGoesBeforeTheTexts) {
    const auto answer = send("GET", "/search/issues?q=is:issue+sort:updated-desc&sort=created&order=asc");
    EXPECT_EQ(answer.body["items"][0]["number"], 4);
}

TEST_F(IssueSearchTest, PagesGoOnWhereTheLastEnded) {
    const auto page = send("GET", "/search/issues?q=repo:demo/app&per_page=2&page=2");
    EXPECT_EQ(page.body["total_count"], 5);
    EXPECT_EQ(page.body["items"][0]["number"], 3);
    EXPECT_THAT(page.head, HasSubstr("rel=\"next\""));
    const std::string query =
        "query($after: String) { search(query: \"repo:demo/app\", type: ISSUE, first: 2, "
        "after: $after) { nodes { ... on PullRequest { number } ... on Issue { number } } "
        "pageInfo { endCursor } } }";
    const auto ask = [&](const json& after) {
        const json request = {{"query", query}, {"variables", {{"after", after}}}};
        return send("POST", "/graphql", request.dump()).body["data"]["search"];
    };
    const json first = ask(nullptr);
    EXPECT_EQ(first["nodes"][1]["number"], 4);
    EXPECT_EQ(ask(first["pageInfo"]["endCursor"])["nodes"][0]["number"], 3);
}

}  // namespace
}  // namespace ringmaster::local_forge
