#include "cli/explain.h"

namespace ringmaster::cli {

using shows::BlockedReason;
using shows::Reason;

std::string_view explain(Reason reason) {
    switch (reason) {
        case Reason::PrClosed:
            return "the pull request is closed";
        case Reason::OperationBlocked:
            return "it is blocked";
        case Reason::ExplicitStartNewSha:
            return "a start was asked for";
        case Reason::ExplicitStartFailedSha:
            return "a start was asked for, the last try failed";
        case Reason::ExplicitStartTrigger:
            return "a start was asked for";
        case Reason::ExplicitStartForceRebuild:
            return "a start was asked for although it runs";
        case Reason::ExplicitStopTrigger:
            return "a stop was asked for";
        case Reason::NoPreviousEnvironments:
            return "nobody asked for a show";
        case Reason::AutoSyncNewCommit:
            return "there is a newer commit";
        case Reason::InProgress:
            return "it is being prepared already";
        case Reason::AlreadyRunning:
            return "its show runs already";
        case Reason::AutoRebuildFailed:
            return "the last try failed and one more is allowed";
        case Reason::Frozen:
            return "it is frozen";
        case Reason::FailedAwaitingTrigger:
            return "this commit failed before; it waits for somebody to ask again";
        case Reason::GitValidationFailed:
            return "it does not contain the required commit";
        case Reason::Expired:
            return "its time is over";
        case Reason::LimitReached:
            return "the repository has as many shows as its limit allows";
        case Reason::DraftSkipped:
            return "it is a draft";
        case Reason::ForkNotAllowed:
            return "it comes from a fork, and forks get no shows here";
        case Reason::ForkNeedsApproval:
            return "it comes from a fork, and this commit is not approved yet";
        case Reason::ServiceLost:
            return "its service is gone";
        case Reason::Superseded:
            return "a newer version has its show";
    }
    return "for a reason this version does not know";
}

std::string next_after(const shows::Decision& decision, const shows::Authorization& authorization) {
    if (decision.blocked_reason == BlockedReason::ExistingBlockedLabel)
        return "take the label \"🎪 🔒 showtime-blocked\" off to allow it again";
    if (decision.blocked_reason == BlockedReason::AuthorizationFailed)
        return authorization.error.empty() ? "somebody with write access to the repository has to ask for it"
                                           : authorization.error;
    switch (decision.reason) {
        case Reason::GitValidationFailed:
            return "rebase the branch so that it contains [shows] required_commit, and push";
        case Reason::FailedAwaitingTrigger:
            return "look at its logs, then push a fix, or `ringmaster start` it again";
        case Reason::Frozen:
            return "take the label \"🎪 🧊 showtime-freeze\" off, or `ringmaster start` it";
        case Reason::LimitReached:
            return "stop a show that is not needed, or raise [shows] limit";
        case Reason::DraftSkipped:
            return "mark it ready for review, or see [shows.policy] drafts";
        case Reason::ForkNotAllowed:
            return "see [shows.policy] forks";
        case Reason::ForkNeedsApproval:
            return "read the commit, then `ringmaster start` it with --sha";
        case Reason::NoPreviousEnvironments:
            return "`ringmaster start` gives it a show";
        default:
            return {};
    }
}

}  // namespace ringmaster::cli
