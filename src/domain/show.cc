#include "domain/show.h"

#include <climits>

#include "base/text.h"

namespace ringmaster {

std::string ShowId::base_name() const {
    return fmt::format("pr-{}-{}", pull_request_number, sha.text());
}
std::string ShowId::service_name() const {
    return base_name() + "-service";
}
std::string ShowId::image_tag() const {
    return base_name() + "-ci";
}

std::optional<ServiceName> parse_service_name(std::string_view name) {
    constexpr std::string_view kPrefix = "pr-";
    constexpr std::string_view kSuffix = "-service";
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) ||
        name.size() <= kPrefix.size() + kSuffix.size())
        return std::nullopt;
    const auto parts = split(name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size()), '-');
    const auto number = parse_integer(parts[0]);
    if (parts.size() > 2 || !number || *number < 1 || *number > INT_MAX) return std::nullopt;
    if (parts[0] != std::to_string(*number)) return std::nullopt;  // "012": not how we write it, so not ours
    ServiceName found{static_cast<int>(*number), std::nullopt};
    if (parts.size() == 2) {
        const bool is_sha = parts[1].size() >= ShortSha::kLength && parts[1].size() <= CommitSha::kLength &&
                            is_lower_hex(parts[1]);
        if (!is_sha) return std::nullopt;
        found.sha = std::string(parts[1]);
    }
    return found;
}

}  // namespace ringmaster
