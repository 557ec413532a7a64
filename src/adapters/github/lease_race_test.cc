// The lease as it is used: processes racing for one pull request through the real adapter, over HTTP, on a
// real forge.

#include <gtest/gtest.h>
#include <unistd.h>

#include "adapters/github/local_forge_world_test.h"
#include "shows/ref_claims.h"
#include "shows/token_claims.h"
#include "testing/claims_race.h"

namespace ringmaster::github {
namespace {

using ringmaster::testing::race_for_claims;

enum class MadeOf { Labels, Refs };

/// What one process has for itself: connections and randomness do not survive a fork.
class ForgeRacer final : public ringmaster::testing::Racer {
 public:
    ForgeRacer(GitHubSettings settings, MadeOf made_of, Duration lease)
        : client_(http_, clock_, entropy_, std::move(settings), progress_),
          made_of_(made_of),
          by_labels_(forge_, tokens_, clock_, entropy_, {.length = lease, .settle = Duration(0)}),
          by_refs_(forge_, refs_, clock_, entropy_, {.length = lease, .settle = Duration(0)}) {}
    Claims& claims() override {
        if (made_of_ == MadeOf::Labels) return by_labels_;
        return by_refs_;
    }
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
    GitHubClaimRefs refs_{client_};
    MadeOf made_of_;
    shows::TokenClaims by_labels_;
    shows::RefClaims by_refs_;
};

// Every second process takes the other kind where two are given: a change of the setting, half rolled out.
void expect_nobody_inside_together(std::vector<MadeOf> kinds, ringmaster::testing::RaceRules rules,
                                   Duration lease) {
    LocalForgeWorld world;
    const ringmaster::testing::TemporaryFolder folder;
    rules.pull_request_number = world.open_pull_request();
    const auto settings = world.client().settings();
    const auto result = race_for_claims(rules, folder.path(), [&] {
        const auto kind = kinds[static_cast<std::size_t>(::getpid()) % kinds.size()];
        return std::make_unique<ForgeRacer>(settings, kind, lease);
    });
    EXPECT_TRUE(result.errors.empty()) << result.errors.front();
    EXPECT_EQ(result.meetings, 0);
    EXPECT_EQ(result.counted, result.entries);
    EXPECT_GE(result.entries, rules.processes * rules.entries_each);
    EXPECT_GT(result.refusals, 0) << "nobody ever met resistance, so nothing was proved";
}

TEST(LeaseRace, ProcessesThatClaimByLabelsAreNeverInsideTogether) {
    expect_nobody_inside_together({MadeOf::Labels}, {.processes = 4, .entries_each = 8},
                                  std::chrono::seconds(20));
}

TEST(LeaseRace, ProcessesThatClaimByRefsAreNeverInsideTogether) {
    expect_nobody_inside_together({MadeOf::Refs}, {.processes = 4, .entries_each = 8},
                                  std::chrono::seconds(20));
}

TEST(LeaseRace, AProcessThatDiesWithARefDelaysTheOthersButLetsNobodyInEarly) {
    expect_nobody_inside_together({MadeOf::Refs},
                                  {.processes = 3, .entries_each = 4, .entries_between_deaths = 8},
                                  std::chrono::seconds(3));
}

TEST(LeaseRace, ProcessesThatClaimByBothAreNeverInsideTogether) {
    expect_nobody_inside_together({MadeOf::Labels, MadeOf::Refs}, {.processes = 4, .entries_each = 4},
                                  std::chrono::seconds(20));
}

}  // namespace
}  // namespace ringmaster::github
