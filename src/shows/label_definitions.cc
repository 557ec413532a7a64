// Printing labels: what a show is called in labels, with the colour and description of each definition.

#include "base/text.h"
#include "shows/label_marks.h"
#include "shows/labels.h"

namespace ringmaster::shows {
namespace {

constexpr std::string_view kMetadataColor = "FFF9C4";
constexpr std::string_view kCircusYellow = "FFD700";
constexpr std::string_view kControlColor = "FFE4B5";

std::string_view status_color(std::string_view status) {
    if (status == "running") return "28a745";
    if (status == "failed") return "dc3545";
    if (status == "updating") return "fd7e14";
    return kCircusYellow;
}

std::string describe_show_label(const ShowLabel& label, std::string_view value) {
    const std::string& sha = label.sha.text();
    if (label.mark == kStatusMark) return fmt::format("Environment {} status: {}", sha, value);
    if (label.mark == kCreatedMark) return fmt::format("Environment {} created at {}", sha, value);
    if (label.mark == kAddressMark)
        return fmt::format("Environment {} URL: http://{} (click to visit)", sha, value);
    if (label.mark == kTtlMark) return fmt::format("Environment {} expires after {}", sha, value);
    if (label.mark == kRequesterMark) return fmt::format("Environment {} requested by {}", sha, value);
    if (label.mark == kAttemptsMark)
        return fmt::format("Environment {} failed attempts so far: {}", sha, value);
    if (label.mark == kApprovalMark) return fmt::format("Version {} may run, says {}", sha, value);
    return "Circus tent showtime label";
}

std::string describe(std::string_view name) {
    // GitHub refuses descriptions over 100 characters or with characters above U+FFFF (github-facts 1.4).
    constexpr std::size_t kMostDescription = 100;
    std::string text = "Circus tent showtime label";
    const auto rest = name.starts_with(kTent) ? name.substr(kTent.size()) : std::string_view();
    if (const auto show = split_show_label(name))
        text = describe_show_label(*show, show->value);
    else if (rest.starts_with(kTtlMark))
        text = fmt::format("Environment expires after {}", trim(rest.substr(kTtlMark.size())));
    else if (const auto active = pointed_sha(name, kActiveMark))
        text = fmt::format("Active environment pointer - {} is receiving traffic", active->text());
    else if (const auto building = pointed_sha(name, kBuildingMark))
        text = fmt::format("Building environment - {} deployment in progress", building->text());
    return truncate_utf8(text, kMostDescription);
}

LabelDefinition show_label(const ShortSha& sha, std::string_view mark, std::string_view value) {
    return define_label(fmt::format("{}{} {} {}", kTent, sha.text(), mark, value));
}

}  // namespace

std::vector<LabelDefinition> print_show(const Show& show) {
    std::vector<LabelDefinition> labels = {status_label(show.sha, show.status)};
    if (show.created_at)
        labels.push_back(show_label(show.sha, kCreatedMark, format_label_time(*show.created_at)));
    if (show.endpoint) labels.push_back(show_label(show.sha, kAddressMark, show.endpoint->text()));
    if (show.requested_by && !show.requested_by->empty()) {
        auto label = show_label(show.sha, kRequesterMark, *show.requested_by);
        if (utf16_length(label.name) <= kMostLabelUnits) labels.push_back(std::move(label));
    }
    const int said_by_status = show.status == ShowStatus::Failed ? 1 : 0;
    if (show.failed_attempts > said_by_status)
        labels.push_back(show_label(show.sha, kAttemptsMark, std::to_string(show.failed_attempts)));
    return labels;
}

LabelDefinition status_label(const ShortSha& sha, ShowStatus status) {
    return show_label(sha, kStatusMark, to_string(status));
}
LabelDefinition active_pointer(const ShortSha& sha) {
    return define_label(fmt::format("{}{} {}", kTent, kActiveMark, sha.text()));
}
LabelDefinition building_pointer(const ShortSha& sha) {
    return define_label(fmt::format("{}{} {}", kTent, kBuildingMark, sha.text()));
}
LabelDefinition ttl_label(const Ttl& ttl) {
    return define_label(fmt::format("{}{} {}", kTent, kTtlMark, ttl.text()));
}

LabelDefinition approval_label(const ShortSha& sha, std::string_view login) {
    // The login is for people; a long one is cut so that the approval itself never fails for its length.
    constexpr std::size_t kMostLogin = 36;
    return show_label(sha, kApprovalMark, login.substr(0, kMostLogin));
}

LabelDefinition define_label(std::string_view name) {
    for (const auto& definition : static_definitions())
        if (definition.name == name) return definition;
    std::string_view color = name.starts_with(kTent) ? kMetadataColor : kCircusYellow;
    if (const auto show = split_show_label(name); show && show->mark == kStatusMark)
        color = status_color(show->value);
    return {std::string(name), std::string(color), describe(name)};
}

const std::vector<LabelDefinition>& static_definitions() {
    const auto make = [](std::string_view name, std::string_view color, std::string_view description) {
        return LabelDefinition{std::string(name), std::string(color), std::string(description)};
    };
    static const std::vector<LabelDefinition> definitions = {
        make(kStartTrigger, kCircusYellow, "Create new ephemeral environment for this PR"),
        make(kStopTrigger, kCircusYellow, "Destroy ephemeral environment and clean up AWS resources"),
        make(kFreeze, kControlColor, "Freeze PR - prevent auto-sync on new commits"),
        make(kBlocked, "dc3545", "Block all Showtime operations - maintenance mode"),
        make("🎪 ⌛ 24h", kControlColor, "Environment expires after 24 hours"),
        make("🎪 ⌛ 48h", kControlColor, "Environment expires after 48 hours (default)"),
        make("🎪 ⌛ 72h", kControlColor, "Environment expires after 72 hours"),
        make("🎪 ⌛ 1w", kControlColor, "Environment expires after 1 week"),
        make("🎪 ⌛ close", kControlColor, "Environment expires only when PR is closed"),
    };
    return definitions;
}

bool is_show_definition(std::string_view name) {
    if (pointed_sha(name, kActiveMark) || pointed_sha(name, kBuildingMark)) return true;
    const auto label = split_show_label(name);
    return label && !(label->mark.empty() && label->value.empty());
}

std::optional<ShortSha> sha_of_label(std::string_view name) {
    for (const auto mark : {kActiveMark, kBuildingMark, kBuildingMarkBare})
        if (auto sha = pointed_sha(name, mark)) return sha;
    if (auto label = split_show_label(name)) return label->sha;
    return std::nullopt;
}

}  // namespace ringmaster::shows
