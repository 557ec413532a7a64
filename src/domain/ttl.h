#pragma once
// How long a show may live: a number of hours, or until its pull request closes. Contract §2.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster {

class Ttl {
 public:
    /// "48h", "2d", "1w" or "close", in either case, spaces around allowed. Errors: InvalidInput.
    static Result<Ttl> parse(std::string_view text);
    static Ttl hours(long long count);
    static Ttl until_closed() { return Ttl(std::nullopt, "close"); }

    bool is_until_closed() const { return !lifetime_; }
    /// nullopt: until the pull request closes.
    std::optional<Duration> lifetime() const { return lifetime_; }
    /// As written, normalised: "48h", "1w", "close".
    const std::string& text() const { return text_; }
    /// When a show created at `created` ends; nullopt for "close".
    std::optional<TimePoint> expiry(TimePoint created) const;
    bool operator==(const Ttl&) const = default;

 private:
    Ttl(std::optional<Duration> lifetime, std::string text) : lifetime_(lifetime), text_(std::move(text)) {}
    std::optional<Duration> lifetime_;
    std::string text_;
};

/// The shorter; "close" only if both are (contract §1.4: the shortest finite wins).
Ttl shorter(const Ttl& a, const Ttl& b);

}  // namespace ringmaster
