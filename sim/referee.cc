#include "sim/referee.h"

#include <algorithm>

#include "shows/labels.h"
#include "sim/world.h"

namespace ringmaster::sim {

using shows::parse_labels;

void Referee::violated(int invariant, std::string what) {
    if (violation_) return;
    world_.story.tell(world_.now(), "REFEREE", "invariant {} is broken: {}", invariant, what);
    violation_ = Violation{invariant, std::move(what)};
}

std::string Referee::name_of(int number) const {
    return fmt::format("#{}", number);
}

// What people do

void Referee::asked_to_start(int number) {
    Watched& it = shows_.at(number);
    const auto& labels = world_.forge.item(number).now.labels;
    const bool stop_is_pending = std::ranges::binary_search(labels, std::string(shows::kStopTrigger));
    const bool is_open = world_.forge.item(number).now.pull_request.is_open();
    const bool is_certain = !stop_is_pending && is_open && !it.is_short_lived && it.commands == 0;
    it.wish = is_certain ? Wish::Show : Wish::Either;
    it.start_asked_at = world_.now();
    ++it.deeds;
    it.is_gone = false;
    it.may_go_dark = true;
}

void Referee::asked_to_stop(int number) {
    shows_.at(number).wish = Wish::NoShow;
    shows_.at(number).end_asked_at = world_.now();
    ++shows_.at(number).deeds;
    note_end(number);
}

void Referee::contradicted(int number) {
    shows_.at(number).wish = Wish::Either;
    shows_.at(number).is_gone = false;
    ++shows_.at(number).deeds;
}

void Referee::will_expire(int number) {
    Watched& it = shows_.at(number);
    it.is_short_lived = true;
    if (it.wish == Wish::Show) it.wish = Wish::Either;
}

int Referee::command_began(int number) {
    contradicted(number);
    ++shows_.at(number).commands;
    shows_.at(number).may_go_dark = true;
    return shows_.at(number).deeds;
}

void Referee::command_ended(int number, int deeds_before, std::optional<Wish> result) {
    Watched& it = shows_.at(number);
    --it.commands;
    // Two at the same time: whichever is the last to do something.
    if (it.deeds != deeds_before || it.commands > 0 || !result) return;
    // A start that was too young to be seen by whoever stopped is not answered by it.
    const auto& labels = world_.forge.item(number).now.labels;
    const bool start_is_pending = std::ranges::binary_search(labels, std::string(shows::kStartTrigger));
    if (*result == Wish::NoShow && start_is_pending) return;
    it.wish = *result == Wish::Show && it.is_short_lived ? Wish::Either : *result;
    note_end(number);
}

void Referee::sync_began(int number) {
    ++shows_.at(number).syncs;
    if (world_.forge.label_setter(number, std::string(shows::kStartTrigger)) == kOnlooker)
        asked_to_start(number);
}

void Referee::asked_in_vain(int number) {
    if (shows_.at(number).syncs > 0) asked_to_start(number);
}

void Referee::reopened(int number) {
    // Whoever did not look while it was closed finds the show, or the trigger, as it was.
    const auto& labels = world_.forge.item(number).now.labels;
    const bool start_is_pending = std::ranges::binary_search(labels, std::string(shows::kStartTrigger));
    if (start_is_pending || !shows_.at(number).is_gone) shows_.at(number).wish = Wish::Either;
}

void Referee::put_label(int number, const std::string& name) {
    shows_.at(number).own_labels.insert(name);
}

void Referee::took_label(int number, const std::string& name) {
    shows_.at(number).own_labels.erase(name);
}

// Leases

int Referee::claim_taken(const Process& process, const Claim& claim) {
    for (const auto& [run, holder] : holders_) {
        const bool holds =
            holder.number == claim.pull_request_number && world_.now() < holder.relied_on_until;
        if (holds)
            violated(1, fmt::format("{} and {} hold the lease on {} at the same time", holder.process->name,
                                    process.name, name_of(holder.number)));
    }
    const int run = ++last_run_;
    const bool is_duplicate = !claim.tokens.empty() && world_.forge.is_duplicate(claim.tokens.front().id);
    holders_[run] = {claim.pull_request_number, &process, {}, {}, is_duplicate};
    claim_extended(run, claim);
    return run;
}

void Referee::claim_extended(int run, const Claim& claim) {
    Holder& holder = holders_.at(run);
    // A clock that is set later does not change how long that is.
    holder.relied_on_until = claim.valid_until - holder.process->clock_offset;
    holder.expires_at = claim.tokens.empty() ? claim.valid_until : claim.tokens.back().expires_at;
}

void Referee::claim_ended(int run) {
    holders_.erase(run);
}

void Referee::process_died(const Process& process) {
    std::erase_if(holders_, [&](const auto& entry) { return entry.second.process == &process; });
    for (auto& [number, it] : shows_)
        if (it.owes_extras == process.name) it.may_miss_extras = true;
}

void Referee::process_ended(const Process& process) {
    constexpr int kTries = 2;
    for (auto& [number, it] : shows_)
        if (it.owes_extras == process.name && it.extra_tries >= kTries) it.may_miss_extras = true;
}

// Effects

void Referee::acts(int run, const std::string& who, int number, std::string_view what) {
    Watched& it = shows_.at(number);
    if (run == 0)
        return violated(1, fmt::format("{} {} on {} without the lease", who, what, name_of(number)));
    if (run < it.latest_run)
        return violated(1, fmt::format("{} {} on {} although another worker was at work there since", who,
                                       what, name_of(number)));
    it.latest_run = run;
    const auto holder = holders_.find(run);
    if (holder != holders_.end() && world_.now() >= holder->second.expires_at)
        violated(1, fmt::format("{} {} on {} after its lease ran out", who, what, name_of(number)));
}

/// The version that visitors find: labels point to it, and it answers at the address they say.
std::optional<std::string> Referee::visitable_at(int number) const {
    const auto& labels = world_.forge.items().at(number).now.labels;
    for (const auto& pointer : shows::active_pointers_in(labels)) {
        const auto sha = *shows::sha_of_label(pointer);
        const auto* unit = world_.engine.find({world_.repository, number, sha});
        if (!unit || !unit->is_healthy(world_.now())) continue;
        const std::string status = shows::status_label(sha, ShowStatus::Running).name;
        const std::string address = fmt::format("🎪 {} 🌐 {}", sha.text(), unit->service.endpoint->text());
        if (std::ranges::binary_search(labels, status) && std::ranges::binary_search(labels, address))
            return sha.text();
    }
    return std::nullopt;
}

bool Referee::has_traces(int number) const {
    const auto& labels = world_.forge.items().at(number).now.labels;
    const bool has_status = std::ranges::any_of(
        labels, [](const std::string& name) { return name.find(" 🚦 ") != std::string::npos; });
    return has_status || std::ranges::any_of(world_.engine.units, [&](const auto& entry) {
               const auto& show = entry.second.service.show;
               return show.pull_request_number == number && show.repository == world_.repository;
           });
}

void Referee::note_end(int number) {
    Watched& it = shows_.at(number);
    if (it.wish == Wish::NoShow && !has_traces(number)) it.is_gone = true;
}

void Referee::will_change(int number) {
    shows_.at(number).was_visitable = visitable_at(number).has_value();
}

void Referee::has_changed(int number) {
    Watched& it = shows_.at(number);
    const auto visited = visitable_at(number);
    const bool is_visitable = visited.has_value();
    if (visited && world_.policy.seed.is_set() &&
        !world_.engine.find({world_.repository, number, *ShortSha::parse(*visited)})->is_seeded)
        violated(
            11, fmt::format("visitors are sent to {} of {}, which is not seeded", *visited, name_of(number)));
    // One that dies by itself right before the switch cannot be seen to.
    constexpr Duration kUnnoticed = std::chrono::seconds(30);
    const bool has_died = it.died_at && world_.now() - *it.died_at < kUnnoticed;
    if (it.was_visitable && !is_visitable && it.wish == Wish::Show && !it.may_go_dark && !has_died)
        violated(3, fmt::format("{} had a show that answered; now visitors find nothing", name_of(number)));
    // A rebuild that was asked for is over when something new can be visited, unless another one is asked
    // for.
    const auto& labels = world_.forge.item(number).now.labels;
    const bool is_asked_for = std::ranges::binary_search(labels, std::string(shows::kStartTrigger));
    if (!it.was_visitable && is_visitable && !is_asked_for) it.may_go_dark = false;
    it.was_visitable = is_visitable;
    note_end(number);
    check_own_labels(number);
}

void Referee::check_own_labels(int number) {
    Watched& it = shows_.at(number);
    const auto& labels = world_.forge.item(number).now.labels;
    for (auto name = it.own_labels.begin(); name != it.own_labels.end();) {
        if (std::ranges::binary_search(labels, *name)) {
            ++name;
            continue;
        }
        // The end of a show takes every label of ours with it, also those that people put on (contract §5.4);
        // and one that is under way ends the old show when a new one is asked for.
        constexpr Duration kEndUnderWay = std::chrono::seconds(60);
        const bool is_ending = world_.now() - it.start_asked_at < kEndUnderWay;
        const bool may_go = name->starts_with(shows::kTent) && (it.wish != Wish::Show || is_ending);
        if (!may_go)
            return violated(
                7, fmt::format("the label \"{}\" that a person put on {} is gone", *name, name_of(number)));
        name = it.own_labels.erase(name);
    }
}

void Referee::extras_written(int number, bool all, const std::string& by) {
    Watched& it = shows_.at(number);
    it.extra_tries = all ? 0 : it.owes_extras == by ? it.extra_tries + 1 : 1;
    it.owes_extras = all ? "" : by;
}

void Referee::comes_alive(int run, int number, std::string_view what, std::optional<TimePoint> looked_at) {
    Watched& it = shows_.at(number);
    // Whoever was at work looks every 15 s, and a look and what it leads to take two requests of 15 s at
    // most, besides the lag and what is on its way when its sender gives up.
    constexpr Duration kUnseen = std::chrono::seconds(60);
    if (it.wish != Wish::NoShow) return;
    const bool has_seen_it = looked_at && *looked_at > it.end_asked_at;
    if (!has_seen_it && world_.now() - it.end_asked_at < kUnseen) {
        it.is_gone = false;
        return;
    }
    const auto holder = holders_.find(run);
    if (holder != holders_.end() && holder->second.is_duplicate) {
        // Whoever had the name before him may have worked, and given it up, after his picture was taken.
        world_.story.tell(now(), "REFEREE",
                          "a limit: {} works with a lease that was created twice, and {} "
                          "comes alive after it was asked to end",
                          holder->second.process->name, name_of(number));
        if (limit_.empty()) limit_ = "double-creation";
        return;
    }
    violated(2, fmt::format("{} comes {}: {}, though it was asked to end and nobody started it since",
                            name_of(number), it.is_gone ? "back to life" : "up", what));
}

void Referee::uses(const ShowId& show) {
    const int number = show.pull_request_number;
    const auto policy = world_.policy.forks;
    if (!world_.forge.item(number).now.pull_request.is_from_fork || policy == ForkPolicy::Allow) return;
    if (policy == ForkPolicy::Never || !shows_.at(number).approvals.contains(show.sha))
        violated(
            10, fmt::format("{} of {} is a fork's and nobody approved it", show.sha.text(), name_of(number)));
}

TimePoint Referee::now() const {
    return world_.now();
}

void Referee::sweeps_after_broken_listing(std::string_view what) {
    violated(4, fmt::format("a sweep whose listing broke off removes {}", what));
}

}  // namespace ringmaster::sim
