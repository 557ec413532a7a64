#pragma once
#include "base/time.h"
#include "ports/progress.h"

namespace ringmaster {

/// The time, and waiting. The simulator's clock is virtual; everything that waits must do it here.
class Clock {
 public:
    virtual ~Clock() = default;
    /// Wall-clock time, UTC. May jump (people set clocks); see `monotonic` for lengths.
    virtual TimePoint now() = 0;
    /// Milliseconds since some start; never goes back.
    virtual Duration monotonic() = 0;
    /// Waits, calling `progress.pulse()` at least once a second. Errors: the pulse's own.
    virtual Result<void> sleep(Duration length, Progress& progress) = 0;
};

}  // namespace ringmaster
