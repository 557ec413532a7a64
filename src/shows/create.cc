// Bringing a version up: building → build → built → deploying → deploy → health → seed → running with the
// switch of 🎯 → retire the old. Every step adopts what an earlier run of the same version left; a show that
// is to be seeded alone is started afresh (hooks.h).

#include <algorithm>

#include "base/assert.h"
#include "shows/feature_flags.h"
#include "shows/health.h"
#include "shows/run.h"
#include "shows/stable_address.h"

namespace ringmaster::shows {
namespace {

class Creation {
 public:
    Creation(Run& run, const Decision& decision)
        : run_(run), decision_(decision), show_{.sha = run.target.short_sha()} {}

    Result<SyncOutcome> perform();

 private:
    Result<Endpoint> bring_up();
    Result<void> begin();
    Result<void> define_labels(const PullRequestChange& first);
    void end_earlier_stops(PullRequestChange& change) const;
    Result<Artifact> build();
    Result<Endpoint> deploy(const Artifact& artifact);
    Result<void> make_way();
    Result<void> await_health(const Endpoint& endpoint);
    Result<void> seed();
    Result<void> move_to(ShowStatus status);
    Result<void> promote(const Endpoint& endpoint);
    Result<void> route(const Endpoint& endpoint);
    /// After an error: cleans up what this run made and says what happened, as far as the claim allows.
    void give_up(const Error& error);
    void tell_of_router(const Error& error);
    Result<void> write_failure(const Error& error);
    Result<void> write_withdrawal();
    Result<void> write_restored(const Error& error);
    void take_pointer_off(PullRequestChange& change) const;
    CommentFacts failure_facts(CommentState state, const Error& error) const;
    CommentFacts failure_facts(const Error& error) const;
    void tell_who_serves(CommentFacts& facts, const Show& show) const;

    std::optional<Show> serving() const;
    ShowSpec spec(const Artifact& artifact) const;

    Run& run_;
    const Decision& decision_;
    Show show_;
    Step step_ = Step::Claim;
    bool has_begun_ = false;
    bool was_running_ = false;      ///< this very version serves while it is rebuilt
    bool still_serves_ = false;     ///< … and nothing was done to its service yet
    bool may_be_switched_ = false;  ///< the switch was sent; an error does not tell whether it arrived
};

/// The show that visitors get meanwhile, if it is another version.
std::optional<Show> Creation::serving() const {
    const LabelState labels = run_.labels();
    const Show* active = labels.active_show();
    if (!active || active->sha == show_.sha || active->status != ShowStatus::Running) return std::nullopt;
    return *active;
}

/// The definitions of every state that this run may pass through, in one go: each later transition then finds
/// its labels there, and a token without the right to create them is told so before anything is visible.
Result<void> Creation::define_labels(const PullRequestChange& first) {
    std::vector<LabelDefinition> definitions = first.add_labels;
    for (const auto status :
         {ShowStatus::Built, ShowStatus::Deploying, ShowStatus::Running, ShowStatus::Failed})
        definitions.push_back(status_label(show_.sha, status));
    definitions.push_back(active_pointer(show_.sha));
    TRY(run_.worker.fence());
    TRY_WHILE(run_.outside.forge.put_definitions(definitions, Existing::Keep), "creating labels");
    return {};
}

/// A stop that was cut off before this start was asked for is over: what it had not removed is retired like
/// any other old version. Left as "stopping" it would end the new one too.
void Creation::end_earlier_stops(PullRequestChange& change) const {
    for (const auto& other : run_.labels().shows) {
        if (other.sha == show_.sha || other.status != ShowStatus::Stopping) continue;
        change.add_labels.push_back(status_label(other.sha, ShowStatus::Failed));
        change.remove_labels.push_back(status_label(other.sha, ShowStatus::Stopping).name);
    }
}

Result<void> Creation::begin() {
    const LabelState labels = run_.labels();
    if (const Show* before = labels.find(show_.sha)) {
        was_running_ = before->status == ShowStatus::Running && decision_.reason != Reason::ServiceLost;
        show_.failed_attempts = was_running_ ? before->failed_attempts : failures_so_far(*before);
        if (was_running_) show_.endpoint = before->endpoint;
        still_serves_ = was_running_;
    }
    show_.status = ShowStatus::Building;
    show_.created_at = std::chrono::floor<std::chrono::minutes>(run_.started);
    show_.requested_by = run_.requester();
    std::vector<LabelDefinition> more = {building_pointer(show_.sha)};
    if (run_.request.ttl)
        more.push_back(ttl_label(*run_.request.ttl));
    else if (!labels.ttl)
        more.push_back(ttl_label(run_.settings.policy.default_ttl));
    const bool approves = run_.view.pull_request.is_from_fork && run_.request.sha_prefix &&
                          run_.request.purpose == Purpose::Start;
    if (approves) more.push_back(approval_label(show_.sha, run_.requester()));
    PullRequestChange change = run_.transition(show_, more);
    for (const auto& name : decision_.consumed_labels) change.remove_labels.push_back(name);
    for (const auto& name : run_.view.labels) {  // another version's preparation ends with its worker
        const bool is_stale = sha_of_label(name) && name == building_pointer(*sha_of_label(name)).name &&
                              *sha_of_label(name) != show_.sha;
        if (is_stale) change.remove_labels.push_back(name);
    }
    end_earlier_stops(change);
    const auto old = serving();
    CommentFacts facts = run_.comment_facts(old ? CommentState::Updating : CommentState::Building);
    if (old) tell_who_serves(facts, *old);
    change.comment = run_.comment(facts);
    change.deployment = DeploymentUpdate{.state = DeploymentState::InProgress,
                                         .sha = run_.target,
                                         .log_url = run_.settings.run_url,
                                         .description = fmt::format("Preparing show {}", show_.sha.text())};
    TRY(define_labels(change));
    has_begun_ = true;
    return run_.change(change, Resend::WhileWanted);
}

Result<Artifact> Creation::build() {
    step_ = Step::Build;
    return with_step(run_, step_, fmt::format("building {}", show_.sha.text()), [&]() -> Result<Artifact> {
        run_.worker.forget_lines();
        const BuildSpec spec{.show = run_.show_id(show_.sha),
                             .commit = run_.target,
                             .timeout = run_.settings.policy.build_timeout,
                             .branch = run_.view.pull_request.head_branch,
                             .is_from_fork = run_.view.pull_request.is_from_fork};
        auto artifact = TRY(run_.outside.builder.build(spec, run_.worker));
        TRY(run_.look_whether_wanted());  // contract D09: nothing is started that nobody wants any more
        return artifact;
    });
}

ShowSpec Creation::spec(const Artifact& artifact) const {
    const auto& pull_request = run_.view.pull_request;
    return {.show = run_.show_id(show_.sha),
            .commit = run_.target,
            .artifact = artifact,
            .requested_by = run_.requester(),
            .created_at = run_.started,
            .expires_at = run_.lasts_until(run_.started),
            .environment = parse_feature_flags(pull_request.body, run_.settings.policy.feature_flag_prefix),
            .is_from_fork = pull_request.is_from_fork};
}

Result<void> Creation::make_way() {
    still_serves_ = false;
    // A run that was cut off in its switch may have sent visitors there already.
    if (const auto old = serving(); old && old->endpoint) TRY(point_route(run_, *old->endpoint));
    TRY(run_.end_in_peace(run_.show_id(show_.sha)));
    return run_.outside.runtime.remove(run_.show_id(show_.sha), run_.worker);
}

Result<Endpoint> Creation::deploy(const Artifact& artifact) {
    step_ = Step::Deploy;
    return with_step(run_, step_, fmt::format("starting {}", run_.show_id(show_.sha).service_name()),
                     [&]() -> Result<Endpoint> {
                         TRY(move_to(ShowStatus::Deploying));
                         // After a lost reply that was another look, and it may have shown a stop.
                         TRY(run_.check_wanted());
                         run_.worker.forget_lines();
                         // A rebuild is asked for to get a fresh start; what ran until here keeps its labels
                         // until the new one answers. And what a run that was cut off has started may be
                         // half seeded.
                         if (was_running_ || run_.settings.policy.seed.is_set()) TRY(make_way());
                         return run_.outside.runtime.deploy(spec(artifact), run_.worker);
                     });
}

Result<void> Creation::await_health(const Endpoint& endpoint) {
    step_ = Step::Health;
    return with_step(run_, step_, fmt::format("waiting for {}", endpoint.url()), [&] {
        return wait_until_healthy(run_.outside, run_.settings.policy.health, run_.show_id(show_.sha),
                                  endpoint, run_.worker);
    });
}

Result<void> Creation::seed() {
    const ShowCommand& command = run_.settings.policy.seed;
    if (!command.is_set()) return {};
    step_ = Step::Seed;
    return with_step(run_, step_, fmt::format("seeding {}", run_.show_id(show_.sha).service_name()), [&] {
        run_.worker.forget_lines();
        return run_.outside.runtime.run_in(run_.show_id(show_.sha), command, run_.worker);
    });
}

Result<void> Creation::move_to(ShowStatus status) {
    RM_ASSERT(can_move(show_.status, status), "a show only makes the moves of its table");
    show_.status = status;
    return run_.change(run_.transition(show_, {building_pointer(show_.sha)}), Resend::WhileWanted);
}

/// The stable address leads here before anybody is told, and before anything older goes.
Result<void> Creation::route(const Endpoint& endpoint) {
    auto pointed = point_route(run_, endpoint);
    if (!pointed && !run_.worker.has_lost_claim())
        may_be_switched_ = may_lead_to(run_, endpoint, pointed.error());
    else if (pointed && run_.outside.router)
        may_be_switched_ = true;
    return pointed;
}

Result<void> Creation::promote(const Endpoint& endpoint) {
    step_ = Step::Switch;
    return with_step(run_, step_, fmt::format("switching to {}", show_.sha.text()), [&]() -> Result<void> {
        TRY(run_.look_whether_wanted());
        TRY(route(endpoint));
        RM_ASSERT(can_move(show_.status, ShowStatus::Running), "only a deployed show can run");
        show_.status = ShowStatus::Running;
        show_.endpoint = endpoint;
        const LabelDefinition pointer = active_pointer(show_.sha);
        PullRequestChange change = run_.transition(show_, {pointer});
        for (auto& name : active_pointers_in(run_.view.labels))
            if (name != pointer.name) change.remove_labels.push_back(std::move(name));
        // A start that was asked for while this version was prepared is answered by it (contract D06).
        if (run_.labels().start_requested) change.remove_labels.emplace_back(kStartTrigger);
        CommentFacts facts = run_.comment_facts(CommentState::Running);
        show_address(run_, facts, endpoint);
        facts.lasts_until = run_.lasts_until(run_.started);
        facts.took = run_.outside.clock.now() - run_.started;
        change.comment = run_.comment(facts);
        change.deployment =
            DeploymentUpdate{.state = DeploymentState::Success,
                             .sha = run_.target,
                             .environment_url = facts.url,
                             .log_url = run_.settings.run_url,
                             .description = fmt::format("Show {} is running", show_.sha.text())};
        may_be_switched_ = true;
        return run_.change(change);
    });
}

Result<Endpoint> Creation::bring_up() {
    TRY_WHILE(begin(), "claiming #{} for {}", run_.view.pull_request.number, show_.sha.text());
    run_.worker.watch(
        run_.settings.policy.watch_interval, [this] { return run_.look_whether_wanted(); },
        run_.request.take_alert);
    const Artifact artifact = TRY(build());
    TRY(move_to(ShowStatus::Built));
    TRY(run_.check_wanted());
    const Endpoint endpoint = TRY(deploy(artifact));
    TRY(await_health(endpoint));
    TRY(seed());
    run_.worker.stop_watching();
    TRY(promote(endpoint));
    return endpoint;
}

Result<SyncOutcome> Creation::perform() {
    const Duration start = run_.outside.clock.monotonic();
    auto endpoint = bring_up();
    const Duration took = run_.outside.clock.monotonic() - start;
    if (!endpoint) {
        run_.worker.stop_watching();
        run_.worker.finish_in_peace();
        give_up(endpoint.error());
        run_.record("create", step_, "failed", endpoint.error().describe(), took);
        return Fail(std::move(endpoint).error().while_doing(
            fmt::format("bringing up {} of #{}, step {}", show_.sha.text(), run_.view.pull_request.number,
                        to_string(step_))));
    }
    step_ = Step::Retire;
    retire_others(run_, show_.sha);
    run_.record("create", Step::Switch, "ok", to_string(decision_.reason), took);
    return SyncOutcome{.action_taken = "create_environment",
                       .decision = decision_,
                       .target = run_.target,
                       .show = show_,
                       .url = endpoint->url(),
                       .stable_url = stable_url(run_.outside, run_.view.pull_request.number),
                       .warnings = run_.warnings};
}

void Creation::give_up(const Error& error) {
    if (!has_begun_ || run_.worker.has_lost_claim())
        return;  // nothing was made, or it is somebody else's now
    if (may_be_switched_) {
        // Visitors may be here already, and a reading may be too old to tell. Either way the next look goes
        // on from what it finds: it retires the old version, or switches to this one again.
        run_.warn("whether visitors were sent to the new version is not known; both stay for now");
        if (show_.status != ShowStatus::Running) tell_of_router(error);
        return;
    }
    const bool was_withdrawn = error.kind() == ErrorKind::Conflict;
    if (still_serves_) {  // a rebuild that did not get as far as the service changes nothing (contract D58)
        auto restored = run_.look();
        if (restored) restored = write_restored(error);
        if (!restored)
            run_.warn("the labels could not be brought up to date: " + restored.error().describe());
        return;
    }
    if (!serving())  // a rebuilt version had visitors
        if (auto withdrawn = withdraw_route(run_); !withdrawn) run_.warn(withdrawn.error().describe());
    if (auto removed = run_.remove_resources(show_.sha); !removed) {
        run_.warn(fmt::format("what this run made is not all gone: {}", removed.error().describe()));
        if (was_withdrawn) return;  // the labels stay, so that whoever comes next finds it
    }
    auto written = run_.look();
    if (written) written = was_withdrawn ? write_withdrawal() : write_failure(error);
    if (!written) run_.warn("the labels could not be brought up to date: " + written.error().describe());
}

/// The labels stay those of a version in preparation: the next look finds it running, and goes on from there.
void Creation::tell_of_router(const Error& error) {
    PullRequestChange change{.comment = run_.comment(failure_facts(error))};
    if (!change.comment) return;
    if (auto said = run_.change(change); !said)
        run_.warn("the comment could not be written: " + said.error().describe());
}

/// A rebuilt version had visitors, and has no service any more.
void Creation::take_pointer_off(PullRequestChange& change) const {
    for (auto& name : active_pointers_in(run_.view.labels))
        if (name == active_pointer(show_.sha).name) change.remove_labels.push_back(std::move(name));
}

/// Nobody wants this version any more. Its status stays as a failed one, without a comment: it tells the next
/// look (ours, or another worker's if we die here) that this pull request wants a show, of the newer commit.
Result<void> Creation::write_withdrawal() {
    show_.status = ShowStatus::Failed;
    show_.endpoint.reset();
    PullRequestChange change = run_.transition(show_, {});
    take_pointer_off(change);
    for (const auto& record : run_.view.deployments)
        if (record.sha == run_.target) change.end_deployments.push_back(record);
    return run_.change(change);
}

CommentFacts Creation::failure_facts(CommentState state, const Error& error) const {
    CommentFacts facts = run_.comment_facts(state);
    facts.failed_step = std::string(to_string(step_));
    facts.cause = error.describe();
    facts.next = error.hint().empty()
                     ? fmt::format("push a fix, or add the label {} to try again", kStartTrigger)
                     : error.hint();
    facts.log_tail = run_.worker.last_lines();
    return facts;
}

CommentFacts Creation::failure_facts(const Error& error) const {
    const auto old = serving();
    CommentFacts facts = failure_facts(old ? CommentState::FailedOldServes : CommentState::Failed, error);
    if (old) tell_who_serves(facts, *old);
    return facts;
}

void Creation::tell_who_serves(CommentFacts& facts, const Show& show) const {
    facts.serving = show.sha;
    show_address(run_, facts, show.endpoint);
    facts.lasts_until = run_.lasts_until(show.created_at);
}

Result<void> Creation::write_restored(const Error& error) {
    show_.status = ShowStatus::Running;
    PullRequestChange change = run_.transition(show_, {active_pointer(show_.sha)});
    CommentFacts facts = failure_facts(CommentState::FailedOldServes, error);
    tell_who_serves(facts, show_);
    change.comment = run_.comment(facts);
    return run_.change(change);
}

Result<void> Creation::write_failure(const Error& error) {
    show_.status = ShowStatus::Failed;
    show_.endpoint.reset();
    // Being told to stop is not the version's failure.
    if (error.kind() != ErrorKind::Interrupted) ++show_.failed_attempts;
    PullRequestChange change = run_.transition(show_, {});
    take_pointer_off(change);
    const CommentFacts facts = failure_facts(error);
    change.comment = run_.comment(facts);
    change.deployment =
        DeploymentUpdate{.state = DeploymentState::Failure,
                         .sha = run_.target,
                         .log_url = run_.settings.run_url,
                         .description = fmt::format("{}: {}", facts.failed_step, facts.cause)};
    return run_.change(change);
}

}  // namespace

Result<SyncOutcome> perform_create(Run& run, const Decision& decision) {
    return Creation(run, decision).perform();
}

}  // namespace ringmaster::shows
