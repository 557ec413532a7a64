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
    if (!is_live && (comment_says(world_, number, "running") || comment_says(world_, number, "updating") ||
                     comment_says(world_, number, "building")))
        violated(6, fmt::format("the comment on {} claims a show, and there is none", name_of(number)));
    if (is_live && !comment_says(world_, number, "running") && !comment_says(world_, number, "failed"))
        violated(6, fmt::format("the comment on {} does not tell of its show", name_of(number)));
}

void Referee::judge_closed_or_stopped(int number, std::string_view why) {
    const auto& content = world_.forge.item(number).now;
    const auto labels = shows::parse_labels(content.labels);
    const auto units = units_of(world_, number);
    if (!units.empty())
        return violated(
            2, fmt::format("{} is {}, and {} still runs", name_of(number), why, units.front()->service.name));
    const auto left = std::ranges::find_if(
        content.labels, [](const std::string& name) { return shows::sha_of_label(name).has_value(); });
    if (left != content.labels.end())
        return violated(6,
                        fmt::format("{} is {}, and its label \"{}\" is left", name_of(number), why, *left));
    if (!content.pull_request.is_open() && !labels.tent_labels.empty())
        return violated(6, fmt::format("{} is {}, and its label \"{}\" is left", name_of(number), why,
                                       labels.tent_labels.front()));
    if (const auto artifacts = artifacts_of(world_, number); !artifacts.empty())
        return violated(6, fmt::format("{} is {}, and what was built of {} is left", name_of(number), why,
                                       artifacts.front()));
    if (!content.deployments.empty())
        return violated(6, fmt::format("{} is {}, and a deployment record of {} is left", name_of(number),
                                       why, content.deployments.front().sha.short_sha().text()));
    judge_comment(number, false);
}

void Referee::judge_show(int number) {
    const auto& content = world_.forge.item(number).now;
    const auto labels = shows::parse_labels(content.labels);
    const auto head = content.pull_request.head.short_sha();
    const auto units = units_of(world_, number);
    if (!labels.problems.empty())
        return violated(6, fmt::format("the labels of {} stay inconsistent: {}", name_of(number),
                                       labels.problems.front()));
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
    const bool is_frozen = labels.is_frozen && !wanted;
    if (!wanted && !is_frozen)
        return violated(
            1, fmt::format("{} wants {}, and its labels do not know it", name_of(number), head.text()));
    const bool gave_up =
        wanted && wanted->status == ShowStatus::Failed && (labels.is_frozen || wanted->failed_attempts > 1);
    if (wanted && wanted->status == ShowStatus::Running && !(units.size() == 1 && visitable_at(number)))
        return violated(1, fmt::format("the labels say that {} of {} runs, and it does not answer",
                                       head.text(), name_of(number)));
    if (wanted && wanted->status == ShowStatus::Failed && !gave_up)
        return violated(
            8, fmt::format("{} of {} failed once and is not tried again", head.text(), name_of(number)));
    const bool good = world_.engine.traits(head).ends == VersionTraits::Ends::Well;
    if (wanted && wanted->status == ShowStatus::Running && !good)
        return violated(
            1, fmt::format("{} of {} cannot run, and its labels say it does", head.text(), name_of(number)));
    for (const auto& record : content.deployments) {
        const bool has_show = labels.find(record.sha.short_sha()) != nullptr;
        if (!has_show)
            return violated(6, fmt::format("a deployment record of {} is left on {}",
                                           record.sha.short_sha().text(), name_of(number)));
    }
    judge_comment(number, labels.active_show() != nullptr);
}

void Referee::judge_tokens() {
    for (const auto& it : world_.forge.tokens())
        if (!it.deleted_at)
            violated(6, fmt::format("the lease token {} of {} is left", it.token.number,
                                    name_of(it.pull_request_number)));
}

void Referee::judge_settled() {
    for (const auto& [number, it] : shows_) {
        if (violation_) return;
        const auto& content = world_.forge.item(number).now;
        const auto labels = shows::parse_labels(content.labels);
        if (!content.pull_request.is_open()) {
            judge_closed_or_stopped(number, "closed");
        } else if (labels.is_blocked) {
            // Maintenance: everything stays as it is, whatever that is.
        } else if (it.wish == Wish::NoShow) {
            judge_closed_or_stopped(number, "stopped");
        } else if (it.wish == Wish::Show || has_traces(number)) {
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
        if (after == picture) continue;
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
