#include "server/keyed_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

namespace ringmaster::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Draws the largest number, or numbers in turn: enough to see that jitter stays within its bounds.
class PlainEntropy final : public Entropy {
 public:
    std::string hex(std::size_t bytes) override { return std::string(2 * bytes, '0'); }
    std::uint64_t below(std::uint64_t below) override { return draws_++ % below; }

 private:
    std::uint64_t draws_ = 0;
};

struct KeyedQueueTest : ::testing::Test {
    PlainEntropy entropy;
    QueueOptions options{.capacity = 3, .relook_after = Duration{0}};
    KeyedQueue queue{options, entropy};

    std::string take(Duration now) {
        const auto ticket = queue.take(now);
        return ticket ? ticket->key : "";
    }
};

TEST_F(KeyedQueueTest, GivesKeysInTheOrderTheyCame) {
    EXPECT_EQ(queue.add("b", Cause::Event, seconds(0)), Added::Queued);
    EXPECT_EQ(queue.add("a", Cause::Event, seconds(0)), Added::Queued);
    EXPECT_EQ(take(seconds(0)), "b");
    EXPECT_EQ(take(seconds(0)), "a");
    EXPECT_EQ(take(seconds(0)), "");
}

TEST_F(KeyedQueueTest, TwoReasonsToLookAreOneLook) {
    queue.add("a", Cause::Event, seconds(0));
    EXPECT_EQ(queue.add("a", Cause::Event, seconds(0)), Added::Coalesced);
    EXPECT_EQ(take(seconds(0)), "a");
    queue.done("a", WorkOutcome::done(), seconds(1));
    EXPECT_EQ(queue.size(), 0u);
}

TEST_F(KeyedQueueTest, AKeyThatComesWhileInWorkIsWorkedOnOnceMoreAfterwards) {
    queue.add("a", Cause::Event, seconds(0));
    take(seconds(0));
    queue.add("a", Cause::Event, seconds(1));
    queue.add("a", Cause::Event, seconds(2));
    EXPECT_EQ(take(seconds(2)), "") << "one worker at a time";
    queue.done("a", WorkOutcome::done(), seconds(3));
    EXPECT_EQ(take(seconds(3)), "a");
    queue.done("a", WorkOutcome::done(), seconds(4));
    EXPECT_EQ(take(seconds(100)), "");
}

TEST_F(KeyedQueueTest, AnAlertReachesTheWorkThatIsUnderWayOnce) {
    queue.alert("a");
    queue.add("a", Cause::Event, seconds(0));
    queue.alert("a");
    take(seconds(0));
    EXPECT_FALSE(queue.take_alert("a")) << "what came before the work began is seen by it anyway";
    queue.alert("a");
    EXPECT_TRUE(queue.take_alert("a"));
    EXPECT_FALSE(queue.take_alert("a"));
    queue.alert("a");
    queue.done("a", WorkOutcome::done(), seconds(1));
    EXPECT_FALSE(queue.take_alert("a"));
}

TEST_F(KeyedQueueTest, ABusyKeyDoesNotStarveTheOthers) {
    queue.add("a", Cause::Event, seconds(0));
    take(seconds(0));
    queue.add("b", Cause::Event, seconds(1));
    queue.add("a", Cause::Event, seconds(1));
    queue.done("a", WorkOutcome::done(), seconds(2));
    EXPECT_EQ(take(seconds(2)), "b");
    EXPECT_EQ(take(seconds(2)), "a");
}

TEST_F(KeyedQueueTest, RefusesNewKeysWhenFullButNeverAKnownOne) {
    for (const auto* key : {"a", "b", "c"}) queue.add(key, Cause::Event, seconds(0));
    EXPECT_TRUE(queue.is_full());
    EXPECT_EQ(queue.add("d", Cause::Event, seconds(0)), Added::Full);
    EXPECT_EQ(queue.add("a", Cause::Event, seconds(0)), Added::Coalesced);
    take(seconds(0));
    EXPECT_EQ(queue.add("d", Cause::Event, seconds(0)), Added::Full) << "keys in work count";
    queue.done("a", WorkOutcome::done(), seconds(0));
    EXPECT_EQ(queue.add("d", Cause::Event, seconds(0)), Added::Queued);
}

TEST_F(KeyedQueueTest, FailuresAreTriedAgainWithDoublingWaits) {
    queue.add("a", Cause::Event, seconds(0));
    Duration now{0};
    for (const Duration nominal : {seconds(2), seconds(4), seconds(8), seconds(16)}) {
        ASSERT_EQ(take(now), "a");
        queue.done("a", WorkOutcome::failed(), now);
        const Duration due = queue.next_due().value();
        EXPECT_GE(due - now, nominal / 2);
        EXPECT_LE(due - now, nominal);
        EXPECT_EQ(take(due - milliseconds(1)), "");
        now = due;
    }
}

TEST_F(KeyedQueueTest, BackoffHasACeiling) {
    queue.add("a", Cause::Event, seconds(0));
    Duration now{0};
    for (int i = 0; i < 60; ++i) {
        const auto ticket = queue.take(now);
        ASSERT_TRUE(ticket);
        EXPECT_EQ(ticket->failures, i);
        queue.done("a", WorkOutcome::failed(), now);
        ASSERT_LE(queue.next_due().value() - now, options.longest_backoff);
        now = queue.next_due().value();
    }
}

TEST_F(KeyedQueueTest, SuccessForgetsFailures) {
    queue.add("a", Cause::Event, seconds(0));
    take(seconds(0));
    queue.done("a", WorkOutcome::failed(), seconds(0));
    take(seconds(10));
    queue.done("a", WorkOutcome::done(), seconds(10));
    queue.add("a", Cause::Event, seconds(11));
    EXPECT_EQ(queue.take(seconds(11))->failures, 0);
}

TEST_F(KeyedQueueTest, AnEventShortensABackoffButNotToNothing) {
    queue.add("a", Cause::Event, seconds(0));
    Duration now{0};
    for (int i = 0; i < 8; ++i) {  // 2 s doubled seven times: a wait of minutes
        take(now);
        queue.done("a", WorkOutcome::failed(), now);
        if (i < 7) now = queue.next_due().value();
    }
    queue.add("a", Cause::Event, now + milliseconds(10));
    EXPECT_EQ(queue.next_due(), now + options.least_pause);
}

TEST_F(KeyedQueueTest, LaterMeansAfterThatLongAndIsNoFailure) {
    queue.add("a", Cause::Event, seconds(0));
    take(seconds(0));
    queue.done("a", WorkOutcome::later(seconds(90)), seconds(1));
    EXPECT_EQ(queue.next_due(), Duration(seconds(91)));
    const auto ticket = queue.take(seconds(91));
    EXPECT_EQ(ticket->cause, Cause::Retry);
    EXPECT_EQ(ticket->failures, 0);
}

TEST(KeyedQueueRelook, AnEventIsLookedAtOnceMoreLater) {
    PlainEntropy entropy;
    KeyedQueue queue({.relook_after = seconds(10)}, entropy);
    queue.add("a", Cause::Event, seconds(0));
    queue.take(seconds(0));
    queue.done("a", WorkOutcome::done(), seconds(5));
    EXPECT_FALSE(queue.take(seconds(14)));
    EXPECT_EQ(queue.take(seconds(15))->cause, Cause::Relook);
    queue.done("a", WorkOutcome::done(), seconds(16));
    EXPECT_EQ(queue.size(), 0u) << "once, not for ever";
}

TEST(KeyedQueueRelook, ASweepIsNot) {
    PlainEntropy entropy;
    KeyedQueue queue({.relook_after = seconds(10)}, entropy);
    queue.add("a", Cause::Sweep, seconds(0));
    queue.take(seconds(0));
    queue.done("a", WorkOutcome::done(), seconds(5));
    EXPECT_EQ(queue.size(), 0u);
}

/// Any interleaving of events, workers and outcomes, with one model beside it: what is owed a look.
RC_GTEST_PROP(KeyedQueueProperty, NeverTwoOfOneKeyAndNothingIsLost, ()) {
    PlainEntropy entropy;
    KeyedQueue queue({.capacity = 4, .relook_after = seconds(*rc::gen::inRange(0, 3))}, entropy);
    std::set<std::string> owed, in_work;
    Duration now{0};
    const auto finish = [&](std::string key, int outcome) {
        in_work.erase(key);
        if (outcome != 0) owed.insert(key);
        queue.done(key,
                   outcome == 0   ? WorkOutcome::done()
                   : outcome == 1 ? WorkOutcome::failed()
                                  : WorkOutcome::later(seconds(outcome)),
                   now);
    };
    const auto take = [&] {
        const auto ticket = queue.take(now);
        if (!ticket) return false;
        RC_ASSERT(in_work.insert(ticket->key).second);
        owed.erase(ticket->key);
        return true;
    };
    for (int step = *rc::gen::inRange(0, 200); step > 0; --step) {
        const std::string key(1, static_cast<char>('a' + *rc::gen::inRange(0, 6)));
        switch (*rc::gen::inRange(0, 4)) {
            case 0:
                if (queue.add(key, *rc::gen::element(Cause::Event, Cause::Sweep), now) != Added::Full)
                    owed.insert(key);
                break;
            case 1:
                take();
                break;
            case 2:
                if (in_work.count(key)) finish(key, *rc::gen::inRange(0, 4));
                break;
            case 3:
                now += milliseconds(*rc::gen::inRange(0, 3000));
                break;
        }
        RC_ASSERT(queue.in_work() == in_work.size());
        RC_ASSERT(queue.size() <= 4u);
    }
    while (!in_work.empty()) finish(*in_work.begin(), 0);
    while (const auto due = queue.next_due()) {
        now = std::max(now, *due);
        RC_ASSERT(take());
        finish(*in_work.begin(), 0);
    }
    RC_ASSERT(owed.empty());
    RC_ASSERT(queue.size() == 0u);
}

}  // namespace
}  // namespace ringmaster::server
