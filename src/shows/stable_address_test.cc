// The stable address of a pull request: where it leads at every moment, and what happens when its router is
// down.

#include "shows/stable_address.h"

#include <gtest/gtest.h>

#include "shows/comment.h"
#include "shows/service.h"
#include "shows/sweep.h"
#include "shows/token_claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_engine.h"
#include "testing/fake_entropy.h"
#include "testing/fake_forge.h"
#include "testing/fake_router.h"

namespace ringmaster::shows {
namespace {

constexpr std::string_view kOld = "aaaaaaa";
constexpr std::string_view kNew = "bbbbbbb";
const std::string kStable = "https://pr-12.r.example.org";

class StableAddressTest : public ::testing::Test {
 protected:
    StableAddressTest() { forge.open(12, std::string(kOld)); }

    ShowService service() {
        return {{forge, claims, builder, runtime, web, clock, history, nullptr, &router},
                {.repository = {"o", "r"}}};
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
    std::optional<Endpoint> address_of(std::string_view sha) {
        const auto found = runtime.services.find(fmt::format("pr-12-{}-service", sha));
        return found == runtime.services.end() ? std::nullopt : found->second.endpoint;
    }
    std::optional<Endpoint> leads_to() {
        const auto found = world.routes.find({"o/r", 12});
        return found == world.routes.end() ? std::nullopt : found->second;
    }
    bool is_routed() { return world.routes.contains({"o/r", 12}); }
    void take_router_down() { world.failure = world.list_failure = Error::unavailable("no router answers"); }
    void bring_router_back() {
        world.failure.reset();
        world.list_failure.reset();
    }
    Result<SweepReport> sweep() {
        auto shows = service();
        const auto plan = plan_sweep(shows, {});
        if (!plan) return Fail(plan.error());
        return perform_sweep(shows, *plan, {}, reporter, progress);
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    ringmaster::testing::FakeForge forge{clock};
    ringmaster::testing::FakeBuilder builder{clock};
    ringmaster::testing::FakeRuntime runtime{clock};
    ringmaster::testing::FakeWeb web{runtime};
    ringmaster::testing::FakeHistory history;
    ringmaster::testing::FakeRouterWorld world;
    ringmaster::testing::FakeRouter router{world};
    TokenClaims claims{forge, forge, clock, entropy, {}};
    SilentReporter reporter;
    NoProgress progress;
};

TEST_F(StableAddressTest, LeadsToANewShowBeforeItsLabelsSaySo) {
    std::string seen_at_the_switch;
    router.on_point = [&](int, const Endpoint&) {
        seen_at_the_switch = labels().active ? "too late" : to_string(labels().shows.at(0).status);
    };
    const auto outcome = start();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(seen_at_the_switch, "deploying");
    EXPECT_EQ(leads_to(), address_of(kOld));
}

TEST_F(StableAddressTest, IsWhatPeopleAreGivenBesideTheShowsOwn) {
    const auto outcome = start();
    ASSERT_TRUE(outcome);
    const auto own = address_of(kOld)->url();
    EXPECT_EQ(outcome->stable_url, kStable);
    EXPECT_EQ(outcome->url, own);
    EXPECT_EQ(outcome->public_url(), kStable);
    EXPECT_NE(comment().find(fmt::format("[Open the show]({})", kStable)), std::string::npos) << comment();
    EXPECT_NE(comment().find(fmt::format("| Only this version | {} |", own)), std::string::npos) << comment();
    EXPECT_EQ(forge.item(12).environment_url, kStable);
    EXPECT_EQ(service().status(12)->shows.at(0).stable_url, kStable);
}

TEST_F(StableAddressTest, LeadsToTheNewShowBeforeTheOldOneGoes) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    std::optional<Endpoint> led_to;
    runtime.on_remove = [&](const ShowId& show) {
        if (show.sha.text() == kOld) led_to = leads_to();
    };
    ASSERT_TRUE(sync());
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(led_to, address_of(kNew));
    EXPECT_EQ(leads_to(), address_of(kNew));
}

TEST_F(StableAddressTest, ARouterThatIsDownLeavesTheOldShowServingAndLosesNothing) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    take_router_down();
    const auto outcome = sync();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(outcome.error().describe().find(kStable), std::string::npos) << outcome.error().describe();
    EXPECT_TRUE(runs(kOld));
    EXPECT_EQ(labels().active->text(), kOld);
    EXPECT_EQ(leads_to(), address_of(kOld));
    EXPECT_TRUE(runs(kNew)) << "whether visitors are led there is not known";
    EXPECT_NE(comment().find("still serves aaaaaaa"), std::string::npos) << comment();
    bring_router_back();
    const auto again = sync();
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(labels().active->text(), kNew);
    EXPECT_EQ(leads_to(), address_of(kNew));
    EXPECT_FALSE(runs(kOld));
    EXPECT_EQ(builder.builds.at("pr-12-bbbbbbb"), 2) << "the builder adopts what it built";
}

TEST_F(StableAddressTest, ARouterThatStaysDownNeverCostsTheShowThatServes) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    take_router_down();
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(sync());
    EXPECT_TRUE(runs(kOld));
    EXPECT_EQ(labels().active->text(), kOld);
    bring_router_back();
    forge.label(12, std::string(kStartTrigger));
    ASSERT_TRUE(sync());
    EXPECT_EQ(leads_to(), address_of(kNew));
}

TEST_F(StableAddressTest, ARouterThatRefusesFailsTheVersionAndTakesItAway) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    world.failure = Error::failed("the router says no");
    ASSERT_FALSE(sync());
    EXPECT_FALSE(runs(kNew));
    EXPECT_TRUE(runs(kOld));
    EXPECT_EQ(leads_to(), address_of(kOld));
    EXPECT_EQ(labels().find(*ShortSha::parse(kNew))->status, ShowStatus::Failed);
}

TEST_F(StableAddressTest, AnAnswerThatWasLostKeepsBothShowsUntilTheNextLook) {
    ASSERT_TRUE(start());
    forge.push(12, std::string(kNew));
    world.failure = Error::unavailable("broken off");
    world.fails_afterwards = true;
    ASSERT_FALSE(sync());
    EXPECT_TRUE(runs(kOld));
    EXPECT_TRUE(runs(kNew));
    EXPECT_EQ(leads_to(), address_of(kNew));
    bring_router_back();
    ASSERT_TRUE(sync());
    EXPECT_EQ(labels().active->text(), kNew);
}

TEST_F(StableAddressTest, WhatWasLedElsewhereIsPutRightByTheNextLook) {
    ASSERT_TRUE(start());
    world.routes[{"o/r", 12}] = Endpoint{"10.9.9.9", 1};
    ASSERT_TRUE(sync());
    EXPECT_EQ(leads_to(), address_of(kOld));
    world.routes[{"o/r", 12}] = std::nullopt;
    ASSERT_TRUE(sync());
    EXPECT_EQ(leads_to(), address_of(kOld));
}

TEST_F(StableAddressTest, ALabelAloneSendsNobodyAnywhere) {
    ASSERT_TRUE(start());
    const auto right = leads_to();
    forge.unlabel(12, fmt::format("🎪 aaaaaaa 🌐 {}", right->text()));
    forge.label(12, "🎪 aaaaaaa 🌐 6.6.6.6:80");
    world.routes.clear();
    runtime.list_failure = Error::unavailable("the engine is down");
    (void)sync();
    EXPECT_FALSE(is_routed());
    runtime.list_failure.reset();
    ASSERT_TRUE(sync());
    EXPECT_EQ(leads_to(), right);
}

TEST_F(StableAddressTest, ARouterThatWasAddedLaterGetsItsRouteAndTheCommentIsTold) {
    auto shows =
        ShowService({forge, claims, builder, runtime, web, clock, history}, {.repository = {"o", "r"}});
    forge.label(12, std::string(kStartTrigger));
    ASSERT_TRUE(shows.sync({.number = 12}, reporter, progress));
    EXPECT_EQ(comment().find(kStable), std::string::npos);
    ASSERT_TRUE(sync());
    EXPECT_EQ(leads_to(), address_of(kOld));
    EXPECT_NE(comment().find(kStable), std::string::npos) << comment();
}

TEST_F(StableAddressTest, NothingIsToldToTheRouterWhenAllIsWell) {
    ASSERT_TRUE(start());
    world.failure = Error::failed("nobody should ask for a change");
    const auto outcome = sync();
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->decision.reason, Reason::AlreadyRunning);
}

TEST_F(StableAddressTest, IsTakenAwayBeforeTheLastShowIs) {
    ASSERT_TRUE(start());
    bool was_routed = true;
    runtime.on_remove = [&](const ShowId&) { was_routed = is_routed(); };
    ASSERT_TRUE(sync({.number = 12, .purpose = Purpose::Stop}));
    EXPECT_FALSE(was_routed);
    EXPECT_FALSE(is_routed());
    EXPECT_TRUE(labels().tent_labels.empty());
}

TEST_F(StableAddressTest, WhatCouldNotBeTakenAwayKeepsTheLabelsUntilItCan) {
    ASSERT_TRUE(start());
    take_router_down();
    ASSERT_FALSE(sync({.number = 12, .purpose = Purpose::Stop}));
    EXPECT_TRUE(runtime.services.empty()) << "what costs money goes all the same";
    EXPECT_FALSE(labels().tent_labels.empty());
    EXPECT_NE(comment().find("pr-12.r.example.org"), std::string::npos) << comment();
    bring_router_back();
    ASSERT_TRUE(sync());
    EXPECT_FALSE(is_routed());
    EXPECT_TRUE(labels().tent_labels.empty());
}

TEST_F(StableAddressTest, OfALostShowThatDoesNotComeBackLeadsNowhere) {
    ASSERT_TRUE(start());
    forge.label(12, std::string(kFreeze));
    runtime.services.clear();
    ASSERT_TRUE(sync());
    EXPECT_FALSE(is_routed());
}

TEST_F(StableAddressTest, ASweepTakesAwayWhatNoShowExplainsAndNothingElse) {
    ASSERT_TRUE(start());
    forge.open(13, "ccccccc");
    world.routes[{"o/r", 13}] = Endpoint{"10.9.9.9", 1};
    world.routes[{"o/other", 13}] = Endpoint{"10.9.9.9", 1};
    const auto report = sweep();
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_EQ(report->orphans, 1);
    EXPECT_EQ(leads_to(), address_of(kOld));
    EXPECT_FALSE(world.routes.contains({"o/r", 13}));
    EXPECT_TRUE(world.routes.contains({"o/other", 13}));
}

TEST_F(StableAddressTest, ASweepDoesWithoutARouterThatIsDown) {
    ASSERT_TRUE(start());
    take_router_down();
    auto shows = service();
    const auto plan = plan_sweep(shows, {});
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->skipped.size(), 1U);
    EXPECT_NE(plan->skipped[0].find("no router answers"), std::string::npos) << plan->skipped[0];
}

}  // namespace
}  // namespace ringmaster::shows
