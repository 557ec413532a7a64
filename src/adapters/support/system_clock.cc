#include "adapters/support/system_clock.h"

#include <algorithm>
#include <thread>

namespace ringmaster::support {

// Often enough that a Ctrl-C feels immediate; the port asks for once a second.
constexpr auto kPulseInterval = std::chrono::milliseconds(200);

TimePoint SystemClock::now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Duration SystemClock::monotonic() {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Result<void> SystemClock::sleep(Duration length, Progress& progress) {
    const auto end = std::chrono::steady_clock::now() + length;
    for (;;) {
        TRY(progress.pulse());
        const auto now = std::chrono::steady_clock::now();
        if (now >= end) return {};
        std::this_thread::sleep_until(std::min(end, now + kPulseInterval));
    }
}

}  // namespace ringmaster::support
