#include <gmock/gmock.h>

#include "local_forge/graphql_test_support.h"

namespace ringmaster::local_forge {
namespace {

using nlohmann::json;

class GraphqlPulls : public GraphqlTest {
 protected:
    json pull_of(std::int64_t number, const std::string& selection) {
        return in_repository(
            fmt::format("pullRequest(number: {}) {{ {} }}", number, selection))["pullRequest"];
    }
    json numbers(const std::string& arguments) {
        json found = json::array();
        const json pulls =
            in_repository("pullRequests(" + arguments + ") { nodes { number } }")["pullRequests"];
        for (const auto& node : pulls["nodes"]) found.push_back(node["number"]);
        return found;
    }
    std::string input_of(const PullRequest& pull) {
        return "(input: {pullRequestId: " + literal(node_id(pull)) + "})";
    }
};

TEST_F(GraphqlPulls, SayWhatTheBranchAndItsTipAre) {
    const PullRequest pull = open_pull("feature", "Add a feature\n\nAt length.");
    const json found = pull_of(
        pull.issue.number, R"(id state isDraft isCrossRepository headRefName headRefOid baseRefName baseRefOid
        url resourcePath repository { nameWithOwner } headRepository { name } headRepositoryOwner { login ... on User { name } }
        headRef { name prefix target { oid ... on Commit { message messageHeadline messageBody committedDate author { name email } } } }
        baseRef { name target { oid } branchProtectionRule { requiresStrictStatusChecks } compare(headRef: "feature") { aheadBy behindBy status } })");
    EXPECT_EQ(found["id"], node_id(pull));
    EXPECT_EQ(found["state"], "OPEN");
    EXPECT_EQ(found["url"], fmt::format("https://forge.test/demo/app/pull/{}", pull.issue.number));
    EXPECT_EQ(found["headRefOid"], pull.head_sha);
    EXPECT_EQ(found["headRef"]["name"], "feature");
    EXPECT_EQ(found["headRef"]["prefix"], "refs/heads/");
    EXPECT_EQ(found["headRef"]["target"]["oid"], pull.head_sha);
    EXPECT_EQ(found["headRef"]["target"]["message"], "Add a feature\n\nAt length.");
    EXPECT_EQ(found["headRef"]["target"]["messageHeadline"], "Add a feature");
    EXPECT_EQ(found["headRef"]["target"]["messageBody"], "At length.");
    EXPECT_EQ(found["headRef"]["target"]["author"]["name"], "Alice");
    EXPECT_EQ(found["baseRef"]["target"]["oid"], main);
    EXPECT_EQ(found["baseRef"]["compare"], (json{{"aheadBy", 1}, {"behindBy", 0}, {"status", "AHEAD"}}));
    EXPECT_EQ(found["isCrossRepository"], false);
}

TEST_F(GraphqlPulls, AreMeasuredByGit) {
    const PullRequest pull = open_pull("feature");
    EXPECT_EQ(
        pull_of(pull.issue.number,
                "mergeable mergeStateStatus additions deletions changedFiles commits(first: 5) { totalCount "
                "nodes { commit { oid } } } "
                "files(first: 5) { totalCount nodes { path additions deletions } } potentialMergeCommit { "
                "oid } mergeCommit { oid }")["files"],
        json::parse(R"({"totalCount":1,"nodes":[{"path":"FEATURE-feature","additions":1,"deletions":0}]})"));
    const json found = pull_of(pull.issue.number,
                               "mergeable mergeStateStatus additions commits(last: 1) { totalCount nodes { "
                               "commit { oid statusCheckRollup { state } } } } mergeCommit { oid }");
    EXPECT_EQ(found["mergeable"], "MERGEABLE");
    EXPECT_EQ(found["mergeStateStatus"], "CLEAN");
    EXPECT_EQ(found["additions"], 1);
    EXPECT_EQ(found["commits"]["totalCount"], 1);
    EXPECT_EQ(found["commits"]["nodes"][0]["commit"],
              (json{{"oid", pull.head_sha}, {"statusCheckRollup", nullptr}}));
    EXPECT_EQ(found["mergeCommit"], nullptr);
}

TEST_F(GraphqlPulls, AreListedByStateBranchLabelAndOrder) {
    const PullRequest one = open_pull("one");
    const PullRequest two = open_pull("two");
    const PullRequest three = open_pull("three");
    const std::vector<Label> labels = {make_label("a")};
    ASSERT_TRUE(store->labels().add(bob, repository, three.issue, labels));
    data("mutation { closePullRequest" + input_of(two) + " { pullRequest { state } } }");
    EXPECT_EQ(numbers("first: 9"), (json{1, 2, 3}));
    EXPECT_EQ(numbers("last: 2"), (json{2, 3}));
    EXPECT_EQ(numbers("first: 9, states: OPEN, orderBy: {field: CREATED_AT, direction: DESC}"), (json{3, 1}));
    EXPECT_EQ(numbers("first: 9, states: [CLOSED, MERGED]"), json{2});
    EXPECT_EQ(numbers("first: 9, headRefName: \"one\""), json{1});
    EXPECT_EQ(numbers("first: 9, baseRefName: \"other\""), json::array());
    EXPECT_EQ(numbers("first: 9, labels: [\"a\", \"b\"]"), json{3});
    EXPECT_EQ(numbers("last: 1, orderBy: {field: CREATED_AT, direction: DESC}"), json{1});
}

TEST_F(GraphqlPulls, PagesFollowEachOtherWithoutGapOrDouble) {
    for (int i = 0; i < 7; ++i) open_pull(fmt::format("branch-{}", i));
    json seen = json::array();
    json cursor = nullptr;
    for (int page = 0; page < 4; ++page) {
        const json pulls = data(
            "query($after: String) { repository(owner: \"demo\", name: \"app\") { pullRequests(first: 2, "
            "after: $after, states: OPEN, "
            "orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { number } pageInfo { "
            "hasNextPage endCursor } } } }",
            {{"after", cursor}})["repository"]["pullRequests"];
        EXPECT_EQ(pulls["totalCount"], 7);
        EXPECT_EQ(pulls["pageInfo"]["hasNextPage"], page < 3);
        for (const auto& node : pulls["nodes"]) seen.push_back(node["number"]);
        cursor = pulls["pageInfo"]["endCursor"];
    }
    EXPECT_EQ(seen, (json{7, 6, 5, 4, 3, 2, 1}));
}

TEST_F(GraphqlPulls, GoThroughTheirStates) {
    const PullRequest pull = open_pull("feature");
    const auto run = [&](const std::string& mutation) {
        return data("mutation { it: " + mutation + input_of(pull) +
                    " { pullRequest { state isDraft closed } } }")["it"]["pullRequest"];
    };
    EXPECT_EQ(run("convertPullRequestToDraft")["isDraft"], true);
    EXPECT_EQ(run("markPullRequestReadyForReview")["isDraft"], false);
    EXPECT_EQ(run("closePullRequest")["state"], "CLOSED");
    EXPECT_EQ(run("reopenPullRequest")["state"], "OPEN");
    const json merged = mutate(
        "mergePullRequest(input: {pullRequestId: " + literal(node_id(pull)) +
            ", mergeMethod: SQUASH, expectedHeadOid: " + literal(pull.head_sha) + "})",
        "pullRequest { state merged mergedAt mergedBy { login } mergeCommit { oid } } actor { login }");
    EXPECT_EQ(merged["pullRequest"]["state"], "MERGED");
    EXPECT_EQ(merged["pullRequest"]["mergedBy"]["login"], "bob");
    EXPECT_EQ(merged["pullRequest"]["mergeCommit"]["oid"],
              store->refs().find(repository, "refs/heads/main").value()->sha);
    EXPECT_EQ(merged["actor"]["login"], "bob");
}

TEST_F(GraphqlPulls, AMergeOfAnotherHeadIsRefused) {
    const PullRequest pull = open_pull("feature");
    const json error =
        first_error(bob, "mutation { mergePullRequest(input: {pullRequestId: " + literal(node_id(pull)) +
                             ", expectedHeadOid: \"" + std::string(40, '1') + "\"}) { clientMutationId } }");
    EXPECT_EQ(error["type"], "UNPROCESSABLE");
    EXPECT_EQ(pull_of(pull.issue.number, "state")["state"], "OPEN");
}

TEST_F(GraphqlPulls, AreOpenedAndChanged) {
    ASSERT_TRUE(store->repositories().set_opens_pull_requests(repository, false));
    repository = *store->repositories().find(repository.id).value();
    commit_file(git(), "topic", main, "TOPIC", "x\n", "Topic");
    rescan();
    const json opened = mutate(
        "createPullRequest(input: {repositoryId: " + literal(repository_id()) +
            ", title: \"T\", body: \"B\", headRefName: \"topic\", baseRefName: \"main\", draft: true})",
        "pullRequest { id number title body isDraft }")["pullRequest"];
    EXPECT_EQ(opened["title"], "T");
    EXPECT_EQ(opened["isDraft"], true);
    const std::string label = node_id(make_label("a"));
    const json changed =
        mutate("updatePullRequest(input: {pullRequestId: " + opened["id"].dump() +
                   ", title: \"New\", labelIds: [" + literal(label) + "]})",
               "pullRequest { title body labels(first: 1) { nodes { name } } }")["pullRequest"];
    EXPECT_EQ(changed, json::parse(R"({"title":"New","body":"B","labels":{"nodes":[{"name":"a"}]}})"));
}

TEST_F(GraphqlPulls, CommentsAreWrittenReadMinimizedAndDeleted) {
    const PullRequest pull = open_pull("feature");
    const json added = mutate(
        "addComment(input: {subjectId: " + literal(node_id(pull)) + ", body: \"<!-- mark --> hello\"})",
        "commentEdge { node { id databaseId body author { login } viewerDidAuthor isMinimized "
        "authorAssociation url } } subject { id }");
    const json comment = added["commentEdge"]["node"];
    EXPECT_EQ(comment["author"]["login"], "bob");
    EXPECT_EQ(comment["viewerDidAuthor"], true);
    EXPECT_EQ(comment["url"], fmt::format("https://forge.test/demo/app/pull/{}#issuecomment-{}",
                                          pull.issue.number, comment["databaseId"].get<int>()));
    EXPECT_EQ(added["subject"]["id"], node_id(pull));
    const std::string id = comment["id"].dump();
    EXPECT_EQ(mutate("updateIssueComment(input: {id: " + id + ", body: \"changed\"})",
                     "issueComment { body pullRequest { number } issue { number } }")["issueComment"],
              json::parse(R"({"body":"changed","pullRequest":{"number":1},"issue":{"number":1}})"));
    EXPECT_EQ(mutate("minimizeComment(input: {subjectId: " + id + ", classifier: OUTDATED})",
                     "minimizedComment { isMinimized minimizedReason }")["minimizedComment"],
              (json{{"isMinimized", true}, {"minimizedReason", "outdated"}}));
    EXPECT_EQ(pull_of(1, "comments(last: 1) { totalCount nodes { isMinimized body } }")["comments"],
              json::parse(R"({"totalCount":1,"nodes":[{"isMinimized":true,"body":"changed"}]})"));
    mutate("deleteIssueComment(input: {id: " + id + "})", "clientMutationId");
    EXPECT_EQ(pull_of(1, "comments(first: 1) { totalCount }")["comments"]["totalCount"], 0);
}

TEST_F(GraphqlPulls, ABotSignsWithoutItsSuffixButIsShownItsWholeLogin) {
    const Viewer bot = person("github-actions[bot]", Role::Write, UserType::Bot);
    const PullRequest pull = open_pull("feature");
    ASSERT_TRUE(store->comments().create(bot, repository, pull.issue, "beep"));
    EXPECT_EQ(ask_as(bot, "{ viewer { login } }")["data"]["viewer"]["login"], "github-actions[bot]");
    EXPECT_EQ(
        pull_of(
            1,
            "comments(last: 1) { nodes { author { __typename login } } }")["comments"]["nodes"][0]["author"],
        (json{{"__typename", "Bot"}, {"login", "github-actions"}}));
}

TEST_F(GraphqlPulls, TheTimelineTellsWhoAttachedALabelAndWhen) {
    const PullRequest pull = open_pull("feature");
    const std::vector<Label> labels = {make_label("🎪 ⚡ showtime-trigger-start")};
    ASSERT_TRUE(store->labels().add(alice, repository, pull.issue, labels));
    ASSERT_TRUE(store->comments().create(bob, repository, pull.issue, "on it"));
    ASSERT_TRUE(store->labels().detach(bob, repository, pull.issue, labels));
    const json labeled =
        pull_of(1,
                "timelineItems(last: 5, itemTypes: [LABELED_EVENT]) { totalCount nodes { ... on LabeledEvent "
                "{ actor { login } createdAt label { name id } } } }")["timelineItems"];
    EXPECT_EQ(labeled["totalCount"], 1);
    EXPECT_EQ(labeled["nodes"][0]["actor"]["login"], "alice");
    EXPECT_EQ(labeled["nodes"][0]["createdAt"], "2026-11-22T14:09:00Z");
    EXPECT_EQ(labeled["nodes"][0]["label"]["id"], node_id(labels[0]));
    json kinds = json::array();
    const json all = pull_of(1, "timelineItems(first: 50) { nodes { __typename } }")["timelineItems"];
    for (const auto& node : all["nodes"]) kinds.push_back(node["__typename"]);
    EXPECT_EQ(kinds, (json{"LabeledEvent", "UnlabeledEvent", "IssueComment"}))
        << "events of one instant come before comments";
}

TEST_F(GraphqlPulls, WhatGhAsksForAndTheForgeHasNotIsEmpty) {
    open_pull("feature");
    const json found = pull_of(
        1,
        R"(reviews(first: 100) { nodes { id author { login } commit { oid } reactionGroups { content users { totalCount } } } pageInfo { hasNextPage endCursor } totalCount }
        reviewRequests(first: 100) { nodes { requestedReviewer { __typename ... on User { login } ... on Team { organization { login } name slug } } } }
        latestReviews(first: 100) { nodes { state } } latestOpinionatedReviews(first: 9) { totalCount } reviewDecision
        assignees(first: 100) { nodes { id login name } totalCount } milestone { number title description dueOn }
        projectCards(first: 100) { nodes { project { name } column { name } } totalCount }
        projectItems(first: 100) { nodes { id project { id title } status: fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { optionId name } } } totalCount }
        statusCheckRollup: commits(last: 1) { nodes { commit { statusCheckRollup { contexts(first: 100) { nodes { __typename ... on CheckRun { name } } } } } } }
        autoMergeRequest { authorEmail enabledBy { login ... on User { id name } } } closingIssuesReferences(first: 1) { totalCount })");
    EXPECT_EQ(found["reviews"]["totalCount"], 0);
    EXPECT_EQ(found["reviews"]["pageInfo"], (json{{"hasNextPage", false}, {"endCursor", nullptr}}));
    EXPECT_EQ(found["milestone"], nullptr);
    EXPECT_EQ(found["projectItems"]["nodes"], json::array());
    EXPECT_EQ(found["statusCheckRollup"]["nodes"][0]["commit"]["statusCheckRollup"], nullptr);
    EXPECT_EQ(found["autoMergeRequest"], nullptr);
}

TEST_F(GraphqlPulls, IsMergedByRebasingWhenThatCanBeDone) {
    const PullRequest one = open_pull("one");
    commit_file(git(), "two", main, "README", "mine\n", "Mine");
    commit_file(git(), "main", main, "README", "theirs\n", "Theirs");
    rescan();
    const PullRequest two = pull(2);
    const auto can_be_rebased = [&](int number) {
        return in_repository(
            fmt::format("pullRequest(number: {}) {{ canBeRebased }}", number))["pullRequest"]["canBeRebased"];
    };
    EXPECT_EQ(can_be_rebased(1), true);
    EXPECT_EQ(can_be_rebased(2), false);
    const auto call = [](const PullRequest& of) {
        return "mergePullRequest(input: {pullRequestId: " + literal(node_id(of)) + ", mergeMethod: REBASE})";
    };
    const json merged = mutate(call(one),
                               "pullRequest { merged mergeCommit { message parents(first: 2) { "
                               "totalCount } } }")["pullRequest"];
    EXPECT_EQ(merged["merged"], true);
    EXPECT_EQ(merged["mergeCommit"]["message"], "Add a feature");
    EXPECT_EQ(merged["mergeCommit"]["parents"]["totalCount"], 1);
    const json error = first_error(bob, "mutation { " + call(two) + " { clientMutationId } }");
    EXPECT_EQ(error["type"], "UNPROCESSABLE");
    EXPECT_EQ(error["message"], "This branch can't be rebased");
}

}  // namespace
}  // namespace ringmaster::local_forge
