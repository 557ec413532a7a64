#include "shows/ref_claims.h"

#include <gtest/gtest.h>

#include "shows/token_claims.h"
#include "testing/contracts/claims_contract.h"
#include "testing/fake_entropy.h"

namespace ringmaster::testing {
namespace {

struct RefClaimsHarness {
    RefClaimsHarness() {
        forge_.open(12, "aaaaaaa");
        forge_.open(13, "bbbbbbb");
    }
    Claims& claims() { return one_; }
    Claims& other_claims() { return two_; }
    FakeForge& forge() { return forge_; }
    FakeClock& clock() { return clock_; }
    Duration lease() { return times_.length; }
    Duration margin() { return times_.margin(); }

    FakeClock clock_;
    FakeEntropy entropy_;
    FakeForge forge_{clock_};
    shows::LeaseTimes times_{.length = std::chrono::minutes(5), .settle = std::chrono::seconds(0)};
    shows::RefClaims one_{forge_, forge_, clock_, entropy_, times_};
    shows::RefClaims two_{forge_, forge_, clock_, entropy_, times_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ref, ClaimsContract, RefClaimsHarness);

}  // namespace
}  // namespace ringmaster::testing

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;
using ringmaster::testing::FakeForge;

class RefClaimsTest : public ::testing::Test {
 protected:
    RefClaimsTest() { forge.open(12, "aaaaaaa"); }
    Result<Claimed> acquire() { return claims.acquire(*forge.observe(12), progress); }
    std::vector<ClaimToken>& tokens() { return forge.item(12).tokens; }
    /// The answer to the next swap is lost: before it was done, or after.
    void lose_next_swap(FakeForge::Moment when) {
        forge.on_call = [this, when](const std::string& call,
                                     FakeForge::Moment moment) -> std::optional<Error> {
            if (call != "swap_claim" || moment != when || has_lost_one) return std::nullopt;
            has_lost_one = true;
            return Error::unavailable("502");
        };
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    FakeForge forge{clock};
    LeaseTimes times{.length = 4min, .settle = 2s};
    RefClaims claims{forge, forge, clock, entropy, times};
    TokenClaims by_labels{forge, forge, clock, entropy, times};
    NoProgress progress;
    bool has_lost_one = false;
};

TEST_F(RefClaimsTest, AClaimSettlesBeforeItsViewCountsAndEndsAMarginEarly) {
    const TimePoint before = clock.now();
    const auto claimed = acquire();
    ASSERT_TRUE(claimed);
    EXPECT_EQ(clock.now() - before, 2s);
    EXPECT_EQ(claimed->claim.valid_until, before + 4min - 60s);
    EXPECT_EQ(tokens().size(), 1U);
}

TEST_F(RefClaimsTest, ReleasingLeavesNoRef) {
    const auto claimed = acquire();
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(claims.release(claimed->claim));
    EXPECT_TRUE(tokens().empty());
}

TEST_F(RefClaimsTest, ExtendingLeavesOneRef) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(claims.extend(claimed->claim));
    EXPECT_EQ(tokens().size(), 1U);
    EXPECT_EQ(tokens()[0].id, claimed->claim.tokens.at(0).id);
}

TEST_F(RefClaimsTest, AnOldReadingCannotTakeWhatWasProlongedSince) {
    auto claimed = acquire();
    const auto old_reading = *forge.observe(12);
    clock.advance(2min);
    ASSERT_TRUE(claims.extend(claimed->claim));
    clock.advance(3min + 1s);  // by the old reading it is over
    auto seen = old_reading;
    seen.server_time = clock.now();
    EXPECT_EQ(claims.acquire(seen, progress).error().kind(), ErrorKind::Busy);
    EXPECT_EQ(tokens().at(0).holder, claimed->claim.holder);
}

TEST_F(RefClaimsTest, ALostAnswerToATakingIsFoundOut) {
    for (const auto when : {FakeForge::Moment::Before, FakeForge::Moment::After}) {
        has_lost_one = false;
        lose_next_swap(when);
        const auto claimed = acquire();
        ASSERT_TRUE(claimed) << claimed.error().describe();
        EXPECT_TRUE(has_lost_one);
        ASSERT_TRUE(claims.release(claimed->claim));
    }
}

TEST_F(RefClaimsTest, ALostAnswerToAnExtensionIsFoundOut) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    lose_next_swap(FakeForge::Moment::After);
    ASSERT_TRUE(claims.extend(claimed->claim));
    EXPECT_EQ(tokens().at(0).id, claimed->claim.tokens.at(0).id);
}

TEST_F(RefClaimsTest, AnExtensionThatStaysUnknownMeansLost) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    forge.on_call = [](const std::string& call, FakeForge::Moment moment) -> std::optional<Error> {
        if (call == "swap_claim" && moment == FakeForge::Moment::After) return Error::timed_out("x");
        return std::nullopt;
    };
    EXPECT_EQ(claims.extend(claimed->claim).error().kind(), ErrorKind::Conflict);
}

TEST_F(RefClaimsTest, AViewThatDoesNotShowTheClaimIsTooOldToDecideFrom) {
    clock.on_advance = [&] { tokens().clear(); };
    const auto claimed = acquire();
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().kind(), ErrorKind::Unavailable);
}

TEST_F(RefClaimsTest, AForgeThatRefusesTheRefIsNamed) {
    const auto seen = *forge.observe(12);
    ASSERT_TRUE(acquire());
    const auto refused = claims.acquire(seen, progress);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Busy);
    clock.advance(10min);  // the ref is still there, and this reading does not show it
    auto late = seen;
    late.server_time = clock.now();
    const auto conflict = claims.acquire(late, progress);
    ASSERT_FALSE(conflict);
    EXPECT_EQ(conflict.error().kind(), ErrorKind::Conflict);
    EXPECT_NE(conflict.error().describe().find("the ref is at something else"), std::string::npos);
}

TEST_F(RefClaimsTest, WhoClaimsByLabelsAndWhoByRefsKeepOutOfEachOthersWay) {
    const auto claimed = acquire();
    ASSERT_TRUE(claimed);
    EXPECT_EQ(by_labels.acquire(*forge.observe(12), progress).error().kind(), ErrorKind::Busy);
    ASSERT_TRUE(claims.release(claimed->claim));
    const auto labelled = by_labels.acquire(*forge.observe(12), progress);
    ASSERT_TRUE(labelled);
    EXPECT_EQ(acquire().error().kind(), ErrorKind::Busy);
}

TEST_F(RefClaimsTest, OfTwoBackendsThatStartTogetherNeitherOverlooksTheOther) {
    const auto seen = *forge.observe(12);
    clock.on_advance = [&] {  // while the ref settles, a worker that saw nothing makes a label token
        if (tokens().size() == 1) tokens().push_back({1, "LA_1", "stranger", clock.now() + 4min});
    };
    EXPECT_EQ(claims.acquire(seen, progress).error().kind(), ErrorKind::Busy);
    ASSERT_EQ(tokens().size(), 1U) << "it gave its ref up";
    EXPECT_EQ(tokens()[0].holder, "stranger");
}

TEST_F(RefClaimsTest, WhatADeadWorkerLeftIsFoundAndRemovedUnlessItChanged) {
    forge.open(13, "bbbbbbb");
    ASSERT_TRUE(acquire());
    EXPECT_TRUE(claims.left_behind(1h)->empty());
    clock.advance(1h + 5min);
    ASSERT_TRUE(claims.acquire(*forge.observe(13), progress));
    const auto left = claims.left_behind(1h);
    ASSERT_EQ(left->size(), 1U);
    EXPECT_EQ(left->at(0).pull_request_number, 12);
    const auto taken_over = acquire();
    ASSERT_TRUE(taken_over);
    EXPECT_FALSE(claims.remove_left_behind(left->at(0)).value());
    EXPECT_EQ(tokens().at(0).holder, taken_over->claim.holder);
    clock.advance(1h + 5min);
    EXPECT_TRUE(claims.remove_left_behind(claims.left_behind(1h)->at(0)).value());
    EXPECT_TRUE(tokens().empty());
}

TEST_F(RefClaimsTest, ClocksTooFarApartAreRefused) {
    auto seen = *forge.observe(12);
    seen.server_time = clock.now() - 90s;
    EXPECT_NE(claims.acquire(seen, progress).error().describe().find("clock"), std::string::npos);
    EXPECT_TRUE(tokens().empty());
}

TEST_F(RefClaimsTest, AClaimIsNotProlongedByAClockThatWasSetBackMeanwhile) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    ringmaster::testing::FakeClock set_back(clock.now() - 1h);
    RefClaims same_worker{forge, forge, set_back, entropy, times};
    const auto before = tokens().at(0).id;
    const auto extended = same_worker.extend(claimed->claim);
    ASSERT_FALSE(extended) << "others would take what it writes for expired";
    EXPECT_NE(extended.error().describe().find("clock"), std::string::npos);
    EXPECT_EQ(tokens().at(0).id, before);
}

}  // namespace
}  // namespace ringmaster::shows
