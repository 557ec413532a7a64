#include "shows/labels.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/text.h"
#include "shows/label_marks.h"

namespace ringmaster::shows {
namespace {

constexpr std::uint16_t kDefaultPort = 8080;  // what the original's address labels mean without a port

/// Everything said of one sha, before it is made into a show.
struct Draft {
    std::vector<std::string> statuses;
    std::set<TimePoint> created;
    std::set<Endpoint> endpoints;
    std::set<std::string> requesters;
    int failed_attempts = 0;
};

struct Reading {
    std::map<ShortSha, Draft> drafts;
    std::set<ShortSha> active_pointers;
    std::set<ShortSha> building_pointers;
};

void read_show_label(const ShowLabel& label, std::string_view name, Reading& reading, LabelState& state) {
    Draft& draft = reading.drafts[label.sha];
    const auto unreadable = [&] {
        state.problems.push_back(fmt::format("the label \"{}\" cannot be read", sanitize_for_terminal(name)));
    };
    const bool has_value = label.value.data() != nullptr;
    if (label.mark == kStatusMark && has_value) {
        draft.statuses.emplace_back(label.value);
    } else if (label.mark == kCreatedMark) {
        if (const auto time = parse_label_time(label.value))
            draft.created.insert(*time);
        else
            unreadable();
    } else if (label.mark == kAddressMark) {
        if (const auto endpoint = Endpoint::parse(label.value, kDefaultPort))
            draft.endpoints.insert(*endpoint);
        else
            unreadable();
    } else if (label.mark == kRequesterMark && !label.value.empty()) {
        draft.requesters.emplace(label.value);
    } else if (label.mark == kAttemptsMark) {
        const auto count = parse_integer(label.value);
        if (count && *count > 0 && *count < 1000)
            draft.failed_attempts = std::max(draft.failed_attempts, static_cast<int>(*count));
        else
            unreadable();
    } else if (label.mark == kApprovalMark && !label.value.empty()) {
        state.approvals.emplace(label.sha, label.value);
    }
    // Anything else, upstream's 🧹 and 🧬 and the legacy ⌛ among it, says nothing we use; it stays until a
    // stop or close.
}

void read_ttl(std::string_view name, LabelState& state) {
    const auto ttl = Ttl::parse(name.substr(kTent.size() + kTtlMark.size()));
    if (!ttl) {
        state.problems.push_back(
            fmt::format("the label \"{}\" names no lifetime", sanitize_for_terminal(name)));
    } else if (state.ttl) {
        state.problems.push_back("there are several lifetime labels; the shortest counts");
        state.ttl = shorter(*state.ttl, *ttl);
    } else {
        state.ttl = *ttl;
    }
}

void read_label(const std::string& name, Reading& reading, LabelState& state) {
    state.tent_labels.push_back(name);
    const std::string_view rest = std::string_view(name).substr(kTent.size());
    if (name == kStartTrigger)
        state.start_requested = true;
    else if (name == kStopTrigger)
        state.stop_requested = true;
    else if (name == kFreeze)
        state.is_frozen = true;
    else if (name == kBlocked)
        state.is_blocked = true;
    else if (rest.starts_with(kTtlMark) && rest.substr(kTtlMark.size()).starts_with(' '))
        read_ttl(name, state);
    else if (const auto active = pointed_sha(name, kActiveMark))
        reading.active_pointers.insert(*active);
    else if (const auto building = pointed_sha(name, kBuildingMark))
        reading.building_pointers.insert(*building);
    else if (const auto bare = pointed_sha(name, kBuildingMarkBare))
        reading.building_pointers.insert(*bare);
    else if (const auto label = split_show_label(name))
        read_show_label(*label, name, reading, state);
}

Show make_show(const ShortSha& sha, const Draft& draft, std::vector<std::string>& problems) {
    Show show{.sha = sha};
    show.status = parse_show_status(draft.statuses.front());
    for (const auto& text : draft.statuses) show.status = most_advanced(show.status, parse_show_status(text));
    if (draft.statuses.size() > 1)
        problems.push_back(
            fmt::format("show {} has several statuses; \"{}\" counts", sha.text(), to_string(show.status)));
    if (show.status == ShowStatus::Unknown)
        problems.push_back(fmt::format("show {} has a status nobody knows; it counts as failed", sha.text()));
    if (draft.created.size() > 1)
        problems.push_back(fmt::format("show {} has several creation times; the latest counts", sha.text()));
    if (!draft.created.empty()) show.created_at = *draft.created.rbegin();
    if (draft.endpoints.size() > 1)
        problems.push_back(fmt::format("show {} has several addresses", sha.text()));
    if (!draft.endpoints.empty()) show.endpoint = *draft.endpoints.begin();
    if (!draft.requesters.empty()) show.requested_by = *draft.requesters.begin();
    show.failed_attempts = draft.failed_attempts;
    // One failure is what "failed" says by itself; only further ones need a label.
    if (show.status == ShowStatus::Failed && show.failed_attempts == 0) show.failed_attempts = 1;
    return show;
}

/// The newest of those shows that pass; by sha when times are equal, so that the answer never depends on
/// order.
template <typename Test>
const Show* newest(const std::vector<Show>& shows, Test passes) {
    const Show* best = nullptr;
    for (const auto& show : shows)
        if (passes(show) &&
            (!best || std::tie(show.created_at, show.sha) > std::tie(best->created_at, best->sha)))
            best = &show;
    return best;
}

void find_active(const Reading& reading, LabelState& state) {
    const auto is_pointed = [&](const Show& show) { return reading.active_pointers.contains(show.sha); };
    const auto is_running = [](const Show& show) { return show.status == ShowStatus::Running; };
    const Show* active =
        newest(state.shows, [&](const Show& show) { return is_running(show) && is_pointed(show); });
    if (!active) active = newest(state.shows, is_running);
    if (!active) active = newest(state.shows, is_pointed);
    if (active) state.active = active->sha;
    if (reading.active_pointers.size() > 1)
        state.problems.emplace_back("several labels 🎯 say which show is active");
    if (active && !is_pointed(*active))
        state.problems.push_back(
            fmt::format("no label 🎯 points to the running show {}", active->sha.text()));
    for (const auto& sha : reading.active_pointers)
        if (!state.find(sha))
            state.problems.push_back(fmt::format("the label 🎯 points to {}, which is no show", sha.text()));
}

void find_building(const Reading& reading, LabelState& state) {
    const auto is_pointed = [&](const Show& show) { return reading.building_pointers.contains(show.sha); };
    const Show* building = newest(
        state.shows, [&](const Show& show) { return is_pointed(show) && is_in_progress(show.status); });
    if (building) state.building = building->sha;
    for (const auto& sha : reading.building_pointers)
        if (!building || sha != building->sha)
            state.problems.push_back(
                fmt::format("the label 🏗️ points to {}, which is not being prepared", sha.text()));
}

}  // namespace

std::optional<ShowLabel> split_show_label(std::string_view name) {
    if (!name.starts_with(kTent)) return std::nullopt;
    name.remove_prefix(kTent.size());
    if (name.size() <= ShortSha::kLength || name[ShortSha::kLength] != ' ') return std::nullopt;
    auto sha = ShortSha::parse(name.substr(0, ShortSha::kLength));
    if (!sha) return std::nullopt;
    name.remove_prefix(ShortSha::kLength + 1);
    const auto space = name.find(' ');
    if (space == std::string_view::npos) return ShowLabel{*std::move(sha), name, {}};
    return ShowLabel{*std::move(sha), name.substr(0, space), name.substr(space + 1)};
}

std::optional<ShortSha> pointed_sha(std::string_view name, std::string_view mark) {
    if (!name.starts_with(kTent)) return std::nullopt;
    name.remove_prefix(kTent.size());
    if (!name.starts_with(mark)) return std::nullopt;
    name.remove_prefix(mark.size());
    if (!name.starts_with(' ')) return std::nullopt;
    auto sha = ShortSha::parse(name.substr(1));
    if (!sha) return std::nullopt;
    return *std::move(sha);
}

bool is_pointer(std::string_view name, std::string_view mark, const ShortSha& sha) {
    return name.size() == kTent.size() + mark.size() + 1 + ShortSha::kLength && name.starts_with(kTent) &&
           name.substr(kTent.size()).starts_with(mark) && name[kTent.size() + mark.size()] == ' ' &&
           name.ends_with(sha.text());
}

std::optional<std::string_view> told_status(std::string_view name, const ShortSha& sha) {
    if (!name.starts_with(kTent)) return std::nullopt;
    name.remove_prefix(kTent.size());
    for (const std::string_view part :
         {std::string_view(sha.text()), std::string_view(" "), kStatusMark, std::string_view(" ")}) {
        if (!name.starts_with(part)) return std::nullopt;
        name.remove_prefix(part.size());
    }
    return name;
}

const Show* LabelState::find(const ShortSha& sha) const {
    const auto found = std::ranges::find(shows, sha, &Show::sha);
    return found == shows.end() ? nullptr : &*found;
}

LabelState parse_labels(std::span<const std::string> labels) {
    // Sorted and without repeats first: nothing may depend on the order in which a forge lists them (contract
    // D07).
    std::vector<const std::string*> sorted;
    sorted.reserve(labels.size());
    for (const auto& name : labels)
        if (name.starts_with(kTent)) sorted.push_back(&name);
    const auto text = [](const std::string* name) -> const std::string& { return *name; };
    std::ranges::sort(sorted, {}, text);
    const auto repeated = std::ranges::unique(sorted, {}, text);
    sorted.erase(repeated.begin(), repeated.end());
    LabelState state;
    Reading reading;
    for (const auto* name : sorted) read_label(*name, reading, state);
    std::set<ShortSha> remnants = reading.active_pointers;
    remnants.insert(reading.building_pointers.begin(), reading.building_pointers.end());
    for (auto& [sha, draft] : reading.drafts) {
        // The definition of its status went in the moment when it was put on, and then its worker: a
        // preparation that was cut off, not the remains of a show. Ends take the pointer off with the status.
        if (draft.statuses.empty() && !draft.created.empty() && reading.building_pointers.contains(sha)) {
            draft.statuses.emplace_back(to_string(ShowStatus::Building));
            state.problems.push_back(
                fmt::format("{} is being prepared, and no label says how far it is", sha.text()));
        }
        if (!draft.statuses.empty())
            state.shows.push_back(make_show(sha, draft, state.problems));
        else if (!draft.created.empty() || !draft.endpoints.empty() || !draft.requesters.empty())
            remnants.insert(sha);
    }
    for (const auto& sha : remnants)
        if (!state.find(sha)) state.remnants.push_back(sha);
    for (const auto& sha : state.remnants)
        state.problems.push_back(fmt::format("labels of {} are left without a status", sha.text()));
    find_active(reading, state);
    find_building(reading, state);
    return state;
}

std::vector<std::string> state_labels_of(const ShortSha& sha, std::span<const std::string> labels) {
    constexpr std::array<std::string_view, 6> kMarks = {kStatusMark,    kCreatedMark, kAddressMark,
                                                        kRequesterMark, kTtlMark,     kAttemptsMark};
    std::vector<std::string> found;
    for (const auto& name : labels) {
        const auto label = split_show_label(name);
        const bool is_state =
            label && label->sha == sha && std::ranges::find(kMarks, label->mark) != kMarks.end();
        const bool is_building =
            pointed_sha(name, kBuildingMark) == sha || pointed_sha(name, kBuildingMarkBare) == sha;
        if (is_state || is_building) found.push_back(name);
    }
    return found;
}

std::vector<std::string> active_pointers_in(std::span<const std::string> labels) {
    std::vector<std::string> found;
    for (const auto& name : labels)
        if (pointed_sha(name, kActiveMark)) found.push_back(name);
    return found;
}

std::string format_label_time(TimePoint time) {
    const std::string iso = format_iso8601(time);  // "2024-01-15T14:30:12Z"
    return iso.substr(0, 13) + "-" + iso.substr(14, 2);
}

std::optional<TimePoint> parse_label_time(std::string_view text) {
    constexpr std::size_t kLength = 16;
    if (text.size() != kLength || text[13] != '-') return std::nullopt;
    return parse_iso8601(std::string(text.substr(0, 13)) + ":" + std::string(text.substr(14)) + ":00Z");
}

}  // namespace ringmaster::shows
