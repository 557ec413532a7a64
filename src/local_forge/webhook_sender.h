#pragma once
// Sends the waiting deliveries, in order for each hook, from a few threads of its own. A failed one is
// recorded and not tried again: GitHub does not either (github-facts 2.9); whoever wants it asks for a
// redelivery.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "local_forge/store.h"

namespace ringmaster::local_forge {

class WebhookSender {
 public:
    WebhookSender(ForgeStore& store, unsigned threads);
    /// Lets running deliveries end (at most their timeout); the rest stays waiting in the database.
    ~WebhookSender();

    /// There may be something to send.
    void wake();
    /// Returns once nothing is waiting or being sent, or nothing moved for so long; whether it was the
    /// former. For tests and demos.
    bool wait_until_idle(Duration at_most);

 private:
    void work();
    /// The next delivery of a hook that no thread is sending to, and takes the hook.
    std::optional<Delivery> take();
    std::vector<Id> busy_hooks();
    bool reserve(Id hook_id);
    void give_back(Id hook_id);

    ForgeStore& store_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Id> busy_hooks_;
    std::uint64_t wakes_ = 1;  ///< from the start, for what an earlier run left waiting
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ringmaster::local_forge
