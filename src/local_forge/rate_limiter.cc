#include "local_forge/rate_limiter.h"

namespace ringmaster::local_forge {

RateLimiter::Purse& RateLimiter::purse(const std::string& who, std::string_view resource, TimePoint now) {
    Purse& purse = purses_[who + " " + std::string(resource)];
    if (now >= purse.reset) purse = {now + std::chrono::hours(1), 0};
    return purse;
}

RateState RateLimiter::state_of(const Purse& purse) const {
    const auto reset = std::chrono::ceil<std::chrono::seconds>(purse.reset.time_since_epoch()).count();
    return {limit_, std::min(purse.used, limit_), reset, purse.used > limit_};
}

RateState RateLimiter::count(const std::string& who, std::string_view resource, TimePoint now) {
    const std::lock_guard lock(mutex_);
    Purse& counted = purse(who, resource, now);
    ++counted.used;
    return state_of(counted);
}

RateState RateLimiter::look(const std::string& who, std::string_view resource, TimePoint now) {
    const std::lock_guard lock(mutex_);
    return state_of(purse(who, resource, now));
}

void RateLimiter::refund(const std::string& who, std::string_view resource) {
    const std::lock_guard lock(mutex_);
    const auto found = purses_.find(who + " " + std::string(resource));
    if (found != purses_.end() && found->second.used > 0) --found->second.used;
}

}  // namespace ringmaster::local_forge
