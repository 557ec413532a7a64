#include "testing/fake_clock.h"

#include <gtest/gtest.h>

#include "testing/fake_entropy.h"

namespace ringmaster::testing {
namespace {

using namespace std::chrono_literals;

class CountingProgress final : public Progress {
 public:
    explicit CountingProgress(int stop_at = -1) : stop_at_(stop_at) {}
    void line(std::string_view) override {}
    Result<void> pulse() override {
        if (++pulses == stop_at_) return Fail(Error::interrupted("stopped by the test"));
        return {};
    }
    int pulses = 0;

 private:
    int stop_at_;
};

TEST(FakeClock, SleepingMovesBothClocksAndPulsesEverySecond) {
    FakeClock clock;
    CountingProgress progress;
    ASSERT_TRUE(clock.sleep(3500ms, progress));
    EXPECT_EQ(clock.now(), FakeClock::kStart + 3500ms);
    EXPECT_EQ(clock.monotonic(), 3500ms);
    EXPECT_EQ(progress.pulses, 5);
}

TEST(FakeClock, AFailingPulseEndsASleepEarly) {
    FakeClock clock;
    CountingProgress progress(3);
    const auto slept = clock.sleep(1h, progress);
    ASSERT_FALSE(slept);
    EXPECT_EQ(slept.error().kind(), ErrorKind::Interrupted);
    EXPECT_EQ(clock.monotonic(), 2s);
}

TEST(FakeClock, SettingTheWallClockLeavesTheMonotonicOneAlone) {
    FakeClock clock;
    clock.set_now(FakeClock::kStart - 24h);
    EXPECT_EQ(clock.now(), FakeClock::kStart - 24h);
    EXPECT_EQ(clock.monotonic(), 0ms);
}

TEST(FakeEntropy, TheSameSeedGivesTheSameNumbers) {
    FakeEntropy one(7), same(7), other(8);
    const auto hex = one.hex(16);
    EXPECT_EQ(hex.size(), 32u);
    EXPECT_EQ(hex, same.hex(16));
    EXPECT_NE(hex, other.hex(16));
    EXPECT_LT(one.below(3), 3u);
}

}  // namespace
}  // namespace ringmaster::testing
