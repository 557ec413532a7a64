#include "server/work_queue.h"

#include <algorithm>
#include <optional>

namespace ringmaster::server {
namespace {

// A worker that waits for a key's time looks at the clock again after this long at the latest: the clock is a
// port and may advance differently from the condition variable's own.
constexpr Duration kLongestNap = std::chrono::seconds(1);

}  // namespace

WorkQueue::WorkQueue(const QueueOptions& options, unsigned workers, Clock& clock, Entropy& entropy, Work work)
    : clock_(clock), work_(std::move(work)), capacity_(options.capacity), queue_(options, entropy) {
    for (unsigned i = 0; i < std::max(workers, 1u); ++i) workers_.emplace_back([this] { run(); });
}

WorkQueue::~WorkQueue() {
    stop();
}

Added WorkQueue::add(const std::string& key, Cause cause) {
    const std::lock_guard lock(mutex_);
    const Added added = queue_.add(key, cause, clock_.monotonic());
    if (added != Added::Full) changed_.notify_one();
    return added;
}

void WorkQueue::alert(const std::string& key) {
    const std::lock_guard lock(mutex_);
    queue_.alert(key);
}

void WorkQueue::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    for (auto& worker : workers_)
        if (worker.joinable()) worker.join();
}

WorkQueue::Depth WorkQueue::depth() const {
    const std::lock_guard lock(mutex_);
    return {.waiting = queue_.waiting(), .in_work = queue_.in_work(), .capacity = capacity_};
}

void WorkQueue::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const Duration now = clock_.monotonic();
        auto ticket = queue_.take(now);
        if (!ticket) {
            const auto due = queue_.next_due();
            if (due)
                changed_.wait_for(lock, std::clamp(*due - now, Duration(1), kLongestNap));
            else
                changed_.wait(lock);
            continue;
        }
        ticket->take_alert = [this, key = ticket->key] {
            const std::lock_guard guard(mutex_);
            return queue_.take_alert(key);
        };
        lock.unlock();
        const WorkOutcome outcome = work_(*ticket);
        lock.lock();
        queue_.done(ticket->key, outcome, clock_.monotonic());
        changed_.notify_one();
    }
}

}  // namespace ringmaster::server
