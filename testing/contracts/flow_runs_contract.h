#pragma once
// What every FlowRuns does, as ports/orchestrator.h promises it. A suite's parameter is a harness, a type
// with a default constructor and
//
//     FlowRuns& runs();
//     std::string deployment(const std::string& name);    id of a new one, made of a flow whose parameter "n"
//                                                         is an integer, and that logs "one", "two", "three"
//     void carry_out(const std::string& run_id);          what a worker does, to the run's end
//
// A run may begin by itself, sooner or later. Everything still there is the harness's destructor's to remove.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ports/orchestrator.h"
#include "testing/recording_progress.h"
#include "testing/wait.h"

namespace ringmaster::testing {

template <typename Harness>
class FlowRunsContract : public ::testing::Test {
 protected:
    FlowRuns& runs() { return harness_.runs(); }
    template <typename T>
    static T must(Result<T> result) {
        if (!result) throw std::runtime_error(result.error().describe());
        return std::move(*result);
    }
    FlowRun start(const std::string& deployment_id, const std::string& key = "") {
        return must(runs().start({.deployment_id = deployment_id, .idempotency_key = key}, progress_));
    }
    std::vector<std::string> messages(const std::string& run_id, std::size_t skip) {
        std::vector<std::string> found;
        for (const auto& line : must(runs().logs(run_id, skip, progress_))) found.push_back(line.message);
        return found;
    }

    Harness harness_;
    RecordingProgress progress_;
};
TYPED_TEST_SUITE_P(FlowRunsContract);

TYPED_TEST_P(FlowRunsContract, AStartedRunIsFound) {
    const auto deployment = this->harness_.deployment("hello");
    const auto started = this->start(deployment);
    EXPECT_NE(started.id, "");
    EXPECT_NE(started.name, "");
    EXPECT_EQ(started.deployment_id, deployment);
    EXPECT_NE(started.state, RunState::Unknown);
    const auto found = this->must(this->runs().find(started.id, this->progress_));
    EXPECT_EQ(found.id, started.id);
    EXPECT_EQ(found.name, started.name);
    EXPECT_EQ(found.deployment_id, deployment);
}

TYPED_TEST_P(FlowRunsContract, TheSameKeyGivesTheSameRun) {
    const auto deployment = this->harness_.deployment("hello");
    const auto first = this->start(deployment, "key-one");
    EXPECT_EQ(this->start(deployment, "key-one").id, first.id);
    EXPECT_NE(this->start(deployment, "key-two").id, first.id);
    EXPECT_NE(this->start(deployment).id, this->start(deployment).id);
}

TYPED_TEST_P(FlowRunsContract, TheLatestRunOfEachDeploymentIsItsNewest) {
    const auto one = this->harness_.deployment("one"), two = this->harness_.deployment("two"),
               never = this->harness_.deployment("never");
    EXPECT_THAT(this->must(this->runs().latest({one, two, never}, this->progress_)), ::testing::IsEmpty());
    EXPECT_THAT(this->must(this->runs().latest({}, this->progress_)), ::testing::IsEmpty());
    const auto of_two = this->start(two);
    for (int i = 0; i < 3; ++i) this->start(one);
    const auto of_one = this->start(one);
    const auto latest = this->must(this->runs().latest({one, two, never}, this->progress_));
    ASSERT_EQ(latest.size(), 2U);
    EXPECT_EQ(latest.at(one).id, of_one.id);
    EXPECT_EQ(latest.at(two).id, of_two.id);
}

TYPED_TEST_P(FlowRunsContract, ARunGoesToItsEndAndTellsItsLogFromAnyLine) {
    const auto run = this->start(this->harness_.deployment("hello"));
    this->harness_.carry_out(run.id);
    const auto ended = this->must(this->runs().find(run.id, this->progress_));
    EXPECT_EQ(ended.state, RunState::Completed) << ended.state_text;
    ASSERT_TRUE(ended.started_at && ended.ended_at);
    EXPECT_LE(*ended.started_at, *ended.ended_at);
    const auto all = this->messages(run.id, 0);
    std::vector<std::string> ours;
    std::ranges::copy_if(all, std::back_inserter(ours),
                         [](const auto& line) { return line == "one" || line == "two" || line == "three"; });
    EXPECT_THAT(ours, ::testing::ElementsAre("one", "two", "three"));
    EXPECT_EQ(this->messages(run.id, 1), (std::vector<std::string>(all.begin() + 1, all.end())));
    EXPECT_THAT(this->messages(run.id, all.size()), ::testing::IsEmpty());
    EXPECT_TRUE(this->runs().cancel(run.id, this->progress_)) << "one that has ended is success";
    EXPECT_EQ(this->must(this->runs().find(run.id, this->progress_)).state, RunState::Completed);
}

TYPED_TEST_P(FlowRunsContract, ACancelledRunEnds) {
    const auto run = this->start(this->harness_.deployment("hello"));
    for (int i = 0; i < 2; ++i) {
        const auto cancelled = this->runs().cancel(run.id, this->progress_);
        EXPECT_TRUE(cancelled) << cancelled.error().describe();
    }
    EXPECT_TRUE(
        eventually([&] { return is_final(this->must(this->runs().find(run.id, this->progress_)).state); }));
}

TYPED_TEST_P(FlowRunsContract, WhatIsNotThereIsNotFound) {
    for (const std::string id : {"00000000-0000-4000-8000-000000000000", "never-there"}) {
        EXPECT_EQ(this->runs().start({.deployment_id = id}, this->progress_).error().kind(),
                  ErrorKind::NotFound);
        EXPECT_EQ(this->runs().find(id, this->progress_).error().kind(), ErrorKind::NotFound);
        EXPECT_EQ(this->runs().logs(id, 0, this->progress_).error().kind(), ErrorKind::NotFound);
        EXPECT_EQ(this->runs().cancel(id, this->progress_).error().kind(), ErrorKind::NotFound);
        EXPECT_THAT(this->must(this->runs().latest({id}, this->progress_)), ::testing::IsEmpty());
    }
}

TYPED_TEST_P(FlowRunsContract, ParametersThatDoNotFitAreRefused) {
    const auto deployment = this->harness_.deployment("hello");
    RunRequest request{.deployment_id = deployment, .parameters = {{"n", "\"many\""}}};
    const auto refused = this->runs().start(request, this->progress_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(this->must(this->runs().latest({deployment}, this->progress_)), ::testing::IsEmpty());
    request.parameters["n"] = "2";
    EXPECT_TRUE(this->runs().start(request, this->progress_));
}

REGISTER_TYPED_TEST_SUITE_P(FlowRunsContract, AStartedRunIsFound, TheSameKeyGivesTheSameRun,
                            TheLatestRunOfEachDeploymentIsItsNewest,
                            ARunGoesToItsEndAndTellsItsLogFromAnyLine, ACancelledRunEnds,
                            WhatIsNotThereIsNotFound, ParametersThatDoNotFitAreRefused);

}  // namespace ringmaster::testing
