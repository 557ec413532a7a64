#pragma once
// Ctrl-C: once means stop cleanly (pulse() fails, so that work ends, what it began is removed and the claim
// is released); twice means at once. SIGTERM and SIGHUP count as Ctrl-C: that is how a job is cancelled.

#include "ports/progress.h"

namespace ringmaster::app {

class Interruption final : public Progress {
 public:
    /// Installs the signal handlers; once per process.
    Interruption();
    void line(std::string_view) override {}
    Result<void> pulse() override;
};

}  // namespace ringmaster::app
