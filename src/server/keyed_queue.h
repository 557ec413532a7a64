#pragma once
// The order of work on pull requests, without threads and without a clock: a bounded queue of keys ("look at
// owner/name#12") in which a key is worked on by one worker at a time, and any number of reasons to look at
// it are one look. The server puts threads around it (work_queue.h); the simulator uses it as it is.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "ports/entropy.h"

namespace ringmaster::server {

struct QueueOptions {
    /// Keys known at once, waiting or in work. Ten thousand open pull requests are the largest repositories
    /// we know of; a key costs about 200 bytes.
    std::size_t capacity = 10'000;
    /// Wait after the first failure; doubled for each further one.
    Duration first_backoff = std::chrono::seconds(2);
    Duration longest_backoff = std::chrono::minutes(5);
    /// After a failure or a "later", new events wait at least this long: our own label changes come back as
    /// events, and must not turn a failing pull request into a busy loop.
    Duration least_pause = std::chrono::seconds(2);
    /// A look that an event caused is repeated once after this long: the first read after a webhook can still
    /// be old (github-facts 10.20). Zero = not.
    Duration relook_after = std::chrono::seconds(10);
};

/// Why a key is looked at.
enum class Cause {
    Event,   ///< somebody did something; looked at once more later
    Sweep,   ///< in passing
    Retry,   ///< it failed, or was to be done later
    Relook,  ///< the second look after an event
};
std::string_view to_string(Cause cause);

enum class Added {
    Queued,
    Coalesced,  ///< it waits already, or is in work and will be looked at once more
    Full,       ///< not taken; the sweep will find it
};

/// What a look at a key came to.
struct WorkOutcome {
    enum class Kind {
        Done,    ///< nothing more to do
        Failed,  ///< to be tried again, with backoff
        Later,   ///< not now: again after `delay`
    };
    Kind kind = Kind::Done;
    Duration delay{0};

    static WorkOutcome done() { return {}; }
    static WorkOutcome failed() { return {.kind = Kind::Failed}; }
    static WorkOutcome later(Duration delay) { return {.kind = Kind::Later, .delay = delay}; }
};

struct Ticket {
    std::string key;
    Cause cause = Cause::Event;
    int failures = 0;  ///< in a row, so far
    /// Whether somebody has done, since the last time it was asked, what may make this work unwanted
    /// (WorkQueue::alert). Empty: nobody tells.
    std::function<bool()> take_alert;
};

class KeyedQueue {
 public:
    /// `entropy` outlives the queue; it spreads retries.
    KeyedQueue(QueueOptions options, Entropy& entropy) : options_(options), entropy_(entropy) {}

    /// `now` (here and below): the monotonic clock; never goes back.
    Added add(const std::string& key, Cause cause, Duration now);
    /// The next key whose time has come, first come first served; it is in work until done() is called.
    std::optional<Ticket> take(Duration now);
    /// What may make work on this key unwanted has happened; nothing, unless it is in work.
    void alert(const std::string& key);
    /// Whether alert() was called for this key in work, and forgets it.
    bool take_alert(const std::string& key);
    /// Ends the work that take() began. A key that was added meanwhile is queued again, at the end.
    void done(const std::string& key, WorkOutcome outcome, Duration now);

    /// When take() will next give something (the past included); nullopt: not before something is added or
    /// done.
    std::optional<Duration> next_due() const;
    std::size_t waiting() const { return order_.size(); }
    std::size_t in_work() const { return entries_.size() - order_.size(); }
    std::size_t size() const { return entries_.size(); }
    bool is_full() const { return entries_.size() >= options_.capacity; }

 private:
    using Place = std::pair<Duration, std::uint64_t>;  ///< when due, and in which order it came
    struct Entry {
        std::optional<Place> place;  ///< none while in work
        Cause cause = Cause::Event;
        bool wants_relook = false;   ///< a second look is owed: an event asked for the first
        std::optional<Cause> again;  ///< added while in work
        bool is_alerted = false;     ///< while in work
        int failures = 0;
        Duration not_before{0};  ///< new events do not bring it forward beyond this
    };
    void enqueue(const std::string& key, Entry& entry, Cause cause, Duration due);
    void bring_forward(const std::string& key, Entry& entry, Cause cause, Duration due);
    void after_success(const std::string& key, Entry& entry, Duration now);
    Duration backoff(int failures);

    QueueOptions options_;
    Entropy& entropy_;
    std::uint64_t arrivals_ = 0;
    std::map<std::string, Entry> entries_;
    std::set<std::pair<Place, std::string>> order_;
};

}  // namespace ringmaster::server
