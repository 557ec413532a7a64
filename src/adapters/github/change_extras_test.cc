// Transitions: comment and deployment records, which are best effort.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/github/apply_fixture_test.h"
#include "adapters/github/view_fixture_test.h"

namespace ringmaster::github {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ApplyTest, TheEndOfAShowIsOneRequest) {
    const auto view = observe([](Json& repository) {
        with_comment(repository);
        with_deployment(repository);
    });
    http_
        .expect("POST", "graphql",
                {"{remove:removeLabelsFromLabelable", " comment:updateIssueComment",
                 " end0:createDeploymentStatus", " delete0:deleteDeployment",
                 R"("end0":{"deploymentId":"DE_1","state":"INACTIVE")"})
        .answers(200,
                 data(R"({"remove":{},"comment":{"issueComment":{"id":"C_1"}},)"
                      R"("end0":{"deploymentStatus":{"id":"DS"}},"delete0":{"clientMutationId":null}})"));
    PullRequestChange change;
    change.remove_labels = {kTrigger};
    change.comment = "The show is over";
    change.end_deployments = view.deployments;
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre("bug"));
    EXPECT_THAT(outcome->view.deployments, IsEmpty());
    EXPECT_EQ(outcome->view.comment->body, "The show is over\n\n<!-- showtime-comment -->");
    EXPECT_THAT(outcome->warnings, IsEmpty());
    EXPECT_EQ(http_.requests().size(), 2U);
}

TEST_F(ApplyTest, AnAdministratorsTokenTakesTheEmptyEnvironmentAwayAndMayFailAtThat) {
    const auto view = observe([](Json& repository) {
        with_deployment(repository);
        repository["viewerPermission"] = "ADMIN";
    });
    http_.expect("POST", "graphql", {"deleteDeployment"})
        .answers(200,
                 data(R"({"end0":{"deploymentStatus":{"id":"DS"}},"delete0":{"clientMutationId":null}})"));
    http_.expect("DELETE", "/repos/acme/shop/environments/show%2Fpr-12").answers(404, "");
    PullRequestChange change;
    change.end_deployments = view.deployments;
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->warnings, IsEmpty());
}

TEST_F(ApplyTest, CommentAndDeploymentFailuresAreWarnings) {
    const auto view = observe([](Json& repository) {
        with_comment(repository);
        with_deployment(repository);
    });
    http_.expect("POST", "graphql")
        .answers(200, data(R"({"remove":{},"comment":null,"end0":null,"delete0":null})",
                           R"({"type":"FORBIDDEN","path":["comment"],"message":"issue is locked"},)"
                           R"({"type":"FORBIDDEN","path":["end0"],"message":"no deployments"},)"
                           R"({"type":"NOT_FOUND","path":["delete0"],"message":"no node"})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    change.comment = "new";
    change.end_deployments = view.deployments;
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("locked"), HasSubstr("no deployments")));
    EXPECT_EQ(outcome->view.comment->body, "old <!-- showtime-comment -->");
}

TEST_F(ApplyTest, AChangeWithoutLabelsNeverFails) {
    const auto view = observe(with_comment);
    http_.expect("POST", "graphql").answers(401, R"({"message":"Bad credentials"})");
    PullRequestChange change;
    change.comment = "new";
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("Bad credentials")));
}

TEST_F(ApplyTest, TheSameCommentIsNotWrittenAgain) {
    const auto view = observe(with_comment);
    PullRequestChange change;
    change.comment = "old <!-- showtime-comment -->";
    EXPECT_TRUE(forge_.apply(view, change));
    EXPECT_EQ(http_.requests().size(), 1U);
}

TEST_F(ApplyTest, BeforeAFirstCommentAllCommentsAreLookedThrough) {
    const auto view = observe();
    const auto page = [](const Json& nodes, bool has_next) {
        const Json comments = {{"totalCount", 101},
                               {"pageInfo", {{"hasNextPage", has_next}, {"endCursor", "c"}}},
                               {"nodes", nodes}};
        return data(Json{{"viewer", {{"login", "helper[bot]"}}},
                         {"repository", {{"pullRequest", {{"comments", comments}}}}}}
                        .dump());
    };
    http_.expect("POST", "graphql", {"comments(first:100", "\"after\":null"})
        .answers(200, page(Json::array(), true));
    http_.expect("POST", "graphql", {"\"after\":\"c\""})
        .answers(200, page(Json::array({comment_node("C_9", "old <!-- showtime-comment -->", true)}), false));
    http_.expect("POST", "graphql", {"updateIssueComment", "C_9"})
        .answers(200, data(R"({"comment":{"issueComment":{"id":"C_9"}}})"));
    PullRequestChange change;
    change.comment = "new";
    EXPECT_EQ(forge_.apply(view, change)->view.comment->id, "C_9");
}

TEST_F(ApplyTest, AFirstCommentWhoseReplyIsLostIsNotWrittenTwice) {
    const auto view = observe();
    expect_no_comment_yet();
    http_.expect("POST", "graphql", {"remove", "addComment"}).answers(502, "");
    http_.expect("POST", "graphql", {"mutation($remove:RemoveLabelsFromLabelableInput!){remove"})
        .answers(200, data(R"({"remove":{}})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    change.comment = "new";
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("may not have been written")));
    EXPECT_FALSE(outcome->view.comment);
}

TEST_F(ApplyTest, ACommentThatSomebodyDeletedIsWrittenAnew) {
    const auto view = observe(with_comment);
    http_.expect("POST", "graphql", {"updateIssueComment"})
        .answers(200, data(R"({"comment":null})",
                           R"({"type":"NOT_FOUND","path":["comment"],"message":"no node"})"));
    http_.expect("POST", "graphql", {"addComment"})
        .answers(200, data(R"({"comment":{"commentEdge":{"node":{"id":"C_2"}}}})"));
    PullRequestChange change;
    change.comment = "new";
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->view.comment->id, "C_2");
    EXPECT_THAT(outcome->warnings, IsEmpty());
}

TEST_F(ApplyTest, AnOverlongCommentIsCutAndKeepsItsMarker) {
    const std::string fitted = fit_comment(std::string(300'000, 'x'));
    EXPECT_LE(fitted.size(), 60'000U);
    EXPECT_THAT(fitted, HasSubstr(std::string(kStickyMarker)));
}

TEST_F(ApplyTest, AFirstDeploymentIsMadeByRestWithEveryDefaultThatBitesSwitchedOff) {
    const auto view = observe();
    http_
        .expect("POST", "/repos/acme/shop/deployments",
                {"\"ref\":\"" + kHead + "\"", "\"auto_merge\":false", "\"required_contexts\":[]",
                 "\"production_environment\":false", "\"transient_environment\":true",
                 "\"environment\":\"show/pr-12\""})
        .answers(201, R"({"node_id":"DE_1"})");
    http_
        .expect("POST", "graphql",
                {"createDeploymentStatus", R"("state":"SUCCESS")", R"("environmentUrl":"http://show")"})
        .answers(200, data(R"({"status":{"deploymentStatus":{"id":"DS"}}})"));
    PullRequestChange change;
    change.deployment =
        DeploymentUpdate{DeploymentState::Success, view.pull_request.head, "http://show", "", "up"};
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->view.deployments,
                ElementsAre(DeploymentRecord{"DE_1", view.pull_request.head, DeploymentState::Success}));
}

TEST_F(ApplyTest, AKnownDeploymentIsUpdatedInTheSameRequestAsTheLabels) {
    const auto view = observe(with_deployment);
    http_
        .expect("POST", "graphql",
                {"remove", "status:createDeploymentStatus", "DE_1", R"("state":"FAILURE")"})
        .answers(200, data(R"({"remove":{},"status":{"deploymentStatus":{"id":"DS"}}})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    change.deployment =
        DeploymentUpdate{DeploymentState::Failure, view.pull_request.head, "", "", std::string(200, 'x')};
    EXPECT_EQ(forge_.apply(view, change)->view.deployments.at(0).state, DeploymentState::Failure);
}

TEST_F(ApplyTest, ADeploymentThatCannotBeRecordedIsAWarning) {
    const auto view = observe();
    http_.expect("POST", "/deployments")
        .answers(403, R"({"message":"Resource not accessible by integration"})");
    PullRequestChange change;
    change.deployment = DeploymentUpdate{DeploymentState::Queued, view.pull_request.head, "", "", ""};
    EXPECT_THAT(forge_.apply(view, change)->warnings, ElementsAre(HasSubstr("could not be recorded")));
}

TEST_F(ApplyTest, MoreThanTwentyMutationsAreSeveralRequestsLabelsFirst) {
    const auto view = observe();
    PullRequestChange change;
    change.remove_labels = {"bug"};
    for (int i = 0; i < 15; ++i)
        change.end_deployments.push_back(
            {fmt::format("DE_{}", i), view.pull_request.head, DeploymentState::Success});
    http_.expect("POST", "graphql", {"{remove:", "end9:"}).answers(200, data(R"({"remove":{}})"));
    http_.expect("POST", "graphql", {"delete14:"}).answers(200, data("{}"));
    EXPECT_TRUE(forge_.apply(view, change));
}

}  // namespace
}  // namespace ringmaster::github
