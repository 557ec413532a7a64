#pragma once
// The lease on a forge, made of numbered tokens that are created and deleted, never rewritten
// (docs/architecture.md, "The lease"; the protocol is model-checked: change it only together with the model).
// The forge gives one thing: a name can be created once. All else is checking, and waiting out the time in
// which a reading may be old.

#include "ports/claims.h"
#include "ports/entropy.h"
#include "shows/lease_rules.h"

namespace ringmaster::shows {

class TokenClaims final : public Claims {
 public:
    TokenClaims(Forge& forge, ClaimTokens& tokens, Clock& clock, Entropy& entropy, LeaseTimes times)
        : forge_(forge), tokens_(tokens), clock_(clock), entropy_(entropy), times_(times) {}

    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override;
    Result<void> release(const Claim& claim) override;
    Result<void> release_holder(int pull_request_number, std::string_view holder) override;

 private:
    /// The number of the next token, if the pull request is free by this reading.
    Result<int> next_number(const PullRequestView& seen);
    /// Creates the token. Where the reply is lost, reading tells whether it is there; if not, it is sent
    /// again.
    Result<ClaimToken> create(int pull_request_number, int number, const std::string& holder);
    Result<ClaimToken> create_once(int pull_request_number, int number, const std::string& holder,
                                   bool& is_worth_another_try);
    Result<PullRequestView> verify(int pull_request_number, const ClaimToken& mine, Progress& progress);

    Forge& forge_;
    ClaimTokens& tokens_;
    Clock& clock_;
    Entropy& entropy_;
    LeaseTimes times_;
};

}  // namespace ringmaster::shows
