#pragma once
// The machine's clock.

#include "ports/clock.h"

namespace ringmaster::support {

class SystemClock final : public Clock {
 public:
    TimePoint now() override;
    Duration monotonic() override;
    Result<void> sleep(Duration length, Progress& progress) override;
};

}  // namespace ringmaster::support
