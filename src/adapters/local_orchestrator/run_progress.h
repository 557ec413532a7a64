#pragma once
// What a run's process reports to: its lines go into the run's log and on to whoever watches; its pulse
// writes them down, says that the worker lives, and hears when the run is to end.

#include <optional>
#include <string>
#include <vector>

#include "adapters/local_orchestrator/run_queue.h"
#include "ports/clock.h"

namespace ringmaster::local_orchestrator {

/// Of text from outside: one line that is fit for a terminal and a table.
std::string short_line(std::string_view text);

class RunProgress final : public Progress {
 public:
    RunProgress(RunQueue& queue, std::string run_id, std::size_t most_log_bytes, Clock& clock,
                Progress& watcher)
        : queue_(&queue),
          run_id_(std::move(run_id)),
          most_log_bytes_(most_log_bytes),
          clock_(&clock),
          watcher_(&watcher) {}

    /// What the run's program says.
    void line(std::string_view text) override;
    /// What the worker has to say, of one level.
    void say(std::string_view level, std::string_view text);
    /// Errors: Interrupted (somebody asked the run to end: was_cancelled()), Conflict (it is not ours any
    /// more), the watcher's, the store's.
    Result<void> pulse() override;
    /// Writes down what was not yet.
    Result<void> flush();

    bool was_cancelled() const { return was_cancelled_; }
    /// What the watcher stopped the run with, if it did.
    const std::optional<Error>& stopped_by() const { return stopped_by_; }
    /// The last line of the program that says something, shortened; empty = it said nothing.
    const std::string& last_words() const { return last_words_; }

 private:
    void keep(std::string_view level, std::string_view text);

    RunQueue* queue_;
    std::string run_id_;
    std::size_t most_log_bytes_;
    Clock* clock_;
    Progress* watcher_;
    std::vector<RunLogLine> pending_;
    std::size_t written_ = 0;  ///< lines
    std::size_t bytes_ = 0;
    bool is_cut_ = false;
    bool was_cancelled_ = false;
    std::optional<Error> stopped_by_;
    std::optional<Duration> last_beat_;
    std::string last_words_;
};

}  // namespace ringmaster::local_orchestrator
