#pragma once
// What every History does. A suite's parameter is a harness, a type with a default constructor, `History&
// history()`, and `History& reopened()`, which sees what was recorded before by another process.

#include <gtest/gtest.h>

#include "ports/history.h"

namespace ringmaster::testing {

template <typename Harness>
class HistoryContract : public ::testing::Test {
 protected:
    static HistoryEvent event(int pull_request_number, const std::string& detail) {
        return {.time = TimePoint(Duration(1795000000123)),
                .repository = "acme/shop",
                .pull_request_number = pull_request_number,
                .sha = "abc1234",
                .actor = "ada",
                .action = "create",
                .step = "build",
                .outcome = "failed",
                .detail = detail,
                .description = "because 'it' must",
                .duration_ms = 4321};
    }
    std::vector<std::string> details(History& history, int pull_request_number, int limit) {
        const auto events = history.recent(pull_request_number, limit);
        EXPECT_TRUE(events) << events.error().describe();
        std::vector<std::string> all;
        for (const auto& found : events.value()) all.push_back(found.detail);
        return all;
    }
    using Details = std::vector<std::string>;
    Harness harness_;
};
TYPED_TEST_SUITE_P(HistoryContract);

TYPED_TEST_P(HistoryContract, GivesBackEveryFieldAsItWas) {
    const auto event = this->event(12, "it's \"quoted\", 🎪\nand of two lines");
    ASSERT_TRUE(this->harness_.history().record(event));
    const auto found = this->harness_.reopened().recent(12, 10);
    ASSERT_TRUE(found) << found.error().describe();
    ASSERT_EQ(found->size(), 1u);
    const auto& same = found->front();
    EXPECT_EQ(same.time, event.time);
    EXPECT_EQ(same.repository, event.repository);
    EXPECT_EQ(same.pull_request_number, event.pull_request_number);
    EXPECT_EQ(same.sha, event.sha);
    EXPECT_EQ(same.actor, event.actor);
    EXPECT_EQ(same.action, event.action);
    EXPECT_EQ(same.step, event.step);
    EXPECT_EQ(same.outcome, event.outcome);
    EXPECT_EQ(same.detail, event.detail);
    EXPECT_EQ(same.description, event.description);
    EXPECT_EQ(same.duration_ms, event.duration_ms);
}

TYPED_TEST_P(HistoryContract, TellsTheNewestFirstAndNoMoreThanAsked) {
    for (const char* detail : {"one", "two", "three"})
        ASSERT_TRUE(this->harness_.history().record(this->event(12, detail)));
    EXPECT_EQ(this->details(this->harness_.history(), 12, 2), (std::vector<std::string>{"three", "two"}));
}

TYPED_TEST_P(HistoryContract, TellsOfOnePullRequestOrOfAll) {
    ASSERT_TRUE(this->harness_.history().record(this->event(12, "twelve")));
    ASSERT_TRUE(this->harness_.history().record(this->event(13, "thirteen")));
    EXPECT_EQ(this->details(this->harness_.history(), 12, 10), (std::vector<std::string>{"twelve"}));
    EXPECT_EQ(this->details(this->harness_.history(), 0, 10),
              (std::vector<std::string>{"thirteen", "twelve"}));
}

TYPED_TEST_P(HistoryContract, AnEmptyHistoryIsEmpty) {
    EXPECT_TRUE(this->details(this->harness_.history(), 0, 10).empty());
}

REGISTER_TYPED_TEST_SUITE_P(HistoryContract, GivesBackEveryFieldAsItWas,
                            TellsTheNewestFirstAndNoMoreThanAsked, TellsOfOnePullRequestOrOfAll,
                            AnEmptyHistoryIsEmpty);

}  // namespace ringmaster::testing
