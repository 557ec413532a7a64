#include "adapters/github/lease_token.h"

#include <limits>

#include "base/text.h"

namespace ringmaster::github {
namespace {

constexpr std::string_view kOpening = "ringmaster lease ";
constexpr std::string_view kUntil = " until ";
constexpr std::size_t kLongestHolder = 48;

}  // namespace

std::string token_label_name(int pull_request_number, int token_number) {
    return fmt::format("🎪 🔑 {}.{}", pull_request_number, token_number);
}

std::string claim_ref_name(int pull_request_number) {
    return fmt::format("{}{}", kClaimRefPrefix, pull_request_number);
}

std::optional<int> number_of_claim_ref(std::string_view name) {
    if (!name.starts_with(kClaimRefPrefix)) return std::nullopt;
    const auto number = parse_integer(name.substr(kClaimRefPrefix.size()));
    if (!number || *number < 1 || *number > std::numeric_limits<int>::max()) return std::nullopt;
    return static_cast<int>(*number);
}

Result<std::string> token_description(std::string_view holder, TimePoint expires_at) {
    if (holder.empty() || holder.size() > kLongestHolder || !is_lower_hex(holder)) {
        return Fail(Error::invalid_input("\"{}\" is not a holder's name: it takes 1 to {} hexadecimal digits",
                                         sanitize_for_terminal(truncate_utf8(holder, 60)), kLongestHolder));
    }
    return fmt::format("{}{}{}{}", kOpening, holder, kUntil, format_iso8601(expires_at));
}

Result<ClaimToken> parse_token(int token_number, std::string id, std::string_view place,
                               std::string_view description) {
    const auto unreadable = [&] {
        return Fail(Error::corrupt("The {} should be a lease, but what it says is \"{}\"", place,
                                   sanitize_for_terminal(truncate_utf8(description, 100)))
                        .hint("if no run is at work on this pull request, delete it"));
    };
    std::string_view rest = description;
    if (!rest.starts_with(kOpening)) return unreadable();
    rest.remove_prefix(kOpening.size());
    const auto until = rest.find(kUntil);
    if (until == std::string_view::npos) return unreadable();
    const std::string_view holder = rest.substr(0, until);
    const auto expires_at = parse_iso8601(rest.substr(until + kUntil.size()));
    if (holder.empty() || holder.size() > kLongestHolder || !is_lower_hex(holder) || !expires_at)
        return unreadable();
    return ClaimToken{token_number, std::move(id), std::string(holder), *expires_at};
}

}  // namespace ringmaster::github
