#include "adapters/local_orchestrator/schedules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/local_orchestrator/worker_world_test.h"
#include "testing/fake_clock.h"

namespace ringmaster::local_orchestrator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// It is 2026-01-05T12:00:00Z, a Monday.
class SchedulesTest : public ::testing::Test {
 protected:
    std::string deploy(std::vector<Schedule> schedules, DeploymentSpec spec = {}) {
        if (!commit_) commit_ = world_.repository.commit();
        spec.schedules = std::move(schedules);
        return world_.deploy("program: true", *commit_, std::move(spec));
    }
    ScheduledRuns due() {
        const auto runs = make_due_runs(world_.local().store(), "", world_.entropy, world_.quiet);
        EXPECT_TRUE(runs) << runs.error().describe();
        return *runs;
    }
    std::vector<std::string> times() {
        std::vector<std::string> times;
        for (const auto& run : due().made) times.push_back(format_iso8601(run.expected_at.value()));
        return times;
    }

    ringmaster::testing::FakeClock clock_;
    WorkerWorld world_{clock_};
    std::optional<CommitSha> commit_;
};

TEST_F(SchedulesTest, ATimeThatComesMakesOneRun) {
    const auto id = deploy({{.cron = "30 12 * * *"}}, {.parameters = {{"n", "7"}}});
    EXPECT_THAT(times(), IsEmpty());
    clock_.advance(29min + 59s);
    EXPECT_THAT(times(), IsEmpty());
    clock_.advance(5s);
    const auto made = due().made;
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].deployment_id, id);
    EXPECT_EQ(made[0].state, RunState::Scheduled);
    EXPECT_EQ(format_iso8601(*made[0].expected_at), "2026-01-05T12:30:00Z");
    EXPECT_THAT(times(), IsEmpty()) << "once";
    EXPECT_EQ(world_.local().latest({id}, world_.quiet)->at(id).id, made[0].id);
}

TEST_F(SchedulesTest, AfterAPauseOnlyTheNewestMissedTimeIsMadeUpFor) {
    deploy({{.interval = Duration(15min)}});
    EXPECT_THAT(times(), ElementsAre("2026-01-05T12:00:00Z"));
    clock_.advance(72h + 7min);
    EXPECT_THAT(times(), ElementsAre("2026-01-08T12:00:00Z"));
    clock_.advance(8min);
    EXPECT_THAT(times(), ElementsAre("2026-01-08T12:15:00Z"));
}

TEST_F(SchedulesTest, NothingFromBeforeItWasDeployedOrSwitchedOnIsMade) {
    clock_.advance(1min);
    const std::vector<Schedule> each_hour{{.cron = "0 * * * *"}};
    deploy(each_hour);
    EXPECT_THAT(times(), IsEmpty()) << "12:00 is over";
    clock_.advance(1h);
    deploy(each_hour, {.is_paused = true});
    EXPECT_THAT(times(), IsEmpty()) << "paused";
    clock_.advance(1h);
    deploy(each_hour);
    EXPECT_THAT(times(), IsEmpty()) << "14:00 came while it was paused";
    clock_.advance(1h);
    EXPECT_THAT(times(), ElementsAre("2026-01-05T15:00:00Z"));
}

TEST_F(SchedulesTest, ANewVersionNeitherLosesNorRepeatsATime) {
    const std::vector<Schedule> each_hour{{.cron = "0 * * * *"}};
    deploy(each_hour, {.version = "main-1"});
    EXPECT_THAT(times(), ElementsAre("2026-01-05T12:00:00Z"));
    clock_.advance(1min);
    deploy(each_hour, {.version = "main-2"});
    EXPECT_THAT(times(), IsEmpty());
    clock_.advance(1h);
    deploy(each_hour, {.version = "main-3"});
    EXPECT_THAT(times(), ElementsAre("2026-01-05T13:00:00Z"));
}

TEST_F(SchedulesTest, SeveralSchedulesAreKeptEachAndASharedTimeIsOneRun) {
    deploy({{.cron = "0 13 * * *"},
            {.cron = "0 14 * * *", .timezone = "Europe/Warsaw"},
            {.cron = "5 13 * * *"},
            {.cron = "10 13 * * *", .is_active = false}});
    clock_.advance(70min);
    EXPECT_THAT(times(), ElementsAre("2026-01-05T13:00:00Z", "2026-01-05T13:05:00Z"));
}

TEST_F(SchedulesTest, WhatCannotBeMadeIsAProblemAndTheOthersAreMade) {
    deploy({{.rrule = "FREQ=DAILY"}}, {.name = "with-rule"});
    deploy({{.interval = Duration(1h)}}, {.name = "lacks", .parameter_schema = R"({"required":["n"]})"});
    deploy({{.interval = Duration(1h)}}, {.name = "works"});
    const auto runs = due();
    EXPECT_EQ(runs.made.size(), 1U);
    EXPECT_THAT(runs.problems, ElementsAre(::testing::HasSubstr("lacks: the parameter \"n\" is missing"),
                                           ::testing::HasSubstr("with-rule has an rrule")));
}

TEST_F(SchedulesTest, OtherRepositoriesAreLeftAlone) {
    deploy({{.interval = Duration(1h)}});
    auto& store = world_.local().store();
    EXPECT_THAT(make_due_runs(store, "https://host/other", world_.entropy, world_.quiet)->made, IsEmpty());
    EXPECT_EQ(make_due_runs(store, world_.repository.path(), world_.entropy, world_.quiet)->made.size(), 1U);
}

TEST_F(SchedulesTest, ADueRunIsCarriedOut) {
    deploy({{.interval = Duration(1h)}});
    const auto done = world_.worker().run_due(world_.quiet);
    ASSERT_TRUE(done) << done.error().describe();
    ASSERT_EQ(done->runs.size(), 1U);
    EXPECT_EQ(done->runs[0].state, RunState::Completed) << done->runs[0].state_text;
    EXPECT_THAT(world_.worker().run_due(world_.quiet)->runs, IsEmpty());
}

TEST_F(SchedulesTest, SchedulesThatCannotBeKeptAreRefused) {
    const std::pair<Schedule, const char*> cases[] = {
        {{}, "exactly one"},
        {{.cron = "0 0 * * *", .rrule = "FREQ=DAILY"}, "exactly one"},
        {{.interval = Duration(0)}, "at least a second"},
        {{.interval = Duration(-1h)}, "at least a second"},
        {{.cron = "0 25 * * *"}, "the hour \"25\" must be from 0 to 23"},
        {{.cron = "0 0 * * *", .timezone = "Mars/Olympus"}, "no time zone \"Mars/Olympus\""},
    };
    for (const auto& [schedule, expected] : cases) {
        const auto checked = check_schedule(schedule);
        ASSERT_FALSE(checked) << expected;
        EXPECT_EQ(checked.error().kind(), ErrorKind::InvalidInput);
        EXPECT_THAT(checked.error().message(), ::testing::HasSubstr(expected));
        const DeploymentSpec spec{.flow_record = "f", .name = "n", .schedules = {schedule}};
        EXPECT_EQ(world_.local().apply(spec, nullptr, world_.quiet).error().kind(), ErrorKind::InvalidInput);
    }
}

}  // namespace
}  // namespace ringmaster::local_orchestrator
