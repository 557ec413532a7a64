#include "local_forge/webhook_sender.h"

#include <curl/curl.h>

#include <algorithm>

#include "local_forge/webhook_request.h"

namespace ringmaster::local_forge {

WebhookSender::WebhookSender(ForgeStore& store, unsigned threads) : store_(store) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (unsigned i = 0; i < std::max(1U, threads); ++i) threads_.emplace_back([this] { work(); });
}

WebhookSender::~WebhookSender() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void WebhookSender::wake() {
    {
        const std::lock_guard lock(mutex_);
        ++wakes_;
    }
    changed_.notify_all();
}

// The store's lock is never waited for under ours: a change that causes an event holds the store's and calls
// wake().
std::optional<Delivery> WebhookSender::take() {
    for (;;) {
        const auto waiting = store_.hooks().next_waiting(busy_hooks());
        if (!waiting || !*waiting) return std::nullopt;
        const Id hook_id = (*waiting)->hook_id;
        if (!reserve(hook_id)) continue;
        // Another thread may have sent it, and given the hook back, since it was read.
        auto delivery = store_.hooks().find_delivery((*waiting)->id);
        if (delivery && *delivery && !(*delivery)->delivered_at) return std::move(*delivery);
        give_back(hook_id);
    }
}

std::vector<Id> WebhookSender::busy_hooks() {
    const std::lock_guard lock(mutex_);
    return busy_hooks_;
}

bool WebhookSender::reserve(Id hook_id) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(busy_hooks_, hook_id) != busy_hooks_.end()) return false;
    busy_hooks_.push_back(hook_id);
    return true;
}

void WebhookSender::give_back(Id hook_id) {
    {
        const std::lock_guard lock(mutex_);
        std::erase(busy_hooks_, hook_id);
        ++wakes_;
    }
    changed_.notify_all();
}

void WebhookSender::work() {
    std::uint64_t seen = 0;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || wakes_ != seen; });
            if (stopping_) return;
            seen = wakes_;
        }
        auto delivery = take();
        if (!delivery) continue;
        const auto hook = store_.hooks().find(delivery->hook_id);
        if (hook && *hook) send_webhook(**hook, *delivery);
        delivery->delivered_at = store_.now();
        // A record that cannot be written (a full disk) would be sent again and again: then the hook stays
        // taken, and rests until the next start.
        if (store_.hooks().finish(*delivery)) give_back(delivery->hook_id);
    }
}

bool WebhookSender::wait_until_idle(Duration at_most) {
    // Every delivery that ends wakes this, so it asks the store again after each; what is waited for is the
    // next.
    for (;;) {
        std::uint64_t seen = 0;
        bool busy = false;
        {
            const std::lock_guard lock(mutex_);
            seen = wakes_;
            busy = !busy_hooks_.empty();
        }
        const auto waiting = store_.hooks().next_waiting({});
        if (!busy && waiting && !*waiting) return true;
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, at_most, [&] { return stopping_ || wakes_ != seen; })) return false;
    }
}

}  // namespace ringmaster::local_forge
