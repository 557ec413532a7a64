#pragma once
// What every Builder does. A suite's parameter is a harness, a type with a default constructor and
//
//     Builder& builder();                         and  Builder& other_builder();  another worker on the same
//     machine BuildSpec succeeding();                     a version that can be built std::string
//     commit_of(const Artifact&);     which commit an artifact was made of bool has_remains(const
//     BuildSpec&);         whether anything usable of it is there
//
// and, for BuilderWorkContract (engines that run something),
//
//     BuildSpec failing();                        one whose build says no
//     BuildSpec endless();                        one whose build prints a line and then goes on for ever
//     int builds_begun();                         how often a build really ran

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "ports/builder.h"
#include "testing/recording_progress.h"
#include "testing/wait.h"

namespace ringmaster::testing {

template <typename Harness>
class BuilderContract : public ::testing::Test {
 protected:
    Harness harness_;
    RecordingProgress progress_;
};
TYPED_TEST_SUITE_P(BuilderContract);

TYPED_TEST_P(BuilderContract, MakesExactlyTheCommitAskedFor) {
    const auto spec = this->harness_.succeeding();
    const auto artifact = this->harness_.builder().build(spec, this->progress_);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_EQ(this->harness_.commit_of(*artifact), spec.commit.text());
}

TYPED_TEST_P(BuilderContract, ASecondBuildGivesTheSameArtifact) {
    const auto spec = this->harness_.succeeding();
    const auto first = this->harness_.builder().build(spec, this->progress_);
    const auto second = this->harness_.other_builder().build(spec, this->progress_);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TYPED_TEST_P(BuilderContract, RemovesWhatItMadeAndDoesNotMindDoingSoTwice) {
    const auto spec = this->harness_.succeeding();
    ASSERT_TRUE(this->harness_.builder().build(spec, this->progress_));
    const auto first = this->harness_.builder().remove(spec.show);
    ASSERT_TRUE(first) << first.error().describe();
    EXPECT_FALSE(this->harness_.has_remains(spec));
    EXPECT_TRUE(this->harness_.builder().remove(spec.show));
}

TYPED_TEST_P(BuilderContract, BuildsAgainAfterARemoval) {
    const auto spec = this->harness_.succeeding();
    ASSERT_TRUE(this->harness_.builder().build(spec, this->progress_));
    ASSERT_TRUE(this->harness_.builder().remove(spec.show));
    const auto again = this->harness_.builder().build(spec, this->progress_);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(this->harness_.commit_of(*again), spec.commit.text());
}

TYPED_TEST_P(BuilderContract, ACommitThatIsNowhereIsNotFound) {
    auto spec = this->harness_.succeeding();
    spec.commit = *CommitSha::parse(std::string(40, 'd'));
    spec.show.sha = spec.commit.short_sha();
    const auto artifact = this->harness_.builder().build(spec, this->progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::NotFound);
    EXPECT_FALSE(this->harness_.has_remains(spec));
}

REGISTER_TYPED_TEST_SUITE_P(BuilderContract, MakesExactlyTheCommitAskedFor, ASecondBuildGivesTheSameArtifact,
                            RemovesWhatItMadeAndDoesNotMindDoingSoTwice, BuildsAgainAfterARemoval,
                            ACommitThatIsNowhereIsNotFound);

template <typename Harness>
class BuilderWorkContract : public BuilderContract<Harness> {};
TYPED_TEST_SUITE_P(BuilderWorkContract);

TYPED_TEST_P(BuilderWorkContract, AdoptsAFinishedBuildWithoutBuildingAgain) {
    const auto spec = this->harness_.succeeding();
    ASSERT_TRUE(this->harness_.builder().build(spec, this->progress_));
    ASSERT_TRUE(this->harness_.other_builder().build(spec, this->progress_));
    EXPECT_EQ(this->harness_.builds_begun(), 1);
}

TYPED_TEST_P(BuilderWorkContract, TellsTheOutputLineByLine) {
    ASSERT_TRUE(this->harness_.builder().build(this->harness_.succeeding(), this->progress_));
    EXPECT_FALSE(this->progress_.lines().empty());
    EXPECT_GE(this->progress_.pulses(), 1);
}

TYPED_TEST_P(BuilderWorkContract, ABuildThatSaysNoIsFailedAndLeavesNothingHalfMade) {
    const auto spec = this->harness_.failing();
    const auto artifact = this->harness_.builder().build(spec, this->progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::Failed);
    EXPECT_FALSE(this->harness_.has_remains(spec));
}

TYPED_TEST_P(BuilderWorkContract, AFailedBuildIsTriedAgainWhenAskedAgain) {
    const auto spec = this->harness_.failing();
    ASSERT_FALSE(this->harness_.builder().build(spec, this->progress_));
    ASSERT_FALSE(this->harness_.builder().build(spec, this->progress_));
    EXPECT_EQ(this->harness_.builds_begun(), 2);
}

TYPED_TEST_P(BuilderWorkContract, IsStoppedByThePulseInTheMiddleAndLeavesNothing) {
    const auto spec = this->harness_.endless();
    this->progress_.stop_when([](const auto& lines) { return !lines.empty(); });
    const auto artifact = this->harness_.builder().build(spec, this->progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::Interrupted);
    EXPECT_FALSE(this->harness_.has_remains(spec));
}

TYPED_TEST_P(BuilderWorkContract, EndsWhenItsTimeIsOver) {
    auto spec = this->harness_.endless();
    spec.timeout = std::chrono::seconds(1);
    const Stopwatch watch;
    const auto artifact = this->harness_.builder().build(spec, this->progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::TimedOut);
    EXPECT_LT(watch.elapsed(), std::chrono::seconds(20));
    EXPECT_FALSE(this->harness_.has_remains(spec));
}

TYPED_TEST_P(BuilderWorkContract, TwoWorkersAtOnceBuildOnce) {
    const auto spec = this->harness_.succeeding();
    Result<Artifact> one = Artifact{}, two = Artifact{};
    NoProgress quiet;
    std::thread first([&] { one = this->harness_.builder().build(spec, quiet); });
    std::thread second([&] { two = this->harness_.other_builder().build(spec, this->progress_); });
    first.join();
    second.join();
    ASSERT_TRUE(one && two);
    EXPECT_EQ(*one, *two);
    EXPECT_EQ(this->harness_.builds_begun(), 1);
}

REGISTER_TYPED_TEST_SUITE_P(BuilderWorkContract, AdoptsAFinishedBuildWithoutBuildingAgain,
                            TellsTheOutputLineByLine, ABuildThatSaysNoIsFailedAndLeavesNothingHalfMade,
                            AFailedBuildIsTriedAgainWhenAskedAgain,
                            IsStoppedByThePulseInTheMiddleAndLeavesNothing, EndsWhenItsTimeIsOver,
                            TwoWorkersAtOnceBuildOnce);

}  // namespace ringmaster::testing
