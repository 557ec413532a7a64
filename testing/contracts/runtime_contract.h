#pragma once
// What every Runtime does, with real shows. A suite's parameter is a harness, a type with a default
// constructor and
//
//     Runtime& runtime();         and  Runtime& other_runtime();   another worker on the same engine and
//     repository ShowSpec serving(int pull_request_number);   answers 200 with its commit's text, whatever
//     the path ShowSpec slow();            the same, but begins to listen only after let_slow_begin() void
//     let_slow_begin(); ShowSpec crashing();        prints "going down" and ends with exit code 3 ShowSpec
//     stubborn();        prints "here", ignores being asked to end ShowSpec counting();        prints "line
//     1" to "line 1000" and stays ShowSpec impossible();      cannot be started at all ShowSpec
//     another_version(const ShowSpec&);   the same show with another artifact bool has_remains(const
//     ShowId&);             processes, containers, files, anything
//
// Everything still there is the harness's destructor's to remove.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "ports/runtime.h"
#include "testing/http_probe.h"
#include "testing/recording_progress.h"
#include "testing/wait.h"

namespace ringmaster::testing {

template <typename Harness>
class RuntimeContract : public ::testing::Test {
 protected:
    Runtime& runtime() { return harness_.runtime(); }
    Endpoint deployed(const ShowSpec& spec) {
        const auto endpoint = runtime().deploy(spec, progress_);
        EXPECT_TRUE(endpoint) << endpoint.error().describe();
        return endpoint.value_or(Endpoint{"127.0.0.1", 1});
    }
    ServiceState state_of(const ShowSpec& spec) {
        const auto service = runtime().find(spec.show);
        EXPECT_TRUE(service) << service.error().describe();
        EXPECT_TRUE(*service) << "the show is gone";
        return service && *service ? (*service)->state : ServiceState::Removing;
    }
    bool answers(const Endpoint& endpoint, const ShowSpec& spec) {
        return eventually([&] { return http_get(endpoint) == harness_.body_of(spec); });
    }
    bool says(const ShowSpec& spec, const std::string& line) {
        return eventually([&] {
            RecordingProgress heard;
            const auto lines = runtime().logs(spec.show, {.tail_lines = -1}, heard)
                                   ? heard.lines()
                                   : std::vector<std::string>{};
            return std::ranges::find(lines, line) != lines.end();
        });
    }

    Harness harness_;
    RecordingProgress progress_;
};
TYPED_TEST_SUITE_P(RuntimeContract);

TYPED_TEST_P(RuntimeContract, ADeployedShowAnswersAtItsEndpoint) {
    const auto spec = this->harness_.serving(12);
    const auto endpoint = this->deployed(spec);
    EXPECT_TRUE(this->answers(endpoint, spec));
}

TYPED_TEST_P(RuntimeContract, FindsAShowWithItsTags) {
    const auto spec = this->harness_.serving(12);
    const auto endpoint = this->deployed(spec);
    const auto service = this->harness_.other_runtime().find(spec.show);
    ASSERT_TRUE(service && *service);
    EXPECT_EQ((*service)->show, spec.show);
    EXPECT_EQ((*service)->endpoint, endpoint);
    EXPECT_EQ((*service)->created_at, spec.created_at);
    EXPECT_EQ((*service)->expires_at, spec.expires_at);
    EXPECT_FALSE((*service)->name.empty());
}

TYPED_TEST_P(RuntimeContract, AShowThatWasNeverThereIsNotFoundAndRemovedAtOnce) {
    const auto spec = this->harness_.serving(12);
    const auto service = this->runtime().find(spec.show);
    ASSERT_TRUE(service);
    EXPECT_FALSE(*service);
    EXPECT_TRUE(this->runtime().remove(spec.show, this->progress_));
    const auto logs = this->runtime().logs(spec.show, {}, this->progress_);
    ASSERT_FALSE(logs);
    EXPECT_EQ(logs.error().kind(), ErrorKind::NotFound);
}

TYPED_TEST_P(RuntimeContract, DeployingTwiceAdoptsWhatRuns) {
    const auto spec = this->harness_.serving(12);
    const auto first = this->deployed(spec);
    ASSERT_TRUE(this->answers(first, spec));
    const auto second = this->harness_.other_runtime().deploy(spec, this->progress_);
    ASSERT_TRUE(second) << second.error().describe();
    EXPECT_EQ(first, *second);
    EXPECT_EQ(http_get(first), this->harness_.body_of(spec)) << "it was interrupted";
}

TYPED_TEST_P(RuntimeContract, DeployingAnotherArtifactReplacesTheShow) {
    const auto spec = this->harness_.serving(12);
    ASSERT_TRUE(this->answers(this->deployed(spec), spec));
    const auto other = this->harness_.another_version(spec);
    EXPECT_TRUE(this->answers(this->deployed(other), other));
    const auto all = this->runtime().list_managed();
    ASSERT_TRUE(all);
    EXPECT_EQ(all->size(), 1u);
}

TYPED_TEST_P(RuntimeContract, TwoWorkersDeployingOneShowStartItOnce) {
    const auto spec = this->harness_.serving(12);
    Result<Endpoint> one = Endpoint{}, two = Endpoint{};
    NoProgress quiet;
    std::thread first([&] { one = this->runtime().deploy(spec, quiet); });
    std::thread second([&] { two = this->harness_.other_runtime().deploy(spec, this->progress_); });
    first.join();
    second.join();
    ASSERT_TRUE(one && two);
    EXPECT_EQ(*one, *two);
    EXPECT_TRUE(this->answers(*one, spec));
}

TYPED_TEST_P(RuntimeContract, ShowsOfDifferentPullRequestsRunSideBySideAndAreAllListed) {
    const auto first = this->harness_.serving(12), second = this->harness_.serving(13);
    const auto at = this->deployed(first), elsewhere = this->deployed(second);
    EXPECT_NE(at, elsewhere);
    EXPECT_TRUE(this->answers(at, first));
    EXPECT_TRUE(this->answers(elsewhere, second));
    const auto all = this->harness_.other_runtime().list_managed();
    ASSERT_TRUE(all) << all.error().describe();
    std::vector<ShowId> shows;
    for (const auto& service : *all) shows.push_back(service.show);
    std::ranges::sort(shows);
    EXPECT_EQ(shows, (std::vector<ShowId>{first.show, second.show}));
}

TYPED_TEST_P(RuntimeContract, RemovingLeavesNothingAndMayBeRepeated) {
    const auto spec = this->harness_.serving(12);
    const auto endpoint = this->deployed(spec);
    ASSERT_TRUE(this->answers(endpoint, spec));
    const auto removed = this->harness_.other_runtime().remove(spec.show, this->progress_);
    ASSERT_TRUE(removed) << removed.error().describe();
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
    EXPECT_EQ(http_get(endpoint), std::nullopt);
    EXPECT_FALSE(*this->runtime().find(spec.show));
    EXPECT_TRUE(this->runtime().list_managed()->empty());
    EXPECT_TRUE(this->runtime().remove(spec.show, this->progress_));
}

TYPED_TEST_P(RuntimeContract, RemovingOneLeavesTheOthers) {
    const auto first = this->harness_.serving(12), second = this->harness_.serving(13);
    this->deployed(first);
    const auto endpoint = this->deployed(second);
    ASSERT_TRUE(this->runtime().remove(first.show, this->progress_));
    EXPECT_TRUE(this->answers(endpoint, second));
}

TYPED_TEST_P(RuntimeContract, TwoWorkersMayRemoveOneShowAtOnce) {
    const auto spec = this->harness_.serving(12);
    this->deployed(spec);
    Result<void> one, two;
    NoProgress quiet;
    std::thread first([&] { one = this->runtime().remove(spec.show, quiet); });
    std::thread second([&] { two = this->harness_.other_runtime().remove(spec.show, this->progress_); });
    first.join();
    second.join();
    EXPECT_TRUE(one);
    EXPECT_TRUE(two);
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
}

TYPED_TEST_P(RuntimeContract, AStubbornShowIsKilledInTheEnd) {
    const auto spec = this->harness_.stubborn();
    this->deployed(spec);
    ASSERT_TRUE(this->says(spec, "here"));
    const auto removed = this->runtime().remove(spec.show, this->progress_);
    ASSERT_TRUE(removed) << removed.error().describe();
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
}

TYPED_TEST_P(RuntimeContract, ARemovalThatWasInterruptedIsSeenAndCanBeFinished) {
    const auto spec = this->harness_.stubborn();
    this->deployed(spec);
    ASSERT_TRUE(this->says(spec, "here"));
    RecordingProgress impatient;
    impatient.stop_when([&](const auto&) { return impatient.pulses() >= 2; });
    const auto removed = this->runtime().remove(spec.show, impatient);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().kind(), ErrorKind::Interrupted);
    const auto service = this->runtime().find(spec.show);
    ASSERT_TRUE(service);
    EXPECT_TRUE(*service) << "what may still run must be found";
    EXPECT_TRUE(this->runtime().remove(spec.show, this->progress_));
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
}

TYPED_TEST_P(RuntimeContract, AnAppThatEndsIsExitedAndSaysHow) {
    const auto spec = this->harness_.crashing();
    this->deployed(spec);
    ASSERT_TRUE(eventually([&] { return this->state_of(spec) == ServiceState::Exited; }));
    const auto service = this->runtime().find(spec.show);
    EXPECT_NE((*service)->detail.find("exit 3"), std::string::npos) << (*service)->detail;
    EXPECT_EQ(this->runtime().list_managed()->size(), 1u) << "one that ended is still listed";
    EXPECT_TRUE(this->says(spec, "going down"));
    EXPECT_TRUE(this->runtime().remove(spec.show, this->progress_));
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
}

TYPED_TEST_P(RuntimeContract, AnAppThatEndedIsStartedAfreshByTheNextDeploy) {
    const auto crashing = this->harness_.crashing();
    this->deployed(crashing);
    ASSERT_TRUE(eventually([&] { return this->state_of(crashing) == ServiceState::Exited; }));
    this->deployed(crashing);
    EXPECT_TRUE(eventually([&] { return this->state_of(crashing) == ServiceState::Exited; }));
    EXPECT_EQ(this->runtime().list_managed()->size(), 1u);
}

TYPED_TEST_P(RuntimeContract, ASlowStartIsNotAFailedOne) {
    const auto spec = this->harness_.slow();
    const auto endpoint = this->deployed(spec);
    EXPECT_EQ(http_get(endpoint), std::nullopt);
    EXPECT_NE(this->state_of(spec), ServiceState::Exited);
    this->harness_.let_slow_begin();
    EXPECT_TRUE(this->answers(endpoint, spec));
}

TYPED_TEST_P(RuntimeContract, WhatCannotBeStartedLeavesNothing) {
    const auto spec = this->harness_.impossible();
    ASSERT_FALSE(this->runtime().deploy(spec, this->progress_));
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
    EXPECT_FALSE(*this->runtime().find(spec.show));
}

TYPED_TEST_P(RuntimeContract, ADeployThatIsStoppedLeavesNothing) {
    const auto spec = this->harness_.serving(12);
    RecordingProgress stopped;
    stopped.stop_when([](const auto&) { return true; });
    const auto endpoint = this->runtime().deploy(spec, stopped);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Interrupted);
    EXPECT_FALSE(this->harness_.has_remains(spec.show));
}

TYPED_TEST_P(RuntimeContract, LogsGiveTheLastLinesOldestFirst) {
    const auto spec = this->harness_.counting();
    this->deployed(spec);
    ASSERT_TRUE(this->says(spec, "line 1000"));
    RecordingProgress heard;
    ASSERT_TRUE(this->runtime().logs(spec.show, {.tail_lines = 3}, heard));
    EXPECT_EQ(heard.lines(), (std::vector<std::string>{"line 998", "line 999", "line 1000"}));
    RecordingProgress all;
    ASSERT_TRUE(this->runtime().logs(spec.show, {.tail_lines = -1}, all));
    EXPECT_EQ(all.lines().size(), 1000u);
}

TYPED_TEST_P(RuntimeContract, LogsSinceATimeLeaveOutWhatWasBefore) {
    const auto spec = this->harness_.counting();
    this->deployed(spec);
    ASSERT_TRUE(this->says(spec, "line 1000"));
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    const auto heard_since = [&](TimePoint since, int tail_lines) {
        RecordingProgress heard;
        EXPECT_TRUE(this->runtime().logs(spec.show, {.tail_lines = tail_lines, .since = since}, heard));
        return heard.lines();
    };
    EXPECT_EQ(heard_since(now - std::chrono::hours(1), -1).size(), 1000u);
    EXPECT_EQ(heard_since(now - std::chrono::hours(1), 1), std::vector<std::string>{"line 1000"});
    EXPECT_EQ(heard_since(now + std::chrono::hours(1), -1).size(), 0u);
}

TYPED_TEST_P(RuntimeContract, FollowedLogsEndWithTheApp) {
    const auto spec = this->harness_.crashing();
    this->deployed(spec);
    RecordingProgress heard;
    const auto followed = this->runtime().logs(spec.show, {.follow = true}, heard);
    ASSERT_TRUE(followed) << followed.error().describe();
    EXPECT_EQ(heard.lines(), (std::vector<std::string>{"going down"}));
}

TYPED_TEST_P(RuntimeContract, FollowedLogsStopWhenThePulseSaysSo) {
    const auto spec = this->harness_.counting();
    this->deployed(spec);
    RecordingProgress heard;
    heard.stop_when([](const auto& lines) { return lines.size() == 1000; });
    const auto followed = this->runtime().logs(spec.show, {.follow = true, .tail_lines = -1}, heard);
    ASSERT_FALSE(followed);
    EXPECT_EQ(followed.error().kind(), ErrorKind::Interrupted);
    EXPECT_EQ(heard.lines().back(), "line 1000");
}

TYPED_TEST_P(RuntimeContract, TheShowsOfOnePullRequestAreListedAndTheOthersCounted) {
    const auto first = this->harness_.serving(12), second = this->harness_.serving(13);
    this->deployed(first);
    const auto endpoint = this->deployed(second);
    ASSERT_TRUE(this->answers(endpoint, second));
    const auto found = this->harness_.other_runtime().list_of(13, Others::Counted);
    ASSERT_TRUE(found) << found.error().describe();
    ASSERT_EQ(found->services.size(), 1u);
    EXPECT_EQ(found->services.front().show, second.show);
    EXPECT_EQ(found->services.front().endpoint, endpoint);
    EXPECT_EQ(found->others, 1);
    ASSERT_TRUE(this->runtime().remove(second.show, this->progress_));
    const auto after = this->runtime().list_of(13, Others::Counted);
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->services.empty());
    EXPECT_EQ(after->others, 1);
}

inline ShowCommand shell(const std::string& line) {
    return {.arguments = {"/bin/sh", "-c", line}};
}

/// A harness whose engine cannot run commands has a member kRunsNoCommands.
TYPED_TEST_P(RuntimeContract, ACommandRunsInTheShowWithItsVariables) {
    const auto spec = this->harness_.serving(12);
    ASSERT_TRUE(this->answers(this->deployed(spec), spec));
    RecordingProgress heard;
    const auto line = "test -n \"$PORT\" && echo for $RINGMASTER_PR; echo and more >&2";
    const auto run = this->harness_.other_runtime().run_in(spec.show, shell(line), heard);
    if constexpr (requires { TypeParam::kRunsNoCommands; }) {
        ASSERT_FALSE(run);
        EXPECT_EQ(run.error().kind(), ErrorKind::InvalidInput);
        EXPECT_FALSE(run.error().hint().empty());
    } else {
        ASSERT_TRUE(run) << run.error().describe();
        auto lines = heard.lines();
        std::ranges::sort(lines);  // two streams
        EXPECT_EQ(lines, (std::vector<std::string>{"and more", "for 12"}));
        EXPECT_TRUE(this->answers(*this->runtime().find(spec.show).value()->endpoint, spec)) << "it goes on";
    }
}

TYPED_TEST_P(RuntimeContract, ACommandThatFailsTakesTooLongOrHasNoShowSaysSo) {
    if constexpr (requires { TypeParam::kRunsNoCommands; }) {
        GTEST_SKIP() << "this engine runs no commands in shows";
    } else {
        const auto spec = this->harness_.serving(12);
        const auto missing = this->runtime().run_in(spec.show, shell("true"), this->progress_);
        ASSERT_FALSE(missing);
        EXPECT_EQ(missing.error().kind(), ErrorKind::NotFound);
        ASSERT_TRUE(this->answers(this->deployed(spec), spec));
        const auto failed = this->runtime().run_in(spec.show, shell("exit 5"), this->progress_);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().kind(), ErrorKind::Failed) << failed.error().describe();
        EXPECT_NE(failed.error().message().find("exit code 5"), std::string::npos);
        auto slow = shell("sleep 60");
        slow.timeout = std::chrono::milliseconds(500);
        const auto late = this->runtime().run_in(spec.show, slow, this->progress_);
        ASSERT_FALSE(late);
        EXPECT_EQ(late.error().kind(), ErrorKind::TimedOut) << late.error().describe();
        ASSERT_TRUE(this->runtime().remove(spec.show, this->progress_));
        EXPECT_FALSE(this->harness_.has_remains(spec.show));
    }
}

REGISTER_TYPED_TEST_SUITE_P(RuntimeContract, ADeployedShowAnswersAtItsEndpoint, FindsAShowWithItsTags,
                            AShowThatWasNeverThereIsNotFoundAndRemovedAtOnce, DeployingTwiceAdoptsWhatRuns,
                            DeployingAnotherArtifactReplacesTheShow, TwoWorkersDeployingOneShowStartItOnce,
                            ShowsOfDifferentPullRequestsRunSideBySideAndAreAllListed,
                            RemovingLeavesNothingAndMayBeRepeated, RemovingOneLeavesTheOthers,
                            TwoWorkersMayRemoveOneShowAtOnce, AStubbornShowIsKilledInTheEnd,
                            ARemovalThatWasInterruptedIsSeenAndCanBeFinished, AnAppThatEndsIsExitedAndSaysHow,
                            AnAppThatEndedIsStartedAfreshByTheNextDeploy, ASlowStartIsNotAFailedOne,
                            WhatCannotBeStartedLeavesNothing, ADeployThatIsStoppedLeavesNothing,
                            LogsGiveTheLastLinesOldestFirst, LogsSinceATimeLeaveOutWhatWasBefore,
                            FollowedLogsEndWithTheApp, FollowedLogsStopWhenThePulseSaysSo,
                            TheShowsOfOnePullRequestAreListedAndTheOthersCounted,
                            ACommandRunsInTheShowWithItsVariables,
                            ACommandThatFailsTakesTooLongOrHasNoShowSaysSo);

}  // namespace ringmaster::testing
