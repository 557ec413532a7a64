#include "shows/worker.h"

#include <gtest/gtest.h>

#include "shows/token_claims.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/fake_forge.h"

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;

class WorkerTest : public ::testing::Test {
 protected:
    WorkerTest() { forge.open(12, "aaaaaaa"); }
    Worker start_work() {
        auto claimed = claims.acquire(*forge.observe(12), progress);
        return {claims, claimed->claim, clock, reporter, progress};
    }
    void pass(Duration length) {
        clock.advance(length);
        forge_clock.advance(length);
    }

    ringmaster::testing::FakeClock clock;
    ringmaster::testing::FakeEntropy entropy;
    ringmaster::testing::FakeClock forge_clock;
    ringmaster::testing::FakeForge forge{forge_clock};
    TokenClaims claims{forge, forge, clock, entropy, {.length = 5min, .settle = 2s}};
    NoProgress progress;
    SilentReporter reporter;
};

TEST_F(WorkerTest, KeepsItsClaimForAsLongAsItWorks) {
    auto worker = start_work();
    for (int i = 0; i < 20; ++i) {
        pass(1min);
        ASSERT_TRUE(worker.fence());
    }
    EXPECT_FALSE(worker.has_lost_claim());
}

TEST_F(WorkerTest, DoesNotRelyOnAClaimThatRanOutWhileItWasAway) {
    auto worker = start_work();
    pass(5min);
    EXPECT_FALSE(worker.fence());
    EXPECT_TRUE(worker.has_lost_claim());
}

/// Found by the simulator (seed 623): by the wall clock the claim seemed to have forty minutes left.
TEST_F(WorkerTest, AClockThatIsSetBackDoesNotMakeTheClaimLonger) {
    auto worker = start_work();
    clock.set_now(clock.now() - 40min);
    pass(5min);
    EXPECT_FALSE(worker.fence());
    EXPECT_TRUE(worker.has_lost_claim());
}

/// An expiry written by such a clock is over for everybody else.
TEST_F(WorkerTest, AClaimIsNotProlongedByAClockThatWasSetBack) {
    auto worker = start_work();
    clock.set_now(clock.now() - 40min);
    pass(3min);
    EXPECT_FALSE(worker.fence());
    EXPECT_TRUE(worker.has_lost_claim());
}

}  // namespace
}  // namespace ringmaster::shows
