// Transitions: the labels, which decide.

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

TEST_F(ApplyTest, NothingToDoTakesNoRequest) {
    const auto view = observe();
    PullRequestChange change;
    change.add_labels = {{"bug", "ff0000", ""}};
    change.remove_labels = {"not there"};
    EXPECT_TRUE(forge_.apply(view, change));
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
    const auto outcome = forge_.apply(view, change);
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
    const auto outcome = forge_.apply(view, change);
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
    EXPECT_TRUE(forge_.apply(view, change));
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
    const auto outcome = forge_.apply(view, change);
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
    const auto outcome = forge_.apply(view, change);
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
    EXPECT_TRUE(forge_.apply(view, change));
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
    EXPECT_EQ(forge_.apply(view, change).error().kind(), ErrorKind::NotFound);
}

TEST_F(ApplyTest, ARefusedLabelIsAnErrorWhateverElseWorked) {
    const auto view = observe(with_comment);
    http_.expect("POST", "graphql", {"remove", "updateIssueComment"})
        .answers(200, data(R"({"remove":null,"comment":{"issueComment":{"id":"C_1"}}})",
                           R"({"type":"FORBIDDEN","path":["remove"],"message":"Resource not accessible"})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    change.comment = "new";
    EXPECT_EQ(forge_.apply(view, change).error().kind(), ErrorKind::Unauthorized);
}

TEST_F(ApplyTest, LabelMutationsAreSentAgainAfterALostReply) {
    const auto view = observe();
    http_.expect("POST", "graphql", {"remove"}).breaks(Error::unavailable("lost"));
    http_.expect("POST", "graphql", {"remove"}).answers(504, "");
    http_.expect("POST", "graphql", {"remove"}).answers(200, data(R"({"remove":{}})"));
    PullRequestChange change;
    change.remove_labels = {"bug"};
    EXPECT_TRUE(forge_.apply(view, change));
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
    const auto outcome = forge_.apply(view, change);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->view.labels, ElementsAre("🎪 a", kTrigger));

    http_.expect("DELETE", "/issues/12/labels/%F0%9F%8E%AA%20a");
    PullRequestChange back;
    back.remove_labels = {"🎪 a"};
    EXPECT_TRUE(forge_.apply(outcome->view, back));
}

TEST_F(ApplyTest, TooManyLabelsAndImpossibleOnesAreRefusedBeforeAnythingIsSent) {
    auto view = observe();
    const auto kind_with = [&](LabelDefinition definition) {
        PullRequestChange change;
        change.add_labels = {std::move(definition)};
        const auto outcome = forge_.apply(view, change);
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
