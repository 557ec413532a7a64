#pragma once
// What the service does with a key and in a sweep: the one place where the queue meets the shows. A look is
// ShowService::sync with the rule that a show ends when its time is over; what comes of it decides when the
// pull request is looked at again.

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/metrics.h"
#include "server/server.h"
#include "shows/service.h"
#include "shows/sweep.h"

namespace ringmaster::server {

/// When to look again after a sync, by the error's kind alone. `Interrupted` and what a retry cannot mend are
/// done: the labels and the log say why, and the sweep comes by anyway. `failures`: how often it was tried
/// again already.
WorkOutcome outcome_of(const Result<shows::SyncOutcome>& result, int failures = 0);

/// When the forge last answered us.
class ForgeContact {
 public:
    explicit ForgeContact(Clock& clock) : clock_(clock) {}
    /// Takes note of what any conversation with the forge came to.
    template <typename T>
    void heard(const Result<T>& result) {
        note(result ? nullptr : &result.error());
    }
    /// Errors: Unavailable (no answer within `longest`; with the last cause).
    Result<void> is_recent(Duration longest) const;

 private:
    void note(const Error* error);
    Clock& clock_;
    mutable std::mutex mutex_;
    std::optional<Duration> last_answer_;
    std::string last_cause_ = "nothing was asked yet";
};

/// A stop that work notices at its next pulse.
class StopSignal {
 public:
    void raise() { raised_ = true; }
    bool is_raised() const { return raised_; }

 private:
    std::atomic<bool> raised_{false};
};

struct ShowWorkOptions {
    /// Zero: a forge that reads its own writes needs no patience.
    shows::ExpiryRule expiry;
    shows::SweepOptions sweep;
};

class ShowWork {
 public:
    using Log = std::function<void(std::string_view line)>;
    /// All references outlive it; `service` is used from several threads at once.
    ShowWork(shows::ShowService& service, ShowWorkOptions options, const StopSignal& stop, Metrics& metrics,
             Log log);

    /// One look at the pull request that the ticket's key names.
    WorkOutcome look(const Ticket& ticket);
    /// Queues every open pull request that carries one of our labels, then removes what nobody wants.
    /// Errors: those of the listings; what failed for one thing only is in the log.
    Result<void> sweep(const EnqueueFromSweep& enqueue);
    const ForgeContact& contact() const { return contact_; }

 private:
    shows::ShowService& service_;
    ShowWorkOptions options_;
    const StopSignal& stop_;
    Metrics& metrics_;
    Log log_;
    ForgeContact contact_;
};

/// The families that ShowWork fills, on top of the server's.
void declare_show_metrics(Metrics& metrics);

}  // namespace ringmaster::server
