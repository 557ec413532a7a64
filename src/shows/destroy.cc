// Ending every show of a pull request. Order matters: resources first, confirmed gone, then the labels
// (contract D17): a crash in between leaves labels without a service, which the next look finishes, never a
// service without labels.

#include <algorithm>
#include <set>

#include "shows/run.h"
#include "shows/stable_address.h"

namespace ringmaster::shows {
namespace {

std::string end_reason(const Run& run, const Decision& decision) {
    switch (decision.reason) {
        case Reason::PrClosed:
            return run.view.pull_request.state == PullRequestState::Merged ? "Pull request merged"
                                                                           : "Pull request closed";
        case Reason::Expired:
            return fmt::format("Its {} were over",
                               run.labels().ttl.value_or(run.settings.policy.default_ttl).text());
        default:
            return run.requester().empty() ? "Stopped" : "Stopped by " + run.requester();
    }
}

/// Every version that may have resources: by label, or known to the engine only.
Result<std::set<ShortSha>> versions_of(Run& run) {
    const LabelState labels = run.labels();
    std::set<ShortSha> found(labels.remnants.begin(), labels.remnants.end());
    for (const auto& show : labels.shows) found.insert(show.sha);
    const auto listed = TRY(run.outside.runtime.list_of(run.view.pull_request.number, Others::Ignored));
    for (const auto& service : listed.services) found.insert(service.show.sha);
    return found;
}

/// An explicit stop is over only when all is gone; should this worker die, the status tells the next one to
/// go on.
Result<void> mark_stopping(Run& run) {
    PullRequestChange change;
    for (Show show : run.labels().shows) {
        show.status = ShowStatus::Stopping;
        const auto wanted = print_show(show);
        change.add_labels.insert(change.add_labels.end(), wanted.begin(), wanted.end());
        for (auto& name : state_labels_of(show.sha, run.view.labels)) {
            const bool stays = std::ranges::find(wanted, name, &LabelDefinition::name) != wanted.end();
            if (!stays) change.remove_labels.push_back(std::move(name));
        }
    }
    if (change.add_labels.empty()) return {};
    return run.change(change);
}

/// The stable address goes first: what it leads to may belong to somebody else a moment after.
Result<void> remove_everything(Run& run, std::vector<std::string>& left) {
    std::optional<Error> first;
    if (auto withdrawn = withdraw_route(run); !withdrawn) {
        if (run.worker.has_lost_claim()) return withdrawn;
        left.push_back(stable_url(run.outside, run.view.pull_request.number));
        first = withdrawn.error();
    }
    for (const auto& sha : TRY(versions_of(run))) {
        TRY(run.worker.fence());
        auto removed = run.remove_resources(sha);
        if (removed) continue;
        left.push_back(run.show_id(sha).service_name());
        if (removed.error().kind() == ErrorKind::Interrupted) return removed;
        if (!first) first = removed.error();
    }
    if (first) return Fail(*std::move(first));
    return {};
}

void say_what_is_left(Run& run, const Error& error, const std::vector<std::string>& left) {
    if (run.worker.has_lost_claim()) return;
    run.worker.finish_in_peace();
    CommentFacts facts = run.comment_facts(CommentState::NotRemovable);
    facts.left = left;
    facts.cause = error.describe();
    facts.next = error.hint().empty() ? "it is tried again with the next sync or sweep" : error.hint();
    PullRequestChange change;
    change.comment = run.comment(facts);
    if (!change.comment) return;
    if (auto said = run.change(change); !said)
        run.warn("the comment could not be written: " + said.error().describe());
}

Result<void> take_labels_off(Run& run, const Decision& decision) {
    PullRequestChange change;
    change.remove_labels = run.labels().tent_labels;
    change.comment = [&] {
        CommentFacts facts = run.comment_facts(CommentState::Stopped);
        facts.end_reason = end_reason(run, decision);
        return run.comment(facts);
    }();
    change.end_deployments = run.view.deployments;
    return run.change(change);
}

}  // namespace

Result<SyncOutcome> perform_destroy(Run& run, const Decision& decision) {
    const Duration start = run.outside.clock.monotonic();
    std::vector<std::string> left;
    auto done =
        with_step(run, Step::Remove, fmt::format("removing the shows of #{}", run.view.pull_request.number),
                  [&]() -> Result<void> {
                      if (decision.reason == Reason::ExplicitStopTrigger) TRY(mark_stopping(run));
                      TRY(remove_everything(run, left));
                      return take_labels_off(run, decision);
                  });
    const Duration took = run.outside.clock.monotonic() - start;
    if (!done) {
        say_what_is_left(run, done.error(), left);
        run.record("destroy", Step::Remove, "failed", done.error().describe(), took);
        return Fail(std::move(done).error().while_doing(
            fmt::format("removing the shows of #{}", run.view.pull_request.number)));
    }
    run.record("destroy", Step::Remove, "ok", to_string(decision.reason), took);
    return SyncOutcome{.action_taken = "destroy_environment",
                       .decision = decision,
                       .target = run.target,
                       .warnings = run.warnings};
}

}  // namespace ringmaster::shows
