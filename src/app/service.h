#pragma once
// The running service: server/ with the shows' half behind it. `ringmaster serve` and the demo start the same
// one.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/forge_tally.h"
#include "ports/entropy.h"
#include "server/metrics.h"
#include "server/redirect.h"
#include "server/server.h"
#include "server/show_work.h"
#include "shows/service.h"

namespace ringmaster::app {

class Service {
 public:
    using Log = std::function<void(std::string_view line)>;
    /// `forge_tally`: requests to the forge, for /metrics. Everything outlives the service. Errors: those of
    /// server::Server::start.
    static Result<std::unique_ptr<Service>> start(server::ServerOptions options, shows::ShowService& shows,
                                                  const ForgeTally& forge_tally, Entropy& entropy, Log log);
    /// stop(), if nobody did.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    std::string url() const { return url_; }
    /// Tells running work to end (builds are stopped, claims released), waits for it, closes the door.
    void stop();
    /// Looks at pull requests that have ended so far, and whether nothing waits or runs right now.
    int looks() const { return looks_; }
    bool is_idle() const;

 private:
    Service(shows::ShowService& shows, const ForgeTally& forge_tally, Duration sweep_interval, Log log);
    server::ServerParts parts(Entropy& entropy);

    shows::ShowService& shows_;
    const ForgeTally& forge_tally_;
    Duration sweep_interval_;
    Log log_;
    TimePoint started_at_;
    server::StopSignal stop_;
    server::Metrics metrics_;
    server::ShowWork work_;
    server::Redirects redirects_;
    std::atomic<int> looks_{0};
    std::string url_;
    std::unique_ptr<server::Server> server_;
};

}  // namespace ringmaster::app
