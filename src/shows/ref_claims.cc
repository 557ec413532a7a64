#include "shows/ref_claims.h"

#include <algorithm>

namespace ringmaster::shows {
namespace {

/// What the ref holds by this reading.
const ClaimToken* held_by_ref(const PullRequestView& seen) {
    const auto found = std::ranges::find(seen.claim_tokens, 0, &ClaimToken::number);
    return found == seen.claim_tokens.end() ? nullptr : &*found;
}

bool is_unknown_outcome(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut;
}

}  // namespace

Result<ClaimToken> RefClaims::write(int pull_request_number, const std::string& holder) {
    const TimePoint expires = clock_.now() + times_.length;
    auto id = TRY(refs_.write_claim(pull_request_number, holder, expires));
    return ClaimToken{0, std::move(id), holder, expires};
}

Error RefClaims::refused(const PullRequestView& now_there, const std::string& why_not) {
    const int number = now_there.pull_request.number;
    const ClaimToken* there = held_by_ref(now_there);
    if (there && is_alive(*there, times_, clock_)) return lease_is_taken(number, *there, times_, clock_);
    return Error::conflict(
        "the lease on #{} was not taken: another worker was quicker, or the forge refuses it ({})", number,
        why_not);
}

// Swaps, and where the answer was lost finds out: a second swap of the same cannot do harm, and says for
// certain whether the first was done. Conflict and Busy: it was not, and will not be.
Result<void> RefClaims::take(int pull_request_number, const std::optional<std::string>& before,
                             const ClaimToken& mine) {
    auto swapped = refs_.swap_claim(pull_request_number, before, mine.id);
    const bool was_lost = !swapped && is_unknown_outcome(swapped.error());
    if (was_lost) swapped = refs_.swap_claim(pull_request_number, before, mine.id);
    if (!swapped) return Fail(swapped.error());
    if (swapped->is_done) return {};
    const PullRequestView now_there = TRY(forge_.observe(pull_request_number));
    const ClaimToken* there = held_by_ref(now_there);
    if (there && there->id == mine.id) return {};
    return Fail(refused(now_there, swapped->why_not));
}

// The swap was ours, so nobody else is inside. But a reading that does not show our own claim is older than
// it, and may lack what the last holder did: nothing may be decided from it. Whoever claims by labels is met
// here as well: both write first and look after the lag.
Result<PullRequestView> RefClaims::settle(int pull_request_number, const ClaimToken& mine,
                                          Progress& progress) {
    const Duration started = clock_.monotonic();
    TRY(clock_.sleep(times_.settle, progress));
    for (;;) {
        PullRequestView view = TRY(forge_.observe(pull_request_number));
        for (const auto& token : view.claim_tokens)
            if (token.number != 0 && is_alive(token, times_, clock_))
                return Fail(lease_is_taken(pull_request_number, token, times_, clock_));
        const ClaimToken* there = held_by_ref(view);
        if (there && there->id == mine.id) return view;
        if (clock_.monotonic() - started > times_.settle + kLeaseVisibilityTimeout)
            return Fail(lease_is_not_shown(pull_request_number));
        TRY(clock_.sleep(kLeaseVisibilityInterval, progress));
    }
}

Result<Claimed> RefClaims::acquire(const PullRequestView& seen, Progress& progress) {
    const int number = seen.pull_request.number;
    TRY(check_clocks(seen.server_time, times_, clock_));
    for (const auto& token : seen.claim_tokens)
        if (is_alive(token, times_, clock_)) return Fail(lease_is_taken(number, token, times_, clock_));
    const ClaimToken* expired = held_by_ref(seen);
    const ClaimToken mine = TRY(write(number, entropy_.hex(16)));
    auto taken = take(number, expired ? std::optional(expired->id) : std::nullopt, mine);
    auto view = taken ? settle(number, mine, progress) : Result<PullRequestView>(Fail(taken.error()));
    if (!view) {
        // Also where it is unknown whether it was taken. If this fails it expires.
        const bool may_be_ours = taken || is_unknown_outcome(taken.error());
        if (may_be_ours) (void)refs_.swap_claim(number, mine.id, std::nullopt);
        return Fail(view.error());
    }
    return Claimed{{number, mine.holder, mine.expires_at - times_.margin(), {mine}}, *std::move(view)};
}

Result<void> RefClaims::extend(Claim& claim) {
    const int number = claim.pull_request_number;
    const auto lost = [&](const std::string& why) {
        return Fail(Error::conflict("the lease on #{} was lost: {}", number, why));
    };
    if (clock_.now() >= claim.valid_until) return lost("it ran out");
    // A clock that was set meanwhile would write an expiry that others do not wait for.
    const auto seen = forge_.observe(number);
    if (!seen) return lost(seen.error().describe());
    if (auto checked = check_clocks(seen->server_time, times_, clock_); !checked)
        return lost(checked.error().describe());
    const auto next = write(number, claim.holder);
    if (!next) return lost(next.error().describe());
    const auto taken = take(number, claim.tokens.back().id, *next);
    // An outcome that stays unknown counts as lost: nobody may guess here.
    if (!taken) return lost(taken.error().describe());
    claim.tokens = {*next};
    claim.valid_until = next->expires_at - times_.margin();
    return {};
}

Result<void> RefClaims::release(const Claim& claim) {
    if (clock_.now() >= claim.valid_until) return {};
    // Not done: it is another's by now.
    TRY(refs_.swap_claim(claim.pull_request_number, claim.tokens.back().id, std::nullopt));
    return {};
}

Result<void> RefClaims::release_holder(int pull_request_number, std::string_view holder) {
    const PullRequestView view = TRY(forge_.observe(pull_request_number));
    const ClaimToken* there = held_by_ref(view);
    if (!there || there->holder != holder) return {};
    TRY(refs_.swap_claim(pull_request_number, there->id, std::nullopt));
    return {};
}

Result<std::vector<Claim>> RefClaims::left_behind(Duration grace) {
    std::vector<Claim> left;
    for (const int number : TRY(refs_.claimed_pull_requests())) {
        const auto view = forge_.observe(number);
        const bool is_nobodys = !view && (view.error().kind() == ErrorKind::NotFound ||
                                          view.error().kind() == ErrorKind::Corrupt);
        if (is_nobodys) continue;  // a ref that somebody else made
        if (!view) return Fail(view.error());
        const ClaimToken* there = held_by_ref(*view);
        if (there && there->expires_at + grace < clock_.now())
            left.push_back({number, there->holder, there->expires_at - times_.margin(), {*there}});
    }
    return left;
}

Result<bool> RefClaims::remove_left_behind(const Claim& claim) {
    const auto swapped =
        TRY(refs_.swap_claim(claim.pull_request_number, claim.tokens.back().id, std::nullopt));
    return swapped.is_done;
}

}  // namespace ringmaster::shows
