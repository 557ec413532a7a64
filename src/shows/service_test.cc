#include "shows/service.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shows/comment.h"
#include "shows/ref_claims.h"
#include "shows/sweep.h"
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

/// A repository with one pull request, everything in memory, and the production code in between.
class ShowServiceTest : public ::testing::Test {
 protected:
    ShowServiceTest() { forge.open(12, std::string(kOld)); }

    Outside outside() { return {forge, claims, builder, runtime, web, clock, history}; }
    ShowService service() {
        return {outside(), {.repository = {"o", "r"}, .policy = policy, .missing_secrets = missing_secrets}};
    }
    Result<SyncOutcome> sync(SyncRequest request = {.number = 12}) {
        return service().sync(request, reporter, progress);
    }
    Result<SyncOutcome> start() {
        forge.label(12, std::string(kStartTrigger));
        return sync();
    }
    LabelState labels() { return parse_labels(forge.item(12).labels); }
    std::string comment() { return forge.item(12).comment ? forge.item(12).comment->body : ""; }
    bool runs(std::string_view sha) {
        return runtime.services.contains(fmt::format("pr-12-{}-service", sha));
    }
    void expect_nothing_left() {
        EXPECT_TRUE(labels().tent_labels.empty()) << ::testing::PrintToString(labels().tent_labels);
        EXPECT_TRUE(runtime.services.empty());
        EXPECT_TRUE(builder.built.empty());
        EXPECT_TRUE(forge.item(12).tokens.empty());
        EXPECT_TRUE(forge.item(12).deployments.empty());
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    FakeForge forge{clock};
    ringmaster::testing::FakeBuilder builder{clock};
    ringmaster::testing::FakeRuntime runtime{clock};
    ringmaster::testing::FakeWeb web{runtime};
    ringmaster::testing::FakeHistory history;
    TokenClaims claims{forge, forge, clock, entropy, {}};
    ShowPolicy policy;
    std::vector<std::string> missing_secrets;
    SilentReporter reporter;
    NoProgress progress;
};

TEST_F(ShowServiceTest, AStartTriggerBringsAShowUpAndLeavesExactlyItsLabels) {
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "create_environment");
    const auto state = labels();
    ASSERT_EQ(state.shows.size(), 1U);
    EXPECT_EQ(state.shows[0].status, ShowStatus::Running);
    EXPECT_EQ(state.active->text(), kOld);
    EXPECT_FALSE(state.building);
    EXPECT_FALSE(state.start_requested);
    EXPECT_EQ(state.ttl->text(), "48h");
    EXPECT_TRUE(state.problems.empty());
    EXPECT_TRUE(runs(kOld));
    EXPECT_TRUE(forge.item(12).tokens.empty()) << "the lease was not given up";
    EXPECT_EQ(forge.item(12).deployments.at(0).state, DeploymentState::Success);
    EXPECT_NE(comment().find("Show #12 is running"), std::string::npos);
}

TEST_F(ShowServiceTest, EveryStateOnTheWayIsWrittenAndNoneTwice) {
    ASSERT_TRUE(start());
    std::vector<std::string> statuses;
    for (const auto& names : forge.label_history[12])
        for (const auto& show : parse_labels(names).shows) statuses.emplace_back(to_string(show.status));
    EXPECT_EQ(statuses, (std::vector<std::string>{"building", "built", "deploying", "running"}));
}

TEST_F(ShowServiceTest, ANewCommitReplacesTheShowAndTheOldOneServesUntilThen) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    bool old_was_there_at_the_switch = false;
    runtime.on_remove = [&](const ShowId& show) {
        if (show.sha.text() == kOld)
            old_was_there_at_the_switch = labels().active->text() == kNew && runs(kNew);
    };
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_TRUE(old_was_there_at_the_switch);
    EXPECT_FALSE(runs(kOld));
    EXPECT_TRUE(runs(kNew));
    EXPECT_EQ(labels().shows.size(), 1U);
    EXPECT_EQ(labels().active->text(), kNew);
    for (const auto& names : forge.label_history[12]) EXPECT_LE(parse_labels(names).shows.size(), 2U);
    ASSERT_EQ(forge.item(12).deployments.size(), 1U);
    EXPECT_EQ(forge.item(12).deployments[0].sha.short_sha().text(), kNew);
}

TEST_F(ShowServiceTest, FreezeHoldsANewCommitBackAndStartOverridesIt) {
    ASSERT_TRUE(start());
    forge.label(12, std::string(kFreeze));
    forge.push(12, std::string(kNew));
    ASSERT_EQ(sync()->decision.reason, Reason::Frozen);
    EXPECT_TRUE(runs(kOld));
    ASSERT_TRUE(start());
    EXPECT_TRUE(runs(kNew));
}

TEST_F(ShowServiceTest, AStopTriggerRemovesEverything) {
    ASSERT_TRUE(start());
    forge.label(12, std::string(kStopTrigger));
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "destroy_environment");
    expect_nothing_left();
    EXPECT_NE(comment().find("is stopped"), std::string::npos);
}

TEST_F(ShowServiceTest, AClosedPullRequestIsCleanedUpWithoutAnyonesPermission) {
    ASSERT_TRUE(start());
    forge.item(12).pull_request.state = PullRequestState::Merged;
    forge.viewer_permission = Permission::Read;
    ASSERT_TRUE(sync());
    expect_nothing_left();
    EXPECT_NE(comment().find("Pull request merged"), std::string::npos);
}

TEST_F(ShowServiceTest, AShowLabelledByTheOriginalIsAdoptedAndItsServiceGoesBeforeItsLabels) {
    forge.label(12, "🎪 aaaaaaa 🚦 running");
    forge.label(12, "🎪 aaaaaaa 📅 2026-01-05T11-00");
    const ShowId show{{"o", "r"}, 12, *ShortSha::parse(kOld)};
    runtime.services.emplace(
        show.service_name(),
        Service{.show = show, .name = show.service_name(), .state = ServiceState::Running});
    bool labels_were_there = false;
    runtime.on_remove = [&](const ShowId&) { labels_were_there = !labels().shows.empty(); };
    ASSERT_TRUE(sync({.number = 12, .purpose = Purpose::Stop}));
    EXPECT_TRUE(labels_were_there);
    expect_nothing_left();
}

TEST_F(ShowServiceTest, AnEngineThatRefusesToRemoveKeepsTheLabelsAndFails) {
    ASSERT_TRUE(start());
    runtime.remove_failure = Error::unavailable("the engine is down");
    forge.label(12, std::string(kStopTrigger));
    const auto outcome = sync();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Unavailable);
    EXPECT_FALSE(labels().shows.empty());
    EXPECT_NE(comment().find("could not be removed"), std::string::npos);
    EXPECT_EQ(comment().find("is stopped"), std::string::npos);
    runtime.remove_failure.reset();
    ASSERT_TRUE(sync());
    expect_nothing_left();
}

TEST_F(ShowServiceTest, ASecretThatIsNotSetIsSaidBeforeAnythingIsStarted) {
    missing_secrets = {"DATABASE_PASSWORD", "API_KEY"};
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::InvalidInput);
    EXPECT_NE(outcome.error().message().find("DATABASE_PASSWORD, API_KEY"), std::string::npos)
        << outcome.error().message();
    EXPECT_EQ(labels().tent_labels, std::vector<std::string>{std::string(kStartTrigger)})
        << "nothing changed";
    EXPECT_TRUE(forge.item(12).tokens.empty());
    EXPECT_TRUE(builder.builds.empty());
    EXPECT_TRUE(history.events.empty());
}

TEST_F(ShowServiceTest, WithoutItsSecretsAShowCanBeForeseenAndEnded) {
    ASSERT_TRUE(start());
    missing_secrets = {"API_KEY"};
    const auto dry =
        sync({.number = 12, .purpose = Purpose::Start, .force = true, .dry_run = {.forge = true}});
    ASSERT_TRUE(dry) << dry.error().describe();
    ASSERT_EQ(dry->warnings.size(), 1U);
    EXPECT_NE(dry->warnings[0].find("API_KEY"), std::string::npos);
    ASSERT_TRUE(sync({.number = 12, .purpose = Purpose::Stop}));
    expect_nothing_left();
}

TEST_F(ShowServiceTest, AForkNeedsNoSecretsForItGetsNone) {
    missing_secrets = {"API_KEY"};
    forge.item(12).pull_request.is_from_fork = true;
    policy.forks = ForkPolicy::Allow;
    EXPECT_TRUE(start());
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, AFailedBuildSaysWhyAndLeavesNothingRunning) {
    builder.failure = Error::failed("the build command ended with exit code 2");
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(labels().shows.at(0).status, ShowStatus::Failed);
    EXPECT_FALSE(labels().building);
    EXPECT_TRUE(runtime.services.empty());
    EXPECT_NE(comment().find("exit code 2"), std::string::npos);
    EXPECT_NE(comment().find("the compiler is unhappy"), std::string::npos);
    EXPECT_EQ(forge.item(12).deployments.at(0).state, DeploymentState::Failure);
}

TEST_F(ShowServiceTest, AnApplicationThatNeverAnswersLeavesItsLastWords) {
    web.status = 503;
    runtime.log_lines = {"cannot open the frobnicator"};
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_NE(comment().find("cannot open the frobnicator"), std::string::npos) << comment();
}

TEST_F(ShowServiceTest, AFailedVersionIsRebuiltByItselfOnceAndNotForEver) {
    builder.failure = Error::failed("no");
    ASSERT_FALSE(start());
    ASSERT_FALSE(sync());
    EXPECT_EQ(builder.builds["pr-12-aaaaaaa"], 2);
    ASSERT_TRUE(sync());
    EXPECT_EQ(builder.builds["pr-12-aaaaaaa"], 2);
    EXPECT_EQ(sync()->decision.reason, Reason::FailedAwaitingTrigger);
}

TEST_F(ShowServiceTest, AFailedReplacementKeepsTheOldShowServing) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    runtime.deploy_failure = Error::failed("no room");
    ASSERT_FALSE(sync());
    EXPECT_TRUE(runs(kOld));
    EXPECT_EQ(labels().active->text(), kOld);
    EXPECT_EQ(labels().find(*ShortSha::parse(kNew))->status, ShowStatus::Failed);
    EXPECT_NE(comment().find("still serves aaaaaaa; bbbbbbb failed"), std::string::npos);
}

TEST_F(ShowServiceTest, AShowThatNeverAnswersFailsAndIsRemoved) {
    web.status = 503;
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Failed);
    EXPECT_TRUE(runtime.services.empty());
    EXPECT_NE(comment().find("did not answer 200"), std::string::npos);
}

TEST_F(ShowServiceTest, AStopDuringTheBuildLeavesNothing) {
    policy.watch_interval = 5s;
    builder.duration = 10min;
    clock.on_advance = [&] {
        if (clock.monotonic() == 60s) forge.label(12, std::string(kStopTrigger));
    };
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "destroy_environment");
    EXPECT_LT(clock.monotonic(), 2min) << "the build was not cancelled";
    expect_nothing_left();
}

TEST_F(ShowServiceTest, AnAlertMakesABuildLookAtOnce) {
    policy.watch_interval = 1h;
    builder.duration = 10min;
    bool is_alerted = false;
    clock.on_advance = [&] {
        if (clock.monotonic() != 60s) return;
        forge.item(12).pull_request.state = PullRequestState::Closed;
        is_alerted = true;
    };
    forge.label(12, std::string(kStartTrigger));
    const auto outcome = sync({.number = 12, .take_alert = [&] { return std::exchange(is_alerted, false); }});
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_LT(clock.monotonic(), 2min) << "the build was not cancelled";
    expect_nothing_left();
}

TEST_F(ShowServiceTest, ABuildOutlivesAForgeThatDoesNotAnswerForAWhile) {
    policy.watch_interval = 5s;
    builder.duration = 40s;
    forge.on_call = [&](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        const bool is_away = clock.monotonic() > 10s && clock.monotonic() < 30s;
        if (call == "observe" && is_away) return Error::unavailable("502");
        return std::nullopt;
    };
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(builder.builds.at("pr-12-aaaaaaa"), 1);
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, ACloseDuringTheBuildLeavesNothing) {
    builder.duration = 10min;
    clock.on_advance = [&] {
        if (clock.monotonic() == 60s) forge.item(12).pull_request.state = PullRequestState::Closed;
    };
    ASSERT_TRUE(start());
    expect_nothing_left();
}

TEST_F(ShowServiceTest, AChangeThatFailedIsNotSentAgainForAPullRequestThatWasClosedMeanwhile) {
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        if (call != "apply" || moment == FakeForge::Moment::After || forge.calls["apply"] > 1)
            return std::nullopt;
        forge.item(12).pull_request.state = PullRequestState::Closed;
        return Error::unavailable("502");
    };
    ASSERT_TRUE(start());
    expect_nothing_left();
    for (const auto& labels : forge.label_history[12])
        for (const auto& label : labels) EXPECT_EQ(label.find("building"), std::string::npos) << label;
}

TEST_F(ShowServiceTest, ANewerCommitDuringTheBuildIsWhatRunsInTheEnd) {
    builder.duration = 2min;
    clock.on_advance = [&] {
        if (clock.monotonic() == 60s) forge.push(12, std::string(kNew));
    };
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_TRUE(runs(kNew));
    EXPECT_FALSE(runs(kOld));
    ASSERT_EQ(labels().shows.size(), 1U);
    EXPECT_EQ(labels().active->text(), kNew);
}

TEST_F(ShowServiceTest, ALongBuildKeepsItsLeaseAlive) {
    builder.duration = 55min;
    ASSERT_TRUE(start());
    EXPECT_GT(forge.calls["create_token"], 10);
    EXPECT_TRUE(forge.item(12).tokens.empty());
}

TEST_F(ShowServiceTest, AWorkerThatLostItsLeaseTouchesNothingMore) {
    builder.duration = 30min;
    int applied_before = 0;
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        const bool is_extension =
            call == "create_token" && clock.monotonic() > 10s && moment == FakeForge::Moment::Before;
        if (!is_extension) return std::nullopt;
        applied_before = forge.calls["apply"];
        return Error::unavailable("the network is gone");
    };
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(forge.calls["apply"], applied_before);
}

TEST_F(ShowServiceTest, AnotherWorkersLeaseIsRespected) {
    forge.label(12, std::string(kStartTrigger));
    forge.item(12).tokens.push_back({1, "LA_other", "other", clock.now() + 5min});
    const auto outcome = sync();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Busy);
    EXPECT_EQ(forge.calls["apply"], 0);
    clock.advance(7min);
    EXPECT_TRUE(sync()) << "an expired lease is taken over";
}

TEST_F(ShowServiceTest, ATriggerOnAVersionThatAnotherWorkerPreparesIsLeftToThatWorker) {
    forge.label(12, std::string(kStartTrigger));
    for (const auto& label : {fmt::format("🎪 {} 🚦 building", kOld), fmt::format("🎪 🏗️ {}", kOld)})
        forge.label(12, label);
    forge.item(12).tokens.push_back({1, "LA_other", "other", clock.now() + 5min});
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "no_action");
    EXPECT_TRUE(outcome->look_again_after);
    EXPECT_EQ(forge.calls["apply"], 0);
}

TEST_F(ShowServiceTest, ALostReplyToTheLeasesCreationIsRecognisedAsOurs) {
    bool lost_once = false;
    forge.on_call = [&](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        if (call != "create_token" || moment != FakeForge::Moment::After || lost_once) return std::nullopt;
        lost_once = true;
        return Error::unavailable("the reply was lost");
    };
    EXPECT_TRUE(start());
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, ACtrlCDuringTheBuildMarksTheShowFailedAndGivesTheLeaseUp) {
    struct Stopper final : Progress {
        explicit Stopper(Clock& c) : clock(c) {}
        void line(std::string_view) override {}
        Result<void> pulse() override {
            if (clock.monotonic() > 60s) return Fail(Error::interrupted("stopped by hand"));
            return {};
        }
        Clock& clock;
    } stopper(clock);
    builder.duration = 10min;
    forge.label(12, std::string(kStartTrigger));
    const auto outcome = service().sync({.number = 12}, reporter, stopper);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Interrupted);
    EXPECT_EQ(labels().shows.at(0).status, ShowStatus::Failed);
    EXPECT_TRUE(forge.item(12).tokens.empty());
}

TEST_F(ShowServiceTest, ARebuildWhoseBuildFailsLeavesTheRunningShowAlone) {
    ASSERT_TRUE(start());
    builder.failure = Error::failed("no");
    ASSERT_FALSE(start());
    EXPECT_TRUE(runs(kOld));
    EXPECT_EQ(labels().shows.at(0).status, ShowStatus::Running);
    EXPECT_EQ(labels().active->text(), kOld);
}

TEST_F(ShowServiceTest, CheckingWritesNothingAndAsksTwiceAtMost) {
    forge.label(12, std::string(kStartTrigger));
    forge.permissions["ada"] = {Permission::Write, "write"};
    const auto check = service().check({.number = 12, .asker = Asker::Workflow, .actor = "ada"});
    ASSERT_TRUE(check);
    EXPECT_TRUE(check->decision.build_needed());
    EXPECT_EQ(check->observation.authorization.permission_level, "write");
    EXPECT_EQ(forge.calls["observe"] + forge.calls["permission"], 2);
    EXPECT_EQ(forge.calls["apply"] + forge.calls["create_token"], 0);
}

TEST_F(ShowServiceTest, WhoMayNotWriteIsBlockedAndLeavesNoTrace) {
    forge.label(12, std::string(kStartTrigger));
    forge.permissions["eve"] = {Permission::Read, "read"};
    for (const std::string actor : {"eve", "stranger", "unknown", ""}) {
        const auto outcome = sync({.number = 12, .asker = Asker::Workflow, .actor = actor});
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->action_taken, "blocked") << actor;
    }
    forge.on_call = [](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        if (call == "permission") return Error::unavailable("no answer");
        return std::nullopt;
    };
    EXPECT_EQ(sync({.number = 12, .asker = Asker::Workflow, .actor = "ada"})->action_taken, "blocked")
        << "fail closed";
    EXPECT_EQ(forge.calls["apply"], 0);
}

TEST_F(ShowServiceTest, TheServerAsksForTheRightOfWhoeverPutTheTriggerOn) {
    forge.permissions["ada"] = {Permission::Write, "write"};
    forge.label(12, std::string(kStartTrigger), "eve");
    EXPECT_EQ(sync({.number = 12, .asker = Asker::Event})->action_taken, "blocked");
    forge.item(12).labelled_by = {{std::string(kStartTrigger), "ada"}};
    EXPECT_EQ(sync({.number = 12, .asker = Asker::Event})->action_taken, "create_environment");
}

TEST_F(ShowServiceTest, AForkWaitsForAnApprovalOfItsVersionAndSaysSoOnce) {
    forge.item(12).pull_request.is_from_fork = true;
    ASSERT_EQ(start()->decision.reason, Reason::ForkNeedsApproval);
    EXPECT_NE(comment().find("needs an approval"), std::string::npos);
    ASSERT_TRUE(sync());
    EXPECT_EQ(forge.item(12).comment_edits, 1);
    const auto approved = sync({.number = 12,
                                .purpose = Purpose::Start,
                                .sha_prefix = std::string(kOld),
                                .asker = Asker::TokenOwner});
    ASSERT_TRUE(approved) << approved.error().describe();
    EXPECT_TRUE(runs(kOld));
    forge.push(12, std::string(kNew));
    EXPECT_EQ(sync()->decision.reason, Reason::ForkNeedsApproval) << "an approval is for one version";
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, DryRunsWriteNothing) {
    forge.label(12, std::string(kStartTrigger));
    for (const DryRun dry_run : {DryRun{.forge = true}, DryRun{.runtime = true}, DryRun{.build = true}})
        EXPECT_EQ(sync({.number = 12, .dry_run = dry_run})->action_taken, "create_environment");
    EXPECT_EQ(forge.calls["apply"] + forge.calls["create_token"], 0);
    EXPECT_TRUE(builder.builds.empty());
}

TEST_F(ShowServiceTest, ACommentThatCannotBeWrittenChangesNothing) {
    policy.comment = CommentMode::Off;
    ASSERT_TRUE(start());
    EXPECT_TRUE(comment().empty());
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, PeoplesLabelsAreNeverTouched) {
    forge.label(12, "bug");
    forge.label(12, "🎪 feedface party");
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    ASSERT_TRUE(sync());
    EXPECT_TRUE(forge.has_label(12, "bug"));
    EXPECT_TRUE(forge.has_label(12, "🎪 feedface party"));
}

TEST_F(ShowServiceTest, AWorkerCutOffAnywhereIsCaughtUpWithByTheNext) {
    // Every call that ever happens is made the last one of a first worker; then its lease runs out and
    // another looks.
    for (int last_call = 1;; ++last_call) {
        SCOPED_TRACE(last_call);
        FakeForge fresh(clock);
        std::swap(forge.on_call, fresh.on_call);
        forge.open(12, std::string(kOld)) = {
            .pull_request = {.number = 12, .head = FakeForge::sha(std::string(kOld))}};
        runtime.services.clear();
        builder.built.clear();
        int calls = 0;
        forge.on_call = [&](const std::string&, FakeForge::Moment moment) -> std::optional<Error> {
            calls += moment == FakeForge::Moment::Before ? 1 : 0;
            const bool is_dead =
                calls > last_call || (calls == last_call && moment == FakeForge::Moment::After);
            if (is_dead) return Error::corrupt("this worker is dead");
            return std::nullopt;
        };
        const auto first = start();
        forge.on_call = nullptr;
        if (first) break;
        clock.advance(10min);
        if (!labels().start_requested && labels().shows.empty()) forge.label(12, std::string(kStartTrigger));
        const auto second = sync();
        ASSERT_TRUE(second) << second.error().describe();
        EXPECT_TRUE(runs(kOld));
        EXPECT_EQ(runtime.services.size(), 1U);
        EXPECT_EQ(labels().shows.size(), 1U);
        EXPECT_EQ(labels().active_show()->status, ShowStatus::Running);
        EXPECT_FALSE(labels().building);
    }
}

TEST_F(ShowServiceTest, TheSweepEndsWhatExpiredAndNothingElse) {
    ASSERT_TRUE(start());
    forge.open(13, "ccccccc");
    forge.label(13, "🎪 ⌛ close");
    ASSERT_TRUE(sync({.number = 13, .purpose = Purpose::Start}));
    clock.advance(49h);
    auto shows = service();
    const SweepOptions options;
    const auto plan = plan_sweep(shows, options);
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->items.size(), 1U);
    EXPECT_EQ(plan->items[0].pull_request_number, 12);
    const auto report = perform_sweep(shows, *plan, options, reporter, progress);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->expired, 1);
    EXPECT_TRUE(report->failures.empty());
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(runtime.services.size(), 1U);
}

TEST_F(ShowServiceTest, AFailedListingSweepsNothing) {
    ASSERT_TRUE(start());
    clock.advance(1000h);
    auto shows = service();
    runtime.list_failure = Error::unavailable("half an answer");
    EXPECT_FALSE(plan_sweep(shows, {}));
    runtime.list_failure.reset();
    forge.on_call = [](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        if (call == "list_labelled") return Error::corrupt("half an answer");
        return std::nullopt;
    };
    EXPECT_FALSE(plan_sweep(shows, {}));
    forge.on_call = [](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        if (call == "list_definitions") return Error::unavailable("half an answer");
        return std::nullopt;
    };
    EXPECT_FALSE(plan_sweep(shows, {}));
    EXPECT_TRUE(runs(kOld));
}

TEST_F(ShowServiceTest, ASweepRemovesNoMoreThanItMayAtOnceAndTheRestLater) {
    for (int number = 20; number < 25; ++number) {
        forge.open(number, fmt::format("{:07x}", number));
        ASSERT_TRUE(sync({.number = number, .purpose = Purpose::Start}));
    }
    clock.advance(49h);
    auto shows = service();
    const SweepOptions few{.most_definitions = 3, .most_removals = 2};
    std::vector<int> ended;
    for (int run = 0; run < 3; ++run) {
        const auto plan = plan_sweep(shows, few);
        ASSERT_TRUE(plan);
        const auto report = perform_sweep(shows, *plan, few, reporter, progress);
        ASSERT_TRUE(report);
        EXPECT_LE(report->definitions, 3);
        EXPECT_FALSE(plan->skipped.empty()) << "what is left alone is said";
        ended.push_back(report->expired);
    }
    EXPECT_EQ(ended, (std::vector{2, 2, 1}));
    EXPECT_TRUE(runtime.services.empty());
}

TEST_F(ShowServiceTest, ASweepSaysOfEachThingOfItsPlanWhetherItIsGone) {
    ASSERT_TRUE(start());
    const ShowId stray{{"o", "r"}, 12, *ShortSha::parse(kNew)};
    runtime.services.emplace(stray.service_name(), Service{.show = stray,
                                                           .name = stray.service_name(),
                                                           .state = ServiceState::Running,
                                                           .created_at = clock.now()});
    clock.advance(49h);
    auto shows = service();
    const auto plan = plan_sweep(shows, {});
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->items.at(0).what, "pr-12-aaaaaaa, pr-12-bbbbbbb") << "also what only the engine knows";
    const auto report = perform_sweep(shows, *plan, {}, reporter, progress);
    ASSERT_TRUE(report);
    ASSERT_FALSE(report->removed.empty());
    EXPECT_EQ(report->removed.at(0).what, plan->items.at(0).what);
    EXPECT_TRUE(runtime.services.empty());
}

TEST_F(ShowServiceTest, AnOrphanIsRemovedOnlyAfterItsGraceAndItsOwnPullRequestWasAsked) {
    const ShowId show{{"o", "r"}, 12, *ShortSha::parse(kNew)};
    runtime.services.emplace(show.service_name(), Service{.show = show,
                                                          .name = show.service_name(),
                                                          .state = ServiceState::Running,
                                                          .created_at = clock.now()});
    auto shows = service();
    EXPECT_TRUE(plan_sweep(shows, {})->items.empty()) << "too young";
    clock.advance(11min);
    const auto plan = plan_sweep(shows, {});
    ASSERT_EQ(plan->items.size(), 1U);
    forge.label(12, "🎪 bbbbbbb 🚦 running");  // it is wanted after all, seen only when asked again
    ASSERT_EQ(perform_sweep(shows, *plan, {}, reporter, progress)->orphans, 0);
    EXPECT_TRUE(runs(kNew));
    forge.unlabel(12, "🎪 bbbbbbb 🚦 running");
    ASSERT_EQ(perform_sweep(shows, *plan, {}, reporter, progress)->orphans, 1);
    EXPECT_FALSE(runs(kNew));
}

TEST_F(ShowServiceTest, TheSweepRemovesTheClaimOfAWorkerThatDiedLongAgo) {
    RefClaims refs(forge, forge, clock, entropy, {});
    ShowService shows({forge, refs, builder, runtime, web, clock, history, &refs},
                      {.repository = {"o", "r"}, .policy = policy});
    ASSERT_TRUE(refs.acquire(*forge.observe(12), progress));
    EXPECT_TRUE(plan_sweep(shows, {})->items.empty());
    clock.advance(std::chrono::hours(2));
    const auto plan = plan_sweep(shows, {});
    ASSERT_EQ(plan->items.size(), 1U);
    EXPECT_EQ(plan->items[0].kind, SweepKind::LeaseToken);
    EXPECT_EQ(plan->items[0].pull_request_number, 12);
    const auto report = perform_sweep(shows, *plan, {}, reporter, progress);
    EXPECT_EQ(report->definitions, 1);
    EXPECT_TRUE(report->failures.empty());
    expect_nothing_left();
}

TEST_F(ShowServiceTest, ASweepPrunesUnattachedDefinitionsOfShowsAndNoOthers) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    ASSERT_TRUE(sync());
    forge.label(12, "🎪 feedface party");
    forge.unlabel(12, "🎪 feedface party");
    auto shows = service();
    const auto plan = plan_sweep(shows, {});
    ASSERT_TRUE(plan);
    for (const auto& item : plan->items) EXPECT_EQ(sha_of_label(item.what)->text(), kOld) << item.what;
    EXPECT_GT(perform_sweep(shows, *plan, {}, reporter, progress)->definitions, 3);
    EXPECT_TRUE(forge.definitions.contains("🎪 feedface party"));
    EXPECT_TRUE(forge.definitions.contains("🎪 🎯 bbbbbbb"));
}

}  // namespace
}  // namespace ringmaster::shows
