#include "adapters/github/change_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/github/github_forge.h"
#include "adapters/github/github_world_test.h"
#include "adapters/github/view_fixture_test.h"

namespace ringmaster::github {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kTrigger = "🎪 ⚡ showtime-trigger-start";

class ApplyTest : public GitHubTest {
 protected:
    ApplyTest() : forge_(client()) {}

    /// Observes the fixture's pull request, changed by `edit`.
    PullRequestView observe(const std::function<void(Json&)>& edit = nullptr) {
        Json answer = view_answer();
        if (edit) edit(answer["data"]["repository"]);
        http_.expect("POST", "graphql", {"viewerPermission"}).answers(200, answer.dump());
        auto view = forge_.observe(12);
        if (!view) throw std::runtime_error(view.error().describe());
        return *view;
    }
    static void with_comment(Json& repository) {
        repository["pullRequest"]["comments"]["nodes"] =
            Json::array({comment_node("C_1", "old <!-- showtime-comment -->", true)});
    }
    static void with_deployment(Json& repository) {
        repository["deployments"]["nodes"] =
            Json::array({{{"id", "DE_1"}, {"commitOid", kHead}, {"state", "ACTIVE"}}});
    }
    static std::string labels_answer(const std::string& alias, const std::vector<std::string>& names) {
        Json nodes = Json::array();
        for (const auto& name : names) nodes.push_back({{"id", "LA_" + name}, {"name", name}});
        const Json labels = {{"totalCount", nodes.size()},
                             {"pageInfo", {{"hasNextPage", false}, {"endCursor", nullptr}}},
                             {"nodes", nodes}};
        return Json{{alias, {{"labelable", {{"labels", labels}}}}}}.dump();
    }
    static std::string data(const std::string& members, const std::string& errors = "") {
        return "{\"data\":" + members + (errors.empty() ? "" : ",\"errors\":[" + errors + "]") + "}";
    }
    /// Look-ups of names: those of `ids` are known.
    void expect_look_up(const std::vector<std::pair<std::string, std::string>>& names_and_ids) {
        Json repository = {{"id", "R_1"}};
        std::vector<std::string> parts = {"n0:label(name:$n0)"};
        for (std::size_t i = 0; i < names_and_ids.size(); ++i) {
            const auto& [name, id] = names_and_ids[i];
            parts.push_back(fmt::format("\"n{}\":\"{}\"", i, name));
            const auto key = fmt::format("n{}", i);
            if (id.empty())
                repository[key] = nullptr;
            else
                repository[key] = {{"id", id}, {"name", name}, {"color", "ffffff"}, {"description", nullptr}};
        }
        http_.expect("POST", "graphql", parts).answers(200, data(Json{{"repository", repository}}.dump()));
    }
    void expect_no_comment_yet() {
        http_.expect("POST", "graphql", {"comments(first:100"})
            .answers(
                200,
                data(R"({"viewer":{"login":"helper[bot]"},"repository":{"pullRequest":{"comments":)"
                     R"({"totalCount":0,"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[]}}}})"));
    }
    Result<ChangeOutcome> apply(const PullRequestView& view, const PullRequestChange& change) {
        return forge_.apply(view, change);
    }

    GitHubForge forge_;
};

TEST_F(ApplyTest, NothingToDoTakesNoRequest) {
    const auto view = observe();
    PullRequestChange change;
    change.add_labels = {{"bug", "ff0000", ""}};
    change.remove_labels = {"not there"};
    EXPECT_TRUE(apply(view, change));
    EXPECT_EQ(http_.requests().size(), 1U);
}

TEST_F(ApplyTest, ATransitionAddsBeforeItRemovesInOneRequest) {
    const auto view = observe();
    expect_look_up({{"🎪 x", "LA_x"}});
    http_
        .expect("POST", "graphql",
                {"{add:addLabelsToLabelable(input:$add)", " remove:removeLabelsFromLabelable(input:$remove)",
                 R"("add":{"labelableId":"PR_12","labelIds":["LA_x"]})",
                 R"("remove":{"labelableId":"PR_12","labelIds":["LA_2"]})"})
        .answers(200, data(R"({"add":{"labelable":{}},"remove":{"labelable":{}}})"));
    PullRequestChange change;
    change.add_labels = {{"🎪 x", "ff0000", ""}};
    change.remove_labels = {kTrigger};
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre("bug", "🎪 x"));
    EXPECT_THAT(outcome->warnings, IsEmpty());
}

TEST_F(ApplyTest, MissingDefinitionsAreCreatedTogetherAndExistingOnesLeftAlone) {
    const auto view = observe();
    expect_look_up({{"🎪 a", ""}, {"🎪 b", "LA_b"}, {"🎪 c", ""}});
    http_
        .expect("POST", "graphql",
                {"c0:createLabel", "c1:createLabel",
                 R"("c0":{"repositoryId":"R_1","name":"🎪 a","color":"ff0000","description":"first"})"})
        .answers(200, data(R"({"c0":{"label":{"id":"LA_a"}},"c1":{"label":{"id":"LA_c"}}})"));
    http_.expect("POST", "graphql", {R"("labelIds":["LA_a","LA_b","LA_c"])"})
        .answers(200, data(labels_answer("add", {"bug", kTrigger, "🎪 a", "🎪 b", "🎪 c", "someone's"})));
    PullRequestChange change;
    change.add_labels = {{"🎪 a", "#ff0000", "first 🎪"}, {"🎪 b", "ff0000", ""}, {"🎪 c", "ff0000", ""}};
    change.add_labels[0].description = "first";
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre("bug", "someone's", "🎪 a", "🎪 b", "🎪 c", kTrigger));
}

TEST_F(ApplyTest, ADefinitionThatSomebodyElseMadeMeanwhileIsUsed) {
    const auto view = observe();
    expect_look_up({{"🎪 a", ""}});
    http_.expect("POST", "graphql", {"createLabel"})
        .answers(200, data(R"({"c0":null})", R"({"type":"UNPROCESSABLE","path":["c0"],"message":"taken"})"));
    expect_look_up({{"🎪 a", "LA_theirs"}});
    http_.expect("POST", "graphql", {R"(["LA_theirs"])"}).answers(200, data(R"({"add":{}})"));
    PullRequestChange change;
    change.add_labels = {{"🎪 a", "ff0000", ""}};
    EXPECT_TRUE(apply(view, change));
}

TEST_F(ApplyTest, ANameGitHubRefusesIsAnError) {
    const auto view = observe();
    expect_look_up({{"🎪", ""}});
    http_.expect("POST", "graphql", {"createLabel"})
        .answers(
            200,
            data(
                R"({"c0":null})",
                R"({"type":"UNPROCESSABLE","path":["c0"],"message":"must contain more than native emoji"})"));
    expect_look_up({{"🎪", ""}});
    PullRequestChange change;
    change.add_labels = {{"🎪", "ff0000", ""}};
    const auto outcome = apply(view, change);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(outcome.error().message(), HasSubstr("native emoji"));
}

TEST_F(ApplyTest, IdsThatWentStaleAreLearntAgainOnce) {
    const auto view = observe();
    http_.expect("POST", "graphql", {R"("labelIds":["LA_1"])"})
        .answers(200,
                 data(R"({"remove":null})", R"({"type":"NOT_FOUND","path":["remove"],"message":"no node"})"));
    expect_look_up({{"bug", "LA_new"}});
    http_.expect("POST", "graphql", {R"("labelIds":["LA_new"])"}).answers(200, data(R"({"remove":{}})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre(kTrigger));
}

TEST_F(ApplyTest, ALabelWhoseDefinitionIsGoneIsRemovedAlready) {
    const auto view = observe();
    http_.expect("POST", "graphql", {"remove"})
        .answers(200,
                 data(R"({"remove":null})", R"({"type":"NOT_FOUND","path":["remove"],"message":"no node"})"));
    expect_look_up({{"bug", ""}});
    PullRequestChange change;
    change.remove_labels = {"bug"};
    EXPECT_TRUE(apply(view, change));
}

TEST_F(ApplyTest, APullRequestThatIsGoneIsNotFoundAfterASecondTry) {
    const auto view = observe();
    const auto gone =
        data(R"({"remove":null})", R"({"type":"NOT_FOUND","path":["remove"],"message":"no node"})");
    http_.expect("POST", "graphql", {"remove"}).answers(200, gone);
    expect_look_up({{"bug", "LA_1"}});
    http_.expect("POST", "graphql", {"remove"}).answers(200, gone);
    PullRequestChange change;
    change.remove_labels = {"bug"};
    EXPECT_EQ(apply(view, change).error().kind(), ErrorKind::NotFound);
}

TEST_F(ApplyTest, ARefusedLabelIsAnErrorWhateverElseWorked) {
    const auto view = observe(with_comment);
    http_.expect("POST", "graphql", {"remove", "updateIssueComment"})
        .answers(200, data(R"({"remove":null,"comment":{"issueComment":{"id":"C_1"}}})",
                           R"({"type":"FORBIDDEN","path":["remove"],"message":"Resource not accessible"})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    change.comment = "new";
    EXPECT_EQ(apply(view, change).error().kind(), ErrorKind::Unauthorized);
}

TEST_F(ApplyTest, LabelMutationsAreSentAgainAfterALostReply) {
    const auto view = observe();
    http_.expect("POST", "graphql", {"remove"}).breaks(Error::unavailable("lost"));
    http_.expect("POST", "graphql", {"remove"}).answers(504, "");
    http_.expect("POST", "graphql", {"remove"}).answers(200, data(R"({"remove":{}})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    EXPECT_TRUE(apply(view, change));
}

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
    const auto outcome = apply(view, change);
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
    const auto outcome = apply(view, change);
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
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("locked"), HasSubstr("no deployments")));
    EXPECT_EQ(outcome->view.comment->body, "old <!-- showtime-comment -->");
}

TEST_F(ApplyTest, AChangeWithoutLabelsNeverFails) {
    const auto view = observe(with_comment);
    http_.expect("POST", "graphql").answers(401, R"({"message":"Bad credentials"})");
    PullRequestChange change;
    change.comment = "new";
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("Bad credentials")));
}

TEST_F(ApplyTest, TheSameCommentIsNotWrittenAgain) {
    const auto view = observe(with_comment);
    PullRequestChange change;
    change.comment = "old <!-- showtime-comment -->";
    EXPECT_TRUE(apply(view, change));
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
    EXPECT_EQ(apply(view, change)->view.comment->id, "C_9");
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
    const auto outcome = apply(view, change);
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
    const auto outcome = apply(view, change);
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
    const auto outcome = apply(view, change);
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
    EXPECT_EQ(apply(view, change)->view.deployments.at(0).state, DeploymentState::Failure);
}

TEST_F(ApplyTest, ADeploymentThatCannotBeRecordedIsAWarning) {
    const auto view = observe();
    http_.expect("POST", "/deployments")
        .answers(403, R"({"message":"Resource not accessible by integration"})");
    PullRequestChange change;
    change.deployment = DeploymentUpdate{DeploymentState::Queued, view.pull_request.head, "", "", ""};
    EXPECT_THAT(apply(view, change)->warnings, ElementsAre(HasSubstr("could not be recorded")));
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
    EXPECT_TRUE(apply(view, change));
}

TEST_F(ApplyTest, AServerWithoutLabelMutationsIsSpokenToByRestFromThenOn) {
    const auto view = observe();
    expect_look_up({{"🎪 a", "LA_a"}});
    http_.expect("POST", "graphql", {"addLabelsToLabelable"})
        .answers(200, R"({"errors":[{"path":["mutation","add"],"extensions":{"code":"undefinedField"},)"
                      R"("message":"Field 'addLabelsToLabelable' doesn't exist on type 'Mutation'"}]})");
    http_.expect("POST", "/repos/acme/shop/issues/12/labels", {R"({"labels":["🎪 a"]})"});
    http_.expect("DELETE", "/repos/acme/shop/issues/12/labels/bug").answers(404, "");
    PullRequestChange change;
    change.add_labels = {{"🎪 a", "ff0000", ""}};
    change.remove_labels = {"bug"};
    const auto outcome = apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre("🎪 a", kTrigger));

    http_.expect("DELETE", "/issues/12/labels/%F0%9F%8E%AA%20a");
    PullRequestChange back;
    back.remove_labels = {"🎪 a"};
    EXPECT_TRUE(apply(outcome->view, back));
}

TEST_F(ApplyTest, TooManyLabelsAndImpossibleOnesAreRefusedBeforeAnythingIsSent) {
    auto view = observe();
    const auto kind_with = [&](LabelDefinition definition) {
        PullRequestChange change;
        change.add_labels = {std::move(definition)};
        const auto outcome = apply(view, change);
        return outcome ? ErrorKind::Failed : outcome.error().kind();
    };
    EXPECT_EQ(kind_with({std::string(51, 'x'), "ff0000", ""}), ErrorKind::InvalidInput);
    EXPECT_EQ(kind_with({"", "ff0000", ""}), ErrorKind::InvalidInput);
    EXPECT_EQ(kind_with({"x", "red", ""}), ErrorKind::InvalidInput);
    for (int i = 0; view.labels.size() < 95; ++i) view.labels.push_back(fmt::format("l{}", i));
    EXPECT_EQ(kind_with({"x", "ff0000", ""}), ErrorKind::InvalidInput);
    EXPECT_EQ(http_.requests().size(), 1U);
}

TEST_F(ApplyTest, DescriptionsLoseWhatGitHubDoesNotTake) {
    const auto checked = checked_definition({"x", "#FF0000", "🎪 ⌛ é " + std::string(200, 'x')}).value();
    EXPECT_EQ(checked.color, "FF0000");
    EXPECT_THAT(checked.description, HasSubstr(" ⌛ é xxx"));
    EXPECT_EQ(checked.description.find("🎪"), std::string::npos);
}

}  // namespace
}  // namespace ringmaster::github
