#pragma once
// What the lease rests on, as ports/claim_tokens.h promises it. A suite's parameter is a ForgeWorld with a
// default constructor.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "testing/contracts/forge_world.h"

namespace ringmaster::testing {

template <typename World>
class ClaimTokensContract : public ::testing::Test {
 protected:
    void SetUp() override { number_ = world_.open_pull_request(); }

    Result<std::optional<ClaimTokens::Created>> create(int token_number, const std::string& holder) {
        return world_.claim_tokens().create(number_, token_number, holder, expires_at());
    }
    /// Its id; a token that cannot be made ends the case.
    std::string must_create(int token_number, const std::string& holder) {
        const auto created = create(token_number, holder);
        if (!created) throw std::runtime_error(created.error().describe());
        if (!*created) throw std::runtime_error("the name is taken");
        return (*created)->id;
    }
    Result<void> remove(std::vector<std::string> ids) { return world_.claim_tokens().remove(ids); }
    std::vector<ClaimToken> observed(int number) {
        auto view = world_.forge().observe(number);
        if (!view) throw std::runtime_error(view.error().describe());
        return view->claim_tokens;
    }
    std::vector<ClaimToken> observed() { return observed(number_); }
    /// The same each time, with milliseconds that must not get lost.
    TimePoint expires_at() const { return expires_at_; }

    World world_;
    int number_ = 0;
    TimePoint expires_at_ = std::chrono::floor<std::chrono::seconds>(world_.now()) + std::chrono::minutes(5) +
                            std::chrono::milliseconds(37);
};

TYPED_TEST_SUITE_P(ClaimTokensContract);

TYPED_TEST_P(ClaimTokensContract, ATokenIsReadAsItWasMade) {
    const auto created = this->create(3, "0123456789abcdef0123456789abcdef");
    ASSERT_TRUE(created && *created);
    EXPECT_LT(std::chrono::abs((*created)->server_time - this->world_.now()), std::chrono::minutes(1));
    EXPECT_THAT(this->observed(),
                ::testing::ElementsAre(
                    ClaimToken{3, (*created)->id, "0123456789abcdef0123456789abcdef", this->expires_at()}));
}

TYPED_TEST_P(ClaimTokensContract, ANumberIsGivenOnce) {
    const auto id = this->must_create(1, "aa");
    const auto second = this->create(1, "bb");
    ASSERT_TRUE(second) << second.error().describe();
    EXPECT_FALSE(*second);
    EXPECT_THAT(this->observed(), ::testing::ElementsAre(ClaimToken{1, id, "aa", this->expires_at()}));
}

TYPED_TEST_P(ClaimTokensContract, NumbersAndPullRequestsAreApart) {
    const int other = this->world_.open_pull_request();
    this->must_create(1, "aa");
    this->must_create(2, "aa");
    this->must_create(kMostClaimTokens, "aa");
    ASSERT_TRUE(this->world_.claim_tokens().create(other, 1, "bb", this->expires_at()));
    EXPECT_EQ(this->observed().size(), 3U);
    const auto others = this->observed(other);
    ASSERT_EQ(others.size(), 1U);
    EXPECT_EQ(others[0].holder, "bb");
}

TYPED_TEST_P(ClaimTokensContract, RemovedTokensAreGoneAndRemovingThemAgainIsSuccess) {
    const auto first = this->must_create(1, "aa");
    const auto second = this->must_create(2, "aa");
    ASSERT_TRUE(this->remove({first, second}));
    EXPECT_THAT(this->observed(), ::testing::IsEmpty());
    EXPECT_TRUE(this->remove({first, second}));
    EXPECT_TRUE(this->remove({}));
}

TYPED_TEST_P(ClaimTokensContract, ALateRemovalNeverHitsTheSuccessor) {
    const auto old = this->must_create(1, "aa");
    ASSERT_TRUE(this->remove({old}));
    const auto successor = this->must_create(1, "bb");
    EXPECT_NE(old, successor);
    ASSERT_TRUE(this->remove({old}));
    EXPECT_THAT(this->observed(), ::testing::ElementsAre(ClaimToken{1, successor, "bb", this->expires_at()}));
}

TYPED_TEST_P(ClaimTokensContract, OfManyThatTryAtOnceOneGetsIt) {
    constexpr int kRacers = 8;
    std::atomic<int> winners = 0;
    std::atomic<int> losers = 0;
    for (int round = 1; round <= 3; ++round) {
        std::vector<std::jthread> racers;
        for (int i = 0; i < kRacers; ++i)
            racers.emplace_back([&, i] {
                const auto created = this->create(round, fmt::format("{:02x}", i));
                if (created) ++(*created ? winners : losers);
            });
    }
    EXPECT_EQ(winners, 3);
    EXPECT_EQ(losers, 3 * (kRacers - 1));
    EXPECT_EQ(this->observed().size(), 3U);
}

REGISTER_TYPED_TEST_SUITE_P(ClaimTokensContract, ATokenIsReadAsItWasMade, ANumberIsGivenOnce,
                            NumbersAndPullRequestsAreApart, RemovedTokensAreGoneAndRemovingThemAgainIsSuccess,
                            ALateRemovalNeverHitsTheSuccessor, OfManyThatTryAtOnceOneGetsIt);

}  // namespace ringmaster::testing
