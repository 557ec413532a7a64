#pragma once
// The one retry loop. An error's kind alone decides (style.md, habit 5): Unavailable, TimedOut and
// RateLimited are worth another try, everything else is an answer. Waiting goes through the clock port, so
// tests wait for nothing.

#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/entropy.h"

namespace ringmaster::support {

struct RetryPolicy {
    int attempts = 3;  ///< tries in all
    /// The wait before the second try; doubles with each further one. Half of it again at most is added at
    /// random, so that many workers that failed together do not come back together.
    Duration first_wait = std::chrono::seconds(1);
    /// A wait that would be longer is not waited; the error is returned with it as retry_after.
    Duration longest_wait = std::chrono::seconds(60);
    /// Waits grow no longer than this by doubling.
    Duration doubling_ends = Duration::max();
};

/// What may be tried again.
enum class RetryOn {
    AnyTransient,  ///< for reads and for writes that may be repeated: whether it happened does not matter
    RefusalsOnly,  ///< for writes that must not happen twice: only RateLimited says that nothing happened
};

/// How long to wait before try number `next_attempt` (2, 3, …) after `error`; nullopt: do not try again.
std::optional<Duration> wait_before_retry(const RetryPolicy& policy, RetryOn retry_on, const Error& error,
                                          int next_attempt, Entropy& entropy);

/// Calls `attempt()` until it succeeds, fails for good, or the tries are used up; gives its last result.
/// `progress` is pulsed during the waits; its error ends the loop.
template <typename Attempt>
auto retry(const RetryPolicy& policy, RetryOn retry_on, Clock& clock, Entropy& entropy, Progress& progress,
           Attempt attempt) -> decltype(attempt()) {
    for (int next_attempt = 2;; ++next_attempt) {
        auto result = attempt();
        if (result) return result;
        const auto wait = wait_before_retry(policy, retry_on, result.error(), next_attempt, entropy);
        if (!wait) return result;
        TRY(clock.sleep(*wait, progress));
    }
}

}  // namespace ringmaster::support
