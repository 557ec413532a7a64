#include "server/server.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "server/problem.h"

namespace ringmaster::server {
namespace {

// A sweep that failed (the forge did not answer) is repeated after this, if that is sooner than the interval.
constexpr Duration kSweepAgainAfter = std::chrono::seconds(15);

double in_seconds(Duration length) {
    return std::chrono::duration<double>(length).count();
}

http_server::Response json_answer(int status, const nlohmann::ordered_json& document) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            .body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

http_server::Response method_not_allowed(std::string_view allowed) {
    auto response = problem(405, fmt::format("this address takes {} only", allowed));
    response.headers.emplace_back("Allow", std::string(allowed));
    return response;
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address == "localhost";
}

}  // namespace

void declare_metrics(Metrics& metrics) {
    metrics.declare_counter("ringmaster_webhooks_total",
                            "Webhook deliveries, by event and what became of them.");
    metrics.declare_counter("ringmaster_http_requests_total", "Requests answered, by route and status.");
    metrics.declare_gauge("ringmaster_queue_keys", "Pull requests that wait to be looked at or are in work.");
    metrics.declare_gauge("ringmaster_queue_capacity", "Most pull requests the queue takes.");
    metrics.declare_histogram("ringmaster_work_seconds", "How long a look at a pull request took.",
                              {0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600});
    metrics.declare_counter("ringmaster_work_total", "Looks at pull requests, by why and how they ended.");
    metrics.declare_counter("ringmaster_sweeps_total", "Looks at everything, by result.");
    metrics.declare_gauge("ringmaster_sweep_last_success_timestamp_seconds",
                          "When a sweep last went through, seconds since 1970.");
}

Result<void> check_exposure(const http_server::Options& http, std::string_view webhook_secret) {
    if (!webhook_secret.empty() || !http.unix_socket.empty() || is_loopback(http.address)) return {};
    return Fail(
        Error::invalid_input("{} can be reached from other machines, and there is no webhook secret: anyone "
                             "could make the service work",
                             http.address)
            .hint("set GITHUB_WEBHOOK_SECRET to the webhook's secret, or listen on 127.0.0.1"));
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, ServerParts parts, Metrics& metrics) {
    TRY(check_exposure(options.http, options.webhook.secret));
    std::unique_ptr<Server> server(new Server(std::move(options), std::move(parts), metrics));
    server->listener_ = TRY(http_server::Listener::start(
        server->options_.http, [raw = server.get()](const auto& request) { return raw->route(request); }));
    server->sweeper_ = std::thread([raw = server.get()] { raw->sweep_until_stopped(); });
    return server;
}

Server::Server(ServerOptions options, ServerParts parts, Metrics& metrics)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      metrics_(metrics),
      queue_(options_.queue, options_.workers, parts_.clock, parts_.entropy,
             [this](const Ticket& ticket) { return work_on(ticket); }),
      intake_(
          options_.webhook, parts_.clock,
          [this](const std::string& key) { return queue_.add(key, Cause::Event); },
          [this](const std::string& key) { queue_.alert(key); }) {}

Server::~Server() {
    stop();
}

void Server::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    listener_.reset();
    if (sweeper_.joinable()) sweeper_.join();
    queue_.stop();
}

http_server::Response Server::route(const http_server::Request& request) {
    std::string name = "unknown";
    http_server::Response response = answer(request, name);
    metrics_.count("ringmaster_http_requests_total",
                   {{"route", name}, {"status", std::to_string(response.status)}});
    return response;
}

http_server::Response Server::answer(const http_server::Request& request, std::string& route_name) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (request.path == "/webhooks" || request.path == "/") {
        route_name = "webhooks";
        return request.method == "POST" ? take_webhook(request) : method_not_allowed("POST");
    }
    if (parts_.go && request.path.starts_with("/go/")) {
        route_name = "go";
        return reads ? parts_.go(request) : method_not_allowed("GET");
    }
    if (request.path != "/healthz" && request.path != "/readyz" && request.path != "/metrics")
        return problem(
            404, fmt::format("there is nothing at {}; see /healthz, /readyz, /metrics, and POST /webhooks",
                             truncate_utf8(request.path, 200)));
    route_name = request.path.substr(1);
    if (!reads) return method_not_allowed("GET");
    if (request.path == "/healthz") return json_answer(200, {{"status", "ok"}});
    return request.path == "/readyz" ? readiness() : print_metrics();
}

http_server::Response Server::take_webhook(const http_server::Request& request) {
    WebhookAnswer answer = intake_.handle(request);
    metrics_.count("ringmaster_webhooks_total", {{"event", answer.event}, {"result", answer.result}});
    return std::move(answer.response);
}

http_server::Response Server::readiness() {
    auto checks = nlohmann::ordered_json::array();
    bool is_ready = true;
    const auto add = [&](const std::string& name, const Result<void>& held) {
        is_ready = is_ready && held;
        checks.push_back(
            {{"name", name}, {"ok", held.has_value()}, {"detail", held ? "" : held.error().describe()}});
    };
    const auto depth = queue_.depth();
    const bool full = depth.waiting + depth.in_work >= depth.capacity;
    add("queue", full ? Result<void>(Fail(
                            Error::unavailable("{} pull requests wait: the queue is full", depth.waiting)))
                      : Result<void>());
    for (const auto& check : parts_.readiness) add(check.name, check.holds());
    return json_answer(is_ready ? 200 : 503,
                       {{"status", is_ready ? "ready" : "not ready"}, {"checks", checks}});
}

http_server::Response Server::print_metrics() {
    const auto depth = queue_.depth();
    metrics_.set("ringmaster_queue_keys", static_cast<double>(depth.waiting), {{"state", "waiting"}});
    metrics_.set("ringmaster_queue_keys", static_cast<double>(depth.in_work), {{"state", "in_work"}});
    metrics_.set("ringmaster_queue_capacity", static_cast<double>(depth.capacity));
    if (parts_.collect) parts_.collect(metrics_);
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            .body = metrics_.render()};
}

WorkOutcome Server::work_on(const Ticket& ticket) {
    const Duration began = parts_.clock.monotonic();
    const WorkOutcome outcome = parts_.work(ticket);
    metrics_.observe("ringmaster_work_seconds", in_seconds(parts_.clock.monotonic() - began));
    return outcome;
}

void Server::sweep_until_stopped() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        lock.unlock();
        const bool succeeded = sweep_once();
        lock.lock();
        const Duration pause =
            succeeded ? options_.sweep_interval : std::min(options_.sweep_interval, kSweepAgainAfter);
        stopping_.wait_for(lock, pause, [this] { return is_stopping_; });
    }
}

bool Server::sweep_once() {
    const auto swept = parts_.sweep([this](const std::string& key) { queue_.add(key, Cause::Sweep); });
    metrics_.count("ringmaster_sweeps_total",
                   {{"result", swept ? "ok" : std::string(to_string(swept.error().kind()))}});
    if (swept)
        metrics_.set("ringmaster_sweep_last_success_timestamp_seconds",
                     in_seconds(parts_.clock.now().time_since_epoch()));
    else if (swept.error().kind() != ErrorKind::Interrupted)
        parts_.log(fmt::format("sweep: {}", swept.error().describe()));
    return swept.has_value();
}

}  // namespace ringmaster::server
