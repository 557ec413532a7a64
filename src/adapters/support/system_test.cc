#include <gtest/gtest.h>

#include <set>

#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "testing/recording_progress.h"

namespace ringmaster::support {
namespace {

TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
    SystemClock clock;
    NoProgress quiet;
    const auto start = clock.monotonic();
    ASSERT_TRUE(clock.sleep(std::chrono::milliseconds(30), quiet));
    EXPECT_GE(clock.monotonic() - start, std::chrono::milliseconds(29));
}

TEST(SystemClock, AFailingPulseEndsALongSleep) {
    SystemClock clock;
    testing::RecordingProgress progress;
    progress.stop_when([&](const auto&) { return progress.pulses() == 2; });
    const auto slept = clock.sleep(std::chrono::hours(1), progress);
    ASSERT_FALSE(slept);
    EXPECT_EQ(slept.error().kind(), ErrorKind::Interrupted);
}

TEST(SystemEntropy, GivesAsManyDigitsAsAskedAndNotTheSameTwice) {
    SystemEntropy entropy;
    const auto first = entropy.hex(16);
    EXPECT_EQ(first.size(), 32u);
    EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(first, entropy.hex(16));
}

TEST(SystemEntropy, BelowReachesEveryNumberAndNoMore) {
    SystemEntropy entropy;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(entropy.below(3));
    EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2}));
    EXPECT_EQ(entropy.below(1), 0u);
}

}  // namespace
}  // namespace ringmaster::support
