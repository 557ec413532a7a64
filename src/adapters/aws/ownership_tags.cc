#include "adapters/aws/ownership_tags.h"

#include <climits>

#include "adapters/aws/sigv4.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr std::string_view kRepositoryTag = "ringmaster.repository";
constexpr std::string_view kPullRequestTag = "ringmaster.pull_request";
constexpr std::string_view kShaTag = "ringmaster.sha";
constexpr std::string_view kCreatedTag = "ringmaster.created";
constexpr std::string_view kExpiresTag = "ringmaster.expires";
constexpr std::string_view kRequesterTag = "ringmaster.requested_by";
constexpr std::string_view kImageTag = "ringmaster.image";
constexpr std::string_view kUntilClosed = "close";  // as the label on the pull request says it

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions
constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestValue = 256;
constexpr std::size_t kMostTags = 50;

/// AWS allows letters and digits of every language; ASCII's are enough for us, and the same everywhere.
bool is_allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" _.:/=+-@").contains(c);
}

bool is_allowed_text(std::string_view text) {
    for (const char c : text)
        if (!is_allowed(c)) return false;
    return true;
}

std::string seconds_of(TimePoint time) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

/// What a word in braces stands for; nullopt: nothing.
std::optional<std::string> value_of_word(std::string_view word, const ShowSpec& spec) {
    if (word == "pr") return std::to_string(spec.show.pull_request_number);
    if (word == "sha") return spec.show.sha.text();
    if (word == "repository") return spec.show.repository.text();
    if (word == "requested_by") return spec.requested_by;
    if (word == "created") return seconds_of(spec.created_at);
    if (word == "expires") return spec.expires_at ? seconds_of(*spec.expires_at) : "never";
    return std::nullopt;
}

Result<std::string> fill_in(const std::string& key, std::string_view pattern, const ShowSpec& spec) {
    std::string filled;
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        if (!is_allowed_text(pattern.substr(0, open)))
            return Fail(
                Error::invalid_input("the value of the tag \"{}\" has characters that AWS does not allow",
                                     sanitize_for_terminal(key))
                    .hint("allowed are letters, digits, spaces and _ . : / = + - @"));
        filled += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const auto close = pattern.find('}');
        const auto word = pattern.substr(1, close == std::string_view::npos ? close : close - 1);
        const auto value = close == std::string_view::npos ? std::nullopt : value_of_word(word, spec);
        if (!value)
            return Fail(
                Error::invalid_input("the value of the tag \"{}\" has an unknown word {{{}}}",
                                     sanitize_for_terminal(key), sanitize_for_terminal(word))
                    .hint("known are {pr}, {sha}, {repository}, {requested_by}, {created} and {expires}"));
        filled += encode_tag_value(*value);
        pattern.remove_prefix(close + 1);
    }
    return filled;
}

Result<void> check_key(const std::string& key) {
    const bool is_reserved = to_lower_ascii(key).starts_with("aws:") || key.starts_with("ringmaster.");
    if (!key.empty() && key.size() <= kLongestKey && is_allowed_text(key) && !is_reserved) return {};
    return Fail(Error::invalid_input("\"{}\" cannot be the name of a tag", sanitize_for_terminal(key))
                    .hint("allowed are 1 to 128 letters, digits, spaces and _ . : / = + - @, beginning with "
                          "neither aws: nor ringmaster."));
}

std::string tag(const Tags& tags, std::string_view key) {
    const auto found = tags.find(std::string(key));
    return found == tags.end() ? "" : found->second;
}

std::optional<TimePoint> time_of(const std::string& seconds) {
    const auto count = parse_integer(seconds);
    // 9999-12-31: what is later is no time of ours, and would not fit in milliseconds for ever.
    if (!count || *count < 0 || *count > 253402300799) return std::nullopt;
    return TimePoint(std::chrono::seconds(*count));
}

/// Contract §6.5: pr, github_user, showtime_created, showtime_expires, showtime_managed.
std::optional<Ownership> read_showtime(const Tags& tags, std::string_view service_name,
                                       const RepositoryName& repository) {
    const auto name = parse_service_name(service_name);
    const bool is_theirs = tag(tags, "showtime_managed") == "true" && tag(tags, kRepositoryTag).empty();
    if (!is_theirs || !name || !name->sha || tag(tags, "pr") != std::to_string(name->pull_request_number))
        return std::nullopt;
    const auto sha = ShortSha::parse(*name->sha);
    if (!sha) return std::nullopt;
    const ShowId show{repository, name->pull_request_number, *sha};
    if (show.service_name() != service_name) return std::nullopt;  // exactly as it names them, not nearly
    return Ownership{.show = show,
                     .created_at = time_of(tag(tags, "showtime_created")),
                     .expires_at = std::nullopt};  // its tag says 48 h whatever was asked for (contract §6.5)
}

}  // namespace

std::string encode_tag_value(std::string_view text) {
    std::string value;
    for (const char c : text) {
        if (is_allowed(c) && c != '=')
            value += c;
        else
            value += fmt::format("={:02X}", static_cast<unsigned char>(c));
    }
    return value.size() <= kLongestValue ? value : "sha256:" + sha256_hex(text);
}

std::optional<std::string> decode_tag_value(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '=') {
            text += value[i];
            continue;
        }
        const auto decoded = percent_decode("%" + std::string(value.substr(i + 1, 2)));
        if (!decoded || decoded->size() != 1) return std::nullopt;
        text += *decoded;
        i += 2;
    }
    return text;
}

Result<Tags> tags_of(const ShowSpec& spec, const Tags& more) {
    Tags tags;
    for (const auto& [key, pattern] : more) {
        TRY(check_key(key));
        auto value = TRY(fill_in(key, pattern, spec));
        if (value.size() > kLongestValue)
            return Fail(
                Error::invalid_input("the value of the tag \"{}\" is longer than AWS's 256 characters",
                                     sanitize_for_terminal(key)));
        tags[key] = std::move(value);
    }
    const auto set = [&](std::string_view key, std::string_view value) {
        tags.insert_or_assign(std::string(key), encode_tag_value(value));
    };
    set(kRepositoryTag, spec.show.repository.text());
    set(kPullRequestTag, std::to_string(spec.show.pull_request_number));
    set(kShaTag, spec.commit.text());
    set(kCreatedTag, format_iso8601(spec.created_at));
    set(kExpiresTag, spec.expires_at ? format_iso8601(*spec.expires_at) : std::string(kUntilClosed));
    set(kRequesterTag, spec.requested_by);
    set(kImageTag, spec.artifact.image);
    if (tags.size() > kMostTags)
        return Fail(
            Error::invalid_input("{} tags are more than the {} that AWS allows", tags.size(), kMostTags));
    return tags;
}

Result<void> check_tags(const Tags& more) {
    const auto commit = CommitSha::parse(std::string(CommitSha::kLength, '0')).value();
    const ShowSpec any{.show = {{"owner", "name"}, 1, commit.short_sha()}, .commit = commit};
    TRY(tags_of(any, more));
    return {};
}

std::optional<Ownership> read_ownership(const Tags& tags, std::string_view service_name,
                                        const RepositoryName& repository, Showtime showtime) {
    const auto decoded = [&](std::string_view key) { return decode_tag_value(tag(tags, key)).value_or(""); };
    if (showtime == Showtime::Adopt)
        if (auto theirs = read_showtime(tags, service_name, repository)) return theirs;
    if (decoded(kRepositoryTag) != repository.text()) return std::nullopt;
    const auto number = parse_integer(decoded(kPullRequestTag));
    const auto commit = CommitSha::parse(decoded(kShaTag));
    const auto created = parse_iso8601(decoded(kCreatedTag));
    const auto expires = parse_iso8601(decoded(kExpiresTag));
    const bool has_expiry = expires || decoded(kExpiresTag) == kUntilClosed;
    if (!number || *number < 1 || *number > INT_MAX || !commit || !created || !has_expiry)
        return std::nullopt;
    return Ownership{.show = {repository, static_cast<int>(*number), commit->short_sha()},
                     .commit = *commit,
                     .created_at = created,
                     .expires_at = expires,
                     .image = tag(tags, kImageTag)};
}

std::string image_tag(const Artifact& artifact) {
    return encode_tag_value(artifact.image);
}

}  // namespace ringmaster::aws
