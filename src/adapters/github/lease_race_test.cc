// The lease as it is used: processes racing for one pull request through the real adapter, over HTTP, on a
// real forge.

#include <gtest/gtest.h>

#include "adapters/github/local_forge_world_test.h"
#include "shows/token_claims.h"
#include "testing/claims_race.h"

namespace ringmaster::github {
namespace {

using ringmaster::testing::race_for_claims;

/// What one process has for itself: connections and randomness do not survive a fork.
class ForgeRacer final : public ringmaster::testing::Racer {
 public:
    ForgeRacer(GitHubSettings settings, Duration lease)
        : client_(http_, clock_, entropy_, std::move(settings), progress_),
          claims_(forge_, tokens_, clock_, entropy_, {.length = lease, .settle = Duration(0)}) {}
    Claims& claims() override { return claims_; }
    Forge& forge() override { return forge_; }
    Clock& clock() override { return clock_; }

 private:
    support::CurlHttpClient http_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    NoProgress progress_;
    GitHubClient client_;
    GitHubForge forge_{client_};
    GitHubClaimTokens tokens_{client_};
    shows::TokenClaims claims_;
};

TEST(LeaseRace, ProcessesOnOneForgeAreNeverInsideTogether) {
    LocalForgeWorld world;
    const ringmaster::testing::TemporaryFolder folder;
    const ringmaster::testing::RaceRules rules{
        .processes = 4, .entries_each = 8, .pull_request_number = world.open_pull_request()};
    const auto settings = world.client().settings();
    const auto result = race_for_claims(rules, folder.path(), [&] {
        return std::make_unique<ForgeRacer>(settings, std::chrono::seconds(20));
    });
    EXPECT_TRUE(result.errors.empty()) << result.errors.front();
    EXPECT_EQ(result.meetings, 0);
    EXPECT_EQ(result.counted, result.entries);
    EXPECT_GE(result.entries, 32);
    EXPECT_GT(result.refusals, 0) << "nobody ever met resistance, so nothing was proved";
}

}  // namespace
}  // namespace ringmaster::github
