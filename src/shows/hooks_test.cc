// Seed and teardown in the life of a show.

#include "shows/hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shows/service.h"
#include "shows/sweep.h"
#include "shows/token_claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_engine.h"
#include "testing/fake_entropy.h"
#include "testing/fake_forge.h"

namespace ringmaster::shows {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Command = ringmaster::testing::FakeRuntime::Command;

constexpr std::string_view kOld = "aaaaaaa";
constexpr std::string_view kNew = "bbbbbbb";
constexpr auto kOldService = "pr-12-aaaaaaa-service";

class HooksTest : public ::testing::Test {
 protected:
    HooksTest() {
        forge.open(12, std::string(kOld));
        policy.seed = {.arguments = {"./seed"}};
        policy.teardown = {.arguments = {"./leave"}};
    }
    ShowService service() {
        return {{forge, claims, builder, runtime, web, clock, history},
                {.repository = {"o", "r"}, .policy = policy}};
    }
    Result<SyncOutcome> sync() { return service().sync({.number = 12}, reporter, progress); }
    Result<SyncOutcome> start() {
        forge.label(12, std::string(kStartTrigger));
        return sync();
    }
    LabelState labels() { return parse_labels(forge.item(12).labels); }
    std::vector<std::string> programs() {
        std::vector<std::string> names;
        for (const auto& command : runtime.commands) names.push_back(command.program);
        return names;
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    ringmaster::testing::FakeForge forge{clock};
    ringmaster::testing::FakeBuilder builder{clock};
    ringmaster::testing::FakeRuntime runtime{clock};
    ringmaster::testing::FakeWeb web{runtime};
    ringmaster::testing::FakeHistory history;
    TokenClaims claims{forge, forge, clock, entropy, {}};
    ShowPolicy policy;
    SilentReporter reporter;
    NoProgress progress;
};

TEST_F(HooksTest, AShowIsSeededOnceBeforeVisitorsAreSentToIt) {
    runtime.on_command = [&] {
        EXPECT_FALSE(labels().active) << "visitors came before the seed";
        EXPECT_EQ(labels().shows.at(0).status, ShowStatus::Deploying);
    };
    ASSERT_TRUE(start());
    ASSERT_TRUE(sync());
    EXPECT_THAT(runtime.commands, ElementsAre(Command{kOldService, "./seed", "10.0.0.1:8080"}));
    EXPECT_EQ(labels().active->text(), kOld);
}

TEST_F(HooksTest, ASeedThatFailsFailsTheShowWithItsLastLinesAndNothingOfItStays) {
    runtime.command_failure = Error::failed("the command in the show ended with exit code 3");
    const auto outcome = start();
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().describe(), HasSubstr("exit code 3"));
    EXPECT_THAT(outcome.error().describe(), HasSubstr("step seed"));
    EXPECT_THAT(runtime.services, IsEmpty());
    EXPECT_EQ(labels().shows.at(0).status, ShowStatus::Failed);
    const auto& comment = forge.item(12).comment->body;
    EXPECT_THAT(comment, HasSubstr("seed"));
    EXPECT_THAT(comment, HasSubstr("running ./seed"));
    EXPECT_EQ(history.events.back().step, "seed");
}

TEST_F(HooksTest, TheOldVersionServesUntilTheNewOneIsSeeded) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    runtime.command_failure = Error::failed("no");
    EXPECT_FALSE(sync());
    EXPECT_EQ(labels().active->text(), kOld);
    EXPECT_TRUE(runtime.services.contains(kOldService));
}

TEST_F(HooksTest, WhatARunThatWasCutOffHasStartedIsStartedAfreshAndSeededFromTheBeginning) {
    ASSERT_TRUE(start());
    Show show = labels().shows.at(0);
    show.status = ShowStatus::Deploying;  // as a worker leaves it that dies during the seed
    show.endpoint.reset();
    forge.item(12).labels.clear();
    for (const auto& label : print_show(show)) forge.label(12, label.name);
    forge.label(12, building_pointer(show.sha).name);
    ASSERT_TRUE(sync());
    EXPECT_THAT(runtime.commands, ElementsAre(Command{kOldService, "./seed", "10.0.0.1:8080"},
                                              Command{kOldService, "./leave", "10.0.0.1:8080"},
                                              Command{kOldService, "./seed", "10.0.0.2:8080"}));
}

TEST_F(HooksTest, AShowThatIsReplacedOrStoppedTakesItsLeaveFirst) {
    policy.seed = {};
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    runtime.on_command = [&] {
        if (runtime.commands.empty()) {
            EXPECT_EQ(labels().active->text(), kNew) << "before the switch";
        }
    };
    ASSERT_TRUE(sync());
    forge.label(12, std::string(kStopTrigger));
    ASSERT_TRUE(sync());
    EXPECT_THAT(runtime.commands, ElementsAre(Command{kOldService, "./leave", "10.0.0.1:8080"},
                                              Command{"pr-12-bbbbbbb-service", "./leave", "10.0.0.2:8080"}));
    EXPECT_THAT(runtime.services, IsEmpty());
}

TEST_F(HooksTest, ATeardownThatFailsKeepsNothingAndIsToldOf) {
    ASSERT_TRUE(start());
    runtime.command_failure = Error::timed_out("the command in the show had not ended after 1 min");
    forge.label(12, std::string(kStopTrigger));
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_THAT(runtime.services, IsEmpty());
    EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("teardown of pr-12-aaaaaaa did not work")));
    EXPECT_THAT(labels().tent_labels, IsEmpty());
}

TEST_F(HooksTest, AClaimThatIsLostDuringTheTeardownIsNotRemovedUnder) {
    ASSERT_TRUE(start());
    runtime.on_command = [&] {
        clock.advance(std::chrono::hours(1));  // asleep for longer than the lease
    };
    forge.label(12, std::string(kStopTrigger));
    const auto outcome = sync();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Conflict) << outcome.error().describe();
    EXPECT_TRUE(runtime.services.contains(kOldService)) << "it was removed without the claim";
}

TEST_F(HooksTest, AStopDuringTheTeardownOfARebuildIsHeard) {
    // ringmaster-sim --hooks --replay 485: the rebuild went on and started the show again.
    ASSERT_TRUE(start());
    int starts = 0;
    runtime.on_command = [&] {
        if (runtime.commands.size() == 1) forge.label(12, std::string(kStopTrigger));  // in the teardown
        if (runtime.commands.size() >= 1 &&
            runtime.services.at(kOldService).endpoint->text() != "10.0.0.1:8080")
            ++starts;
    };
    runtime.command_duration = policy.watch_interval + std::chrono::seconds(1);
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->action_taken, "destroy_environment");
    EXPECT_EQ(starts, 0);
    EXPECT_THAT(runtime.services, IsEmpty());
    EXPECT_THAT(labels().tent_labels, IsEmpty());
}

TEST_F(HooksTest, AShowThatHasEndedByItselfIsRemovedWithoutLeave) {
    ASSERT_TRUE(start());
    runtime.services.at(kOldService).state = ServiceState::Exited;
    forge.label(12, std::string(kStopTrigger));
    ASSERT_TRUE(sync());
    EXPECT_THAT(programs(), ElementsAre("./seed"));
}

TEST_F(HooksTest, AnOrphanTakesItsLeaveToo) {
    ASSERT_TRUE(start());
    forge.item(12).labels.clear();
    clock.advance(std::chrono::hours(1));
    auto shows = service();
    const auto plan = plan_sweep(shows, {});
    ASSERT_TRUE(plan);
    ASSERT_TRUE(perform_sweep(shows, *plan, {}, reporter, progress));
    EXPECT_THAT(programs(), ElementsAre("./seed", "./leave"));
    EXPECT_THAT(runtime.services, IsEmpty());
}

}  // namespace
}  // namespace ringmaster::shows
