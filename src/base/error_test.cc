#include "base/error.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/assert.h"
#include "base/result.h"

namespace ringmaster {
namespace {

using namespace std::chrono_literals;

Result<int> half(int number) {
    if (number % 2 != 0) return Fail(Error::invalid_input("{} is odd", number).hint("take an even number"));
    return number / 2;
}

Result<void> check(int number) {
    TRY(half(number));
    return {};
}

Result<int> quarter(int number) {
    return TRY_WHILE(half(TRY(half(number))), "quartering {}", number);
}

TEST(Error, DescribesItselfWithItsTrailInnermostFirst) {
    const Error error = Error::unavailable("no answer in {} s", 5)
                            .while_doing("deploying abc1234")
                            .while_doing("syncing #12");
    EXPECT_EQ(error.describe(), "no answer in 5 s (while deploying abc1234, while syncing #12)");
    EXPECT_EQ(error.message(), "no answer in 5 s");
    EXPECT_EQ(Error::failed("x").describe(), "x");
}

TEST(Error, CarriesKindHintAndPatience) {
    const Error error = Error::rate_limited("slow down").hint("wait").retry_after(30s);
    EXPECT_EQ(error.kind(), ErrorKind::RateLimited);
    EXPECT_EQ(error.hint(), "wait");
    EXPECT_EQ(error.retry_after(), 30s);
}

TEST(Error, HasANameForEveryKind) {
    EXPECT_EQ(to_string(ErrorKind::InvalidInput), "invalid_input");
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::Interrupted); ++kind)
        EXPECT_NE(to_string(static_cast<ErrorKind>(kind)), "unknown") << kind;
}

TEST(Try, UnwrapsOrPassesTheErrorUp) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_TRUE(check(2));
    EXPECT_EQ(check(3).error().message(), "3 is odd");
    EXPECT_EQ(check(3).error().hint(), "take an even number");
}

TEST(Try, AddsToTheTrailOnlyWhereAsked) {
    EXPECT_EQ(quarter(7).error().describe(), "7 is odd");
    EXPECT_EQ(quarter(6).error().describe(), "3 is odd (while quartering 6)");
}

TEST(Try, MovesValuesThatCannotBeCopied) {
    const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(3); };
    const auto take = [&]() -> Result<int> { return *TRY(make()); };
    EXPECT_EQ(take().value(), 3);
}

TEST(Assert, EndsTheProgramWithTheSentenceAndThePlace) {
    EXPECT_DEATH(RM_ASSERT(1 + 1 == 3, "sums must hold"),
                 "a bug in ringmaster: sums must hold\n.*error_test.cc:.*1 \\+ 1 == 3");
}

}  // namespace
}  // namespace ringmaster
