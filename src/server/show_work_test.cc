#include "server/show_work.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"

namespace ringmaster::server {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

WorkOutcome after(Error error) {
    return outcome_of(Result<shows::SyncOutcome>(Fail(std::move(error))));
}

TEST(OutcomeOf, WhatMayPassIsTriedAgainWithBackoff) {
    EXPECT_EQ(after(Error::unavailable("x")).kind, WorkOutcome::Kind::Failed);
    EXPECT_EQ(after(Error::timed_out("x")).kind, WorkOutcome::Kind::Failed);
    EXPECT_EQ(after(Error::failed("x")).kind, WorkOutcome::Kind::Failed);
}

TEST(OutcomeOf, WaitsAreThoseTheOtherSideAsksFor) {
    EXPECT_EQ(after(Error::busy("x").retry_after(seconds(90))).delay, seconds(90));
    EXPECT_EQ(after(Error::rate_limited("x").retry_after(seconds(61))).delay, seconds(61));
    EXPECT_EQ(after(Error::unavailable("x").retry_after(seconds(7))).delay, seconds(7));
    EXPECT_GT(after(Error::busy("x")).delay, seconds(1));
}

TEST(OutcomeOf, WhatIsLeftToAnotherWorkerIsLookedAtAgain) {
    const auto again = outcome_of(shows::SyncOutcome{.target = *CommitSha::parse(std::string(40, 'a')),
                                                     .look_again_after = seconds(40)});
    EXPECT_EQ(again.kind, WorkOutcome::Kind::Later);
    EXPECT_EQ(again.delay, seconds(40));
}

TEST(OutcomeOf, ACommentOrRecordThatCouldNotBeWrittenIsTriedAgainButNotForEver) {
    const shows::SyncOutcome outcome{.target = *CommitSha::parse(std::string(40, 'a')),
                                     .extras_are_missing = true};
    EXPECT_EQ(outcome_of(outcome, 0).kind, WorkOutcome::Kind::Failed);
    EXPECT_EQ(outcome_of(outcome, 5).kind, WorkOutcome::Kind::Failed);
    EXPECT_EQ(outcome_of(outcome, 6).kind, WorkOutcome::Kind::Done);
}

TEST(OutcomeOf, WaitsAreBoundedBothWays) {
    EXPECT_EQ(after(Error::busy("x").retry_after(Duration{0})).delay, seconds(1));
    EXPECT_EQ(after(Error::rate_limited("x").retry_after(std::chrono::hours(24))).delay, minutes(15));
}

TEST(OutcomeOf, WhatTryingAgainCannotMendIsLeftToTheSweep) {
    for (const ErrorKind kind : {ErrorKind::NotFound, ErrorKind::Unauthorized, ErrorKind::InvalidInput,
                                 ErrorKind::Corrupt, ErrorKind::Interrupted})
        EXPECT_EQ(after(Error(kind, "x")).kind, WorkOutcome::Kind::Done) << to_string(kind);
}

TEST(ForgeContactTest, IsRecentForAsLongAsAsked) {
    testing::FakeClock clock;
    ForgeContact contact(clock);
    EXPECT_FALSE(contact.is_recent(minutes(1)));
    contact.heard(Result<int>(1));
    EXPECT_TRUE(contact.is_recent(minutes(1)));
    clock.advance(minutes(2));
    contact.heard(Result<int>(Fail(Error::unavailable("no route to host"))));
    const auto silent = contact.is_recent(minutes(1));
    ASSERT_FALSE(silent);
    EXPECT_NE(silent.error().message().find("no route to host"), std::string::npos);
}

TEST(ForgeContactTest, ARefusalIsAnAnswer) {
    testing::FakeClock clock;
    ForgeContact contact(clock);
    contact.heard(Result<int>(Fail(Error::not_found("no such pull request"))));
    EXPECT_TRUE(contact.is_recent(minutes(1)));
}

}  // namespace
}  // namespace ringmaster::server
