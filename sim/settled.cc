// The referee's last look: what must be so when faults and people have been quiet for long enough.

#include <algorithm>

#include "shows/decide.h"
#include "shows/labels.h"
#include "sim/world.h"

namespace ringmaster::sim {
namespace {

std::vector<const EngineModel::Unit*> units_of(const World& world, int number) {
    std::vector<const EngineModel::Unit*> found;
    for (const auto& [key, unit] : world.engine.units)
        if (unit.service.show.pull_request_number == number &&
            unit.service.show.repository == world.repository && unit.is_tagged)
            found.push_back(&unit);
    return found;
}

std::vector<std::string> artifacts_of(const World& world, int number) {
    std::vector<std::string> found;
    for (const auto& [show, artifact] : world.engine.artifacts)
        if (show.pull_request_number == number) found.push_back(show.sha.text());
    return found;
}

bool comment_says(const World& world, int number, std::string_view state) {
    const auto& comment = world.forge.items().at(number).now.comment;
    return comment && comment->body.find(fmt::format("state={} ", state)) != std::string::npos;
}

}  // namespace

void Referee::judge_comment(int number, bool is_live) {
    if (shows_.at(number).may_miss_extras) return;
    if (!is_live && (comment_says(world_, number, "running") || comment_says(world_, number, "updating") ||
                     comment_says(world_, number, "building")))
        violated(6, fmt::format("the comment on {} claims a show, and there is none", name_of(number)));
    const bool says_what_waits = is_refused(number) && (comment_says(world_, number, "approval") ||
                                                        comment_says(world_, number, "queued"));
    if (is_live && !says_what_waits && !comment_says(world_, number, "running") &&
        !comment_says(world_, number, "failed"))
        violated(6, fmt::format("the comment on {} does not tell of its show", name_of(number)));
}

void Referee::judge_closed_or_stopped(int number, std::string_view why) {
    const auto& content = world_.forge.item(number).now;
    const auto labels = shows::parse_labels(content.labels);
    const auto units = units_of(world_, number);
    const bool may_miss_extras = shows_.at(number).may_miss_extras;
    if (!units.empty())
        return violated(
            2, fmt::format("{} is {}, and {} still runs", name_of(number), why, units.front()->service.name));
    const auto left = std::ranges::find_if(content.labels, [](const std::string& name) {
        // People may approve a version that has no show yet.
        return shows::sha_of_label(name) && name.find(" ✅ ") == std::string::npos;
    });
    if (left != content.labels.end())
        return violated(6,
                        fmt::format("{} is {}, and its label \"{}\" is left", name_of(number), why, *left));
    if (!content.pull_request.is_open() && !labels.tent_labels.empty())
        return violated(6, fmt::format("{} is {}, and its label \"{}\" is left", name_of(number), why,
                                       labels.tent_labels.front()));
    if (const auto artifacts = artifacts_of(world_, number); !artifacts.empty())
        return violated(6, fmt::format("{} is {}, and what was built of {} is left", name_of(number), why,
                                       artifacts.front()));
    if (!content.deployments.empty() && !may_miss_extras)
        return violated(6, fmt::format("{} is {}, and a deployment record of {} is left", name_of(number),
                                       why, content.deployments.front().sha.short_sha().text()));
    judge_comment(number, false);
}

/// Nothing may happen on it: for maintenance, or because somebody without the right to put a trigger on.
bool Referee::is_held(int number) const {
    const auto& content = world_.forge.items().at(number).now;
    const auto has = [&](std::string_view name) {
        return std::ranges::binary_search(content.labels, std::string(name));
    };
    if (has(shows::kBlocked)) return true;
    const auto trigger = has(shows::kStopTrigger)    ? shows::kStopTrigger
                         : has(shows::kStartTrigger) ? shows::kStartTrigger
                                                     : std::string_view();
    if (trigger.empty()) return false;
    const auto setter = world_.forge.label_setter(number, std::string(trigger));
    return !setter || *setter == kOnlooker;
}

int Referee::shows_elsewhere(int number) const {
    std::set<int> others;
    for (const auto& [id, unit] : world_.engine.units)
        if (id.repository == world_.repository && unit.service.state != ServiceState::Exited)
            others.insert(id.pull_request_number);
    others.erase(number);
    return static_cast<int>(others.size());
}

/// Whether its newest version may not be brought up as things are: fork, draft, limit.
bool Referee::is_refused(int number) const {
    const auto& pull_request = world_.forge.items().at(number).now.pull_request;
    const auto labels = shows::parse_labels(world_.forge.items().at(number).now.labels);
    const ShowPolicy& policy = world_.policy;
    if (pull_request.is_from_fork && policy.forks == ForkPolicy::Never) return true;
    if (pull_request.is_from_fork && policy.forks == ForkPolicy::Approve &&
        !labels.approvals.contains(pull_request.head.short_sha()))
        return true;
    if (pull_request.is_draft && policy.drafts == DraftPolicy::Skip) return true;
    if (pull_request.is_draft && policy.drafts == DraftPolicy::OnLabel && !labels.start_requested)
        return true;
    return !labels.active_show() && policy.limit > 0 && shows_elsewhere(number) >= policy.limit;
}

void Referee::judge_lifetime(int number) {
    const auto labels = shows::parse_labels(world_.forge.items().at(number).now.labels);
    const Show* active = labels.active_show();
    if (!active || !active->created_at || !labels.ttl) return;
    const auto ends = labels.ttl->expiry(*active->created_at);
    // A sweep comes by every two minutes.
    if (ends && *ends + std::chrono::minutes(10) < world_.now())
        violated(8, fmt::format("{} of {} outlives its {}", active->sha.text(), name_of(number),
                                labels.ttl->text()));
}

bool Referee::is_about_to_end(int number) const {
    const auto labels = shows::parse_labels(world_.forge.items().at(number).now.labels);
    if (!labels.ttl) return false;
    return std::ranges::any_of(labels.shows, [&](const Show& show) {
        const auto ends = show.created_at ? labels.ttl->expiry(*show.created_at) : std::nullopt;
        return ends && *ends < world_.now() + std::chrono::minutes(1);
    });
}

void Referee::judge_running(int number, const Show& wanted) {
    if (wanted.status != ShowStatus::Running) return;
    const std::string& sha = wanted.sha.text();
    if (units_of(world_, number).size() != 1 || !visitable_at(number))
        return violated(1, fmt::format("the labels say that {} of {} runs, and it does not answer", sha,
                                       name_of(number)));
    if (world_.engine.traits(wanted.sha).ends != VersionTraits::Ends::Well)
        violated(1, fmt::format("{} of {} cannot run, and its labels say it does", sha, name_of(number)));
}

void Referee::judge_show(int number) {
    const auto& content = world_.forge.item(number).now;
    const auto labels = shows::parse_labels(content.labels);
    const auto head = content.pull_request.head.short_sha();
    const auto units = units_of(world_, number);
    for (const auto& problem : labels.problems)
        if (problem.find("lifetime") == std::string::npos)  // those labels are people's
            return violated(6,
                            fmt::format("the labels of {} stay inconsistent: {}", name_of(number), problem));
    if (units.size() > 1)
        return violated(1, fmt::format("{} has {} services: {} and {}", name_of(number), units.size(),
                                       units[0]->service.name, units[1]->service.name));
    for (const auto& sha : artifacts_of(world_, number))
        if (!labels.find(*ShortSha::parse(sha)))
            return violated(6, fmt::format("what was built of {} for {} is left, and no label knows of it",
                                           sha, name_of(number)));
    for (const auto& show : labels.shows)
        if (is_in_progress(show.status) || show.status == ShowStatus::Stopping)
            return violated(8, fmt::format("{} of {} stays {}", show.sha.text(), name_of(number),
                                           to_string(show.status)));
    const auto* wanted = labels.find(head);
    const bool is_held_back = labels.is_frozen || is_refused(number);
    if (!wanted && !is_held_back)
        return violated(
            1, fmt::format("{} wants {}, and its labels do not know it", name_of(number), head.text()));
    if (wanted) judge_running(number, *wanted);
    if (wanted && wanted->status == ShowStatus::Failed && !is_held_back && wanted->failed_attempts < 2)
        return violated(
            8, fmt::format("{} of {} failed once and is not tried again", head.text(), name_of(number)));
    for (const auto& record : content.deployments)
        if (!labels.find(record.sha.short_sha()) && !shows_.at(number).may_miss_extras)
            return violated(6, fmt::format("a deployment record of {} is left on {}",
                                           record.sha.short_sha().text(), name_of(number)));
    const Show* active = labels.active_show();
    judge_comment(number, active && active->status == ShowStatus::Running);
}

void Referee::judge_tokens() {
    for (const auto& it : world_.forge.tokens())
        if (!it.deleted_at)
            violated(6, fmt::format("the lease token {} of {} is left", it.token.number,
                                    name_of(it.pull_request_number)));
    for (const int number : world_.forge.claimed_pull_requests())
        violated(6, fmt::format("the claim ref of {} is left", name_of(number)));
}

void Referee::judge_settled() {
    for (const auto& [number, it] : shows_) {
        if (violation_) return;
        const auto& content = world_.forge.item(number).now;
        if (!content.pull_request.is_open()) {
            judge_closed_or_stopped(number, "closed");
            continue;
        }
        judge_lifetime(number);
        if (is_held(number)) {
            // Everything stays as it is, whatever that is.
        } else if (it.wish == Wish::NoShow) {
            judge_closed_or_stopped(number, "stopped");
        } else if ((it.wish == Wish::Show && !is_refused(number)) || has_traces(number)) {
            judge_show(number);
        } else {
            judge_closed_or_stopped(number, "without a show");
        }
    }
    if (!violation_) judge_tokens();
}

std::string Referee::picture_of(int number) const {
    const auto& item = world_.forge.items().at(number);
    std::string text =
        fmt::format("written {} times, leased {} times: ", item.changes, world_.forge.tokens_created(number));
    for (const auto& name : item.now.labels) text += name + "; ";
    if (item.now.comment) text += item.now.comment->body;
    for (const auto& record : item.now.deployments) text += record.id;
    for (const auto* unit : units_of(world_, number))
        text += unit->service.name + (unit->service.endpoint ? unit->service.endpoint->text() : "");
    for (const auto& artifact : artifacts_of(world_, number)) text += artifact;
    return text;
}

std::map<int, std::string> Referee::pictures() const {
    std::map<int, std::string> found;
    for (const auto& [number, it] : shows_) found[number] = picture_of(number);
    return found;
}

void Referee::judge_repetition(const std::map<int, std::string>& before) {
    for (const auto& [number, picture] : before) {
        const std::string after = picture_of(number);
        // What is still owed from before is written when an event gives occasion to.
        const bool owes = shows_.at(number).may_miss_extras;
        if (after == picture || owes || is_about_to_end(number)) continue;
        const auto at = std::ranges::mismatch(picture, after).in2 - after.begin();
        const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - 40, 0));
        violated(5, fmt::format("events that told nothing new changed {}: …{}…", name_of(number),
                                after.substr(from, 80)));
    }
}

void Referee::judge_requests() {
    // A show's whole life takes about 40 requests to the forge (observe and claim 5, six transitions, the
    // looks between them, release); each thing that happens can cause that twice: once for what it asks, once
    // for what it undoes. A long build looks every 15 s.
    const Stats& stats = world_.stats;
    const auto watching = static_cast<std::uint64_t>(stats.building / std::chrono::seconds(15));
    const std::uint64_t budget = 80 * stats.changes + 8 * stats.looks + 2 * watching + 400;
    if (stats.forge_requests > budget)
        violated(9, fmt::format("{} requests to the forge for {} changes, {} looks and {} of building; {} "
                                "were to be expected at most",
                                stats.forge_requests, stats.changes, stats.looks,
                                format_duration_for_people(stats.building), budget));
}

}  // namespace ringmaster::sim
