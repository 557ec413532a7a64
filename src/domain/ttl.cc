#include "domain/ttl.h"

#include "base/text.h"

namespace ringmaster {
namespace {

// Ten years are beyond any use, and keep every sum within range.
constexpr long long kMostHours = 24LL * 366 * 10;

std::optional<long long> hours_of(char unit) {
    switch (unit) {
        case 'h':
            return 1;
        case 'd':
            return 24;
        case 'w':
            return 24 * 7;
        default:
            return std::nullopt;
    }
}

}  // namespace

Result<Ttl> Ttl::parse(std::string_view given) {
    const std::string text = to_lower_ascii(trim(given));
    if (text == "close") return until_closed();
    if (text.size() >= 2 && text[0] >= '0' && text[0] <= '9') {
        const auto unit = hours_of(text.back());
        const auto count = parse_integer(std::string_view(text).substr(0, text.size() - 1));
        if (unit && count && *count >= 0 && *count <= kMostHours / *unit)
            return Ttl(std::chrono::hours(*count * *unit), std::to_string(*count) + text.back());
    }
    return Fail(
        Error::invalid_input("\"{}\" is not a lifetime", sanitize_for_terminal(truncate_utf8(given, 40)))
            .hint("write a number with h, d or w (48h, 2d, 1w), or close"));
}

Ttl Ttl::hours(long long count) {
    return Ttl(std::chrono::hours(count), std::to_string(count) + "h");
}

std::optional<TimePoint> Ttl::expiry(TimePoint created) const {
    if (!lifetime_) return std::nullopt;
    return created + *lifetime_;
}

Ttl shorter(const Ttl& a, const Ttl& b) {
    if (a.is_until_closed()) return b;
    if (b.is_until_closed()) return a;
    return *a.lifetime() <= *b.lifetime() ? a : b;
}

}  // namespace ringmaster
