// The fake keeps the forge's contracts, so that what is tested on it holds on the real one.

#include "testing/contracts/claim_refs_contract.h"
#include "testing/contracts/claim_tokens_contract.h"
#include "testing/contracts/forge_contract.h"
#include "testing/fake_clock.h"
#include "testing/fake_forge.h"

namespace ringmaster::testing {
namespace {

class FakeWorld final : public ForgeWorld {
 public:
    Forge& forge() override { return forge_; }
    ClaimTokens& claim_tokens() override { return forge_; }
    ClaimRefs& claim_refs() override { return forge_; }
    TimePoint now() override { return clock_.now(); }

    int open_pull_request() override {
        const int number = ++last_number_;
        forge_.open(number, new_prefix());
        return number;
    }
    CommitSha push(int number) override {
        const auto prefix = new_prefix();
        forge_.push(number, prefix);
        return FakeForge::sha(prefix);
    }
    CommitSha base() override { return forge_.base; }
    void close(int number) override { forge_.item(number).pull_request.state = PullRequestState::Closed; }
    void label(int number, const std::string& name, const std::string& login) override {
        forge_.label(number, name, login);
    }
    void add_collaborator(const std::string& login, Permission permission) override {
        const std::string level = permission == Permission::Admin   ? "admin"
                                  : permission == Permission::Write ? "write"
                                                                    : "read";
        forge_.permissions[login] = {permission, level};
    }

 private:
    std::string new_prefix() { return fmt::format("{:08x}", ++last_commit_); }

    FakeClock clock_;
    FakeForge forge_{clock_};
    int last_number_ = 0;
    int last_commit_ = 0x1000;
};

INSTANTIATE_TYPED_TEST_SUITE_P(FakeForge, ForgeContract, FakeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(FakeForge, ClaimTokensContract, FakeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(FakeForge, ClaimRefsContract, FakeWorld);

}  // namespace
}  // namespace ringmaster::testing
