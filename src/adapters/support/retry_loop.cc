#include "adapters/support/retry_loop.h"

namespace ringmaster::support {
namespace {

bool is_worth_another_try(RetryOn retry_on, ErrorKind kind) {
    if (kind == ErrorKind::RateLimited) return true;
    if (retry_on == RetryOn::RefusalsOnly) return false;
    return kind == ErrorKind::Unavailable || kind == ErrorKind::TimedOut;
}

}  // namespace

std::optional<Duration> wait_before_retry(const RetryPolicy& policy, RetryOn retry_on, const Error& error,
                                          int next_attempt, Entropy& entropy) {
    if (next_attempt > policy.attempts || !is_worth_another_try(retry_on, error.kind())) return std::nullopt;
    const Duration doubled = policy.first_wait * (1LL << std::min(next_attempt - 2, 20));
    const Duration backoff = std::min(doubled, policy.doubling_ends);
    const auto half = static_cast<std::uint64_t>(backoff.count() / 2);
    const Duration jitter(static_cast<Duration::rep>(entropy.below(half + 1)));
    // What the other side asked for is a lower bound; coming back in the same instant as everybody else is
    // what limits are raised against.
    const Duration wait = std::max(backoff, error.retry_after().value_or(Duration::zero())) + jitter;
    if (error.retry_after().value_or(backoff) > policy.longest_wait) return std::nullopt;
    return wait;
}

}  // namespace ringmaster::support
