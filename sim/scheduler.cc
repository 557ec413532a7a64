#include "sim/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "sim/random.h"

namespace ringmaster::sim {
namespace {

// The production code's deepest stack here is a few kilobytes (formatting of a comment); sanitizers need
// more.
constexpr std::size_t kStackBytes = 256 << 10;

}  // namespace

Scheduler::Scheduler(std::uint64_t seed, TimePoint start) : seed_(seed), now_(start), stacks_(kStackBytes) {}

void Scheduler::push(TimePoint when, FiberId fiber, std::uint32_t slot) {
    ++sequence_;
    const auto tie = static_cast<std::uint32_t>(mix(seed_, sequence_));
    queue_.push({std::max(when, now_), tie, sequence_, fiber, slot});
}

void Scheduler::at(TimePoint when, std::function<void()> what) {
    std::uint32_t slot = static_cast<std::uint32_t>(events_.size());
    if (free_events_.empty()) {
        events_.push_back(std::move(what));
    } else {
        slot = free_events_.back();
        free_events_.pop_back();
        events_[slot] = std::move(what);
    }
    push(when, kNoFiber, slot);
}

Scheduler::FiberId Scheduler::spawn(TimePoint when, std::function<void()> body) {
    const auto id = static_cast<FiberId>(fibers_.size());
    fibers_.push_back({.body = std::move(body)});
    push(when, id, 0);
    return id;
}

void Scheduler::wait_until(TimePoint when) {
    RM_ASSERT(current_ != kNoFiber, "only a fiber can wait");
    const FiberId id = current_;
    const auto waits = ++fibers_[static_cast<std::size_t>(id)].waits;
    push(when, id, waits);
    const StackSwitch to_the_scheduler(scheduler_stack_);
    scheduler_context_ = std::move(scheduler_context_).resume();
}

void Scheduler::wake(FiberId fiber) {
    const Fiber& it = fibers_[static_cast<std::size_t>(fiber)];
    if (it.is_live && fiber != current_) push(now_, fiber, it.waits);
}

void Scheduler::resume(FiberId id) {
    current_ = id;
    ++switches_;
    Fiber& fiber = fibers_[static_cast<std::size_t>(id)];
    if (!fiber.context) begin(fiber);
    // The vector may move while the fiber runs (it may spawn others): nothing of `fiber` is used across.
    boost::context::fiber context;
    {
        const StackSwitch to_the_fiber(fiber.stack);
        context = std::move(fiber.context).resume();
    }
    current_ = kNoFiber;
    Fiber& after = fibers_[static_cast<std::size_t>(id)];
    after.is_live = static_cast<bool>(context);
    after.context = std::move(context);
}

void Scheduler::begin(Fiber& fiber) {
    const boost::context::stack_context memory = stacks_.allocate();
    fiber.stack = {.bottom = static_cast<std::byte*>(memory.sp) - memory.size, .bytes = memory.size};
    fiber.context = boost::context::fiber(std::allocator_arg,
                                          boost::context::preallocated(memory.sp, memory.size, memory),
                                          stacks_, [this, body = std::move(fiber.body)](auto&& from) mutable {
                                              const FirstStackSwitch from_the_scheduler(scheduler_stack_);
                                              scheduler_context_ = std::move(from);
                                              body();
                                              return std::move(scheduler_context_);
                                          });
}

Scheduler::~Scheduler() {
    for (Fiber& fiber : fibers_) {
        if (!fiber.context) continue;
        const StackSwitch to_the_fiber(fiber.stack);
        fiber.context = {};
    }
}

bool Scheduler::run_next() {
    if (queue_.empty()) return false;
    const Event event = queue_.top();
    queue_.pop();
    now_ = event.when;
    if (event.fiber == kNoFiber) {
        const auto what = std::move(events_[event.slot]);
        events_[event.slot] = nullptr;
        free_events_.push_back(event.slot);
        what();
        return true;
    }
    const Fiber& fiber = fibers_[static_cast<std::size_t>(event.fiber)];
    const bool is_stale = !fiber.is_live || fiber.waits != event.slot;
    if (!is_stale) {
        if (fiber.waits != 0) ++fibers_[static_cast<std::size_t>(event.fiber)].waits;
        resume(event.fiber);
    }
    return true;
}

}  // namespace ringmaster::sim
