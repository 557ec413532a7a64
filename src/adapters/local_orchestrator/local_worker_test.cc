#include "adapters/local_orchestrator/local_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "adapters/local_orchestrator/worker_world_test.h"
#include "testing/fake_clock.h"
#include "testing/wait.h"

namespace ringmaster::local_orchestrator {
namespace {

using namespace std::chrono_literals;
using ringmaster::testing::FakeClock;
using ringmaster::testing::RecordingProgress;
using ::testing::Contains;
using ::testing::HasSubstr;

class LocalWorkerTest : public ::testing::Test, protected WorkerWorld {};

TEST_F(LocalWorkerTest, RunsAProgramAtTheDeployedCommitWithItsEnvironmentAndParameters) {
    repository.write("jobs/show.sh", R"(
cat jobs/data
echo "$PWD" | grep -o 'code$'
echo "$COLOUR $RINGMASTER_PARAM_DRY_RUN $RINGMASTER_PARAM_WHO $RINGMASTER_PARAM_LIST"
echo "$RINGMASTER_PARAMETERS"
echo "$RINGMASTER_DEPLOYMENT $RINGMASTER_VERSION $RINGMASTER_COMMIT"
env | grep -c SECRET_OF_OURS
true
)");
    repository.write("jobs/data", "as deployed\n");
    const auto commit = repository.commit();
    repository.write("jobs/data", "later\n");
    repository.commit();
    repository.write("jobs/data", "not even committed\n");
    ::setenv("SECRET_OF_OURS", "1", 1);
    const auto id = deploy("program: sh jobs/show.sh", commit,
                           {.parameters = {{"dry-run", "true"}, {"who", R"("the default")"}},
                            .environment = {{"COLOUR", "green"}, {"RINGMASTER_COMMIT", "forged"}}});
    const auto asked = start(id, {{"who", R"("ada & co")"}, {"list", "[1, 2]"}});
    const auto run = worker().run(asked.id, quiet);
    ::unsetenv("SECRET_OF_OURS");
    ASSERT_TRUE(run) << run.error().describe();
    EXPECT_EQ(run->state, RunState::Completed) << run->state_text;
    EXPECT_EQ(run->version, "main-" + commit.short_sha().text());
    EXPECT_EQ(messages(run->id),
              (std::vector<std::string>{
                  "running program: sh jobs/show.sh at commit " + commit.text(), "as deployed", "code",
                  "green true ada & co [1,2]", R"({"dry-run":true,"list":[1,2],"who":"ada & co"})",
                  "acme--main--hello--dev main-" + commit.short_sha().text() + " " + commit.text(), "0",
                  "Completed"}));
    EXPECT_TRUE(scratch_is_empty());
}

TEST_F(LocalWorkerTest, AProgramThatFailsSaysItsExitCodeAndItsLastWords) {
    const auto run = this->run("program: echo one; echo 'the disk is on fire' >&2; echo; exit 3");
    EXPECT_EQ(run.state, RunState::Failed);
    EXPECT_EQ(run.state_text, "exit code 3: the disk is on fire");
    ASSERT_TRUE(run.started_at && run.ended_at);
    EXPECT_EQ(this->run("program: exit 4").state_text, "exit code 4");
}

TEST_F(LocalWorkerTest, LinesAreSeenWhileItRunsAndGoToTheWatcher) {
    repository.commit();
    const auto asked =
        start(deploy("program: echo hello; while [ ! -e " + folder.path("go") + " ]; do sleep 0.05; done",
                     repository.commit()));
    RecordingProgress watcher;
    watcher.on_pulse([&](int) {
        if (::testing::Matches(Contains("hello"))(messages(asked.id))) folder.write("go", "");
    });
    EXPECT_EQ(worker().run(asked.id, watcher)->state, RunState::Completed);
    EXPECT_THAT(watcher.lines(), Contains("hello"));
}

TEST_F(LocalWorkerTest, ACancelledRunIsEndedWithAllItsProcesses) {
    const auto pid_file = folder.path("pid");
    const auto asked =
        start(deploy("program: sleep 60 & echo $! > " + pid_file + "; wait", repository.commit()));
    RecordingProgress watcher;
    watcher.on_pulse([&](int) {
        if (!folder.read("pid").empty()) EXPECT_TRUE(local().cancel(asked.id, quiet));
    });
    const auto run = worker().run(asked.id, watcher);
    ASSERT_TRUE(run) << run.error().describe();
    EXPECT_EQ(run->state, RunState::Cancelled);
    EXPECT_TRUE(run->ended_at);
    EXPECT_FALSE(ringmaster::testing::process_lives(std::stoi(folder.read("pid"))));
    EXPECT_TRUE(scratch_is_empty());
}

TEST_F(LocalWorkerTest, AWorkerThatIsStoppedEndsItsRunAndSaysSo) {
    const auto asked = start(deploy("program: echo began; sleep 60", repository.commit()));
    RecordingProgress watcher;
    watcher.stop_when([](const auto& lines) { return ::testing::Matches(Contains("began"))(lines); });
    const auto run = worker().run(asked.id, watcher);
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().kind(), ErrorKind::Interrupted);
    EXPECT_EQ(look(asked.id).state, RunState::Crashed);
    EXPECT_THAT(look(asked.id).state_text, HasSubstr("its worker was stopped"));
}

TEST_F(LocalWorkerTest, ARunThatTakesTooLongFails) {
    const auto asked = start(deploy("program: sleep 60", repository.commit()));
    const auto run = worker({.timeout = 300ms}).run(asked.id, quiet);
    ASSERT_TRUE(run) << run.error().describe();
    EXPECT_EQ(run->state, RunState::Failed);
    EXPECT_THAT(run->state_text, HasSubstr("had not ended after 0.3 s"));
}

TEST_F(LocalWorkerTest, TheLogIsBoundedAndSaysSo) {
    const auto asked = start(deploy("program: yes | head -n 5000; echo the end", repository.commit()));
    const auto run = worker({.most_log_bytes = 10'000}).run(asked.id, quiet);
    EXPECT_EQ(run->state, RunState::Completed);
    const auto lines = messages(asked.id);
    EXPECT_LT(lines.size(), 400U);
    EXPECT_THAT(lines, Contains("the log ends here: the run said more than is kept of it"));
    EXPECT_EQ(lines.back(), "Completed");
    EXPECT_THAT(lines, ::testing::Not(Contains("the end")));
}

TEST_F(LocalWorkerTest, WhatCannotBeRunIsToldPlainly) {
    const auto gone = start(deploy("program: true", *CommitSha::parse(std::string(40, 'e'))));
    auto run = worker().run(gone.id, quiet);
    EXPECT_EQ(run->state, RunState::Crashed);
    EXPECT_THAT(run->state_text, HasSubstr("git fetch"));
    repository.write("f.py", "");
    for (const auto* entrypoint : {"f.py", "f.py:", ":f", "../f.py:f", "/f.py:f", "program:", ""})
        EXPECT_EQ(this->run(entrypoint).state, RunState::Failed) << entrypoint;
    EXPECT_THAT(this->run("program: true", {}, {.environment = {{"A=B", "1"}}}).state_text, HasSubstr("A=B"));
    const auto asked = start(deploy("f.py:f", repository.commit()));
    run = worker({.python = "no-such-python"}).run(asked.id, quiet);
    EXPECT_EQ(run->state, RunState::Crashed);
    EXPECT_THAT(run->state_text, HasSubstr("no-such-python is not installed"));
    EXPECT_TRUE(scratch_is_empty());
}

TEST_F(LocalWorkerTest, ThePathOfADeploymentIsWhereItRuns) {
    repository.write("etl/jobs/a", "here");
    EXPECT_EQ(this->run("program: cat jobs/a", {}, {.path = "etl"}).state, RunState::Completed);
    EXPECT_THAT(this->run("program: true", {}, {.path = "../.."}).state_text, HasSubstr("leads out"));
}

TEST_F(LocalWorkerTest, RunsAreOfTheVersionThatWasDeployedWhenTheyWereAskedFor) {
    repository.write("say", "one");
    const auto one = start(deploy("program: cat say", repository.commit()));
    repository.write("say", "two");
    const auto two = start(deploy("program: cat say", repository.commit()));
    auto worker = this->worker();
    EXPECT_EQ(worker.run_next(quiet)->value().id, one.id);
    EXPECT_EQ(worker.run_next(quiet)->value().id, two.id);
    EXPECT_FALSE(worker.run_next(quiet)->has_value());
    EXPECT_EQ(messages(one.id)[1], "one");
    EXPECT_EQ(messages(two.id)[1], "two");
}

TEST_F(LocalWorkerTest, ADeploymentWithALimitHasNoMoreRunsAtOnce) {
    const auto id = deploy("program: true", repository.commit(), {.concurrency_limit = 1});
    const auto one = start(id), two = start(id);
    RunQueue first(local().store(), "", "first"), second(local().store(), "", "second");
    EXPECT_EQ((*first.take_next(quiet))->run.id, one.id);
    EXPECT_FALSE(*second.take_next(quiet));
    EXPECT_FALSE(*second.take(two.id, quiet));
    ASSERT_TRUE(first.end(one.id, RunState::Completed, ""));
    EXPECT_EQ((*second.take_next(quiet))->run.id, two.id);
}

TEST_F(LocalWorkerTest, RunsOfOtherRepositoriesAreLeftAlone) {
    const auto asked = start(deploy("program: true", repository.commit()));
    EXPECT_FALSE(worker({.repository = "https://host/other"}).run_next(quiet)->has_value());
    const auto refused = worker({.repository = "https://host/other"}).run(asked.id, quiet);
    ASSERT_FALSE(refused) << "it would wait for ever";
    EXPECT_EQ(refused.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(look(asked.id).state, RunState::Scheduled);
    EXPECT_EQ(worker({.repository = repository.path()}).run_next(quiet)->value().id, asked.id);
}

TEST_F(LocalWorkerTest, ManyWorkersCarryOutEachRunOnce) {
    const auto id = deploy("program: echo run >> " + folder.path("runs"), repository.commit());
    constexpr int kRuns = 12;
    for (int i = 0; i < kRuns; ++i) start(id);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([this, i] {
            // As other processes would: with connections of their own.
            support::SystemClock clock;
            ringmaster::testing::FakeEntropy own(static_cast<std::uint64_t>(100 + i));
            const auto store = FlowStore::open(folder.path("flows.db"), clock).value();
            LocalWorker worker({.scratch_folder = folder.path("scratch")}, *store, source, subprocess, own);
            NoProgress progress;
            const auto done = worker.run_due(progress);
            EXPECT_TRUE(done) << done.error().describe();
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(split_lines(folder.read("runs")).size(), std::size_t{kRuns});
    EXPECT_EQ(local().latest({id}, quiet)->at(id).state, RunState::Completed);
}

TEST_F(LocalWorkerTest, AskingForARunThatAnotherWorkerHasWaitsForItsEnd) {
    const auto asked = start(deploy("program: while [ ! -e " + folder.path("go") + " ]; do sleep 0.05; done",
                                    repository.commit()));
    std::thread other([&] { EXPECT_TRUE(worker().run_next(quiet)->has_value()); });
    ASSERT_TRUE(ringmaster::testing::eventually([&] { return look(asked.id).state == RunState::Running; }));
    RecordingProgress watcher;
    watcher.on_pulse([&](int count) {
        if (count > 3) folder.write("go", "");
    });
    const auto run = worker().run(asked.id, watcher);
    other.join();
    ASSERT_TRUE(run) << run.error().describe();
    EXPECT_EQ(run->state, RunState::Completed);
    EXPECT_EQ(worker().run("never-there", quiet).error().kind(), ErrorKind::NotFound);
}

class LostRunTest : public ::testing::Test {
 protected:
    FakeClock clock_;
    WorkerWorld world_{clock_};
};

TEST_F(LostRunTest, ARunWhoseWorkerFellSilentHasCrashedAndIsNotItsAnyMore) {
    const auto asked = world_.start(world_.deploy("program: true", world_.repository.commit()));
    RunQueue dead(world_.local().store(), "", "dead"), living(world_.local().store(), "", "living");
    ASSERT_TRUE(*dead.take_next(world_.quiet));
    ASSERT_TRUE(dead.begin(asked.id));
    world_.folder.write("scratch/" + asked.id + "/code/left", "");
    clock_.advance(60s);
    EXPECT_TRUE(world_.worker().make_due(world_.quiet));
    EXPECT_EQ(world_.look(asked.id).state, RunState::Running);
    clock_.advance(31s);
    EXPECT_TRUE(world_.worker().make_due(world_.quiet));
    EXPECT_EQ(world_.look(asked.id).state, RunState::Running) << "a second look decides";
    clock_.advance(10s);
    EXPECT_TRUE(world_.worker().make_due(world_.quiet));
    EXPECT_EQ(world_.look(asked.id).state, RunState::Crashed);
    EXPECT_EQ(world_.look(asked.id).state_text, "its worker fell silent at 2026-01-05T12:00:00Z");
    EXPECT_TRUE(world_.scratch_is_empty());
    // It was only asleep, and wakes up.
    EXPECT_EQ(dead.beat(asked.id).error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(dead.end(asked.id, RunState::Completed, "").error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(world_.look(asked.id).state, RunState::Crashed);
    EXPECT_FALSE(*living.take_next(world_.quiet));
}

TEST_F(LostRunTest, ASignOfLifeKeepsTheRunAndHearsOfItsCancellation) {
    const auto asked = world_.start(world_.deploy("program: true", world_.repository.commit()));
    RunQueue queue(world_.local().store(), "", "living");
    ASSERT_TRUE(*queue.take_next(world_.quiet));
    ASSERT_TRUE(queue.begin(asked.id));
    for (int i = 0; i < 10; ++i) {
        clock_.advance(60s);
        EXPECT_FALSE(queue.beat(asked.id).value());
    }
    EXPECT_TRUE(queue.end_lost(90s, world_.quiet)->empty());
    ASSERT_TRUE(world_.local().cancel(asked.id, world_.quiet));
    EXPECT_EQ(world_.look(asked.id).state, RunState::Cancelling);
    EXPECT_TRUE(queue.beat(asked.id).value());
    for (const auto wait : {91s, 10s}) {
        clock_.advance(wait);
        EXPECT_EQ(queue.end_lost(90s, world_.quiet)->size(), wait == 10s ? 1U : 0U);
    }
    EXPECT_EQ(world_.look(asked.id).state, RunState::Cancelled);
}

TEST_F(LostRunTest, AMachineThatSleptLosesNoRun) {
    const auto asked = world_.start(world_.deploy("program: true", world_.repository.commit()));
    RunQueue queue(world_.local().store(), "", "living");
    ASSERT_TRUE(*queue.take_next(world_.quiet));
    ASSERT_TRUE(queue.begin(asked.id));
    clock_.advance(8h);
    EXPECT_TRUE(queue.end_lost(90s, world_.quiet)->empty()) << "who looks may wake before who works";
    EXPECT_TRUE(queue.beat(asked.id));
    clock_.advance(1min);
    EXPECT_TRUE(queue.end_lost(90s, world_.quiet)->empty());
    EXPECT_EQ(world_.look(asked.id).state, RunState::Running);
}

TEST_F(LostRunTest, OfManyRunsTheNewestAreKept) {
    const auto id = world_.deploy("program: true", world_.repository.commit());
    RunQueue queue(world_.local().store(), "", "living");
    const auto first = world_.start(id);
    for (int i = 0; i < 201; ++i) {
        const auto taken = *queue.take_next(world_.quiet);
        ASSERT_TRUE(taken);
        ASSERT_TRUE(queue.append(taken->run.id, 0, {{clock_.now(), "", "line"}}));
        ASSERT_TRUE(queue.end(taken->run.id, RunState::Completed, ""));
        world_.start(id);
    }
    FlowRuns& runs = world_.local();
    EXPECT_EQ(runs.find(first.id, world_.quiet).error().kind(), ErrorKind::NotFound);
    EXPECT_EQ(runs.logs(first.id, 0, world_.quiet).error().kind(), ErrorKind::NotFound);
}

}  // namespace
}  // namespace ringmaster::local_orchestrator
