#pragma once
// Virtual time. Blocking production code runs on fibers; waiting means giving the processor to whatever is
// due next. Nothing runs at the same time as anything else, and the order follows from the seed alone: things
// due at the same millisecond come in an order that is drawn.

#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "base/time.h"
#include "sim/stack_switch.h"

namespace ringmaster::sim {

class Scheduler {
 public:
    using FiberId = int;
    static constexpr FiberId kNoFiber = -1;

    Scheduler(std::uint64_t seed, TimePoint start);
    /// Ends the fibers that still wait, each by an exception out of its wait.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    TimePoint now() const { return now_; }
    /// Something that happens in the world at that time, on nobody's fiber: it must not wait.
    void at(TimePoint when, std::function<void()> what);
    /// `body` must not let an exception out. Returns the fiber's id, which is never used twice.
    FiberId spawn(TimePoint when, std::function<void()> body);
    /// From inside a fiber: comes back at that time, or earlier when somebody wakes it.
    void wait_until(TimePoint when);
    /// Makes a waiting fiber continue now. One that does not wait any more is left alone.
    void wake(FiberId fiber);
    /// The fiber that runs now; kNoFiber between fibers.
    FiberId current() const { return current_; }
    bool is_finished(FiberId fiber) const { return !fibers_[static_cast<std::size_t>(fiber)].is_live; }

    /// Runs what is due next; false: nothing ever will be.
    bool run_next();
    /// When that is.
    TimePoint next_due() const { return queue_.empty() ? TimePoint::max() : queue_.top().when; }
    std::uint64_t switches() const { return switches_; }

 private:
    struct Event {
        TimePoint when;
        std::uint32_t tie;
        std::uint32_t sequence;
        std::int32_t fiber;                         ///< kNoFiber: `slot` is of events_
        std::uint32_t slot;                         ///< of a fiber: how often it had waited before
        bool operator<(const Event& other) const {  // the queue gives the greatest first
            if (when != other.when) return when > other.when;
            return tie != other.tie ? tie > other.tie : sequence > other.sequence;
        }
    };
    struct Fiber {
        boost::context::fiber context;
        StackSpan stack;
        std::function<void()> body;
        std::uint32_t waits = 0;
        bool is_live = true;
    };
    void push(TimePoint when, FiberId fiber, std::uint32_t slot);
    void resume(FiberId fiber);
    void begin(Fiber& fiber);

    std::uint64_t seed_;
    TimePoint now_;
    std::uint32_t sequence_ = 0;
    std::uint64_t switches_ = 0;
    std::priority_queue<Event> queue_;
    std::vector<std::function<void()>> events_;
    std::vector<std::uint32_t> free_events_;
    std::vector<Fiber> fibers_;
    FiberId current_ = kNoFiber;
    boost::context::fiber scheduler_context_;
    StackSpan scheduler_stack_;
    boost::context::pooled_fixedsize_stack stacks_;
};

}  // namespace ringmaster::sim
