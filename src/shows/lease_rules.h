#pragma once
// What every lease on a forge has in common, whatever it is made of (docs/architecture.md, "The lease"): how
// long it lasts, when it counts as over, and that clocks which are far apart are not relied on.

#include "ports/clock.h"
#include "ports/forge.h"

namespace ringmaster::shows {

struct LeaseTimes {
    Duration length = std::chrono::minutes(5);  ///< how long a worker that fell silent keeps a pull request
    /// Pause before a new lease counts: the forge's reading lag (2 s on GitHub, 0 where it reads its own
    /// writes).
    Duration settle = std::chrono::seconds(2);
    /// Clocks may differ by this much; taken off every lease by its holder, added by everybody else.
    Duration margin() const { return std::min(Duration(std::chrono::seconds(60)), length / 4); }
};

/// A forge that does not show us our own lease for longer than this after settling is not one to rely on
/// (github-facts 10.3).
inline constexpr Duration kLeaseVisibilityTimeout = std::chrono::seconds(10);
inline constexpr Duration kLeaseVisibilityInterval = std::chrono::milliseconds(500);

/// Whether whoever holds it may still be acting.
bool is_alive(const ClaimToken& token, const LeaseTimes& times, Clock& clock);
/// Busy, with when it is free.
Error lease_is_taken(int pull_request_number, const ClaimToken& token, const LeaseTimes& times, Clock& clock);
Error lease_is_not_shown(int pull_request_number);
/// Errors: Unavailable when our clock and the forge's are further apart than a lease bears.
Result<void> check_clocks(TimePoint server_time, const LeaseTimes& times, Clock& clock);

}  // namespace ringmaster::shows
