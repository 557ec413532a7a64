#pragma once
// The glyphs of the label grammar and how a label is taken apart; internal to shows/. Every look at a pull
// request reads all its labels, so nothing here allocates.

#include <optional>
#include <string_view>

#include "domain/commit_sha.h"
#include "shows/labels.h"

namespace ringmaster::shows {

inline constexpr std::string_view kStatusMark = "🚦";
inline constexpr std::string_view kCreatedMark = "📅";
inline constexpr std::string_view kAddressMark = "🌐";
inline constexpr std::string_view kRequesterMark = "🤡";
inline constexpr std::string_view kTtlMark = "⌛";
inline constexpr std::string_view kAttemptsMark = "🔁";  // U+1F501, ours: failed attempts so far
inline constexpr std::string_view kApprovalMark = "✅";  // U+2705, ours: a fork's version that may run
inline constexpr std::string_view kActiveMark = "🎯";
inline constexpr std::string_view kBuildingMark = "🏗️";      // with U+FE0F, as the original's constant has it
inline constexpr std::string_view kBuildingMarkBare = "🏗";  // read too

/// "abc1234 🚦 running", split: the parts of a label after the tent.
struct ShowLabel {
    ShortSha sha;
    std::string_view mark;
    std::string_view value;  ///< null when there is no second space
};
std::optional<ShowLabel> split_show_label(std::string_view name);

/// The sha of "🎪 {mark} {sha}", and nothing after it.
std::optional<ShortSha> pointed_sha(std::string_view name, std::string_view mark);

/// Whether a label is called exactly like that: "🎪 {mark} {sha}".
bool is_pointer(std::string_view name, std::string_view mark, const ShortSha& sha);
/// The status that "🎪 {sha} 🚦 {status}" tells of this sha.
std::optional<std::string_view> told_status(std::string_view name, const ShortSha& sha);

}  // namespace ringmaster::shows
