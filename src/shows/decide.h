#pragma once
// What should happen to a pull request's shows: one pure, total function from what was seen to what to do and
// why. Nothing is done here; --check-only, --dry-run and the simulator stop at its answer. Contract:
// showtime.md §4, with the required changes of §4.3.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/pull_request.h"
#include "domain/show_policy.h"
#include "shows/labels.h"

namespace ringmaster::shows {

/// Whether whoever asked may start a show. Contract §4.1; an unknown answer is a no.
enum class AuthStatus {
    Authorized,
    DeniedInsufficientPermissions,
    DeniedNotCollaborator,
    DeniedNoActor,
    SkippedNotActions,
    Error
};
std::string_view to_string(AuthStatus status);

struct Authorization {
    bool allowed = false;
    AuthStatus status = AuthStatus::Error;
    std::string permission_level = "unknown";  ///< the forge's own word
    std::string error;                         ///< why it could not be found out; one line
};

/// Whether the target contains the commit that the policy requires (contract §7.4).
enum class CommitVerdict { NotRequired, Valid, Invalid, NotChecked };

/// A show as its engine has it: what labels cannot know.
struct ServiceFact {
    ShortSha sha;
    bool is_alive = false;  ///< starting or running
    std::optional<TimePoint> created_at;
    std::optional<Endpoint> endpoint = std::nullopt;  ///< while it runs
};

/// The pull request's stable address, as its router has it.
struct RouteFact {
    bool is_there = false;
    std::optional<Endpoint> to = std::nullopt;  ///< nullopt: nowhere that we understand
};

struct Observation {
    PullRequest pull_request;
    LabelState labels;
    /// What the engine has of this pull request; nullopt: it could not be asked, so nothing follows from it.
    std::optional<std::vector<ServiceFact>> services;
    /// nullopt: there is no router, or it could not be asked; nothing follows from either.
    std::optional<RouteFact> route = std::nullopt;
    int shows_elsewhere = 0;  ///< of other pull requests in the repository, for the limit
    Authorization authorization;
    CommitVerdict commit_verdict = CommitVerdict::NotRequired;
    /// Someone else holds the claim right now: an in-progress show is theirs and alive.
    bool is_claimed_by_other = false;
    /// The state our comment tells of (comment.h, comment_state_word), and the versions that the forge keeps
    /// deployment records of. Both are written as well as it goes, so they can be wrong.
    std::string comment_state;
    std::vector<ShortSha> recorded;
};

enum class Purpose {
    Sync,   ///< make the pull request's shows what its labels and head say
    Start,  ///< a person asks for a show: as if the start trigger were there
    Stop,   ///< a person asks to end them: as if the stop trigger were there
};

/// Which shows have lived long enough. Contract §6.4, phase 1.
struct ExpiryRule {
    bool respect_ttl_labels = true;
    Ttl older_than = Ttl::hours(48);  ///< for shows without a usable TTL label
    std::optional<Duration> max_age;  ///< caps TTL labels, "close" excepted
};

struct Request {
    Purpose purpose = Purpose::Sync;
    CommitSha target;                  ///< the version that is wanted
    bool force = false;                ///< Start: rebuild a running show
    std::optional<ExpiryRule> expiry;  ///< nullopt: expiry is not looked at
    bool may_create = true;            ///< a clean-up run only ends shows
    /// The asker, whose right was checked, named the target himself: that approves it for a fork (contract
    /// D37).
    bool approves_target = false;
};

enum class Action { NoAction, CreateEnvironment, DestroyEnvironment, Blocked };
/// The contract's word for `action_needed`.
std::string_view to_string(Action action);

enum class Reason {
    PrClosed,
    OperationBlocked,
    ExplicitStartNewSha,
    ExplicitStartFailedSha,
    ExplicitStartTrigger,
    ExplicitStartForceRebuild,
    ExplicitStopTrigger,
    NoPreviousEnvironments,
    AutoSyncNewCommit,
    InProgress,
    AlreadyRunning,
    AutoRebuildFailed,
    Frozen,
    FailedAwaitingTrigger,
    GitValidationFailed,
    Expired,
    LimitReached,
    DraftSkipped,
    ForkNotAllowed,
    ForkNeedsApproval,
    ServiceLost,
    Superseded,  ///< an older version was named while the newest one has its show
};
std::string_view to_string(Reason reason);

enum class BlockedReason { ExistingBlockedLabel, AuthorizationFailed, GitValidationFailed };
std::string_view to_string(BlockedReason reason);

struct Decision {
    Action action = Action::NoAction;
    Reason reason = Reason::NoPreviousEnvironments;
    std::optional<BlockedReason> blocked_reason;
    bool nothing_left = false;  ///< DestroyEnvironment: there is nothing to remove any more
    /// Labels that this decision answers and that the worker therefore takes off: triggers (contract D06).
    std::vector<std::string> consumed_labels;
    /// Labels to put right although nothing else is to be done (a lost pointer, two pointers, a stale
    /// building pointer).
    std::vector<LabelDefinition> repair_add;
    std::vector<std::string> repair_remove;
    /// Shows that claim what is not so (prepared by nobody any more, running without a service) and that
    /// nobody brings up again by himself: what remains of them goes, and their labels say that they failed.
    std::vector<ShortSha> given_up;
    /// Versions that the running one has replaced, and that were not removed then.
    std::vector<ShortSha> to_retire;
    std::vector<ShortSha> stale_records;  ///< deployment records of versions that have no show
    bool comment_is_wrong = false;
    std::optional<Endpoint> point_route = std::nullopt;  ///< the stable address leads elsewhere than here
    bool withdraw_route = false;                         ///< the stable address leads to nothing any more
    std::optional<Endpoint> serving_at = std::nullopt;   ///< the show that serves, when something else goes

    bool build_needed() const { return action == Action::CreateEnvironment; }
    bool sync_needed() const {
        return action == Action::CreateEnvironment || (action == Action::DestroyEnvironment && !nothing_left);
    }
    /// Nothing is created or ended, but something is to be put right.
    bool needs_upkeep() const {
        const bool has_labels = !consumed_labels.empty() || !repair_add.empty() || !repair_remove.empty();
        const bool has_more =
            !given_up.empty() || !to_retire.empty() || !stale_records.empty() || comment_is_wrong;
        const bool has_route = point_route || withdraw_route;
        return action == Action::NoAction && (has_labels || has_more || has_route);
    }
    bool operator==(const Decision&) const = default;
};

/// Total: every observation has a decision. `now` is compared with creation times (UTC).
Decision decide(const Observation& seen, const Request& request, const ShowPolicy& policy, TimePoint now);

/// How often this version failed, an attempt that was cut off or a service that was lost included.
int failures_so_far(const Show& show);
/// Whether a show in progress has no worker any more: nobody holds the claim and it started too long ago (or
/// nobody knows when).
bool is_abandoned(const Show& show, const Observation& seen, const ShowPolicy& policy, TimePoint now);
/// Whether the engine was asked and has no living service for a show whose labels say that it runs.
bool service_is_lost(const Show& show, const Observation& seen);
/// When the show's time is over under the rule; nullopt: not by time.
std::optional<TimePoint> expiry_of(const Show& show, const Observation& seen, const ExpiryRule& rule);

}  // namespace ringmaster::shows
