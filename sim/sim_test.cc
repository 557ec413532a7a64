// What the simulator promises: the same seed gives the same history, the production code keeps its invariants
// in a fixed set of histories, and every way of being wrong on purpose is caught.

#include <gtest/gtest.h>

#include "sim/command_line.h"
#include "sim/shrink.h"
#include "sim/world.h"

namespace ringmaster::sim {
namespace {

TEST(Simulation, TheSameSeedGivesTheSameHistory) {
    for (const std::uint64_t seed : {3U, 7U, 11U}) {
        const Outcome first = simulate({.seed = seed, .workers = 2, .pull_requests = 2});
        const Outcome again = simulate({.seed = seed, .workers = 2, .pull_requests = 2, .wants_story = true});
        EXPECT_EQ(first.fingerprint, again.fingerprint);
        EXPECT_EQ(first.mishaps, again.mishaps);
        EXPECT_NE(first.fingerprint,
                  simulate({.seed = seed + 1, .workers = 2, .pull_requests = 2}).fingerprint);
    }
}

TEST(Simulation, AFixedSetOfHistoriesKeepsAllInvariants) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        const Options options{.seed = seed, .workers = 3, .pull_requests = 3};
        const Outcome outcome = simulate(options);
        ASSERT_FALSE(outcome.violation) << outcome.violation->what << "\nsee: " << replay_command(options);
        EXPECT_GT(outcome.stats.port_calls, 100U);
    }
}

TEST(Simulation, PeopleAreServedWhenNothingGoesWrong) {
    Stats sum;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Outcome outcome = simulate({.seed = seed, .faults = FaultSet::none()});
        ASSERT_FALSE(outcome.violation) << outcome.violation->what;
        sum.builds += outcome.stats.builds;
    }
    EXPECT_GT(sum.builds, 20U);
}

TEST(Simulation, LeasesOnRefsKeepAllInvariants) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Options options{.seed = seed, .claims = ClaimsKind::Refs};
        const Outcome outcome = simulate(options);
        ASSERT_FALSE(outcome.violation) << outcome.violation->what << "\nsee: " << replay_command(options);
        EXPECT_GT(outcome.stats.builds, 0U);
    }
}

struct Wrong {
    Broken broken;
    std::set<int> invariants;  ///< any of these must be found broken
    ClaimsKind claims = ClaimsKind::Labels;
};

class BrokenVariant : public ::testing::TestWithParam<Wrong> {};

/// Within a thousand histories (most within a few), by the invariant that it is about.
TEST_P(BrokenVariant, IsCaught) {
    const auto& [broken, invariants, claims] = GetParam();
    constexpr std::uint64_t kMostSeeds = 1000;
    for (std::uint64_t seed = 1; seed <= kMostSeeds; ++seed) {
        const Outcome outcome = simulate({.seed = seed,
                                          .workers = 3,
                                          .pull_requests = 2,
                                          .broken = broken,
                                          .claims = claims,
                                          .has_hooks = broken == Broken::SeedLeftOut});
        if (outcome.violation && invariants.contains(outcome.violation->invariant)) return;
    }
    FAIL() << to_string(broken) << " was not caught in " << kMostSeeds << " histories";
}

INSTANTIATE_TEST_SUITE_P(
    Each, BrokenVariant,
    ::testing::Values(Wrong{Broken::ClaimWithoutVerify, {1}}, Wrong{Broken::NoClaim, {1}},
                      Wrong{Broken::SwapWithoutCompare, {1}, ClaimsKind::Refs}, Wrong{Broken::NoFence, {1}},
                      Wrong{Broken::WantedVersionUnwatched, {1}}, Wrong{Broken::StopUnseen, {2}},
                      Wrong{Broken::StartStays, {2}}, Wrong{Broken::DeleteBeforeSwitch, {3}},
                      Wrong{Broken::PartialAsComplete, {4}}, Wrong{Broken::ForeignListed, {4}},
                      Wrong{Broken::EventCounts, {5}}, Wrong{Broken::EventBelieved, {5}},
                      Wrong{Broken::LabelsBeforeRemoval, {1, 2, 6}}, Wrong{Broken::TokensStay, {6}},
                      Wrong{Broken::CommentStays, {6}}, Wrong{Broken::AllLabelsReplaced, {7}},
                      Wrong{Broken::SeedLeftOut, {11}}),
    [](const auto& info) {
        std::string name(to_string(info.param.broken));
        std::erase(name, '-');
        return name;
    });

/// A pull request that was asked to end, and two workers whose lease tokens have the same name.
class DoubleCreation : public ::testing::Test {
 protected:
    DoubleCreation() : world(options) {
        world.forge.set_lag(std::chrono::seconds(2));
        world.forge.open({.number = 1, .head = *CommitSha::parse(std::string(40, 'a'))});
        world.referee.watch(1);
        world.referee.asked_to_stop(1);
    }
    /// The run of a worker that creates the lease token now and takes it for the lease.
    int take() {
        const TimePoint expires = world.now() + std::chrono::minutes(5);
        const auto id = world.forge.create_token(1, 1, "holder", expires, world.now(), true);
        Process& process = world.start_process("worker");
        const int run =
            world.referee.claim_taken(process, {1, "holder", expires, {{1, *id, "holder", expires}}});
        world.referee.comes_alive(run, 1, "a label", world.now() + std::chrono::seconds(1));
        return run;
    }

    Options options;
    World world;
};

TEST_F(DoubleCreation, OnlyTheSecondLeaseOfANameIsALimitAndItIsNamed) {
    world.forge.create_token(1, 1, "first", world.now(), world.now(), true);
    take();
    EXPECT_EQ(world.referee.limit(), "double-creation");
    EXPECT_FALSE(world.referee.violation());
}

TEST_F(DoubleCreation, AStopUndoneUnderAnOrdinaryLeaseIsADefect) {
    take();
    EXPECT_TRUE(world.referee.limit().empty());
    ASSERT_TRUE(world.referee.violation());
    EXPECT_EQ(world.referee.violation()->invariant, 2);
}

TEST(Shrink, KeepsTheEndAndDropsWhatItDoesNotNeed) {
    Options options{.workers = 2, .pull_requests = 2, .broken = Broken::ForeignListed};
    for (;; ++options.seed) {
        const Outcome outcome = simulate(options);
        if (outcome.violation && outcome.violation->invariant == 4) break;
        ASSERT_LT(options.seed, 1000U);
    }
    const Shrunk shrunk = shrink(options);
    EXPECT_LT(shrunk.left, shrunk.before);
    options.taken_out = shrunk.taken_out;
    options.wants_story = true;
    const Outcome shorter = simulate(options);
    ASSERT_TRUE(shorter.violation);
    EXPECT_EQ(shorter.violation->invariant, 4);
    EXPECT_FALSE(shorter.story.empty());
}

TEST(CommandLine, SaysWhatIsWrong) {
    EXPECT_FALSE(parse_command_line({"--seeds"}));
    EXPECT_FALSE(parse_command_line({"--seeds", "many"}));
    EXPECT_FALSE(parse_command_line({"--broken", "everything"}));
    EXPECT_FALSE(parse_command_line({"--faults", "crash,flood"}));
    const auto line = parse_command_line({"--replay", "7", "--faults", "crash,lag", "--workers", "2"});
    ASSERT_TRUE(line);
    EXPECT_EQ(replay_command(line->options),
              "ringmaster-sim --replay 7 --workers 2 --pull-requests 4 --faults crash,lag");
    EXPECT_FALSE(parse_command_line({"--claims", "database"}));
    EXPECT_EQ(replay_command(parse_command_line({"--claims", "refs"})->options),
              "ringmaster-sim --replay 1 --workers 3 --pull-requests 4 --claims refs");
    EXPECT_FALSE(parse_command_line({"--faults", "-crash"})->options.faults.has(Fault::Crash));
}

}  // namespace
}  // namespace ringmaster::sim
