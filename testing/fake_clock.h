#pragma once
// Virtual time for tests: it stands still until someone advances it or sleeps. sleep() moves time itself, in
// steps of at most a second with a pulse after each, so that whatever waits through the Clock port runs at
// once and in order.

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "ports/clock.h"

namespace ringmaster::testing {

class FakeClock final : public Clock {
 public:
    /// 2026-01-05T12:00:00Z, unless said otherwise.
    static constexpr TimePoint kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} +
                                      std::chrono::hours(12)};

    explicit FakeClock(TimePoint start = kStart) : now_(start) {}

    TimePoint now() override {
        const std::lock_guard lock(mutex_);
        return now_;
    }
    Duration monotonic() override {
        const std::lock_guard lock(mutex_);
        return monotonic_;
    }
    Result<void> sleep(Duration length, Progress& progress) override {
        TRY(progress.pulse());
        for (Duration left = length; left > Duration::zero();) {
            const Duration step = std::min<Duration>(left, std::chrono::seconds(1));
            advance(step);
            left -= step;
            TRY(progress.pulse());
        }
        return {};
    }

    /// Time passes: both clocks move. Then `on_advance` is told.
    void advance(Duration length) {
        {
            const std::lock_guard lock(mutex_);
            now_ += length;
            monotonic_ += length;
        }
        if (on_advance) on_advance();
    }
    /// Somebody sets the wall clock, backwards if they like; the monotonic one does not notice.
    void set_now(TimePoint time) {
        const std::lock_guard lock(mutex_);
        now_ = time;
    }

    /// What else happens in the world while time passes; may be empty. Set it before other threads use the
    /// clock.
    std::function<void()> on_advance;

 private:
    std::mutex mutex_;
    TimePoint now_;
    Duration monotonic_{0};
};

}  // namespace ringmaster::testing
