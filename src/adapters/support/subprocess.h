#pragma once
// Child processes on Linux. Each run has a process group of its own, whose members do not outlive it, and
// only the descriptors and the environment it was given.

#include "ports/subprocess.h"

namespace ringmaster::support {

class PosixSubprocess final : public Subprocess {
 public:
    /// Once the child has ended, what it left behind in its group has a moment to finish its output and is
    /// then killed. The child is killed too if we are.
    Result<ProcessResult> run(const ProcessSpec& spec, Progress& progress) override;
};

}  // namespace ringmaster::support
