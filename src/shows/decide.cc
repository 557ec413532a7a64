#include "shows/decide.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shows/upkeep.h"

namespace ringmaster::shows {
namespace {

Decision no_action(Reason reason) {
    return {.action = Action::NoAction, .reason = reason};
}
Decision create(Reason reason) {
    return {.action = Action::CreateEnvironment, .reason = reason};
}

Decision blocked(Reason reason, BlockedReason why) {
    return {.action = Action::Blocked, .reason = reason, .blocked_reason = why};
}

bool has_anything(const Observation& seen) {
    return !seen.labels.tent_labels.empty() || (seen.services && !seen.services->empty()) ||
           !seen.recorded.empty() || claims_a_show(seen.comment_state) ||
           (seen.route && seen.route->is_there);
}

Decision destroy(Reason reason, const Observation& seen) {
    return {.action = Action::DestroyEnvironment, .reason = reason, .nothing_left = !has_anything(seen)};
}

/// One decision in the making: what several rules ask for, computed once.
struct Case {
    const Observation& seen;
    const Request& request;
    const ShowPolicy& policy;
    TimePoint now;
    const Show* target = nullptr;
    bool start_asked = false;  ///< by label or by person

    const PullRequest& pull_request() const { return seen.pull_request; }
    const LabelState& labels() const { return seen.labels; }
};

/// Whether this version may run at all, whoever asks: forks, drafts, the required commit, the limit. nullopt:
/// it may.
std::optional<Decision> refuse_create(const Case& c) {
    const auto& pull_request = c.pull_request();
    if (pull_request.is_from_fork && c.policy.forks == ForkPolicy::Never)
        return no_action(Reason::ForkNotAllowed);
    const bool needs_approval =
        pull_request.is_from_fork && c.policy.forks == ForkPolicy::Approve && !c.request.approves_target;
    if (needs_approval && !c.labels().approvals.contains(c.request.target.short_sha()))
        return no_action(Reason::ForkNeedsApproval);
    if (pull_request.is_draft && c.policy.drafts == DraftPolicy::Skip) return no_action(Reason::DraftSkipped);
    if (pull_request.is_draft && c.policy.drafts == DraftPolicy::OnLabel && !c.start_asked)
        return no_action(Reason::DraftSkipped);
    if (c.seen.commit_verdict == CommitVerdict::Invalid)
        return blocked(Reason::GitValidationFailed, BlockedReason::GitValidationFailed);
    const bool is_replacement = c.labels().active_show() != nullptr;
    if (!is_replacement && c.policy.limit > 0 && c.seen.shows_elsewhere >= c.policy.limit)
        return no_action(Reason::LimitReached);
    return std::nullopt;
}

Decision create_if_allowed(const Case& c, Reason reason) {
    if (auto refusal = refuse_create(c)) return *refusal;
    return create(reason);
}

/// Rows 4 to 8 of the contract's table.
Decision decide_start(const Case& c) {
    if (!c.target) return create_if_allowed(c, Reason::ExplicitStartNewSha);
    const Show& show = *c.target;
    if (is_in_progress(show.status)) {
        if (is_abandoned(show, c.seen, c.policy, c.now))
            return create_if_allowed(c, Reason::ExplicitStartFailedSha);
        Decision decision = no_action(Reason::ExplicitStartTrigger);
        if (c.labels().start_requested) decision.consumed_labels = {std::string(kStartTrigger)};
        return decision;
    }
    switch (show.status) {
        case ShowStatus::Failed:
            return create_if_allowed(c, Reason::ExplicitStartFailedSha);
        case ShowStatus::Running: {
            const bool asked_to_rebuild = c.labels().start_requested || c.request.force;
            if (service_is_lost(show, c.seen)) return create_if_allowed(c, Reason::ServiceLost);
            return asked_to_rebuild ? create_if_allowed(c, Reason::ExplicitStartForceRebuild)
                                    : no_action(Reason::AlreadyRunning);
        }
        default:
            return create_if_allowed(c, Reason::ExplicitStartTrigger);
    }
}

/// A version that failed, was abandoned or lost its service comes back by itself at most so often (contract
/// §4.3, row 17).
Decision rebuild_failed(const Case& c, const Show& show, Reason reason) {
    if (c.labels().is_frozen) return no_action(Reason::Frozen);
    if (failures_so_far(show) > c.policy.automatic_rebuilds) return no_action(Reason::FailedAwaitingTrigger);
    return create_if_allowed(c, reason);
}

/// Rows 12 to 18: nobody asked for anything.
Decision decide_by_itself(const Case& c) {
    // A stop that was cut off goes on, whatever was pushed since.
    const auto is_stopping = [](const Show& show) { return show.status == ShowStatus::Stopping; };
    if (std::ranges::any_of(c.labels().shows, is_stopping))
        return destroy(Reason::ExplicitStopTrigger, c.seen);
    if (!c.target) {
        if (c.labels().shows.empty()) return no_action(Reason::NoPreviousEnvironments);
        if (c.labels().is_frozen) return no_action(Reason::Frozen);
        return create_if_allowed(c, Reason::AutoSyncNewCommit);
    }
    const Show& show = *c.target;
    if (is_in_progress(show.status)) {
        if (!is_abandoned(show, c.seen, c.policy, c.now)) return no_action(Reason::InProgress);
        return rebuild_failed(c, show, Reason::AutoRebuildFailed);
    }
    switch (show.status) {
        case ShowStatus::Running:
            return service_is_lost(show, c.seen) ? rebuild_failed(c, show, Reason::ServiceLost)
                                                 : no_action(Reason::AlreadyRunning);
        case ShowStatus::Failed:
        case ShowStatus::Unknown:
            return rebuild_failed(c, show, Reason::AutoRebuildFailed);
        default:
            return no_action(Reason::NoPreviousEnvironments);
    }
}

/// The pull request's time is over when its active show's is; without one, when its newest show's is.
bool has_expired(const Case& c) {
    if (!c.request.expiry) return false;
    const auto is_busy = [&](const Show& show) {
        return is_in_progress(show.status) && !is_abandoned(show, c.seen, c.policy, c.now);
    };
    if (std::ranges::any_of(c.labels().shows, is_busy)) return false;
    const Show* show = c.labels().active_show();
    if (!show) {
        const auto newest = std::ranges::max_element(
            c.labels().shows, {}, [](const Show& s) { return std::pair(s.created_at, s.sha); });
        if (newest != c.labels().shows.end()) show = &*newest;
    }
    if (!show) return false;
    const auto ends = expiry_of(*show, c.seen, *c.request.expiry);
    return ends && *ends < c.now;
}

/// A job for an older commit comes late: the newest one has its show already, and must not be replaced by it
/// (contract D04). A person who starts an older version by name means it.
bool is_superseded(const Case& c) {
    if (c.request.purpose != Purpose::Sync || c.request.target == c.pull_request().head) return false;
    const Show* newest = c.labels().find(c.pull_request().head.short_sha());
    return newest && newest->status != ShowStatus::Failed && newest->status != ShowStatus::Unknown;
}

Decision decide_action(const Case& c) {
    const auto& labels = c.labels();
    const Request& request = c.request;
    if (!c.pull_request().is_open()) return destroy(Reason::PrClosed, c.seen);
    if (request.purpose == Purpose::Stop) {
        Decision decision = destroy(Reason::ExplicitStopTrigger, c.seen);
        // Whoever has just taken the claim writes the first label of a show a moment later. Nobody looks
        // again after a person's stop, so it has to wait for him.
        decision.nothing_left = decision.nothing_left && !c.seen.is_claimed_by_other;
        return decision;
    }
    const bool start_wanted = c.start_asked && request.may_create;
    if (has_expired(c) && !start_wanted) return destroy(Reason::Expired, c.seen);
    if (labels.is_blocked) return blocked(Reason::OperationBlocked, BlockedReason::ExistingBlockedLabel);
    if (!c.seen.authorization.allowed)
        return blocked(Reason::OperationBlocked, BlockedReason::AuthorizationFailed);
    if (labels.stop_requested) return destroy(Reason::ExplicitStopTrigger, c.seen);
    if (is_superseded(c)) return no_action(Reason::Superseded);
    const Decision decision = c.start_asked ? decide_start(c) : decide_by_itself(c);
    if (decision.action == Action::CreateEnvironment && !request.may_create)
        return no_action(Reason::InProgress);
    return decision;
}

template <typename Enum, std::size_t N>
std::string_view word(const std::array<std::pair<Enum, std::string_view>, N>& words, Enum value) {
    for (const auto& [key, text] : words)
        if (key == value) return text;
    return "unknown";
}

}  // namespace

Decision decide(const Observation& seen, const Request& request, const ShowPolicy& policy, TimePoint now) {
    Case c{.seen = seen, .request = request, .policy = policy, .now = now};
    c.target = seen.labels.find(request.target.short_sha());
    c.start_asked = seen.labels.start_requested || request.purpose == Purpose::Start;
    Decision decision = decide_action(c);
    if (decision.sync_needed()) {
        for (const auto trigger : {kStartTrigger, kStopTrigger})
            if (std::ranges::find(seen.labels.tent_labels, trigger) != seen.labels.tent_labels.end())
                decision.consumed_labels.emplace_back(trigger);
    } else if (decision.action == Action::NoAction) {
        add_upkeep(seen, request, policy, now, decision);
    }
    return decision;
}

int failures_so_far(const Show& show) {
    const bool says_so = show.status == ShowStatus::Failed || show.status == ShowStatus::Unknown;
    return says_so ? std::max(1, show.failed_attempts) : show.failed_attempts + 1;
}

bool service_is_lost(const Show& show, const Observation& seen) {
    if (!seen.services || show.status != ShowStatus::Running) return false;
    return std::ranges::none_of(
        *seen.services, [&](const ServiceFact& fact) { return fact.sha == show.sha && fact.is_alive; });
}

bool is_abandoned(const Show& show, const Observation& seen, const ShowPolicy& policy, TimePoint now) {
    if (seen.is_claimed_by_other) return false;
    // Our own workers write the building pointer and hold a claim for as long as they live: without the
    // claim, nobody is there. The original writes neither, so there only time can tell (contract §4.3,
    // leases).
    if (seen.labels.building == show.sha) return true;
    return !show.created_at || now - *show.created_at > policy.in_progress_timeout;
}

std::optional<TimePoint> expiry_of(const Show& show, const Observation& seen, const ExpiryRule& rule) {
    std::optional<TimePoint> created = show.created_at;
    if (!created && seen.services) {  // contract D30: the resource knows when it was made
        for (const auto& fact : *seen.services)
            if (fact.sha == show.sha) created = fact.created_at;
    }
    if (!created) return std::nullopt;
    const auto& ttl = seen.labels.ttl;
    if (!rule.respect_ttl_labels || !ttl) return rule.older_than.expiry(*created);
    if (ttl->is_until_closed()) return std::nullopt;
    const Duration lifetime = rule.max_age ? std::min(*ttl->lifetime(), *rule.max_age) : *ttl->lifetime();
    return *created + lifetime;
}

std::string_view to_string(Action action) {
    static constexpr std::array<std::pair<Action, std::string_view>, 4> kWords = {
        {{Action::NoAction, "no_action"},
         {Action::CreateEnvironment, "create_environment"},
         {Action::DestroyEnvironment, "destroy_environment"},
         {Action::Blocked, "blocked"}}};
    return word(kWords, action);
}

std::string_view to_string(Reason reason) {
    static constexpr std::array<std::pair<Reason, std::string_view>, 22> kWords = {
        {{Reason::PrClosed, "pr_closed"},
         {Reason::OperationBlocked, "operation_blocked"},
         {Reason::ExplicitStartNewSha, "explicit_start_new_sha"},
         {Reason::ExplicitStartFailedSha, "explicit_start_failed_sha"},
         {Reason::ExplicitStartTrigger, "explicit_start_trigger"},
         {Reason::ExplicitStartForceRebuild, "explicit_start_force_rebuild"},
         {Reason::ExplicitStopTrigger, "explicit_stop_trigger"},
         {Reason::NoPreviousEnvironments, "no_previous_environments"},
         {Reason::AutoSyncNewCommit, "auto_sync_new_commit"},
         {Reason::InProgress, "in_progress"},
         {Reason::AlreadyRunning, "already_running"},
         {Reason::AutoRebuildFailed, "auto_rebuild_failed"},
         {Reason::Frozen, "frozen"},
         {Reason::FailedAwaitingTrigger, "failed_awaiting_trigger"},
         {Reason::GitValidationFailed, "git_validation_failed"},
         {Reason::Expired, "expired"},
         {Reason::LimitReached, "limit_reached"},
         {Reason::DraftSkipped, "draft_skipped"},
         {Reason::ForkNotAllowed, "fork_not_allowed"},
         {Reason::ForkNeedsApproval, "fork_needs_approval"},
         {Reason::ServiceLost, "service_lost"},
         {Reason::Superseded, "superseded"}}};
    return word(kWords, reason);
}

std::string_view to_string(BlockedReason reason) {
    static constexpr std::array<std::pair<BlockedReason, std::string_view>, 3> kWords = {
        {{BlockedReason::ExistingBlockedLabel, "existing_blocked_label"},
         {BlockedReason::AuthorizationFailed, "authorization_failed"},
         {BlockedReason::GitValidationFailed, "git_validation_failed"}}};
    return word(kWords, reason);
}

std::string_view to_string(AuthStatus status) {
    // The contract's words; an unknown actor is an error of the workflow, so it is reported as one (§4.3).
    static constexpr std::array<std::pair<AuthStatus, std::string_view>, 6> kWords = {
        {{AuthStatus::Authorized, "authorized"},
         {AuthStatus::DeniedInsufficientPermissions, "denied_insufficient_perms"},
         {AuthStatus::DeniedNotCollaborator, "denied_404"},
         {AuthStatus::DeniedNoActor, "error"},
         {AuthStatus::SkippedNotActions, "skipped_not_actions"},
         {AuthStatus::Error, "error"}}};
    return word(kWords, status);
}

}  // namespace ringmaster::shows
