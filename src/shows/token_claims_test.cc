#include "shows/token_claims.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/fake_forge.h"

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;

class TokenClaimsTest : public ::testing::Test {
 protected:
    TokenClaimsTest() { forge.open(12, "aaaaaaa"); }
    Result<Claimed> acquire() { return claims.acquire(*forge.observe(12), progress); }
    std::vector<ClaimToken>& tokens() { return forge.item(12).tokens; }
    using Moment = ringmaster::testing::FakeForge::Moment;
    static auto fail_once(const std::string& name, Moment when) {
        return [=, done = false](const std::string& call, Moment moment) mutable -> std::optional<Error> {
            if (done || call != name || moment != when) return std::nullopt;
            done = true;
            return Error::unavailable("502");
        };
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    ringmaster::testing::FakeForge forge{clock};
    TokenClaims claims{forge, forge, clock, entropy, {.length = 4min, .settle = 2s}};
    NoProgress progress;
};

TEST_F(TokenClaimsTest, AClaimCountsOnlyAfterTheReadingLagAndEndsAMarginEarly) {
    const TimePoint before = clock.now();
    const auto claimed = acquire();
    ASSERT_TRUE(claimed);
    EXPECT_EQ(clock.now() - before, 2s);
    EXPECT_EQ(claimed->claim.valid_until, before + 4min - 60s);
    EXPECT_EQ(tokens().size(), 1U);
}

TEST_F(TokenClaimsTest, ASecondWorkerIsToldUntilWhen) {
    ASSERT_TRUE(acquire());
    const auto second = acquire();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::Busy);
    EXPECT_EQ(second.error().retry_after(), Duration(4min + 60s - 2s));
}

TEST_F(TokenClaimsTest, AnExpiredClaimIsTakenOverUnderTheNextNumber) {
    ASSERT_TRUE(acquire());
    clock.advance(4min + 61s);
    const auto second = acquire();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->claim.tokens.at(0).number, 2);
}

TEST_F(TokenClaimsTest, WhoeverSeesAStrangerWhileSettlingGivesWayAndLeavesNothing) {
    clock.on_advance = [&] {  // another worker whose reading was older than ours slips in a higher token
        if (tokens().size() == 1) tokens().push_back({2, "LA_stranger", "stranger", clock.now() + 4min});
    };
    const auto claimed = acquire();
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().kind(), ErrorKind::Busy);
    ASSERT_EQ(tokens().size(), 1U);
    EXPECT_EQ(tokens()[0].holder, "stranger");
}

TEST_F(TokenClaimsTest, TwoTokensOfOneNameAreNeverBothBelieved) {
    clock.on_advance = [&] {  // the forge let two creations of one name through, and shows the other one
        if (!tokens().empty()) tokens()[0] = {1, "LA_twin", "twin", clock.now() + 4min};
    };
    EXPECT_EQ(acquire().error().kind(), ErrorKind::Busy);
}

TEST_F(TokenClaimsTest, ATokenThatNeverShowsIsNotReliedOn) {
    clock.on_advance = [&] { tokens().clear(); };
    const auto claimed = acquire();
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().kind(), ErrorKind::Unavailable);
}

TEST_F(TokenClaimsTest, AnExtensionThatIsTakenOrUnknownMeansLost) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(claims.extend(claimed->claim));
    EXPECT_EQ(claimed->claim.tokens.size(), 2U);
    tokens().push_back({3, "LA_stranger", "stranger", clock.now() + 4min});
    EXPECT_EQ(claims.extend(claimed->claim).error().kind(), ErrorKind::Conflict);
}

TEST_F(TokenClaimsTest, ACreationThatWasNeverDoneIsSentAgain) {
    forge.on_call = fail_once("create_token", Moment::Before);
    const auto claimed = acquire();
    ASSERT_TRUE(claimed) << claimed.error().describe();
    EXPECT_EQ(tokens().size(), 1U);
    EXPECT_EQ(forge.calls["create_token"], 2);
}

TEST_F(TokenClaimsTest, ACreationThatAnotherWorkerForestalledIsNotSentAgain) {
    forge.on_call = [&](const std::string& call, Moment moment) -> std::optional<Error> {
        if (call != "create_token" || moment != Moment::Before) return std::nullopt;
        tokens().push_back({1, "LA_stranger", "stranger", clock.now() + 4min});
        return Error::unavailable("502");
    };
    EXPECT_FALSE(acquire());
    EXPECT_EQ(forge.calls["create_token"], 1);
}

TEST_F(TokenClaimsTest, AnExtensionWhoseReplyIsLostIsKnownByItsHoldersName) {
    for (const auto moment : {Moment::Before, Moment::After}) {
        auto claimed = acquire();
        ASSERT_TRUE(claimed);
        const TimePoint before = claimed->claim.valid_until;
        clock.advance(1min);
        forge.on_call = fail_once("create_token", moment);
        ASSERT_TRUE(claims.extend(claimed->claim));
        EXPECT_GE(claimed->claim.valid_until, before + 1min);
        ASSERT_TRUE(claims.release(claimed->claim));
        EXPECT_TRUE(tokens().empty());
    }
}

TEST_F(TokenClaimsTest, AnExtensionThatComesAfterTheClaimsEndMeansLost) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    forge.on_call = [&](const std::string& call, Moment moment) -> std::optional<Error> {
        if (call == "create_token" && moment == Moment::After) clock.advance(4min);
        return std::nullopt;
    };
    EXPECT_EQ(claims.extend(claimed->claim).error().kind(), ErrorKind::Conflict);
}

TEST_F(TokenClaimsTest, AnExpiredClaimCanNeitherBeExtendedNorReleased) {
    auto claimed = acquire();
    ASSERT_TRUE(claimed);
    clock.advance(5min);
    EXPECT_EQ(claims.extend(claimed->claim).error().kind(), ErrorKind::Conflict);
    ASSERT_TRUE(claims.release(claimed->claim));
    EXPECT_EQ(tokens().size(), 1U) << "a late delete could meet a successor's token";
}

TEST_F(TokenClaimsTest, ReleasingTakesEveryTokenOfOursAndNoOthers) {
    auto claimed = acquire();
    ASSERT_TRUE(claims.extend(claimed->claim));
    tokens().push_back({9, "LA_stranger", "stranger", clock.now()});
    ASSERT_TRUE(claims.release(claimed->claim));
    ASSERT_EQ(tokens().size(), 1U);
    EXPECT_EQ(tokens()[0].holder, "stranger");
}

TEST_F(TokenClaimsTest, ACancelledRunsTokensAreGivenUpByItsHoldersName) {
    const auto claimed = acquire();
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(claims.release_holder(12, "somebody else"));
    EXPECT_EQ(tokens().size(), 1U);
    ASSERT_TRUE(claims.release_holder(12, claimed->claim.holder));
    EXPECT_TRUE(tokens().empty());
}

TEST_F(TokenClaimsTest, ClocksTooFarApartAreRefused) {
    auto seen = *forge.observe(12);
    seen.server_time = clock.now() - 90s;
    const auto claimed = claims.acquire(seen, progress);
    ASSERT_FALSE(claimed);
    EXPECT_NE(claimed.error().describe().find("clock"), std::string::npos);
    EXPECT_TRUE(tokens().empty());
}

}  // namespace
}  // namespace ringmaster::shows
