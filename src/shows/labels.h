#pragma once
// The grammar of the labels on a pull request: they are the state of its shows, for people and for us.
// Reading is total (any set of labels gives a best understanding and a list of what is inconsistent);
// printing a show and reading it back gives the same show. Contract: showtime.md §1; what the original writes
// and reads is docs/compatibility.md.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "domain/label_definition.h"
#include "domain/show.h"
#include "domain/ttl.h"

namespace ringmaster::shows {

inline constexpr std::string_view kTent = "🎪 ";  // U+1F3AA and a space: every label of ours begins with it
inline constexpr std::string_view kStartTrigger = "🎪 ⚡ showtime-trigger-start";
inline constexpr std::string_view kStopTrigger = "🎪 🛑 showtime-trigger-stop";
inline constexpr std::string_view kFreeze = "🎪 🧊 showtime-freeze";
inline constexpr std::string_view kBlocked = "🎪 🔒 showtime-blocked";

/// GitHub's limit is 50 "characters" of an unpublished unit; 50 UTF-16 units are right under every reading of
/// it.
inline constexpr std::size_t kMostLabelUnits = 50;

/// What the labels of one pull request say.
struct LabelState {
    std::vector<Show> shows;  ///< those with a status, by sha
    std::vector<ShortSha>
        remnants;  ///< shas that other labels name, without a status: to be cleaned up, never leaked
    std::optional<ShortSha> active;    ///< the show that visitors get: pointer, or the newest running one
    std::optional<ShortSha> building;  ///< the show being prepared, by its pointer
    bool start_requested = false;
    bool stop_requested = false;
    bool is_frozen = false;
    bool is_blocked = false;
    std::optional<Ttl> ttl;                     ///< the shortest finite one; "close" only if alone
    std::map<ShortSha, std::string> approvals;  ///< versions of a fork that may run, and who said so
    std::vector<std::string> tent_labels;       ///< every label that begins with kTent, sorted
    std::vector<std::string> problems;          ///< what is inconsistent, a sentence each

    const Show* find(const ShortSha& sha) const;
    const Show* active_show() const { return active ? find(*active) : nullptr; }
};

/// Reads any labels, in any order, to the same understanding.
LabelState parse_labels(std::span<const std::string> labels);

/// The labels a show has: status, creation time, requester, address, failed attempts. A requester whose label
/// would be too long is left out (contract D11). The pointers are not part of it.
std::vector<LabelDefinition> print_show(const Show& show);
LabelDefinition status_label(const ShortSha& sha, ShowStatus status);
LabelDefinition active_pointer(const ShortSha& sha);
LabelDefinition building_pointer(const ShortSha& sha);
LabelDefinition ttl_label(const Ttl& ttl);
LabelDefinition approval_label(const ShortSha& sha, std::string_view login);

/// Colour and description of any label text (contract §1.3, "Colour algorithm").
LabelDefinition define_label(std::string_view name);
/// The nine definitions of `setup-labels`, in the contract's order.
const std::vector<LabelDefinition>& static_definitions();
/// Whether a definition belongs to one show, so that it may be pruned when nothing carries it (the strict
/// form: contract D32).
bool is_show_definition(std::string_view name);
/// The sha a label of one show is about.
std::optional<ShortSha> sha_of_label(std::string_view name);

/// Those of `labels` that say how the show of `sha` is doing (status, time, address, requester, attempts, 🏗️,
/// the legacy lifetime); not 🎯, which only a promotion moves, nor approvals, nor what we don't know.
std::vector<std::string> state_labels_of(const ShortSha& sha, std::span<const std::string> labels);
/// Those that point to the active show.
std::vector<std::string> active_pointers_in(std::span<const std::string> labels);

/// "2024-01-15T14-30", UTC.
std::string format_label_time(TimePoint time);
std::optional<TimePoint> parse_label_time(std::string_view text);

}  // namespace ringmaster::shows
