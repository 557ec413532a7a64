#include "shows/run.h"

#include <algorithm>

#include "shows/hooks.h"

namespace ringmaster::shows {
namespace {

// After a lost reply the change is looked up and sent again so often; each adapter call has retries of its
// own inside.
constexpr int kMostChangeAttempts = 3;
// A change whose answer did not come in time may still be on its way: whatever is written before it arrives,
// by us or by whoever gets the claim after us, it would undo. Seconds are what GitHub's gateway takes.
constexpr Duration kLateArrival = std::chrono::seconds(5);

bool may_have_happened(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut ||
           error.kind() == ErrorKind::Conflict;
}

}  // namespace

std::string Run::requester() const {
    return request.actor.empty() ? view.viewer : request.actor;
}

Result<void> Run::change(PullRequestChange change, Resend resend) {
    for (int attempt = 1;; ++attempt) {
        TRY(worker.fence());
        change.not_after = worker.claim().valid_until;
        auto outcome = outside.forge.apply(view, change);
        if (outcome) {
            own_writes.note(change, *outcome, outside.clock.monotonic());
            view = std::move(outcome->view);
            extras_are_missing = extras_are_missing || !outcome->warnings.empty();
            for (auto& warning : outcome->warnings) warn(std::move(warning));
            return {};
        }
        NoProgress unheard;  // a Ctrl-C must not cut this short
        if (outcome.error().kind() == ErrorKind::TimedOut) TRY(outside.clock.sleep(kLateArrival, unheard));
        if (!may_have_happened(outcome.error()) || attempt == kMostChangeAttempts)
            return Fail(outcome.error());
        TRY(look());
        if (resend == Resend::WhileWanted) TRY(check_wanted());
    }
}

Result<void> Run::look() {
    view = TRY(outside.forge.observe(view.pull_request.number));
    own_writes.put_over(view, outside.clock.monotonic());
    return {};
}

Result<void> Run::look_whether_wanted() {
    TRY(look());
    return check_wanted();
}

Result<void> Run::check_wanted() const {
    const auto superseded = [&](std::string_view why) {
        return Fail(Error::conflict("show {} is not wanted any more: {}", target.short_sha().text(), why));
    };
    const LabelState now = labels();
    if (!view.pull_request.is_open()) return superseded("the pull request was closed");
    if (now.stop_requested) return superseded("a stop was asked for");
    if (now.is_blocked) return superseded("the pull request was blocked");
    if (view.pull_request.head != head_at_start) return superseded("a newer commit was pushed");
    return {};
}

PullRequestChange Run::transition(const Show& show, std::vector<LabelDefinition> more) const {
    PullRequestChange change;
    change.add_labels = print_show(show);
    change.add_labels.insert(change.add_labels.end(), more.begin(), more.end());
    for (auto& name : state_labels_of(show.sha, view.labels)) {
        const bool stays =
            std::ranges::find(change.add_labels, name, &LabelDefinition::name) != change.add_labels.end();
        if (!stays) change.remove_labels.push_back(std::move(name));
    }
    return change;
}

std::optional<TimePoint> Run::lasts_until(std::optional<TimePoint> created) const {
    if (!created) return std::nullopt;
    return labels().ttl.value_or(settings.policy.default_ttl).expiry(*created);
}

CommentFacts Run::comment_facts(CommentState state) const {
    CommentFacts facts{.state = state, .pull_request_number = view.pull_request.number, .version = target};
    if (target == view.pull_request.head) facts.subject = view.pull_request.head_subject;
    facts.repository_url = settings.web_url + "/" + settings.repository.text();
    facts.run_url = settings.run_url;
    facts.credentials_hint = settings.policy.credentials_hint;
    facts.lifetime = labels().ttl.value_or(settings.policy.default_ttl).text();
    facts.requested_by = requester();
    facts.now = outside.clock.now();
    facts.limit = settings.policy.limit;
    return facts;
}

std::optional<std::string> Run::comment(const CommentFacts& facts) const {
    const bool is_failure = facts.state == CommentState::Failed ||
                            facts.state == CommentState::FailedOldServes ||
                            facts.state == CommentState::NotRemovable;
    const CommentMode mode = settings.policy.comment;
    if (mode == CommentMode::Off) return std::nullopt;
    // "failures" still corrects a failure that is over.
    if (mode == CommentMode::Failures && !is_failure && !view.comment) return std::nullopt;
    if (facts.state == CommentState::Stopped && !view.comment)
        return std::nullopt;  // nothing was ever said here
    const std::string old = view.comment ? view.comment->body : "";
    std::string body = render_comment(facts, settings.policy.comment_style, comment_revision(old) + 1);
    if (says_the_same(old, body)) return std::nullopt;
    return body;
}

Result<void> Run::end_in_peace(const ShowId& id) {
    if (!settings.policy.teardown.is_set()) return {};
    if (auto trouble = TRY(tear_down(outside.runtime, settings.policy, id, worker)))
        warn(*std::move(trouble));
    return worker.fence();  // it may have taken long
}

Result<void> Run::remove_resources(const ShortSha& sha) {
    const ShowId id = show_id(sha);
    TRY(end_in_peace(id));
    TRY_WHILE(outside.runtime.remove(id, worker), "removing {}", id.service_name());
    TRY_WHILE(outside.builder.remove(id), "removing what was built for {}", id.base_name());
    return {};
}

void Run::record(std::string_view action, Step step, std::string_view outcome, std::string_view detail,
                 Duration took) {
    const HistoryEvent event{.time = outside.clock.now(),
                             .repository = settings.repository.text(),
                             .pull_request_number = view.pull_request.number,
                             .sha = target.short_sha().text(),
                             .actor = requester(),
                             .action = std::string(action),
                             .step = std::string(to_string(step)),
                             .outcome = std::string(outcome),
                             .detail = std::string(detail),
                             .description = request.description,
                             .duration_ms = took.count()};
    if (auto recorded = outside.history.record(event); !recorded)
        warn("the history was not written: " + recorded.error().describe());
}

void Run::warn(std::string sentence) {
    if (std::ranges::find(warnings, sentence) != warnings.end()) return;  // a second try ended like the first
    reporter.warning(sentence);
    warnings.push_back(std::move(sentence));
}

std::string_view to_string(Step step) {
    switch (step) {
        case Step::Observe:
            return "observe";
        case Step::Claim:
            return "claim";
        case Step::Build:
            return "build";
        case Step::Deploy:
            return "deploy";
        case Step::Health:
            return "health";
        case Step::Seed:
            return "seed";
        case Step::Switch:
            return "switch";
        case Step::Retire:
            return "retire";
        case Step::Remove:
            return "remove";
        case Step::Record:
            return "record";
        case Step::Release:
            return "release";
    }
    return "unknown";
}

}  // namespace ringmaster::shows
