#include "server/show_work.h"

#include <algorithm>

#include "base/text.h"
#include "shows/labels.h"

namespace ringmaster::server {
namespace {

// A lost race or a lease that was taken from us: look again soon, the world has changed.
constexpr Duration kAfterConflict = std::chrono::seconds(1);
// Another worker (a workflow's run, somebody's terminal) has the pull request and did not say until when.
constexpr Duration kWhenBusy = std::chrono::seconds(15);
// A comment or a deployment record that could not be written is tried again so often, with the queue's
// backoff: about two minutes. A token that may not write them at all must not cost requests for ever.
constexpr int kMostExtraTries = 6;
// Whatever the other side asks for, a pull request is looked at again within this.
constexpr Duration kLongestWait = std::chrono::minutes(15);

Duration wait_asked_for(const Error& error, Duration otherwise) {
    return std::clamp(error.retry_after().value_or(otherwise), kAfterConflict, kLongestWait);
}

class StoppableProgress final : public Progress {
 public:
    explicit StoppableProgress(const StopSignal& stop) : stop_(stop) {}
    void line(std::string_view) override {}
    Result<void> pulse() override {
        if (stop_.is_raised()) return Fail(Error::interrupted("the service is being stopped"));
        return {};
    }

 private:
    const StopSignal& stop_;
};

/// Steps and their times go to the log; a build's own output does not (it is kept beside the show).
class LogReporter final : public shows::Reporter {
 public:
    LogReporter(const ShowWork::Log& log, std::string about) : log_(log), about_(std::move(about)) {}
    void step_started(shows::Step, std::string_view) override {}
    void step_finished(shows::Step step, bool succeeded, Duration took) override {
        log_(fmt::format("{}: {} {} in {}", about_, shows::to_string(step), succeeded ? "done" : "failed",
                         format_duration_for_people(took)));
    }
    void log_line(std::string_view) override {}
    void note(std::string_view sentence) override { log_(fmt::format("{}: {}", about_, sentence)); }
    void warning(std::string_view sentence) override {
        log_(fmt::format("{}: warning: {}", about_, sentence));
    }

 private:
    const ShowWork::Log& log_;
    std::string about_;
};

}  // namespace

WorkOutcome outcome_of(const Result<shows::SyncOutcome>& result, int failures) {
    // Once nothing of ours is left on a pull request, no sweep comes by any more.
    if (result && result->extras_are_missing && failures < kMostExtraTries) return WorkOutcome::failed();
    if (result)
        return result->look_again_after
                   ? WorkOutcome::later(std::clamp(*result->look_again_after, kAfterConflict, kLongestWait))
                   : WorkOutcome::done();
    const Error& error = result.error();
    switch (error.kind()) {
        case ErrorKind::Unavailable:
        case ErrorKind::TimedOut:
        case ErrorKind::Failed:
            return error.retry_after() ? WorkOutcome::later(wait_asked_for(error, {}))
                                       : WorkOutcome::failed();
        case ErrorKind::RateLimited:
            return WorkOutcome::later(wait_asked_for(error, std::chrono::minutes(1)));
        case ErrorKind::Busy:
            return WorkOutcome::later(wait_asked_for(error, kWhenBusy));
        case ErrorKind::Conflict:
            return WorkOutcome::later(kAfterConflict);
        case ErrorKind::NotFound:
        case ErrorKind::Unauthorized:
        case ErrorKind::InvalidInput:
        case ErrorKind::Corrupt:
        case ErrorKind::Interrupted:
            return WorkOutcome::done();
    }
    return WorkOutcome::done();
}

void ForgeContact::note(const Error* error) {
    const bool no_answer =
        error && (error->kind() == ErrorKind::Unavailable || error->kind() == ErrorKind::TimedOut ||
                  error->kind() == ErrorKind::Unauthorized || error->kind() == ErrorKind::RateLimited);
    const std::lock_guard lock(mutex_);
    if (no_answer)
        last_cause_ = error->describe();
    else
        last_answer_ = clock_.monotonic();
}

Result<void> ForgeContact::is_recent(Duration longest) const {
    const std::lock_guard lock(mutex_);
    if (last_answer_ && clock_.monotonic() - *last_answer_ <= longest) return {};
    return Fail(Error::unavailable(
        "the forge has not answered for {}: {}",
        last_answer_ ? format_duration_for_people(clock_.monotonic() - *last_answer_) : "as long as we run",
        last_cause_));
}

ShowWork::ShowWork(shows::ShowService& service, ShowWorkOptions options, const StopSignal& stop,
                   Metrics& metrics, Log log)
    : service_(service),
      options_(std::move(options)),
      stop_(stop),
      metrics_(metrics),
      log_(std::move(log)),
      contact_(service.outside().clock) {}

WorkOutcome ShowWork::look(const Ticket& ticket) {
    const auto number = pull_request_of_key(service_.settings().repository, ticket.key);
    if (!number) return WorkOutcome::done();
    StoppableProgress progress(stop_);
    LogReporter reporter(log_, fmt::format("#{}", *number));
    const auto result = service_.sync({.number = *number,
                                       .asker = shows::Asker::Event,
                                       .expiry = options_.expiry,
                                       .take_alert = ticket.take_alert},
                                      reporter, progress);
    contact_.heard(result);

    const std::string word = result ? result->action_taken : std::string(to_string(result.error().kind()));
    metrics_.count("ringmaster_work_total",
                   {{"cause", std::string(to_string(ticket.cause))}, {"outcome", word}});
    if (!result)
        log_(fmt::format("#{}: {}: {}", *number, word, result.error().describe()));
    else if (result->decision.sync_needed())
        log_(fmt::format("#{}: {} {}", *number, word, result->url));
    return outcome_of(result, ticket.failures);
}

Result<void> ShowWork::sweep(const EnqueueFromSweep& enqueue) {
    const auto open = service_.outside().forge.list_open();
    contact_.heard(open);
    if (!open) return Fail(open.error());
    for (const auto& summary : *open) {
        const bool is_ours = std::ranges::any_of(
            summary.labels, [](const std::string& label) { return label.starts_with(shows::kTent); });
        if (is_ours) enqueue(queue_key(service_.settings().repository, summary.pull_request.number));
    }
    StoppableProgress progress(stop_);
    LogReporter reporter(log_, "sweep");
    TRY(progress.pulse());
    const auto plan = TRY(shows::plan_sweep(service_, options_.sweep));
    const auto report = TRY(shows::perform_sweep(service_, plan, options_.sweep, reporter, progress));
    const std::pair<const char*, int> removed[] = {{"expired", report.expired},
                                                   {"orphan", report.orphans},
                                                   {"closed", report.closed},
                                                   {"definition", report.definitions}};
    for (const auto& [kind, count] : removed)
        metrics_.count("ringmaster_sweep_removed_total", {{"kind", kind}}, count);
    for (const auto& failure : report.failures) log_(fmt::format("sweep: {}", failure.describe()));
    return {};
}

void declare_show_metrics(Metrics& metrics) {
    metrics.declare_counter("ringmaster_sweep_removed_total", "What sweeps removed, by kind.");
}

}  // namespace ringmaster::server
