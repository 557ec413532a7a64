#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/endpoint.h"
#include "domain/show.h"
#include "ports/builder.h"
#include "ports/progress.h"

namespace ringmaster {

struct ShowSpec {
    ShowId show;
    CommitSha commit;
    Artifact artifact;
    std::string requested_by;
    TimePoint created_at;
    std::optional<TimePoint> expires_at;  ///< nullopt: with the pull request
    std::map<std::string, std::string>
        environment;  ///< what the pull request asks for (feature flags), on top of the configured one
    bool is_from_fork = false;  ///< unapproved or not: forks get no secrets
};

enum class ServiceState { Starting, Running, Exited, Removing };

/// A show as the engine has it.
struct Service {
    ShowId show;
    std::string name;  ///< what the engine calls it
    ServiceState state = ServiceState::Starting;
    std::optional<Endpoint> endpoint;
    TimePoint created_at;
    std::optional<TimePoint> expires_at;
    std::string detail;  ///< why it is in this state, for people ("exit 3 after 2 s"); may be empty
};

struct LogOptions {
    bool follow = false;
    int tail_lines = 200;                           ///< -1 = everything
    std::optional<TimePoint> since = std::nullopt;  ///< only what was written then or later; nullopt = all
};

/// Runs shows. Every resource carries our ownership tags (repository, pull request, sha, created, expires);
/// what has not all of them, or another repository's, does not exist for this port.
class Runtime {
 public:
    virtual ~Runtime() = default;
    /// A word for people and records: "process", "docker", …
    virtual std::string_view engine() const = 0;
    /// Starts the show, or adopts it if it runs already with the same artifact; returns when its address is
    /// known. Whether it answers is for the caller to find out. On an error nothing of it is left. Errors:
    /// Failed (did not start), TimedOut, Unavailable (engine), Unauthorized, the pulse's own.
    virtual Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) = 0;
    /// nullopt: there is none.
    virtual Result<std::optional<Service>> find(const ShowId& show) = 0;
    /// All shows of our repository, complete: a partial listing is an error, never a shorter list.
    virtual Result<std::vector<Service>> list_managed() = 0;
    /// Returns when the engine confirms that it is gone; one that is not there is success.
    /// Errors: TimedOut, Unavailable, Unauthorized, the pulse's own: it may still be there.
    virtual Result<void> remove(const ShowId& show, Progress& progress) = 0;
    /// Lines of its output, oldest first, to `progress.line`: the last `tail_lines` of those since `since`,
    /// as the engine saw them come (its clock). With follow: until pulse() stops it or the show
    /// ends. Errors: NotFound, Unavailable, the pulse's own.
    virtual Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) = 0;
};

}  // namespace ringmaster
