#include "shows/upkeep.h"

#include <gtest/gtest.h>

#include "shows/comment.h"
#include "shows/service.h"
#include "shows/token_claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_engine.h"
#include "testing/fake_entropy.h"
#include "testing/fake_forge.h"

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;
using ringmaster::testing::FakeForge;

constexpr std::string_view kOld = "aaaaaaa";
constexpr std::string_view kNew = "bbbbbbb";

/// What the simulator found, each as a short play on fakes.
class UpkeepTest : public ::testing::Test {
 protected:
    UpkeepTest() { forge.open(12, std::string(kOld)); }

    Result<SyncOutcome> sync() { return run({.number = 12}); }
    Result<SyncOutcome> run(const SyncRequest& request) {
        ShowService service({forge, claims, builder, runtime, web, clock, history},
                            {.repository = {"o", "r"}});
        SilentReporter reporter;
        NoProgress progress;
        return service.sync(request, reporter, progress);
    }
    void start() {
        forge.label(12, std::string(kStartTrigger));
        const auto started = sync();
        ASSERT_TRUE(started) << started.error().describe();
    }
    LabelState labels() { return parse_labels(forge.item(12).labels); }
    std::string comment_state() {
        return forge.item(12).comment ? comment_state_word(forge.item(12).comment->body) : "";
    }
    bool runs(std::string_view sha) {
        return runtime.services.contains(fmt::format("pr-12-{}-service", sha));
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    FakeForge forge{clock};
    ringmaster::testing::FakeBuilder builder{clock};
    ringmaster::testing::FakeRuntime runtime{clock};
    ringmaster::testing::FakeWeb web{runtime};
    ringmaster::testing::FakeHistory history;
    TokenClaims claims{forge, forge, clock, entropy, {}};
};

TEST_F(UpkeepTest, AShowWhoseWorkersDiedTooOftenSaysThatItFailedAndLeavesNothing) {
    start();
    const Show dead{.sha = *ShortSha::parse(kOld), .status = ShowStatus::Deploying, .failed_attempts = 1};
    forge.item(12).labels.clear();
    for (const auto& label : print_show(dead)) forge.label(12, label.name);
    forge.label(12, building_pointer(dead.sha).name);
    ASSERT_TRUE(sync());
    ASSERT_EQ(labels().shows.size(), 1U);
    EXPECT_EQ(labels().shows[0].status, ShowStatus::Failed);
    EXPECT_EQ(labels().shows[0].failed_attempts, 2);
    EXPECT_FALSE(runs(kOld));
    EXPECT_TRUE(builder.built.empty());
    EXPECT_EQ(comment_state(), "failed");
    EXPECT_TRUE(labels().problems.empty()) << labels().problems[0];
}

TEST_F(UpkeepTest, AServiceThatDiedForGoodIsNotSaidToRun) {
    start();
    forge.label(12, "🎪 aaaaaaa 🔁 1");
    runtime.services.begin()->second.state = ServiceState::Exited;
    ASSERT_TRUE(sync());
    EXPECT_EQ(labels().shows[0].status, ShowStatus::Failed);
    EXPECT_EQ(comment_state(), "failed");
    EXPECT_FALSE(runs(kOld));
}

TEST_F(UpkeepTest, AFailedVersionThatCouldNotBeRemovedGoesWithTheNextLook) {
    web.status = 500;
    runtime.remove_failure = Error::unavailable("the engine sleeps");
    forge.label(12, std::string(kStartTrigger));
    ASSERT_FALSE(sync());
    ASSERT_FALSE(sync()) << "tried again once by itself";
    ASSERT_TRUE(runs(kOld));
    runtime.remove_failure.reset();
    ASSERT_TRUE(sync());
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(labels().shows[0].status, ShowStatus::Failed);
    EXPECT_EQ(labels().shows[0].failed_attempts, 2);
}

TEST_F(UpkeepTest, AnOldVersionThatCouldNotBeRemovedGoesWithTheNextLook) {
    start();
    forge.push(12, std::string(kNew));
    runtime.remove_failure = Error::unavailable("the engine sleeps");
    ASSERT_TRUE(sync());
    ASSERT_TRUE(runs(kOld));
    runtime.remove_failure.reset();
    ASSERT_TRUE(sync());
    EXPECT_FALSE(runs(kOld));
    ASSERT_EQ(labels().shows.size(), 1U);
    EXPECT_EQ(labels().shows[0].sha.text(), kNew);
}

TEST_F(UpkeepTest, ACommentAndARecordThatCouldNotBeWrittenAreWrittenByTheNextLook) {
    start();
    forge.item(12).comment.reset();
    forge.item(12).deployments.push_back({"DE_99", FakeForge::sha("ccccccc"), DeploymentState::Success});
    ASSERT_TRUE(sync());
    EXPECT_EQ(comment_state(), "running");
    ASSERT_EQ(forge.item(12).deployments.size(), 1U);
    EXPECT_EQ(forge.item(12).deployments[0].sha.short_sha().text(), kOld);
    const int edits = forge.item(12).comment_edits;
    ASSERT_TRUE(sync());
    EXPECT_EQ(forge.item(12).comment_edits, edits);
}

TEST_F(UpkeepTest, ARebuildThatFailsAfterItTookTheServiceAwayDoesNotSayThatItStillServes) {
    start();
    forge.label(12, std::string(kStartTrigger));
    runtime.deploy_failure = Error::failed("no room");
    ASSERT_FALSE(sync());
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(labels().shows[0].status, ShowStatus::Failed);
    EXPECT_FALSE(labels().shows[0].endpoint);
}

TEST_F(UpkeepTest, ASwitchWhoseReplyIsLostNeverTakesTheNewVersionAway) {
    start();
    forge.push(12, std::string(kNew));
    int switches = 0;
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        const bool is_switched = forge.has_label(12, "🎪 🎯 bbbbbbb");
        if (call == "apply" && moment == FakeForge::Moment::After && is_switched && ++switches == 1)
            return Error::unavailable("the reply was lost");
        if (call == "observe" && is_switched) return Error::unavailable("and nothing else came, either");
        return std::nullopt;
    };
    EXPECT_FALSE(sync());
    EXPECT_TRUE(runs(kNew)) << "visitors are there";
    EXPECT_TRUE(runs(kOld));
    forge.on_call = nullptr;
    clock.advance(10min);
    ASSERT_TRUE(sync());
    EXPECT_TRUE(runs(kNew));
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(labels().shows.size(), 1U);
}

TEST_F(UpkeepTest, AShowThatItsEngineMovedIsFoundAtItsNewAddress) {
    start();
    const Endpoint moved{"10.9.9.9", 31000};
    runtime.services.begin()->second.endpoint = moved;
    ASSERT_TRUE(sync());
    ASSERT_EQ(labels().shows.size(), 1U);
    EXPECT_EQ(labels().shows[0].endpoint, moved);
    EXPECT_TRUE(labels().problems.empty()) << labels().problems[0];
    EXPECT_NE(forge.item(12).comment->body.find("http://10.9.9.9:31000"), std::string::npos);
    EXPECT_EQ(builder.builds.begin()->second, 1) << "it runs: nothing is built again";
}

TEST_F(UpkeepTest, AShowWithTwoStatusesWhoseWorkersDiedTooOftenKeepsOneStatus) {
    start();
    const Show dead{.sha = *ShortSha::parse(kOld), .status = ShowStatus::Building, .failed_attempts = 2};
    forge.item(12).labels.clear();
    for (const auto& label : print_show(dead)) forge.label(12, label.name);
    forge.label(12, status_label(dead.sha, ShowStatus::Failed).name);
    forge.label(12, building_pointer(dead.sha).name);
    ASSERT_TRUE(sync());
    ASSERT_EQ(labels().shows.size(), 1U) << "its only status went with the wrong one";
    EXPECT_EQ(labels().shows[0].status, ShowStatus::Failed);
    EXPECT_TRUE(labels().problems.empty()) << labels().problems[0];
}

TEST_F(UpkeepTest, LabelsThatAreLeftWithoutAStatusGoWithWhatTheyName) {
    start();
    forge.unlabel(12, "🎪 aaaaaaa 🚦 running");
    ASSERT_EQ(labels().remnants.size(), 1U);
    ASSERT_TRUE(sync());
    EXPECT_TRUE(labels().remnants.empty());
    EXPECT_FALSE(runs(kOld));
}

TEST_F(UpkeepTest, AReplacedVersionGoesAlsoWhenTheNextOneNeverRuns) {
    start();
    forge.push(12, std::string(kNew));
    runtime.remove_failure = Error::unavailable("the engine sleeps");  // or the worker died after the switch
    ASSERT_TRUE(sync());
    runtime.remove_failure.reset();
    forge.push(12, "ccccccc");
    builder.failure = Error::failed("exit code 1");
    ASSERT_FALSE(sync());
    ASSERT_FALSE(sync()) << "tried again once by itself";
    ASSERT_TRUE(sync());
    EXPECT_FALSE(runs(kOld));
    EXPECT_TRUE(runs(kNew)) << "it serves";
    EXPECT_EQ(labels().active->text(), kNew);
    EXPECT_TRUE(labels().find(FakeForge::sha("ccccccc").short_sha())) << "that it failed is still said";
}

TEST_F(UpkeepTest, AStartAfterAStopThatWasCutOffIsNotUndoneByIt) {
    start();
    forge.label(12, std::string(kStopTrigger));
    runtime.remove_failure = Error::unavailable("the engine sleeps");
    ASSERT_FALSE(sync());
    runtime.remove_failure.reset();
    forge.unlabel(12, std::string(kStopTrigger));
    forge.push(12, std::string(kNew));
    forge.label(12, std::string(kStartTrigger));
    builder.failure = Error::failed("exit code 1");
    ASSERT_FALSE(sync());
    builder.failure.reset();
    ASSERT_TRUE(sync());
    EXPECT_TRUE(runs(kNew));
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(labels().shows.size(), 1U);
}

TEST_F(UpkeepTest, ACommentThatSomethingCouldNotBeRemovedIsCorrectedWhenItRunsOn) {
    start();
    forge.item(12).pull_request.state = PullRequestState::Closed;
    runtime.remove_failure = Error::unavailable("the engine sleeps");
    ASSERT_FALSE(sync());
    ASSERT_EQ(comment_state(), "not_removable");
    runtime.remove_failure.reset();
    forge.item(12).pull_request.state = PullRequestState::Open;
    ASSERT_TRUE(sync());
    EXPECT_EQ(comment_state(), "running");
}

TEST_F(UpkeepTest, NothingIsDoneAfterAChangeWithoutAnAnswerUntilItCannotArriveAnyMore) {
    start();
    forge.push(12, std::string(kNew));
    std::optional<TimePoint> gave_up;
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        if (call == "apply" && moment == FakeForge::Moment::Before && !gave_up) {
            gave_up = clock.now();
            return Error::timed_out("no answer");
        }
        if (gave_up) EXPECT_GE(clock.now() - *gave_up, 5s) << call;
        return std::nullopt;
    };
    ASSERT_TRUE(sync());
    ASSERT_TRUE(gave_up);
    EXPECT_TRUE(runs(kNew));
}

TEST_F(UpkeepTest, ARebuildThatIsWithdrawnAfterItTookTheServiceAwayLeavesNoPointer) {
    start();
    forge.label(12, std::string(kStartTrigger));
    forge.label(12, std::string(kFreeze));
    runtime.deploy_failure = Error::conflict("not wanted any more");
    (void)sync();
    EXPECT_FALSE(runs(kOld));
    EXPECT_TRUE(active_pointers_in(forge.item(12).labels).empty());
}

TEST_F(UpkeepTest, TheCommentTellsOfAnOlderVersionThatServesAlsoWithoutItsRecord) {
    start();
    forge.label(12, std::string(kFreeze));
    forge.push(12, std::string(kNew));
    forge.item(12).deployments.clear();
    forge.item(12).comment.reset();
    ASSERT_TRUE(sync());
    EXPECT_EQ(comment_state(), "running");
    const int looks = forge.calls["create_token"];
    ASSERT_TRUE(sync());
    EXPECT_EQ(forge.calls["create_token"], looks) << "it took the lease again for nothing";
}

TEST_F(UpkeepTest, OfTwoAddressesTheOneWhereItAnswersStays) {
    start();
    const std::string right = labels().shows[0].endpoint->text();
    forge.label(12, "🎪 aaaaaaa 🌐 10.0.0.1:1");  // of the service that a rebuild took away
    forge.label(12, "🎪 aaaaaaa 📅 2025-12-31T23-59");
    ASSERT_EQ(labels().problems.size(), 2U);
    ASSERT_TRUE(sync());
    EXPECT_TRUE(labels().problems.empty()) << labels().problems[0];
    EXPECT_EQ(labels().shows[0].endpoint->text(), right);
}

/// Whoever looked had the right to; then somebody without it put the trigger on.
TEST_F(UpkeepTest, ATriggerThatComesBetweenTheLookAndTheLeaseIsAskedForItsOwnRight) {
    start();
    forge.permissions["tim"] = {Permission::Read, "read"};
    forge.item(12).comment.reset();  // something small to do, so that the lease is taken
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        if (call == "create_token" && moment == FakeForge::Moment::After)
            forge.label(12, std::string(kStartTrigger), "tim");
        return std::nullopt;
    };
    ShowService service({forge, claims, builder, runtime, web, clock, history}, {.repository = {"o", "r"}});
    SilentReporter reporter;
    NoProgress progress;
    const auto outcome = service.sync({.number = 12, .asker = Asker::Event}, reporter, progress);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->action_taken, "blocked");
    EXPECT_EQ(builder.builds["pr-12-aaaaaaa"], 1);
}

TEST_F(UpkeepTest, AStartThatWaitedWhileAStopWasAskedForAndDoneIsOver) {
    start();
    forge.item(12).tokens.push_back({1, "LA_other", "other", clock.now() + 5min});
    bool is_stopped = false;
    clock.on_advance = [&] {
        if (is_stopped) return;
        if (!forge.has_label(12, std::string(kStopTrigger)))
            return forge.label(12, std::string(kStopTrigger));
        if (forge.calls["observe"] < 4) return;
        is_stopped = true;  // by whoever has the lease
        forge.item(12).labels.clear();
        forge.item(12).tokens.clear();
        runtime.services.clear();
    };
    ShowService service({forge, claims, builder, runtime, web, clock, history}, {.repository = {"o", "r"}});
    SilentReporter reporter;
    NoProgress progress;
    const auto outcome = service.sync(
        {.number = 12, .purpose = Purpose::Start, .force = true, .wait_for_claim = 1min}, reporter, progress);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Conflict) << outcome.error().describe();
    EXPECT_FALSE(runs(kOld));
}

/// The change that was to say "deploying" got no reply, and the look after it showed the stop.
TEST_F(UpkeepTest, AStopThatIsSeenAfterALostReplyIsHeeded) {
    builder.duration = 1s;
    int replies_lost = 0;
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        const bool is_it = call == "apply" && moment == FakeForge::Moment::After &&
                           forge.has_label(12, "🎪 aaaaaaa 🚦 deploying") && replies_lost == 0;
        if (!is_it) return std::nullopt;
        ++replies_lost;
        forge.label(12, std::string(kStopTrigger));
        return Error::unavailable("the reply was lost");
    };
    forge.label(12, std::string(kStartTrigger));
    runtime.deploy_failure = Error::failed("it was started");
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "destroy_environment");
    EXPECT_EQ(replies_lost, 1);
}

TEST_F(UpkeepTest, AStopWhoseRecordAndCommentCouldNotBeWrittenWritesThemBeforeItEnds) {
    start();
    ASSERT_EQ(forge.item(12).deployments.size(), 1U);
    forge.changes_without_extras = 1;  // by then nothing is left that a later look would come for
    const auto stopped = run({.number = 12, .purpose = Purpose::Stop});
    ASSERT_TRUE(stopped) << stopped.error().describe();
    EXPECT_TRUE(forge.item(12).deployments.empty());
    EXPECT_EQ(comment_state(), "stopped");
    EXPECT_FALSE(stopped->extras_are_missing);
    EXPECT_EQ(stopped->action_taken, "destroy_environment");
}

TEST_F(UpkeepTest, ARunSaysThatExtrasAreMissingWhenTheSecondTryFailsToo) {
    start();
    forge.changes_without_extras = 2;
    const auto stopped = run({.number = 12, .purpose = Purpose::Stop});
    ASSERT_TRUE(stopped) << stopped.error().describe();
    EXPECT_TRUE(stopped->extras_are_missing);
    EXPECT_EQ(stopped->action_taken, "destroy_environment") << "extras never change the outcome";
    EXPECT_TRUE(forge.item(12).labels.empty());
    ASSERT_TRUE(sync()) << "the next look writes them";
    EXPECT_TRUE(forge.item(12).deployments.empty());
}

TEST_F(UpkeepTest, ASecondTryAtTheExtrasOutlivesALookThatFails) {
    start();
    forge.changes_without_extras = 1;
    bool has_failed = false;
    forge.on_call = [&](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        const bool is_second_try = call == "observe" && forge.changes_without_extras == 0;
        if (!is_second_try || has_failed) return std::nullopt;
        has_failed = true;
        return Error::unavailable("the connection broke");
    };
    ASSERT_TRUE(run({.number = 12, .purpose = Purpose::Stop}));
    EXPECT_TRUE(has_failed);
    EXPECT_TRUE(forge.item(12).deployments.empty());
}

}  // namespace
}  // namespace ringmaster::shows
