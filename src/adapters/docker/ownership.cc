#include "adapters/docker/ownership.h"

#include <climits>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

constexpr std::string_view kPullRequestLabel = "ringmaster.pull_request";
constexpr std::string_view kShaLabel = "ringmaster.sha";
constexpr std::string_view kCreatedLabel = "ringmaster.created";
constexpr std::string_view kExpiresLabel = "ringmaster.expires";
constexpr std::string_view kRequesterLabel = "ringmaster.requested_by";
constexpr std::string_view kUntilClosed = "close";  // as the label on the pull request says it

}  // namespace

std::uint32_t stable_hash(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

std::string resource_name(const ShowId& show) {
    return fmt::format("{}-{:08x}", show.service_name(), stable_hash(show.repository.text()));
}

std::map<std::string, std::string> labels_of(const ShowSpec& spec) {
    std::map<std::string, std::string> labels;
    const auto set = [&](std::string_view name, std::string value) {
        labels.emplace(name, std::move(value));
    };
    set(kRepositoryLabel, spec.show.repository.text());
    set(kPullRequestLabel, std::to_string(spec.show.pull_request_number));
    set(kShaLabel, spec.commit.text());
    set(kShowLabel, spec.show.base_name());
    set(kCreatedLabel, format_iso8601(spec.created_at));
    set(kExpiresLabel, spec.expires_at ? format_iso8601(*spec.expires_at) : std::string(kUntilClosed));
    set(kRequesterLabel, spec.requested_by);
    set(kImageLabel, spec.artifact.image);
    return labels;
}

std::optional<Ownership> read_ownership(const support::JsonReader& labels, const RepositoryName& repository) {
    const auto value = [&](std::string_view name) { return labels.optional_string(name).value_or(""); };
    if (value(kRepositoryLabel) != repository.text()) return std::nullopt;
    const auto number = parse_integer(value(kPullRequestLabel));
    const auto commit = CommitSha::parse(value(kShaLabel));
    const auto created = parse_iso8601(value(kCreatedLabel));
    const auto expires = parse_iso8601(value(kExpiresLabel));
    const bool has_expiry = expires || value(kExpiresLabel) == kUntilClosed;
    if (!number || *number < 1 || *number > INT_MAX || !commit || !created || !has_expiry)
        return std::nullopt;
    return Ownership{.show = {repository, static_cast<int>(*number), commit->short_sha()},
                     .commit = *commit,
                     .created_at = *created,
                     .expires_at = expires,
                     .image = value(kImageLabel),
                     .attempt = value(kAttemptLabel),
                     .was_pulled = value(kPulledLabel) == "yes"};
}

}  // namespace ringmaster::docker
