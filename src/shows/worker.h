#pragma once
// Whoever holds a pull request's claim, at work: keeps the claim alive from inside long operations, refuses
// to act once it is lost, notices that the work is no longer wanted, and remembers the last lines of output
// for the comment.

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "ports/claims.h"
#include "ports/clock.h"
#include "ports/progress.h"
#include "shows/reporter.h"

namespace ringmaster::shows {

class Worker final : public Progress {
 public:
    /// `outer.pulse()` is where a person's Ctrl-C comes from. References outlive the worker.
    Worker(Claims& claims, Claim claim, Clock& clock, Reporter& reporter, Progress& outer);

    void line(std::string_view text) override;
    /// Interrupted: told to stop. Conflict: the claim is lost, or `look` said that the work is not wanted any
    /// more.
    Result<void> pulse() override;

    /// To be called before each step that others can see: enough of the claim is left for the longest
    /// request. Errors: Conflict, after which nothing may be touched.
    Result<void> fence();
    /// Whether the claim was lost: then somebody else may be at work, and even cleaning up is theirs.
    bool has_lost_claim() const { return has_lost_claim_; }

    /// While set, pulse() calls `look` every `interval`, and at once when `take_alert` says so; its error
    /// stops the operation, unless the forge did not answer: that says nothing about what is wanted.
    void watch(Duration interval, std::function<Result<void>()> look, std::function<bool()> take_alert = {});
    void stop_watching() { look_ = nullptr; }
    /// From here on a Ctrl-C is not heard: the tidying up after one.
    void finish_in_peace() { is_finishing_ = true; }

    const Claim& claim() const { return claim_; }
    std::vector<std::string> last_lines() const { return {last_lines_.begin(), last_lines_.end()}; }
    void forget_lines() { last_lines_.clear(); }

 private:
    Result<void> keep_claim();
    Duration claim_left();
    Error lost() const;
    /// Measured on both clocks: the wall clock may be set back while we work, and the monotonic one stands
    /// still while the machine sleeps.
    void note_claim_end();

    Claims& claims_;
    Claim claim_;
    Clock& clock_;
    Reporter& reporter_;
    Progress& outer_;
    Duration claim_ends_{};  ///< monotonic
    /// The claim is prolonged when less than this is left.
    Duration reserve_;
    bool has_lost_claim_ = false;
    bool is_finishing_ = false;
    std::function<Result<void>()> look_;
    std::function<bool()> take_alert_;
    Duration watch_interval_{};
    Duration last_look_{};
    std::deque<std::string> last_lines_;
};

}  // namespace ringmaster::shows
