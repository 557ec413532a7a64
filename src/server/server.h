#pragma once
// The service: webhooks in, a queue of pull requests to look at, a sweep that looks at everything at an
// interval (so a lost webhook costs minutes, not the environment), and routes for those who watch over it.
// What a look and a sweep do is handed in; shows are none of this file's business. docs/server.md.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "http_server/listener.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "server/metrics.h"
#include "server/webhook.h"
#include "server/work_queue.h"

namespace ringmaster::server {

struct ServerOptions {
    http_server::Options http;
    WebhookOptions webhook;
    QueueOptions queue;
    unsigned workers = 4;  ///< shows built and deployed at the same time
    Duration sweep_interval = std::chrono::minutes(2);
};

/// One thing that must hold for the service to be of use, asked for by /readyz. Must answer at once.
struct ReadinessCheck {
    std::string name;
    std::function<Result<void>()> holds;
};

/// Puts a key into the queue from within a sweep.
using EnqueueFromSweep = std::function<void(const std::string& key)>;

/// What the service does; all of it is called from several threads and none of it may throw.
struct ServerParts {
    Clock& clock;
    Entropy& entropy;
    Work work;
    /// One look at everything. Errors: it is repeated sooner than the interval.
    std::function<Result<void>(const EnqueueFromSweep& enqueue)> sweep;
    std::vector<ReadinessCheck> readiness;
    /// Answers GET under /go/ (redirect.h); may be empty.
    http_server::Handler go;
    /// Brings gauges up to date, right before they are printed; may be empty.
    std::function<void(Metrics&)> collect;
    /// One line about something that happened, for the log.
    std::function<void(std::string_view line)> log;
};

/// Refuses a service that strangers can reach and that would believe unsigned webhooks.
/// Errors: InvalidInput.
Result<void> check_exposure(const http_server::Options& http, std::string_view webhook_secret);

class Server {
 public:
    /// Listens, starts the workers, and sweeps at once. `metrics` outlives the server and has its families
    /// (declare_metrics). Errors: those of check_exposure and Listener::start.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, ServerParts parts, Metrics& metrics);
    /// stop(), if nobody did.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string url() const { return listener_->url(); }
    std::uint16_t port() const { return listener_->port(); }
    /// Takes no more work, waits for what is in work, closes the door. Tell the work to hurry before.
    void stop();
    /// Looks at one pull request as if a webhook had said so.
    Added enqueue(const std::string& key) { return queue_.add(key, Cause::Event); }
    WorkQueue::Depth depth() const { return queue_.depth(); }

 private:
    Server(ServerOptions options, ServerParts parts, Metrics& metrics);

    http_server::Response route(const http_server::Request& request);
    http_server::Response answer(const http_server::Request& request, std::string& route_name);
    http_server::Response take_webhook(const http_server::Request& request);
    http_server::Response readiness();
    http_server::Response print_metrics();
    WorkOutcome work_on(const Ticket& ticket);
    void sweep_until_stopped();
    bool sweep_once();

    ServerOptions options_;
    ServerParts parts_;
    Metrics& metrics_;
    WorkQueue queue_;
    WebhookIntake intake_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::thread sweeper_;
    std::unique_ptr<http_server::Listener> listener_;
};

/// The families that the server itself fills.
void declare_metrics(Metrics& metrics);

}  // namespace ringmaster::server
