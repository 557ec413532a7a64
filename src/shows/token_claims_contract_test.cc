#include "shows/token_claims.h"
#include "testing/contracts/claims_contract.h"
#include "testing/fake_entropy.h"

namespace ringmaster::testing {
namespace {

struct TokenClaimsHarness {
    TokenClaimsHarness() {
        forge_.open(12, "aaaaaaa");
        forge_.open(13, "bbbbbbb");
    }
    Claims& claims() { return one_; }
    Claims& other_claims() { return two_; }
    FakeForge& forge() { return forge_; }
    FakeClock& clock() { return clock_; }
    Duration lease() { return times_.length; }
    Duration margin() { return times_.margin(); }

    FakeClock clock_;
    FakeEntropy entropy_;
    FakeForge forge_{clock_};
    shows::LeaseTimes times_{.length = std::chrono::minutes(5), .settle = std::chrono::seconds(0)};
    shows::TokenClaims one_{forge_, forge_, clock_, entropy_, times_};
    shows::TokenClaims two_{forge_, forge_, clock_, entropy_, times_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Token, ClaimsContract, TokenClaimsHarness);

}  // namespace
}  // namespace ringmaster::testing
