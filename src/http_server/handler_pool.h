#pragma once
// The threads that handlers run on: a bounded queue, so that a burst is refused at the door instead of eating
// memory.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ringmaster::http_server {

class HandlerPool {
 public:
    HandlerPool(unsigned threads, std::size_t max_queued);
    /// As finish().
    ~HandlerPool();

    /// False when the queue is full or the pool is finished; then nothing was kept.
    bool submit(std::function<void()> job);
    /// Runs what is queued, then ends the threads.
    void finish();

 private:
    void work();

    const std::size_t max_queued_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    bool finished_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ringmaster::http_server
