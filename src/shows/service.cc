#include "shows/service.h"

#include <algorithm>

#include "base/text.h"
#include "shows/run.h"
#include "shows/stable_address.h"
#include "shows/upkeep.h"

namespace ringmaster::shows {
namespace {

// A run whose work is withdrawn decides afresh under the same claim: stop, close and a newer push follow each
// other at human speed, so a handful is plenty, and a loop cannot spin.
constexpr int kMostDecisionsPerRun = 5;
constexpr Duration kClaimRetryInterval = std::chrono::seconds(1);
// When another worker has the pull request and did not say until when.
constexpr Duration kLookAgainAfter = std::chrono::seconds(15);
// What keeps a comment or a deployment record from being written is often over in a moment.
constexpr Duration kExtrasAgainAfter = std::chrono::seconds(1);
constexpr int kMostLooksForExtras = 3;

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::string label_setter(const PullRequestView& view, std::string_view label) {
    for (const auto& [name, login] : view.labelled_by)
        if (name == label) return login;
    return {};
}

/// The trigger that counts, and who put it on; both may be empty.
std::pair<std::string_view, std::string> wish_of(const PullRequestView& view) {
    for (const auto trigger : {kStopTrigger, kStartTrigger})
        if (std::ranges::find(view.labels, trigger) != view.labels.end())
            return {trigger, label_setter(view, trigger)};
    return {};
}

Authorization ask_permission(Forge& forge, const std::string& login) {
    const auto answer = forge.permission(login);
    if (!answer)
        return {.allowed = false, .status = AuthStatus::Error, .error = one_line(answer.error().describe())};
    if (answer->may_write())
        return {.allowed = true, .status = AuthStatus::Authorized, .permission_level = answer->level};
    const bool unknown = answer->level == "not_collaborator";
    return {.allowed = false,
            .status = unknown ? AuthStatus::DeniedNotCollaborator : AuthStatus::DeniedInsufficientPermissions,
            .permission_level = answer->level};
}

/// Contract §4.1, closed where the original was open: an unknown actor or answer is a no (D34), and nothing
/// is written (D35).
Authorization authorize(Forge& forge, const SyncRequest& request, const PullRequestView& view) {
    const Authorization skipped = {.allowed = true, .status = AuthStatus::SkippedNotActions};
    if (!view.pull_request.is_open()) {  // teardown is never gated
        Authorization cleanup = skipped;
        cleanup.permission_level = "cleanup";
        return cleanup;
    }
    switch (request.asker) {
        case Asker::Workflow: {
            const bool no_actor = request.actor.empty() || request.actor == "unknown";
            if (no_actor)
                return {.allowed = false,
                        .status = AuthStatus::DeniedNoActor,
                        .error = "GITHUB_ACTOR is not set"};
            return ask_permission(forge, request.actor);
        }
        case Asker::TokenOwner: {
            const bool may =
                view.viewer_permission == Permission::Write || view.viewer_permission == Permission::Admin;
            if (may) return skipped;
            return {.allowed = false,
                    .status = AuthStatus::DeniedInsufficientPermissions,
                    .error = "the token's owner may not write to this repository"};
        }
        case Asker::Event: {
            const auto [trigger, login] = wish_of(view);
            // Nobody asked: pushing to a branch of the repository takes write access already, and forks need
            // an approval.
            if (trigger.empty())
                return {.allowed = true, .status = AuthStatus::Authorized, .permission_level = "unknown"};
            if (login.empty())
                return {.allowed = false,
                        .status = AuthStatus::DeniedNoActor,
                        .error = "the forge does not tell who put the trigger on"};
            return ask_permission(forge, login);
        }
    }
    return {};
}

Result<CommitSha> find_target(Forge& forge, const SyncRequest& request, const PullRequestView& view) {
    if (!request.sha_prefix) return view.pull_request.head;
    const std::string prefix = TRY(parse_sha_prefix(*request.sha_prefix));
    if (view.pull_request.head.text().starts_with(prefix)) return view.pull_request.head;
    return forge.resolve_commit(request.number, prefix);
}

CommitVerdict judge_commit(Forge& forge, const ShowPolicy& policy, const CommitSha& target) {
    if (!policy.required_commit) return CommitVerdict::NotRequired;
    const auto answer = forge.contains(target, *policy.required_commit);
    if (!answer || *answer == Ancestry::Unknown) return CommitVerdict::NotChecked;
    return *answer == Ancestry::Contained ? CommitVerdict::Valid : CommitVerdict::Invalid;
}

/// What the engine says; without an answer nothing is known, and nothing follows from it.
void ask_runtime(Runtime& runtime, const ShowPolicy& policy, Observation& seen) {
    const auto found =
        runtime.list_of(seen.pull_request.number, policy.limit > 0 ? Others::Counted : Others::Ignored);
    if (!found) return;
    seen.services.emplace();
    for (const auto& service : found->services) {
        const bool is_running = service.state == ServiceState::Running;
        seen.services->push_back({service.show.sha, is_running || service.state == ServiceState::Starting,
                                  service.created_at, is_running ? service.endpoint : std::nullopt});
    }
    seen.shows_elsewhere = found->others;
}

Observation make_observation(Outside& outside, const ShowPolicy& policy, const PullRequestView& view,
                             Authorization authorization, CommitVerdict verdict) {
    Observation seen{.pull_request = view.pull_request,
                     .labels = parse_labels(view.labels),
                     .authorization = std::move(authorization),
                     .commit_verdict = verdict};
    const TimePoint now = outside.clock.now();
    seen.is_claimed_by_other = std::ranges::any_of(
        view.claim_tokens, [&](const ClaimToken& token) { return token.expires_at > now; });
    if (view.comment) seen.comment_state = comment_state_word(view.comment->body);
    for (const auto& record : view.deployments) seen.recorded.push_back(record.sha.short_sha());
    ask_runtime(outside.runtime, policy, seen);
    ask_router(outside, seen);
    return seen;
}

Request make_request(const SyncRequest& request, const CommitSha& target) {
    return {.purpose = request.purpose,
            .target = target,
            .force = request.force,
            .expiry = request.expiry,
            .may_create = request.may_create,
            .approves_target = request.purpose == Purpose::Start && request.sha_prefix &&
                               request.asker == Asker::TokenOwner};
}

bool is_waiting(const Decision& decision) {
    return decision.reason == Reason::ForkNeedsApproval || decision.reason == Reason::LimitReached;
}

CommentState waiting_state(const Decision& decision) {
    return decision.reason == Reason::LimitReached ? CommentState::Queued : CommentState::Approval;
}

/// Whoever asked for a show that has to wait is told so, once.
bool owes_a_comment(const CheckResult& check) {
    const std::string word =
        waiting_state(check.decision) == CommentState::Queued ? "state=queued" : "state=approval";
    const bool is_said = check.view.comment && check.view.comment->body.find(word) != std::string::npos;
    return is_waiting(check.decision) && check.observation.labels.start_requested && !is_said;
}

SyncOutcome outcome_of(const Decision& decision, const CommitSha& target) {
    return {.action_taken =
                decision.action == Action::Blocked ? "blocked" : std::string(to_string(decision.action)),
            .decision = decision,
            .target = target};
}

Result<SyncOutcome> perform_small_things(Run& run, const Decision& decision) {
    std::optional<std::string> comment;
    if (is_waiting(decision)) comment = run.comment(run.comment_facts(waiting_state(decision)));
    TRY(perform_upkeep(run, decision, std::move(comment)));
    SyncOutcome outcome = outcome_of(decision, run.target);
    outcome.warnings = run.warnings;
    return outcome;
}

/// Forks get no secrets, so they need none.
Result<void> check_secrets(const Settings& settings, const Decision& decision, const PullRequestView& view) {
    const bool needs = decision.action == Action::CreateEnvironment && !view.pull_request.is_from_fork;
    return needs ? require_secrets(settings.missing_secrets) : Result<void>();
}

Result<SyncOutcome> perform_once(Run& run, const Decision& decision) {
    TRY(check_secrets(run.settings, decision, run.view));
    switch (decision.action) {
        case Action::CreateEnvironment:
            return perform_create(run, decision);
        case Action::DestroyEnvironment:
            if (decision.nothing_left) return outcome_of(decision, run.target);
            return perform_destroy(run, decision);
        case Action::NoAction:
            if (decision.needs_upkeep() || is_waiting(decision)) return perform_small_things(run, decision);
            return outcome_of(decision, run.target);
        case Action::Blocked:
            return outcome_of(decision, run.target);
    }
    return outcome_of(decision, run.target);
}

}  // namespace

Result<void> require_secrets(const std::vector<std::string>& missing) {
    if (missing.empty()) return {};
    return Fail(
        Error::invalid_input("[shows.run] secrets names {}, which {} not set here; nothing was started",
                             join(missing, ", "), missing.size() == 1 ? "is" : "are")
            .hint("set the variable where this runs (in a workflow: under env:), or take the name out "
                  "of [shows.run] secrets"));
}

Result<CheckResult> ShowService::check(const SyncRequest& request) {
    const PullRequestView view =
        TRY_WHILE(outside_.forge.observe(request.number), "reading #{}", request.number);
    const CommitSha target =
        TRY_WHILE(find_target(outside_.forge, request, view), "looking up --sha on #{}", request.number);
    const bool is_open = view.pull_request.is_open();
    const CommitVerdict verdict =
        is_open ? judge_commit(outside_.forge, settings_.policy, target) : CommitVerdict::NotRequired;
    auto seen =
        make_observation(outside_, settings_.policy, view, authorize(outside_.forge, request, view), verdict);
    const Request wanted = make_request(request, target);
    const Decision decision = decide(seen, wanted, settings_.policy, outside_.clock.now());
    return CheckResult{view, std::move(seen), wanted, decision};
}

/// What came of trying to take the claim.
struct Claiming {
    std::optional<Claimed> claimed;  ///< nullopt: there is nothing for us to do (any more)
    std::optional<Duration> look_again_after;
};

bool asks_to_end(const CheckResult& check) {
    return check.observation.labels.stop_requested || !check.observation.pull_request.is_open();
}

/// Takes the claim for what `check` decided, waiting for another worker where that can end well. `check` is
/// renewed whenever time has passed.
Result<Claiming> ShowService::claim(const SyncRequest& request, CheckResult& check, Progress& progress) {
    const Duration started = outside_.clock.monotonic();
    bool has_asked_to_stop = false;
    const bool is_after_a_stop = asks_to_end(check);
    bool stop_came = false;
    for (;;) {
        stop_came = stop_came || (!is_after_a_stop && asks_to_end(check));
        if (request.purpose == Purpose::Start && stop_came && !asks_to_end(check))
            return Fail(Error::conflict("#{} was stopped while this start waited", request.number)
                            .hint("a stop beats an earlier start; start again if you mean it"));
        const bool has_work =
            check.decision.sync_needed() || check.decision.needs_upkeep() || owes_a_comment(check);
        if (!has_work) return Claiming{};
        auto claimed = outside_.claims.acquire(check.view, progress);
        if (claimed) return Claiming{.claimed = *std::move(claimed)};
        const Error& error = claimed.error();
        const bool is_taken = error.kind() == ErrorKind::Busy || error.kind() == ErrorKind::Conflict;
        // Row 6: the worker that has it takes the trigger off with its own next change.
        if (is_taken && !check.decision.sync_needed())
            return Claiming{.look_again_after = error.retry_after().value_or(kLookAgainAfter)};
        const auto& building = check.observation.labels.building;
        const bool is_same_work = check.decision.action == Action::CreateEnvironment &&
                                  building == check.request.target.short_sha();
        if (!is_taken || is_same_work || outside_.clock.monotonic() - started >= request.wait_for_claim)
            return Fail(error);
        if (request.purpose == Purpose::Stop && !has_asked_to_stop) {
            // The worker at it sees the trigger within its watch interval and does the stopping itself.
            TRY(outside_.forge.apply(check.view, {.add_labels = {define_label(kStopTrigger)}}));
            has_asked_to_stop = true;
        }
        TRY(outside_.clock.sleep(kClaimRetryInterval, progress));
        check = TRY(this->check(request));
    }
}

Result<SyncOutcome> ShowService::run_claimed(const SyncRequest& request, const CheckResult& check,
                                             Claimed claimed, Reporter& reporter, Progress& progress) {
    Run run{.outside = outside_,
            .settings = settings_,
            .request = request,
            .reporter = reporter,
            .worker = Worker(outside_.claims, claimed.claim, outside_.clock, reporter, progress),
            .view = std::move(claimed.view),
            .target = check.request.target,
            .head_at_start = check.view.pull_request.head,
            .started = outside_.clock.now()};
    auto outcome = converge(run, check);
    if (run.extras_are_missing) write_extras_again(run);
    if (outcome) outcome->extras_are_missing = run.extras_are_missing;
    if (!run.worker.has_lost_claim()) {
        auto released = outside_.claims.release(run.worker.claim());
        if (!released)
            reporter.warning("the lease was not given up and will run out by itself: " +
                             released.error().describe());
    }
    return outcome;
}

/// Once more, while the claim is ours: after a person's command, or once nothing of ours is left on the pull
/// request, nobody may come by again. What happens here never changes the run's outcome.
void ShowService::write_extras_again(Run& run) {
    NoProgress unheard;
    run.worker.finish_in_peace();
    bool has_looked = false;
    for (int looks = 0; !has_looked && looks < kMostLooksForExtras; ++looks) {
        if (run.worker.has_lost_claim() || !outside_.clock.sleep(kExtrasAgainAfter, unheard)) return;
        has_looked = run.look().has_value();
    }
    if (!has_looked) return;
    run.target = run.view.pull_request.head;
    const Decision extras = find_wrong_extras(run.view, settings_.policy);
    if (!extras.needs_upkeep()) return;
    run.extras_are_missing = false;
    if (!perform_upkeep(run, extras, std::nullopt)) run.extras_are_missing = true;
}

/// Decides and performs under the claim, and again when what was wanted changed meanwhile.
Result<SyncOutcome> ShowService::converge(Run& run, const CheckResult& check) {
    const SyncRequest& request = run.request;
    for (int round = 1;; ++round) {
        if (!request.sha_prefix) run.target = run.view.pull_request.head;
        run.head_at_start = run.view.pull_request.head;
        // What was allowed stays allowed while the same person asks for it, and what was judged stays judged
        // while the version is the same.
        const bool is_same_version = run.target == check.request.target;
        const CommitVerdict verdict = is_same_version
                                          ? check.observation.commit_verdict
                                          : judge_commit(outside_.forge, settings_.policy, run.target);
        const bool is_same_wish = round == 1 && wish_of(run.view) == wish_of(check.view);
        auto authorization =
            is_same_wish ? check.observation.authorization : authorize(outside_.forge, request, run.view);
        Observation seen =
            make_observation(outside_, settings_.policy, run.view, std::move(authorization), verdict);
        seen.is_claimed_by_other = false;  // it is ours
        const Decision decision =
            decide(seen, make_request(request, run.target), settings_.policy, outside_.clock.now());
        auto outcome = perform_once(run, decision);
        const bool is_withdrawn =
            !outcome && outcome.error().kind() == ErrorKind::Conflict && !run.worker.has_lost_claim();
        if (!is_withdrawn || round == kMostDecisionsPerRun) return outcome;
        run.reporter.note(outcome.error().message());
        TRY(run.look());
    }
}

Result<SyncOutcome> ShowService::sync(const SyncRequest& request, Reporter& reporter, Progress& progress) {
    CheckResult check = TRY(this->check(request));
    // Any dry run stops at the decision: no part of the world is changed, and no label says what is not so
    // (contract §5.7).
    const auto secrets = check_secrets(settings_, check.decision, check.view);
    if (request.dry_run.any() || check.decision.action == Action::Blocked) {
        SyncOutcome outcome = outcome_of(check.decision, check.request.target);
        if (!secrets) outcome.warnings.push_back(secrets.error().message());
        return outcome;
    }
    if (!secrets) return Fail(secrets.error());
    Claiming claiming = TRY_WHILE(claim(request, check, progress), "taking the lease on #{}", request.number);
    if (!claiming.claimed) {
        SyncOutcome outcome = outcome_of(check.decision, check.request.target);
        outcome.look_again_after = claiming.look_again_after;
        return outcome;
    }
    if (request.on_claimed) request.on_claimed(claiming.claimed->claim.holder);
    return run_claimed(request, check, *std::move(claiming.claimed), reporter, progress);
}

}  // namespace ringmaster::shows
