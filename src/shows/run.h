#pragma once
// One run on one pull request, under its claim: what create.cc, destroy.cc and service.cc share. Internal to
// shows/.

#include <optional>
#include <string>
#include <vector>

#include "shows/comment.h"
#include "shows/own_writes.h"
#include "shows/service.h"
#include "shows/worker.h"

namespace ringmaster::shows {

/// Whether a change whose reply was lost is sent again, once a look shows that it is missing.
enum class Resend {
    Always,
    WhileWanted,  ///< it works towards a show: not when that is not wanted any more (Conflict)
};

struct Run {
    Outside& outside;
    const Settings& settings;
    const SyncRequest& request;
    Reporter& reporter;
    Worker worker;
    PullRequestView view;  ///< the newest reading
    CommitSha target;
    CommitSha head_at_start;  ///< another head means that this run is superseded
    TimePoint started;
    std::vector<std::string> warnings;
    OwnWrites own_writes;
    /// A comment or a deployment record could not be written.
    bool extras_are_missing = false;

    LabelState labels() const { return parse_labels(view.labels); }
    ShowId show_id(const ShortSha& sha) const { return {settings.repository, view.pull_request.number, sha}; }
    std::string requester() const;

    /// One visible transition, behind the fence. A reply that was lost is answered by looking again and
    /// sending what is still missing. On return nothing of it is on its way any more.
    Result<void> change(PullRequestChange change, Resend resend = Resend::Always);
    /// Reads the pull request again; what this run wrote itself a moment ago counts for more.
    Result<void> look();
    /// look(), and Conflict if this run's work is not wanted any more: closed, stopped, blocked, a newer
    /// head.
    Result<void> look_whether_wanted();
    /// The same by the newest reading, without a request.
    Result<void> check_wanted() const;
    /// Facts for the comment that are the same in every state.
    CommentFacts comment_facts(CommentState state) const;
    /// The new body of the sticky comment, if the policy wants one and it says something new.
    std::optional<std::string> comment(const CommentFacts& facts) const;
    /// The labels of `show` as they should be, with `more`, and without everything of the same kind that no
    /// longer holds.
    PullRequestChange transition(const Show& show, std::vector<LabelDefinition> more) const;
    std::optional<TimePoint> lasts_until(std::optional<TimePoint> created) const;
    /// Runs the teardown in a show that is about to be removed; what goes wrong is only warned of.
    /// Errors: the fence's, the pulse's own.
    Result<void> end_in_peace(const ShowId& id);
    /// Removes a show's service and what was built for it; true when both are confirmed gone.
    Result<void> remove_resources(const ShortSha& sha);
    void record(std::string_view action, Step step, std::string_view outcome, std::string_view detail,
                Duration took);
    void warn(std::string sentence);
};

/// Reports a step's start and end, and how long it took, around `body`.
template <typename Body>
auto with_step(Run& run, Step step, std::string_view what, Body body) {
    const Duration start = run.outside.clock.monotonic();
    run.reporter.step_started(step, what);
    auto result = body();
    run.reporter.step_finished(step, result.has_value(), run.outside.clock.monotonic() - start);
    return result;
}

/// Brings run.target up and retires what it replaces. On an error, what this run made is gone again, the old
/// show still serves, and labels and comment say so (unless the claim was lost: then nothing more is
/// touched).
Result<SyncOutcome> perform_create(Run& run, const Decision& decision);
/// Removes every other version after the drain time. What cannot be removed yet keeps its labels, with a
/// warning.
void retire_others(Run& run, const ShortSha& kept);
/// Removes every show of the pull request. Labels go only after the engine confirmed that all is gone.
Result<SyncOutcome> perform_destroy(Run& run, const Decision& decision);

/// Puts right what the decision found wrong while there is nothing to create or end (upkeep.h). `comment` is
/// written unless upkeep has more to say.
Result<void> perform_upkeep(Run& run, const Decision& decision, std::optional<std::string> comment);

}  // namespace ringmaster::shows
