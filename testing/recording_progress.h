#pragma once
// A Progress that remembers what it heard and can be told when to stop.

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ports/progress.h"

namespace ringmaster::testing {

class RecordingProgress final : public Progress {
 public:
    void line(std::string_view text) override {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(text);
    }
    /// Interrupted once the stop condition holds.
    Result<void> pulse() override {
        int count = 0;
        {
            const std::lock_guard lock(mutex_);
            count = ++pulses_;
        }
        if (on_pulse_) on_pulse_(count);
        if (stop_when_ && stop_when_(lines())) return Fail(Error::interrupted("stopped by the test"));
        return {};
    }

    /// Both are called from within pulse(). Set them before the operation begins.
    void stop_when(std::function<bool(const std::vector<std::string>&)> condition) {
        stop_when_ = std::move(condition);
    }
    void on_pulse(std::function<void(int count)> action) { on_pulse_ = std::move(action); }

    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    int pulses() const {
        const std::lock_guard lock(mutex_);
        return pulses_;
    }

 private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    int pulses_ = 0;
    std::function<bool(const std::vector<std::string>&)> stop_when_;
    std::function<void(int)> on_pulse_;
};

}  // namespace ringmaster::testing
