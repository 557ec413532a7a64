#include "shows/token_claims.h"

#include <algorithm>

namespace ringmaster::shows {
namespace {

// A forge that does not show us our own token for longer than this is not one to rely on (github-facts 10.3).
constexpr Duration kVisibilityTimeout = std::chrono::seconds(10);
constexpr Duration kVisibilityInterval = std::chrono::milliseconds(500);
// A creation without a reply that left nothing is sent again, as often as any other request (retry_loop.h).
constexpr int kMostCreations = 3;
constexpr Duration kCreateAgainAfter = std::chrono::seconds(1);
// The Date header has steps of one second.
constexpr Duration kDateResolution = std::chrono::seconds(1);

}  // namespace

bool TokenClaims::is_alive(const ClaimToken& token) {
    return clock_.now() < token.expires_at + times_.margin();
}

Error TokenClaims::busy(int pull_request_number, const ClaimToken& token) {
    const TimePoint until = token.expires_at + times_.margin();
    return Error::busy("another worker has #{}", pull_request_number)
        .hint(fmt::format("it is free at {} at the latest", format_iso8601(until)))
        .retry_after(std::max(Duration(0), until - clock_.now()));
}

Result<void> TokenClaims::check_clock(TimePoint server_time) {
    const TimePoint now = clock_.now();
    const Duration difference = now > server_time ? now - server_time : server_time - now;
    if (difference <= times_.margin() + kDateResolution) return {};
    return Fail(Error::unavailable("this machine's clock and the forge's differ by {}",
                                   format_duration_for_people(difference))
                    .hint("a lease is not safe with clocks this far apart: set this machine's clock (NTP), "
                          "then try again"));
}

Result<int> TokenClaims::next_number(const PullRequestView& seen) {
    const auto highest = std::ranges::max_element(seen.claim_tokens, {}, &ClaimToken::number);
    if (highest == seen.claim_tokens.end()) return 1;
    for (const auto& token : seen.claim_tokens)
        if (is_alive(token)) return Fail(busy(seen.pull_request.number, token));
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
        TRY(check_clock((*created)->server_time));
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
        if (is_alive(token)) return Fail(busy(pull_request_number, token));
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
            else if (token.number >= mine.number || is_alive(token))
                return Fail(busy(pull_request_number, token));
        }
        if (is_visible) return view;
        if (clock_.monotonic() - started > times_.settle + kVisibilityTimeout)
            return Fail(Error::unavailable("the forge does not show the lease on #{} that it said it took",
                                           pull_request_number)
                            .hint("its reads lag behind; try again in a minute"));
        TRY(clock_.sleep(kVisibilityInterval, progress));
    }
}

Result<Claimed> TokenClaims::acquire(const PullRequestView& seen, Progress& progress) {
    TRY(check_clock(seen.server_time));
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
