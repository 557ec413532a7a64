#include "shows/upkeep.h"

#include <algorithm>

#include "base/text.h"
#include "shows/comment.h"
#include "shows/label_marks.h"

namespace ringmaster::shows {
namespace {

/// Of two labels that say different things of a show, one is what a change that broke off left. Which is the
/// right one the reading knows (the later time, the higher count), and of addresses the engine.
bool is_contradicted(const std::string& name, const Show& show, const Observation& seen) {
    const auto label = split_show_label(name);
    if (!label) return false;
    if (label->mark == kCreatedMark) {
        const auto time = parse_label_time(label->value);
        return time && time != show.created_at;
    }
    if (label->mark == kAttemptsMark) return parse_integer(label->value) != show.failed_attempts;
    if (label->mark != kAddressMark || !seen.services) return false;
    const auto service = std::ranges::find(*seen.services, show.sha, &ServiceFact::sha);
    if (service == seen.services->end() || !service->endpoint) return false;
    const std::string right =
        fmt::format("{}{} {} {}", kTent, show.sha.text(), kAddressMark, service->endpoint->text());
    const auto& labels = seen.labels.tent_labels;
    return name != right && std::ranges::find(labels, right) != labels.end();
}

/// One 🎯 where something runs, no stale 🏗️, one 🚦, 📅, 🌐 and 🔁 a show.
void repair_labels(const Observation& seen, Decision& decision) {
    const LabelState& labels = seen.labels;
    const Show* active = labels.active_show();
    const bool points = active && active->status == ShowStatus::Running;
    bool has_pointer = false;
    for (const auto& name : labels.tent_labels) {
        const auto sha = sha_of_label(name);
        if (!sha) continue;
        const bool is_active_pointer = is_pointer(name, kActiveMark, *sha);
        const bool is_right = is_active_pointer && points && *sha == active->sha;
        has_pointer = has_pointer || is_right;
        const Show* show = labels.find(*sha);
        const auto status = told_status(name, *sha);
        const bool is_other_status =
            show && status && show->status != ShowStatus::Unknown && *status != to_string(show->status);
        const bool is_stale_pointer = (is_active_pointer && points && !is_right) ||
                                      (is_active_pointer && !show) ||
                                      (is_pointer(name, kBuildingMark, *sha) && labels.building != sha);
        const bool is_wrong = show && is_contradicted(name, *show, seen);
        if (is_stale_pointer || is_other_status || is_wrong) decision.repair_remove.push_back(name);
    }
    if (points && !has_pointer) decision.repair_add.push_back(active_pointer(active->sha));
}

void retire_replaced(const Observation& seen, const ShortSha& wanted, Decision& decision) {
    std::vector<ShortSha> others = seen.labels.remnants;
    for (const auto& show : seen.labels.shows) others.push_back(show.sha);
    if (seen.services)
        for (const auto& service : *seen.services) others.push_back(service.sha);
    std::ranges::sort(others);
    for (const auto& sha : others)
        if (sha != wanted && (decision.to_retire.empty() || decision.to_retire.back() != sha))
            decision.to_retire.push_back(sha);
}

/// The wanted version does not run: it failed, or it is held back. Then the one that serves meanwhile goes on
/// serving, and whatever else is there has no reason any more.
void retire_leftovers(const Observation& seen, const ShortSha& wanted, Decision& decision) {
    std::vector<ShortSha> leftovers = seen.labels.remnants;
    const Show* active = seen.labels.active_show();
    const bool serves =
        active && seen.services && active->status == ShowStatus::Running && !service_is_lost(*active, seen);
    if (serves) {
        const auto add = [&](const ShortSha& sha) {
            const Show* show = seen.labels.find(sha);
            const bool is_needed =
                sha == active->sha || sha == wanted || (show && is_in_progress(show->status));
            if (!is_needed) leftovers.push_back(sha);
        };
        for (const auto& show : seen.labels.shows) add(show.sha);
        for (const auto& service : *seen.services) add(service.sha);
    }
    std::ranges::sort(leftovers);
    const auto repeated = std::ranges::unique(leftovers);
    leftovers.erase(repeated.begin(), repeated.end());
    decision.to_retire = std::move(leftovers);
}

/// A failed version keeps nothing: what could not be removed when it failed is removed now.
bool left_something(const Observation& seen, const Show& show) {
    return show.status == ShowStatus::Failed && seen.services &&
           std::ranges::find(*seen.services, show.sha, &ServiceFact::sha) != seen.services->end();
}

void give_up_fallen(const Observation& seen, const ShowPolicy& policy, TimePoint now, Decision& decision) {
    for (const auto& show : seen.labels.shows) {
        const bool is_fallen = (is_in_progress(show.status) && is_abandoned(show, seen, policy, now)) ||
                               service_is_lost(show, seen) || left_something(seen, show);
        if (is_fallen) decision.given_up.push_back(show.sha);
    }
}

/// An engine may move a show: a lost node, a task that was replaced. Labels and comment follow (contract
/// D59).
void follow_address(const Observation& seen, const Show& active, const ShowPolicy& policy,
                    Decision& decision) {
    if (!seen.services) return;
    const auto service = std::ranges::find(*seen.services, active.sha, &ServiceFact::sha);
    const bool is_known = service != seen.services->end() && service->endpoint && active.endpoint;
    if (!is_known || *service->endpoint == *active.endpoint) return;
    const auto prefix = fmt::format("{}{} 🌐 ", kTent, active.sha.text());
    for (const auto& name : seen.labels.tent_labels)
        if (name.starts_with(prefix)) decision.repair_remove.push_back(name);
    decision.repair_add.push_back(define_label(prefix + service->endpoint->text()));
    decision.comment_is_wrong = policy.comment == CommentMode::Sticky;
}

void check_extras(const Observation& seen, const ShowPolicy& policy, Decision& decision) {
    const auto is_busy = [](const Show& show) { return is_in_progress(show.status); };
    if (std::ranges::any_of(seen.labels.shows, is_busy)) return;  // whoever is busy writes them
    for (const auto& sha : seen.recorded)
        if (!seen.labels.find(sha)) decision.stale_records.push_back(sha);
    const Show* active = seen.labels.active_show();
    const bool runs = active && active->status == ShowStatus::Running;
    const std::string& said = seen.comment_state;
    // A failed comment tells of the show that still serves, too. One without a state is the original's own.
    const bool is_missing = said.empty() && policy.comment == CommentMode::Sticky;
    const bool says_less = said == "building" || said == "updating" || said == "stopped" ||
                           said == "not_removable" || is_missing;
    const bool is_wrong = runs ? says_less : claims_a_show(said);
    decision.comment_is_wrong = is_wrong && policy.comment != CommentMode::Off;
    if (runs) follow_address(seen, *active, policy, decision);
}

}  // namespace

Decision find_wrong_extras(const PullRequestView& view, const ShowPolicy& policy) {
    Observation seen{.pull_request = view.pull_request, .labels = parse_labels(view.labels)};
    if (view.comment) seen.comment_state = comment_state_word(view.comment->body);
    for (const auto& record : view.deployments) seen.recorded.push_back(record.sha.short_sha());
    Decision decision;
    check_extras(seen, policy, decision);
    return decision;
}

bool claims_a_show(std::string_view comment_state) {
    return comment_state == "running" || comment_state == "updating" || comment_state == "building";
}

void add_upkeep(const Observation& seen, const Request& request, const ShowPolicy& policy, TimePoint now,
                Decision& decision) {
    if (seen.is_claimed_by_other) return;  // it is theirs to keep in order
    repair_labels(seen, decision);
    // A run that may only end shows, or that is about another version, does not know what will be brought up.
    const bool is_about_head = request.target == seen.pull_request.head;
    if (!request.may_create || !is_about_head) return;
    const Show* target = seen.labels.find(request.target.short_sha());
    const bool runs = target && target->status == ShowStatus::Running && !service_is_lost(*target, seen);
    if (runs) {
        retire_replaced(seen, target->sha, decision);
    } else {
        give_up_fallen(seen, policy, now, decision);
        retire_leftovers(seen, request.target.short_sha(), decision);
    }
    check_extras(seen, policy, decision);
}

}  // namespace ringmaster::shows
