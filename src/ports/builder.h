#pragma once
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "domain/show.h"
#include "ports/progress.h"

namespace ringmaster {

struct BuildSpec {
    ShowId show;
    CommitSha commit;  ///< exactly this is built, whatever is checked out where we run
    Duration timeout = std::chrono::minutes(60);
    std::string branch;         ///< the pull request's
    bool is_from_fork = false;  ///< such builds get no secrets
};

/// What a runtime is given to run.
struct Artifact {
    std::string image;      ///< reference of an image; empty = none
    std::string directory;  ///< a folder with the built version; empty = none
    bool operator==(const Artifact&) const = default;
};

/// Turns a commit into something that can run.
class Builder {
 public:
    virtual ~Builder() = default;
    /// Builds, or adopts the finished artifact an earlier run of the same spec left. Output goes to
    /// `progress`. On an error, and when pulse() stops it, nothing of this attempt is left running and no
    /// half-made artifact is kept. Errors: Failed (the build said no; message has the exit code), TimedOut,
    /// NotFound (no such commit), the pulse's own.
    virtual Result<Artifact> build(const BuildSpec& spec, Progress& progress) = 0;
    /// Removes what build made for this show; nothing there is success.
    virtual Result<void> remove(const ShowId& show) = 0;
};

}  // namespace ringmaster
