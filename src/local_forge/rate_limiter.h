#pragma once
// Counts requests an hour for each token, and says when it is enough (github-facts 3.1, 3.9). The forge's own
// limit is so high that nobody meets it, unless a test sets another.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/time.h"

namespace ringmaster::local_forge {

struct RateState {
    std::int64_t limit = 0;
    std::int64_t used = 0;
    std::int64_t reset_seconds = 0;  ///< since 1970
    bool exceeded = false;
    std::int64_t remaining() const { return limit > used ? limit - used : 0; }
};

class RateLimiter {
 public:
    explicit RateLimiter(std::int64_t requests_an_hour) : limit_(requests_an_hour) {}
    /// Counts one request of `who` ("token 3", "anonymous").
    RateState count(const std::string& who, std::string_view resource, TimePoint now);
    RateState look(const std::string& who, std::string_view resource, TimePoint now);
    /// Takes one back: a 304 costs nothing (3.10).
    void refund(const std::string& who, std::string_view resource);

 private:
    struct Purse {
        TimePoint reset;
        std::int64_t used = 0;
    };
    Purse& purse(const std::string& who, std::string_view resource, TimePoint now);
    RateState state_of(const Purse& purse) const;

    const std::int64_t limit_;
    std::mutex mutex_;
    std::map<std::string, Purse> purses_;
};

}  // namespace ringmaster::local_forge
