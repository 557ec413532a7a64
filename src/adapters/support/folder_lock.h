#pragma once
// One worker at a time in a folder, among all processes of this machine: flock(2) on the folder itself. It
// ends with the process, however that ends, and the folder can be removed while it is held.

#include <string>

#include "adapters/support/file_descriptor.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/progress.h"

namespace ringmaster::support {

class FolderLock {
 public:
    /// Waits for another holder, pulsing, at most `patience`. `Make` creates the folder with its parents.
    /// Errors: TimedOut (still held by another), NotFound (no such folder), Unavailable, the pulse's own.
    enum class Missing { Make, Fail };
    static Result<FolderLock> take(const std::string& folder, Missing missing, Duration patience,
                                   Clock& clock, Progress& progress);

 private:
    explicit FolderLock(FileDescriptor folder) : folder_(std::move(folder)) {}
    FileDescriptor folder_;
};

}  // namespace ringmaster::support
