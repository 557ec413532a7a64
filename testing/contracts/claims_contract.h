#pragma once
// What every backend of Claims does. A suite's parameter is a harness, a type with a default constructor and
//
//     Claims& claims();           one worker, and    Claims& other_claims();    another, on the same backend
//     FakeForge& forge();         has the open pull requests 12 and 13
//     FakeClock& clock();         of both workers
//     Duration lease();           and    Duration margin();
//
// Real processes racing for one claim: testing/claims_race.h.

#include <gtest/gtest.h>

#include "ports/claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_forge.h"
#include "testing/recording_progress.h"

namespace ringmaster::testing {

template <typename Harness>
class ClaimsContract : public ::testing::Test {
 protected:
    Result<Claimed> acquire(int number = 12) { return take(harness_.claims(), number); }
    Result<Claimed> acquire_by_other(int number = 12) { return take(harness_.other_claims(), number); }
    Result<Claimed> take(Claims& claims, int number) {
        return claims.acquire(harness_.forge().observe(number).value(), progress_);
    }
    /// A claim held by nobody else's leave, or the test ends.
    Claim claimed(int number = 12) {
        const auto result = acquire(number);
        EXPECT_TRUE(result) << result.error().describe();
        return result ? result->claim : Claim{};
    }
    FakeClock& clock() { return harness_.clock(); }
    static constexpr Duration kMoment{1};

    Harness harness_;
    RecordingProgress progress_;
};
TYPED_TEST_SUITE_P(ClaimsContract);

TYPED_TEST_P(ClaimsContract, AClaimIsValidForTheLeaseLessTheMargin) {
    const auto before = this->clock().now();
    const auto claim = this->claimed();
    EXPECT_EQ(claim.pull_request_number, 12);
    EXPECT_FALSE(claim.holder.empty());
    EXPECT_EQ(claim.valid_until, before + this->harness_.lease() - this->harness_.margin());
}

TYPED_TEST_P(ClaimsContract, OneHolderAtATimeAndTheOtherIsToldUntilWhen) {
    ASSERT_TRUE(this->acquire());
    const auto other = this->acquire_by_other();
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind(), ErrorKind::Busy);
    ASSERT_TRUE(other.error().retry_after());
    EXPECT_GT(*other.error().retry_after(), Duration::zero());
    this->clock().advance(*other.error().retry_after());
    EXPECT_TRUE(this->acquire_by_other()) << "it was told to come back now";
}

TYPED_TEST_P(ClaimsContract, OneWorkerCannotHoldAClaimTwice) {
    ASSERT_TRUE(this->acquire());
    EXPECT_EQ(this->acquire().error().kind(), ErrorKind::Busy);
}

TYPED_TEST_P(ClaimsContract, PullRequestsAreClaimedIndependently) {
    ASSERT_TRUE(this->acquire(12));
    EXPECT_TRUE(this->acquire_by_other(13));
}

TYPED_TEST_P(ClaimsContract, EveryClaimHasAHolderOfItsOwn) {
    const auto first = this->claimed(12), second = this->claimed(13);
    EXPECT_NE(first.holder, second.holder);
}

TYPED_TEST_P(ClaimsContract, TheViewIsOfAfterTheClaim) {
    const auto seen = this->harness_.forge().observe(12).value();
    this->harness_.forge().label(12, "a new label");
    const auto result = this->harness_.claims().acquire(seen, this->progress_);
    ASSERT_TRUE(result);
    const auto& labels = result->view.labels;
    EXPECT_NE(std::ranges::find(labels, "a new label"), labels.end());
}

TYPED_TEST_P(ClaimsContract, AClaimThatCannotBeFollowedByALookIsGivenUp) {
    const auto seen = this->harness_.forge().observe(12).value();
    this->harness_.forge().on_call = [](const std::string& call, FakeForge::Moment) -> std::optional<Error> {
        if (call == "observe") return Error::unavailable("the forge is away");
        return std::nullopt;
    };
    const auto failed = this->harness_.claims().acquire(seen, this->progress_);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind(), ErrorKind::Unavailable);
    this->harness_.forge().on_call = nullptr;
    EXPECT_TRUE(this->acquire_by_other());
}

TYPED_TEST_P(ClaimsContract, ReleasingLetsTheNextOneIn) {
    const auto claim = this->claimed();
    ASSERT_TRUE(this->harness_.claims().release(claim));
    EXPECT_TRUE(this->acquire_by_other());
}

TYPED_TEST_P(ClaimsContract, ExtendingProlongsByAWholeLeaseFromNow) {
    auto claim = this->claimed();
    this->clock().advance(this->harness_.lease() / 2);
    ASSERT_TRUE(this->harness_.claims().extend(claim));
    EXPECT_EQ(claim.valid_until, this->clock().now() + this->harness_.lease() - this->harness_.margin());
    this->clock().advance(this->harness_.lease() - this->harness_.margin() - this->kMoment);
    EXPECT_EQ(this->acquire_by_other().error().kind(), ErrorKind::Busy);
    ASSERT_TRUE(this->harness_.claims().extend(claim)) << "the very last moment";
}

TYPED_TEST_P(ClaimsContract, AClaimCanBeExtendedManyTimes) {
    auto claim = this->claimed();
    for (int i = 0; i < 20; ++i) {
        this->clock().advance(this->harness_.lease() / 2);
        ASSERT_TRUE(this->harness_.claims().extend(claim)) << i;
        EXPECT_EQ(this->acquire_by_other().error().kind(), ErrorKind::Busy);
    }
    ASSERT_TRUE(this->harness_.claims().release(claim));
    EXPECT_TRUE(this->acquire_by_other());
}

TYPED_TEST_P(ClaimsContract, AnExpiredClaimCannotBeExtendedEvenIfNobodyTookIt) {
    auto claim = this->claimed();
    this->clock().set_now(claim.valid_until);
    EXPECT_EQ(this->harness_.claims().extend(claim).error().kind(), ErrorKind::Conflict);
}

TYPED_TEST_P(ClaimsContract, BetweenTheHoldersEndAndTheNextBeginningAreTwoMargins) {
    const auto claim = this->claimed();
    const auto free_at = claim.valid_until + 2 * this->harness_.margin();
    this->clock().set_now(free_at - this->kMoment);
    EXPECT_EQ(this->acquire_by_other().error().kind(), ErrorKind::Busy);
    this->clock().set_now(free_at);
    EXPECT_TRUE(this->acquire_by_other());
}

TYPED_TEST_P(ClaimsContract, AClaimThatWasTakenOverIsLostToItsFormerHolder) {
    auto former = this->claimed();
    this->clock().set_now(former.valid_until + 2 * this->harness_.margin());
    ASSERT_TRUE(this->acquire_by_other());
    EXPECT_EQ(this->harness_.claims().extend(former).error().kind(), ErrorKind::Conflict);
    ASSERT_TRUE(this->harness_.claims().release(former));
    EXPECT_EQ(this->acquire().error().kind(), ErrorKind::Busy) << "the release freed the new holder's claim";
}

TYPED_TEST_P(ClaimsContract, AFormerHolderWhoseClockStandsStillIsFenced) {
    auto former = this->claimed();
    this->clock().set_now(former.valid_until + 2 * this->harness_.margin());
    ASSERT_TRUE(this->acquire_by_other());
    this->clock().set_now(former.valid_until - this->kMoment);  // what a worker that was frozen would read
    EXPECT_EQ(this->harness_.claims().extend(former).error().kind(), ErrorKind::Conflict);
    ASSERT_TRUE(this->harness_.claims().release(former));
    EXPECT_EQ(this->acquire().error().kind(), ErrorKind::Busy) << "the release freed the new holder's claim";
}

TYPED_TEST_P(ClaimsContract, AHoldersNameReleasesItsClaimAndNobodyElses) {
    const auto claim = this->claimed();
    ASSERT_TRUE(this->harness_.other_claims().release_holder(12, "somebody else"));
    EXPECT_EQ(this->acquire_by_other().error().kind(), ErrorKind::Busy);
    ASSERT_TRUE(this->harness_.other_claims().release_holder(13, claim.holder));
    EXPECT_EQ(this->acquire_by_other().error().kind(), ErrorKind::Busy);
    ASSERT_TRUE(this->harness_.other_claims().release_holder(12, claim.holder));
    EXPECT_TRUE(this->acquire_by_other());
    EXPECT_TRUE(this->harness_.claims().release_holder(12, claim.holder)) << "a second time is no error";
}

REGISTER_TYPED_TEST_SUITE_P(ClaimsContract, AClaimIsValidForTheLeaseLessTheMargin,
                            OneHolderAtATimeAndTheOtherIsToldUntilWhen, OneWorkerCannotHoldAClaimTwice,
                            PullRequestsAreClaimedIndependently, EveryClaimHasAHolderOfItsOwn,
                            TheViewIsOfAfterTheClaim, AClaimThatCannotBeFollowedByALookIsGivenUp,
                            ReleasingLetsTheNextOneIn, ExtendingProlongsByAWholeLeaseFromNow,
                            AClaimCanBeExtendedManyTimes, AnExpiredClaimCannotBeExtendedEvenIfNobodyTookIt,
                            BetweenTheHoldersEndAndTheNextBeginningAreTwoMargins,
                            AClaimThatWasTakenOverIsLostToItsFormerHolder,
                            AFormerHolderWhoseClockStandsStillIsFenced,
                            AHoldersNameReleasesItsClaimAndNobodyElses);

}  // namespace ringmaster::testing
