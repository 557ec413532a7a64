#pragma once
// What the lease on refs rests on, as ports/claim_refs.h promises it. A suite's parameter is a ForgeWorld
// with a default constructor.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "testing/contracts/forge_world.h"

namespace ringmaster::testing {

template <typename World>
class ClaimRefsContract : public ::testing::Test {
 protected:
    void SetUp() override { number_ = world_.open_pull_request(); }

    ClaimRefs& refs() { return world_.claim_refs(); }
    /// An object for the ref; one that cannot be made ends the case.
    std::string object(const std::string& holder) {
        auto id = refs().write_claim(number_, holder, expires_at_);
        if (!id) throw std::runtime_error(id.error().describe());
        return *std::move(id);
    }
    bool swap(const std::optional<std::string>& before, const std::optional<std::string>& after) {
        const auto swapped = refs().swap_claim(number_, before, after);
        if (!swapped) throw std::runtime_error(swapped.error().describe());
        return swapped->is_done;
    }
    std::vector<ClaimToken> observed(int number) {
        auto view = world_.forge().observe(number);
        if (!view) throw std::runtime_error(view.error().describe());
        return view->claim_tokens;
    }
    std::vector<ClaimToken> observed() { return observed(number_); }

    World world_;
    int number_ = 0;
    /// With milliseconds that must not get lost.
    TimePoint expires_at_ = std::chrono::floor<std::chrono::seconds>(world_.now()) + std::chrono::minutes(5) +
                            std::chrono::milliseconds(37);
};

TYPED_TEST_SUITE_P(ClaimRefsContract);

TYPED_TEST_P(ClaimRefsContract, WhatTheRefPointsAtIsReadAsItWasWritten) {
    const auto id = this->object("0123456789abcdef0123456789abcdef");
    EXPECT_THAT(this->observed(), ::testing::IsEmpty()) << "an object alone is nothing that anybody sees";
    ASSERT_TRUE(this->swap(std::nullopt, id));
    EXPECT_THAT(this->observed(), ::testing::ElementsAre(ClaimToken{0, id, "0123456789abcdef0123456789abcdef",
                                                                    this->expires_at_}));
}

TYPED_TEST_P(ClaimRefsContract, ARefIsMadeOnlyWhereThereIsNone) {
    const auto first = this->object("aa"), second = this->object("bb");
    ASSERT_TRUE(this->swap(std::nullopt, first));
    const auto refused = this->refs().swap_claim(this->number_, std::nullopt, second);
    ASSERT_TRUE(refused) << refused.error().describe();
    EXPECT_FALSE(refused->is_done);
    EXPECT_FALSE(refused->why_not.empty());
    EXPECT_EQ(this->observed().at(0).id, first);
}

TYPED_TEST_P(ClaimRefsContract, ARefMovesOnlyFromWhereItIs) {
    const auto first = this->object("aa"), second = this->object("bb"), third = this->object("cc");
    ASSERT_TRUE(this->swap(std::nullopt, first));
    EXPECT_FALSE(this->swap(second, third));
    EXPECT_TRUE(this->swap(first, second));
    EXPECT_FALSE(this->swap(first, third)) << "a late swap";
    EXPECT_EQ(this->observed().at(0).holder, "bb");
}

TYPED_TEST_P(ClaimRefsContract, ARefIsRemovedOnlyFromWhereItIs) {
    const auto first = this->object("aa"), second = this->object("bb");
    EXPECT_FALSE(this->swap(first, std::nullopt)) << "there is none";
    ASSERT_TRUE(this->swap(std::nullopt, first));
    EXPECT_FALSE(this->swap(second, std::nullopt));
    EXPECT_TRUE(this->swap(first, std::nullopt));
    EXPECT_THAT(this->observed(), ::testing::IsEmpty());
    EXPECT_TRUE(this->swap(std::nullopt, second)) << "and can be made again";
}

TYPED_TEST_P(ClaimRefsContract, ObjectsOfTheSameHolderAreTheirOwn) {
    const auto first = this->object("aa");
    this->expires_at_ += std::chrono::seconds(1);
    EXPECT_NE(this->object("aa"), first);
}

TYPED_TEST_P(ClaimRefsContract, PullRequestsAreApartAndThoseWithARefAreListed) {
    const int other = this->world_.open_pull_request();
    this->world_.open_pull_request();
    EXPECT_THAT(this->refs().claimed_pull_requests().value(), ::testing::IsEmpty());
    const auto id = this->object("aa");
    ASSERT_TRUE(this->swap(std::nullopt, id));
    EXPECT_THAT(this->observed(other), ::testing::IsEmpty());
    ASSERT_TRUE(this->refs().swap_claim(other, std::nullopt, this->object("bb"))->is_done);
    EXPECT_THAT(this->refs().claimed_pull_requests().value(), ::testing::ElementsAre(this->number_, other));
}

TYPED_TEST_P(ClaimRefsContract, OfManyThatSwapAtOnceOneDoes) {
    constexpr int kRacers = 8;
    std::atomic<int> winners = 0;
    std::atomic<int> losers = 0;
    std::optional<std::string> before;
    for (int round = 1; round <= 3; ++round) {
        std::vector<std::jthread> racers;
        for (int i = 0; i < kRacers; ++i)
            racers.emplace_back([&, after = this->object(fmt::format("{:02x}{:02x}", round, i))] {
                const auto swapped = this->refs().swap_claim(this->number_, before, after);
                if (swapped) ++(swapped->is_done ? winners : losers);
            });
        racers.clear();
        before = this->observed().at(0).id;
    }
    EXPECT_EQ(winners, 3);
    EXPECT_EQ(losers, 3 * (kRacers - 1));
}

REGISTER_TYPED_TEST_SUITE_P(ClaimRefsContract, WhatTheRefPointsAtIsReadAsItWasWritten,
                            ARefIsMadeOnlyWhereThereIsNone, ARefMovesOnlyFromWhereItIs,
                            ARefIsRemovedOnlyFromWhereItIs, ObjectsOfTheSameHolderAreTheirOwn,
                            PullRequestsAreApartAndThoseWithARefAreListed, OfManyThatSwapAtOnceOneDoes);

}  // namespace ringmaster::testing
