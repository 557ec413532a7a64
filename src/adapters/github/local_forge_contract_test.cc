// The adapter keeps the contracts on a real server: every word goes through libcurl, HTTP, REST and GraphQL.

#include "adapters/github/local_forge_world_test.h"
#include "testing/contracts/claim_refs_contract.h"
#include "testing/contracts/claim_tokens_contract.h"
#include "testing/contracts/forge_contract.h"

namespace ringmaster::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(LocalForge, ForgeContract, github::LocalForgeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(LocalForge, ClaimTokensContract, github::LocalForgeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(LocalForge, ClaimRefsContract, github::LocalForgeWorld);

}  // namespace ringmaster::testing

namespace ringmaster::github {
namespace {

LabelDefinition label(const std::string& name) {
    return {name, "ffd700", "of a show"};
}

/// The requests of the table, taken on a real server: see "Figures to reach".
TEST(RequestBudget, AWholeCreateTakesAtMostTwentyRequestsOfWhichFourteenWrite) {
    LocalForgeWorld world;
    const int number = world.open_pull_request();
    world.label(number, "🎪 ⚡ showtime-trigger-start", "ada");
    auto& http = world.http();
    http.reads = http.writes = 0;

    auto& forge = world.forge();
    ASSERT_TRUE(forge.observe(number));
    ASSERT_TRUE(forge.permission("ada"));
    const auto token =
        world.claim_tokens().create(number, 1, "abc123", world.now() + std::chrono::minutes(5));
    ASSERT_TRUE(token && *token);
    auto view = forge.observe(number);
    ASSERT_TRUE(view) << view.error().describe();
    ASSERT_EQ(view->claim_tokens.size(), 1U);

    std::vector<LabelDefinition> all;
    const std::vector<std::string> states = {"building", "built", "deploying", "running"};
    for (const auto& state : states) all.push_back(label("🎪 abc1234 🚦 " + state));
    for (const auto* name :
         {"🎪 abc1234 📅 2026-01-05T12-00", "🎪 abc1234 🤡 ada", "🎪 🎯 abc1234", "🎪 ⌛ 48h"})
        all.push_back(label(name));
    ASSERT_TRUE(forge.put_definitions(all, Existing::Keep));

    std::string previous = "🎪 ⚡ showtime-trigger-start";
    for (const auto& state : states) {
        PullRequestChange change;
        change.add_labels = {label("🎪 abc1234 🚦 " + state)};
        if (state == "building")
            change.add_labels.insert(change.add_labels.end(), all.begin() + 4, all.end());
        change.remove_labels = {previous};
        previous = "🎪 abc1234 🚦 " + state;
        change.comment = "The show is " + state;
        const bool is_running = state == "running";
        change.deployment =
            DeploymentUpdate{is_running ? DeploymentState::Success : DeploymentState::InProgress,
                             view->pull_request.head, is_running ? "http://127.0.0.1:8080/" : "", "", state};
        const auto outcome = forge.apply(*view, change);
        ASSERT_TRUE(outcome) << outcome.error().describe();
        EXPECT_THAT(outcome->warnings, ::testing::IsEmpty());
        view = outcome->view;
    }
    PullRequestChange address;
    address.add_labels = {label("🎪 abc1234 🌐 127.0.0.1:8080")};
    ASSERT_TRUE(forge.apply(*view, address));
    const std::vector<std::string> ids = {(*token)->id};
    ASSERT_TRUE(world.claim_tokens().remove(ids));

    EXPECT_LE(http.reads + http.writes, 20);
    EXPECT_LE(http.writes, 14);
    RecordProperty("requests", http.reads + http.writes);
    RecordProperty("writes", http.writes);
}

TEST(RequestBudget, TheEndOfAShowIsOneRequest) {
    LocalForgeWorld world;
    const int number = world.open_pull_request();
    auto& forge = world.forge();
    PullRequestChange start;
    start.add_labels = {label("🎪 abc1234 🚦 running"), label("🎪 🎯 abc1234")};
    start.comment = "up";
    auto view = forge.observe(number);
    ASSERT_TRUE(view);
    start.deployment =
        DeploymentUpdate{DeploymentState::Success, view->pull_request.head, "http://x/", "", ""};
    ASSERT_TRUE(forge.apply(*view, start));
    view = forge.observe(number);
    ASSERT_TRUE(view && view->comment && view->deployments.size() == 1);

    auto& http = world.http();
    http.reads = http.writes = 0;
    PullRequestChange end;
    end.remove_labels = view->labels;
    end.comment = "over";
    end.end_deployments = view->deployments;
    const auto outcome = forge.apply(*view, end);
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(outcome->warnings, ::testing::IsEmpty());
    EXPECT_EQ(http.reads, 0);
    EXPECT_EQ(http.writes, 1);
    view = forge.observe(number);
    EXPECT_THAT(view->labels, ::testing::IsEmpty());
    EXPECT_THAT(view->deployments, ::testing::IsEmpty());
    EXPECT_THAT(view->comment->body, ::testing::StartsWith("over"));
}

}  // namespace
}  // namespace ringmaster::github
