#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/endpoint.h"
#include "domain/show.h"
#include "domain/show_command.h"
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

/// The services of one pull request, and how many others have something that starts or runs.
struct PullRequestServices {
    std::vector<Service> services;
    int others = 0;  ///< other pull requests of the repository; 0 if they were not asked for
};
enum class Others { Ignored, Counted };

/// Those of one pull request, picked out of a complete listing.
inline PullRequestServices pick_services(const std::vector<Service>& all, int pull_request_number) {
    PullRequestServices picked;
    std::vector<int> others;
    for (const auto& service : all) {
        if (service.show.pull_request_number == pull_request_number)
            picked.services.push_back(service);
        else if (service.state == ServiceState::Starting || service.state == ServiceState::Running)
            others.push_back(service.show.pull_request_number);
    }
    std::ranges::sort(others);
    const auto repeated = std::ranges::unique(others);
    picked.others = static_cast<int>(repeated.begin() - others.begin());
    return picked;
}

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
    /// The same of one pull request, complete, for less where the engine can. `others` may be half a minute
    /// old, and counts what is being started and what cannot be told from it.
    virtual Result<PullRequestServices> list_of(int pull_request_number, Others others) = 0;
    /// Returns when the engine confirms that it is gone; one that is not there is success.
    /// Errors: TimedOut, Unavailable, Unauthorized, the pulse's own: it may still be there.
    virtual Result<void> remove(const ShowId& show, Progress& progress) = 0;
    /// Lines of its output, oldest first, to `progress.line`: the last `tail_lines` of those since `since`,
    /// as the engine saw them come (its clock). With follow: until pulse() stops it or the show
    /// ends. Errors: NotFound, Unavailable, the pulse's own.
    virtual Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) = 0;
    /// Runs a command in a show that runs, with its files and its variables, and returns when it has ended
    /// with exit code 0; its output goes to `progress.line`. Errors: NotFound (no such show, or it does not
    /// run), Failed (another exit code), TimedOut, Unavailable, InvalidInput (this engine cannot do it), the
    /// pulse's own. After the last three it may still be running.
    virtual Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) = 0;
};

}  // namespace ringmaster
