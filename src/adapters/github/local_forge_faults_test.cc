// A server that fails before, after, or instead of answering, and what the adapter makes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/github/local_forge_world_test.h"

namespace ringmaster::github {
namespace {

using local_forge::FaultAction;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class FaultsTest : public ::testing::TestWithParam<FaultAction> {
 protected:
    FaultsTest() : number_(world_.open_pull_request()) {}

    PullRequestView observe() {
        auto view = world_.forge().observe(number_);
        if (!view) throw std::runtime_error(view.error().describe());
        return *view;
    }
    static bool is_done() { return GetParam() != FaultAction::ErrorBefore; }

    LocalForgeWorld world_;
    int number_;
};

INSTANTIATE_TEST_SUITE_P(LocalForge, FaultsTest,
                         ::testing::Values(FaultAction::ErrorBefore, FaultAction::ErrorAfter,
                                           FaultAction::DropConnection));

TEST_P(FaultsTest, AReadIsTriedAgain) {
    world_.fail_next(GetParam(), "/graphql");
    EXPECT_EQ(observe().pull_request.number, number_);
}

TEST_P(FaultsTest, ATransitionIsTriedAgainAndHappensOnce) {
    PullRequestChange first;
    first.add_labels = {{"🎪 abc1234 🚦 building", "ffd700", ""}};
    first.comment = "building";
    ASSERT_TRUE(world_.forge().apply(observe(), first));
    const auto view = observe();
    PullRequestChange second;
    second.add_labels = {{"🎪 abc1234 🚦 running", "28a745", ""}};
    second.remove_labels = {"🎪 abc1234 🚦 building"};
    second.comment = "running";
    ASSERT_TRUE(world_.forge().put_definitions(second.add_labels, Existing::Keep));
    world_.fail_next(GetParam(), "/graphql");
    const auto outcome = world_.forge().apply(view, second);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->warnings, IsEmpty());
    EXPECT_THAT(observe().labels, ElementsAre("🎪 abc1234 🚦 running"));
    EXPECT_THAT(observe().comment->body, HasSubstr("running"));
    EXPECT_EQ(world_.count_comments(number_), 1);
}

TEST_P(FaultsTest, DefinitionsAreCreatedOnce) {
    const std::vector<LabelDefinition> wanted = {{"🎪 a", "ffd700", ""}, {"🎪 b", "ffd700", ""}};
    world_.fail_next(GetParam(), "/graphql");
    ASSERT_TRUE(world_.forge().put_definitions(wanted, Existing::Keep));
    EXPECT_EQ(world_.forge().list_definitions("🎪 ")->size(), 2U);
}

TEST_P(FaultsTest, ATokenIsNeverAskedForTwiceAndIsRecognisedByItsHolder) {
    const auto expires = world_.now() + std::chrono::minutes(5);
    const auto create = [&] { return world_.claim_tokens().create(number_, 1, "abc123", expires); };
    world_.fail_next(GetParam(), "/labels");
    world_.http().writes = 0;
    const auto created = create();
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().kind(), ErrorKind::Unavailable);
    EXPECT_EQ(world_.http().writes, 1);
    const auto tokens = observe().claim_tokens;
    ASSERT_EQ(tokens.size(), is_done() ? 1U : 0U);
    if (is_done()) EXPECT_EQ(tokens[0].holder, "abc123");
    const auto again = create();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->has_value(), !is_done());
}

TEST_P(FaultsTest, ADeploymentRecordThatMayExistIsAWarningAndNotMadeTwice) {
    const auto view = observe();
    PullRequestChange change;
    change.deployment = DeploymentUpdate{DeploymentState::Queued, view.pull_request.head, "", "", ""};
    world_.fail_next(GetParam(), "/deployments");
    const auto outcome = world_.forge().apply(view, change);
    ASSERT_TRUE(outcome);
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("could not be recorded")));
    ASSERT_TRUE(world_.forge().apply(observe(), change));
    EXPECT_EQ(observe().deployments.size(), 1U);
}

class AccessTest : public ::testing::Test {
 protected:
    Result<PullRequestView> observe_with(GitHubSettings settings) {
        support::CurlHttpClient http;
        support::SystemClock clock;
        support::SystemEntropy entropy;
        NoProgress progress;
        GitHubClient client(http, clock, entropy, std::move(settings), progress);
        return GitHubForge(client).observe(1);
    }
    LocalForgeWorld world_;
};

TEST_F(AccessTest, AWrongTokenIsSaidAsSuchWithoutShowingIt) {
    const auto view = observe_with(world_.settings_for("a-wrong-token"));
    ASSERT_FALSE(view);
    EXPECT_EQ(view.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(view.error().describe(), Not(HasSubstr("a-wrong-token")));
    EXPECT_THAT(view.error().hint(), HasSubstr("GITHUB_TOKEN"));
}

TEST_F(AccessTest, ARepositoryThatIsNotThereIsNotFound) {
    auto settings = world_.settings_for("token-of-ringmaster-bot");
    settings.repository = {"acme", "nothing"};
    EXPECT_EQ(observe_with(settings).error().kind(), ErrorKind::NotFound);
}

TEST_F(AccessTest, SomebodyWhoMayOnlyReadIsRefusedWithTheMissingRight) {
    world_.add_collaborator("reader", Permission::Read);
    const int number = world_.open_pull_request();
    support::CurlHttpClient http;
    support::SystemClock clock;
    support::SystemEntropy entropy;
    NoProgress progress;
    GitHubClient client(http, clock, entropy, world_.settings_for("token-of-reader"), progress);
    const auto created = GitHubClaimTokens(client).create(number, 1, "abc", world_.now());
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(created.error().hint(), HasSubstr("issues: write"));
    GitHubForge forge(client);
    auto view = forge.observe(number);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->viewer_permission, Permission::Read);
    PullRequestChange change;
    change.add_labels = {{"🎪 a", "ffd700", ""}};
    const auto outcome = forge.apply(*view, change);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Unauthorized);
}

}  // namespace
}  // namespace ringmaster::github
