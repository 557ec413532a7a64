#pragma once
// One worker per pull request, provably: whoever holds the claim may act, everybody else gives way.

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/forge.h"
#include "ports/progress.h"

namespace ringmaster {

struct Claim {
    int pull_request_number = 0;
    std::string holder;  ///< random; names this run
    TimePoint
        valid_until;  ///< by our clock, safety margin taken off: from then on the claim must not be relied on
    std::vector<ClaimToken> tokens;  ///< ours, for backends that are made of them
};

struct Claimed {
    Claim claim;
    PullRequestView view;  ///< observed after the claim was ours
};

/// Held by nobody twice at the same time, as long as clocks differ by less than the margin.
/// Used from several threads; one Claim value belongs to one of them.
class Claims {
 public:
    virtual ~Claims() = default;
    /// Takes the claim of the pull request that `seen` shows. Does not wait for another holder.
    /// Errors: Busy (held by another; retry_after says until when), Conflict (lost a race while taking it),
    /// and those of Forge::observe.
    virtual Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) = 0;
    /// Prolongs by a whole lease from now. Errors: Conflict = lost or unknown: stop at once, touch nothing
    /// more.
    virtual Result<void> extend(Claim& claim) = 0;
    /// Gives it up. An expired claim is left alone. Errors leave it to expire.
    virtual Result<void> release(const Claim& claim) = 0;
    /// Gives up whatever the holder of that name still has on the pull request (a cancelled job's last step).
    virtual Result<void> release_holder(int pull_request_number, std::string_view holder) = 0;
};

/// What workers that died have left of their claims and nobody took over. For backends where leftovers stay
/// visible and nothing else removes them.
class ClaimLeftovers {
 public:
    virtual ~ClaimLeftovers() = default;
    /// Claims that ran out longer than `grace` ago. Errors: those of the listing.
    virtual Result<std::vector<Claim>> left_behind(Duration grace) = 0;
    /// Removes such a claim unless it changed since. False: it did, or is gone.
    virtual Result<bool> remove_left_behind(const Claim& claim) = 0;
};

}  // namespace ringmaster
