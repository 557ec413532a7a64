#include "adapters/support/retry_loop.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"

namespace ringmaster::support {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RetryTest : public ::testing::Test {
 protected:
    /// Runs the loop against errors of these kinds, then success; returns the number of tries.
    int tries(std::vector<Error> errors, RetryOn retry_on = RetryOn::AnyTransient) {
        int count = 0;
        const auto result = retry(policy_, retry_on, clock_, entropy_, progress_, [&]() -> Result<int> {
            const auto index = static_cast<std::size_t>(count++);
            if (index < errors.size()) return Fail(errors[index]);
            return 7;
        });
        succeeded_ = result.has_value();
        return count;
    }

    RetryPolicy policy_;
    testing::FakeClock clock_;
    testing::FakeEntropy entropy_;
    NoProgress progress_;
    bool succeeded_ = false;
};

TEST_F(RetryTest, TransientErrorsAreTriedAgainThreeTimesInAll) {
    EXPECT_EQ(tries({Error::unavailable("x"), Error::timed_out("x")}), 3);
    EXPECT_TRUE(succeeded_);
    EXPECT_EQ(tries({3, Error::unavailable("x")}), 3);
    EXPECT_FALSE(succeeded_);
}

TEST_F(RetryTest, AnswersAreNotTriedAgain) {
    for (const ErrorKind kind :
         {ErrorKind::Conflict, ErrorKind::Busy, ErrorKind::NotFound, ErrorKind::Unauthorized,
          ErrorKind::InvalidInput, ErrorKind::Corrupt, ErrorKind::Failed, ErrorKind::Interrupted})
        EXPECT_EQ(tries({Error(kind, "x")}), 1) << to_string(kind);
}

TEST_F(RetryTest, WhatMayHaveHappenedIsNotRepeatedWhenItMustNotHappenTwice) {
    EXPECT_EQ(tries({Error::unavailable("x")}, RetryOn::RefusalsOnly), 1);
    EXPECT_EQ(tries({Error::timed_out("x")}, RetryOn::RefusalsOnly), 1);
    EXPECT_EQ(tries({Error::rate_limited("x").retry_after(seconds(1))}, RetryOn::RefusalsOnly), 2);
}

TEST_F(RetryTest, WaitsDoubleWithJitterOfAtMostAHalf) {
    tries({3, Error::unavailable("x")});
    EXPECT_GE(clock_.monotonic(), seconds(1 + 2));
    EXPECT_LE(clock_.monotonic(), milliseconds(4500));
}

TEST_F(RetryTest, DoublingEndsWhereThePolicySays) {
    policy_.attempts = 6;
    policy_.doubling_ends = seconds(2);
    tries({6, Error::unavailable("x")});
    EXPECT_GE(clock_.monotonic(), seconds(1 + 2 + 2 + 2 + 2));
    EXPECT_LE(clock_.monotonic(), milliseconds(13500));
}

TEST_F(RetryTest, WaitsAtLeastAsLongAsAsked) {
    EXPECT_EQ(tries({Error::rate_limited("x").retry_after(seconds(40))}), 2);
    EXPECT_GE(clock_.monotonic(), seconds(40));
}

TEST_F(RetryTest, AWaitOverTheBoundIsNotWaited) {
    EXPECT_EQ(tries({Error::rate_limited("x").retry_after(seconds(61))}), 1);
    EXPECT_EQ(clock_.monotonic(), seconds(0));
}

class Stopped final : public Progress {
 public:
    void line(std::string_view) override {}
    Result<void> pulse() override { return Fail(Error::interrupted("stopped")); }
};

TEST_F(RetryTest, AStopEndsTheWaiting) {
    Stopped stopped;
    const auto result = retry(policy_, RetryOn::AnyTransient, clock_, entropy_, stopped,
                              []() -> Result<int> { return Fail(Error::unavailable("x")); });
    EXPECT_EQ(result.error().kind(), ErrorKind::Interrupted);
}

}  // namespace
}  // namespace ringmaster::support
