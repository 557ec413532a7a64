#include "server/keyed_queue.h"

#include <algorithm>

#include "base/assert.h"

namespace ringmaster::server {

std::string_view to_string(Cause cause) {
    switch (cause) {
        case Cause::Event:
            return "event";
        case Cause::Sweep:
            return "sweep";
        case Cause::Retry:
            return "retry";
        case Cause::Relook:
            return "relook";
    }
    return "event";
}

Added KeyedQueue::add(const std::string& key, Cause cause, Duration now) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        if (is_full()) return Added::Full;
        Entry& entry = entries_[key];
        entry.wants_relook = cause == Cause::Event;
        enqueue(key, entry, cause, now);
        return Added::Queued;
    }
    Entry& entry = found->second;
    if (!entry.place) {
        if (!entry.again || cause == Cause::Event) entry.again = cause;
        return Added::Coalesced;
    }
    if (cause == Cause::Event) entry.wants_relook = true;
    bring_forward(key, entry, cause, std::max(now, entry.not_before));
    return Added::Coalesced;
}

std::optional<Ticket> KeyedQueue::take(Duration now) {
    if (order_.empty() || order_.begin()->first.first > now) return std::nullopt;
    const std::string key = order_.begin()->second;
    order_.erase(order_.begin());
    Entry& entry = entries_.at(key);
    entry.place.reset();
    entry.again.reset();
    entry.is_alerted = false;
    return Ticket{.key = key, .cause = entry.cause, .failures = entry.failures, .take_alert = {}};
}

void KeyedQueue::alert(const std::string& key) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && !found->second.place) found->second.is_alerted = true;
}

bool KeyedQueue::take_alert(const std::string& key) {
    const auto found = entries_.find(key);
    return found != entries_.end() && std::exchange(found->second.is_alerted, false);
}

void KeyedQueue::done(const std::string& key, WorkOutcome outcome, Duration now) {
    const auto found = entries_.find(key);
    RM_ASSERT(found != entries_.end() && !found->second.place, "only a key in work can be done");
    Entry& entry = found->second;
    if (outcome.kind == WorkOutcome::Kind::Done) return after_success(key, entry, now);

    if (entry.again == Cause::Event) entry.wants_relook = true;
    const bool failed = outcome.kind == WorkOutcome::Kind::Failed;
    if (failed) ++entry.failures;
    const Duration wait = failed ? backoff(entry.failures) : outcome.delay;
    entry.not_before = now + std::min(wait, options_.least_pause);
    // What came meanwhile need not wait for the whole backoff: it may be the cure.
    enqueue(key, entry, Cause::Retry, entry.again ? entry.not_before : now + wait);
}

void KeyedQueue::after_success(const std::string& key, Entry& entry, Duration now) {
    entry.failures = 0;
    entry.not_before = Duration{0};
    if (entry.again) {
        entry.wants_relook = entry.wants_relook || entry.again == Cause::Event;
        return enqueue(key, entry, *entry.again, now);
    }
    if (entry.wants_relook && options_.relook_after > Duration{0}) {
        entry.wants_relook = false;
        return enqueue(key, entry, Cause::Relook, now + options_.relook_after);
    }
    entries_.erase(key);
}

std::optional<Duration> KeyedQueue::next_due() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first.first;
}

void KeyedQueue::enqueue(const std::string& key, Entry& entry, Cause cause, Duration due) {
    entry.cause = cause;
    entry.place = Place{due, ++arrivals_};
    order_.emplace(*entry.place, key);
}

void KeyedQueue::bring_forward(const std::string& key, Entry& entry, Cause cause, Duration due) {
    if (entry.place->first <= due) return;
    order_.erase({*entry.place, key});
    enqueue(key, entry, cause, due);
}

Duration KeyedQueue::backoff(int failures) {
    Duration wait = options_.first_backoff;
    for (int i = 1; i < failures && wait < options_.longest_backoff; ++i) wait *= 2;
    wait = std::min(wait, options_.longest_backoff);
    // Half of it is fixed and half is drawn, so that what failed together does not come back together.
    const auto half = static_cast<std::uint64_t>(wait.count() / 2);
    return Duration(static_cast<std::int64_t>(wait.count() - half + entropy_.below(half + 1)));
}

}  // namespace ringmaster::server
