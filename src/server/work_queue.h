#pragma once
// The threads around KeyedQueue: a few workers that take a key, look at it, and say what came of it.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ports/clock.h"
#include "server/keyed_queue.h"

namespace ringmaster::server {

/// Looks at one key; any worker thread. Must not throw.
using Work = std::function<WorkOutcome(const Ticket& ticket)>;

class WorkQueue {
 public:
    struct Depth {
        std::size_t waiting = 0;
        std::size_t in_work = 0;
        std::size_t capacity = 0;
    };

    /// Starts `workers` threads. `clock` and `entropy` outlive the queue; entropy is used under its lock.
    WorkQueue(const QueueOptions& options, unsigned workers, Clock& clock, Entropy& entropy, Work work);
    /// stop(), if nobody did.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    Added add(const std::string& key, Cause cause);
    /// Work on this key that is under way learns by its ticket that it should look whether it is still
    /// wanted.
    void alert(const std::string& key);
    /// Takes no more keys and returns when what is in work has ended; how fast that is, is up to the work
    /// (it is told by other means). What waits is dropped: after the next start the sweep finds it.
    void stop();
    Depth depth() const;

 private:
    void run();

    Clock& clock_;
    Work work_;
    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    KeyedQueue queue_;
    bool is_stopping_ = false;
    std::vector<std::thread> workers_;
};

}  // namespace ringmaster::server
