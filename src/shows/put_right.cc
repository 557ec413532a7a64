// Putting right what nobody was there to put right in time (upkeep.h): under the claim, remains first, then
// one transition of labels, comment and records.

#include <algorithm>

#include "shows/run.h"
#include "shows/stable_address.h"

namespace ringmaster::shows {
namespace {

/// Whether everything of that version is confirmed gone; if not, its labels stay as they are.
Result<bool> clear_away(Run& run, const ShortSha& sha) {
    TRY(run.worker.fence());
    const auto removed = run.remove_resources(sha);
    if (removed) return true;
    if (run.worker.has_lost_claim() || removed.error().kind() == ErrorKind::Interrupted)
        return Fail(removed.error());
    run.warn(fmt::format("version {} is not removed yet, its labels stay: {}", sha.text(),
                         removed.error().describe()));
    return false;
}

void add(PullRequestChange& change, PullRequestChange more) {
    std::ranges::move(more.add_labels, std::back_inserter(change.add_labels));
    std::ranges::move(more.remove_labels, std::back_inserter(change.remove_labels));
}

void take_pointer_off(const Run& run, const ShortSha& sha, PullRequestChange& change) {
    for (auto& name : active_pointers_in(run.view.labels))
        if (name == active_pointer(sha).name) change.remove_labels.push_back(std::move(name));
}

Result<void> retire(Run& run, const ShortSha& sha, PullRequestChange& change) {
    if (!TRY(clear_away(run, sha))) return {};
    add(change, {.remove_labels = state_labels_of(sha, run.view.labels)});
    take_pointer_off(run, sha, change);
    for (const auto& record : run.view.deployments)
        if (record.sha.short_sha() == sha) change.end_deployments.push_back(record);
    return {};
}

Result<void> give_up(Run& run, const ShortSha& sha, PullRequestChange& change) {
    if (!TRY(clear_away(run, sha))) return {};
    Show show = *run.labels().find(sha);
    show.failed_attempts = failures_so_far(show);
    show.status = ShowStatus::Failed;
    show.endpoint.reset();
    add(change, run.transition(show, {}));
    take_pointer_off(run, sha, change);
    if (sha == run.target.short_sha())
        change.deployment = DeploymentUpdate{.state = DeploymentState::Failure,
                                             .sha = run.target,
                                             .log_url = run.settings.run_url,
                                             .description = "Its worker or its service ended"};
    return {};
}

LabelState labels_after(const Run& run, const PullRequestChange& change) {
    std::vector<std::string> names;
    for (const auto& name : run.view.labels)
        if (std::ranges::find(change.remove_labels, name) == change.remove_labels.end())
            names.push_back(name);
    for (const auto& label : change.add_labels) names.push_back(label.name);
    return parse_labels(names);
}

/// The commit of a version that only its seven digits name; nullopt: nobody knows it any more.
std::optional<CommitSha> commit_of(Run& run, const ShortSha& sha) {
    if (run.target.short_sha() == sha) return run.target;
    for (const auto& record : run.view.deployments)
        if (record.sha.short_sha() == sha) return record.sha;
    // Its record could not be written then. Without an answer the comment would stay wrong for ever, and
    // every look would take the lease for it.
    const auto commit = run.outside.forge.resolve_commit(run.view.pull_request.number, sha.text());
    return commit ? std::optional(*commit) : std::nullopt;
}

/// What the comment should say of labels that are as they should be.
std::optional<std::string> settled_comment(Run& run, const LabelState& labels) {
    const Show* active = labels.active_show();
    const bool serves = active && active->status == ShowStatus::Running;
    const Show* target = labels.find(run.target.short_sha());
    const bool has_failed = target && target->status == ShowStatus::Failed;
    CommentFacts facts = run.comment_facts(CommentState::Stopped);
    facts.end_reason = "Nothing runs for this pull request";
    if (has_failed) {
        facts.state = serves ? CommentState::FailedOldServes : CommentState::Failed;
        facts.failed_step = "preparing or running it";
        facts.cause = "its worker or its service ended, or could not say what happened";
        facts.next = fmt::format("push a fix, or add the label {} to try again", kStartTrigger);
    } else if (serves) {
        const auto commit = commit_of(run, active->sha);
        if (!commit) return std::nullopt;
        facts.state = CommentState::Running;
        facts.version = *commit;
        if (active->sha != run.target.short_sha()) facts.subject.clear();
    }
    if (serves) {
        facts.serving = active->sha;
        show_address(run, facts, active->endpoint);
        facts.lasts_until = run.lasts_until(active->created_at);
    }
    return run.comment(facts);
}

}  // namespace

Result<void> perform_upkeep(Run& run, const Decision& decision, std::optional<std::string> comment) {
    PullRequestChange change{.add_labels = decision.repair_add,
                             .remove_labels = decision.repair_remove,
                             .comment = std::move(comment)};
    for (const auto& name : decision.consumed_labels) change.remove_labels.push_back(name);
    const auto routed = settle_route(run, decision);
    if (run.worker.has_lost_claim()) return routed;
    if (routed) {
        for (const auto& sha : decision.to_retire) TRY(retire(run, sha, change));
        for (const auto& sha : decision.given_up) TRY(give_up(run, sha, change));
    }
    for (const auto& record : run.view.deployments)
        if (std::ranges::find(decision.stale_records, record.sha.short_sha()) != decision.stale_records.end())
            change.end_deployments.push_back(record);
    if (decision.comment_is_wrong || (routed && !decision.given_up.empty()))
        change.comment = settled_comment(run, labels_after(run, change));
    // What a rule takes off as wrong, another may have put back as right.
    std::erase_if(change.remove_labels, [&](const std::string& name) {
        return std::ranges::find(change.add_labels, name, &LabelDefinition::name) != change.add_labels.end();
    });
    const bool is_empty = change.add_labels.empty() && change.remove_labels.empty() && !change.comment &&
                          !change.deployment && change.end_deployments.empty();
    if (!is_empty) TRY(run.change(change));
    return routed;
}

}  // namespace ringmaster::shows
