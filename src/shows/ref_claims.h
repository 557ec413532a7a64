#pragma once
// The lease on a forge, made of one hidden git ref a pull request that is only moved by comparing and
// swapping (docs/architecture.md, "The lease"). The swap alone decides who holds it; readings, however old,
// only say when trying is worth it, and whether the picture that work begins with is new enough.

#include "ports/claim_refs.h"
#include "ports/claims.h"
#include "ports/entropy.h"
#include "shows/lease_rules.h"

namespace ringmaster::shows {

class RefClaims final : public Claims, public ClaimLeftovers {
 public:
    RefClaims(Forge& forge, ClaimRefs& refs, Clock& clock, Entropy& entropy, LeaseTimes times)
        : forge_(forge), refs_(refs), clock_(clock), entropy_(entropy), times_(times) {}

    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override;
    Result<void> release(const Claim& claim) override;
    Result<void> release_holder(int pull_request_number, std::string_view holder) override;
    Result<std::vector<Claim>> left_behind(Duration grace) override;
    Result<bool> remove_left_behind(const Claim& claim) override;

 private:
    Result<ClaimToken> write(int pull_request_number, const std::string& holder);
    Result<void> take(int pull_request_number, const std::optional<std::string>& before,
                      const ClaimToken& mine);
    Result<PullRequestView> settle(int pull_request_number, const ClaimToken& mine, Progress& progress);
    Error refused(const PullRequestView& now_there, const std::string& why_not);

    Forge& forge_;
    ClaimRefs& refs_;
    Clock& clock_;
    Entropy& entropy_;
    LeaseTimes times_;
};

}  // namespace ringmaster::shows
