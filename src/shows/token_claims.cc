#include "shows/token_claims.h"

#include <algorithm>

namespace ringmaster::shows {
namespace {

// A creation without a reply that left nothing is sent again, as often as any other request (retry_loop.h).
constexpr int kMostCreations = 3;
constexpr Duration kCreateAgainAfter = std::chrono::seconds(1);

}  // namespace

Result<int> TokenClaims::next_number(const PullRequestView& seen) {
    const auto highest = std::ranges::max_element(seen.claim_tokens, {}, &ClaimToken::number);
    if (highest == seen.claim_tokens.end()) return 1;
    for (const auto& token : seen.claim_tokens)
        if (is_alive(token, times_, clock_))
            return Fail(lease_is_taken(seen.pull_request.number, token, times_, clock_));
    if (highest->number >= kMostClaimTokens)
        return Fail(Error::unavailable("#{} has all its {} lease tokens used up", seen.pull_request.number,
                                       kMostClaimTokens)
                        .hint("run `ringmaster cleanup`: it removes the expired ones"));
    return highest->number + 1;
}

Result<ClaimToken> TokenClaims::create(int pull_request_number, int number, const std::string& holder) {
    for (int attempt = 1;; ++attempt) {
        bool is_worth_another_try = false;
        auto token = create_once(pull_request_number, number, holder, is_worth_another_try);
        if (token || !is_worth_another_try || attempt == kMostCreations) return token;
        NoProgress nobody;  // a second is too short to be worth breaking off
        TRY(clock_.sleep(kCreateAgainAfter, nobody));
    }
}

Result<ClaimToken> TokenClaims::create_once(int pull_request_number, int number, const std::string& holder,
                                            bool& is_worth_another_try) {
    const TimePoint expires = clock_.now() + times_.length;
    auto created = tokens_.create(pull_request_number, number, holder, expires);
    if (created && *created) {
        // A clock that was set meanwhile wrote an expiry that others do not wait for.
        TRY(check_clocks((*created)->server_time, times_, clock_));
        return ClaimToken{number, (*created)->id, holder, expires};
    }
    const bool outcome_is_unknown = !created && (created.error().kind() == ErrorKind::Unavailable ||
                                                 created.error().kind() == ErrorKind::TimedOut);
    if (!created && !outcome_is_unknown) return Fail(created.error());
    // The name is taken, or the reply was lost: if the token there is of our own making, it is ours.
    const PullRequestView now_there = TRY(forge_.observe(pull_request_number));
    for (const auto& token : now_there.claim_tokens)
        if (token.number == number && token.holder == holder) return token;
    if (outcome_is_unknown) {
        // Should the first one still arrive, then under the same name and as the same holder.
        is_worth_another_try = std::ranges::none_of(
            now_there.claim_tokens, [&](const ClaimToken& token) { return token.number >= number; });
        return Fail(created.error());
    }
    for (const auto& token : now_there.claim_tokens)
        if (is_alive(token, times_, clock_))
            return Fail(lease_is_taken(pull_request_number, token, times_, clock_));
    return Fail(Error::conflict("another worker was quicker on #{}", pull_request_number));
}

Result<PullRequestView> TokenClaims::verify(int pull_request_number, const ClaimToken& mine,
                                            Progress& progress) {
    const Duration started = clock_.monotonic();
    TRY(clock_.sleep(times_.settle, progress));
    for (;;) {
        PullRequestView view = TRY(forge_.observe(pull_request_number));
        bool is_visible = false;
        for (const auto& token : view.claim_tokens) {
            if (token.id == mine.id)
                is_visible = true;
            else if (token.number >= mine.number || is_alive(token, times_, clock_))
                return Fail(lease_is_taken(pull_request_number, token, times_, clock_));
        }
        if (is_visible) return view;
        if (clock_.monotonic() - started > times_.settle + kLeaseVisibilityTimeout)
            return Fail(lease_is_not_shown(pull_request_number));
        TRY(clock_.sleep(kLeaseVisibilityInterval, progress));
    }
}

Result<Claimed> TokenClaims::acquire(const PullRequestView& seen, Progress& progress) {
    TRY(check_clocks(seen.server_time, times_, clock_));
    const int number = TRY(next_number(seen));
    const int pull_request_number = seen.pull_request.number;
    const ClaimToken mine = TRY(create(pull_request_number, number, entropy_.hex(16)));
    auto view = verify(pull_request_number, mine, progress);
    if (!view) {
        const std::string ids[] = {mine.id};
        (void)tokens_.remove(ids);  // if this fails it expires
        return Fail(view.error());
    }
    return Claimed{{pull_request_number, mine.holder, mine.expires_at - times_.margin(), {mine}},
                   *std::move(view)};
}

Result<void> TokenClaims::extend(Claim& claim) {
    const auto lost = [&] {
        return Fail(Error::conflict("the lease on #{} was lost", claim.pull_request_number));
    };
    const int number = claim.tokens.back().number + 1;
    if (clock_.now() >= claim.valid_until || number > kMostClaimTokens) return lost();
    auto token = create(claim.pull_request_number, number, claim.holder);
    // One that came too late does not count: somebody else may have had the pull request in between. Nobody
    // may guess here (github-facts 10.9), but a token with our own name on it is no guess.
    if (!token || clock_.now() >= claim.valid_until) return lost();
    claim.valid_until = token->expires_at - times_.margin();
    claim.tokens.push_back(*std::move(token));
    return {};
}

Result<void> TokenClaims::release(const Claim& claim) {
    if (clock_.now() >= claim.valid_until) return {};
    std::vector<std::string> ids;
    for (const auto& token : claim.tokens) ids.push_back(token.id);
    return tokens_.remove(ids);
}

Result<void> TokenClaims::release_holder(int pull_request_number, std::string_view holder) {
    const PullRequestView view = TRY(forge_.observe(pull_request_number));
    std::vector<std::string> ids;
    for (const auto& token : view.claim_tokens)
        if (token.holder == holder) ids.push_back(token.id);
    if (ids.empty()) return {};
    return tokens_.remove(ids);
}

}  // namespace ringmaster::shows
