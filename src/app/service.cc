#include "app/service.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ringmaster::app {
namespace {

// The forge counts as reachable while two sweeps' worth of time has not gone by in silence.
Duration longest_silence(Duration sweep_interval) {
    return 2 * sweep_interval + std::chrono::seconds(30);
}

void declare_process_metrics(server::Metrics& metrics) {
    metrics.declare_gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
    metrics.declare_gauge("process_open_fds", "Number of open file descriptors.");
    metrics.declare_gauge("process_start_time_seconds", "Start time of the process, seconds since 1970.");
}

/// proc(5): the second number of statm is resident pages; fd has an entry for each open descriptor.
void collect_process(server::Metrics& metrics, TimePoint started_at) {
    std::ifstream statm("/proc/self/statm");
    double total_pages = 0, resident_pages = 0;
    if (statm >> total_pages >> resident_pages)
        metrics.set("process_resident_memory_bytes",
                    resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    std::error_code problem;
    const auto descriptors = std::filesystem::directory_iterator("/proc/self/fd", problem);
    // One of them is the listing's own.
    if (!problem)
        metrics.set("process_open_fds",
                    static_cast<double>(std::distance(begin(descriptors), end(descriptors)) - 1));
    metrics.set("process_start_time_seconds",
                std::chrono::duration<double>(started_at.time_since_epoch()).count());
}

server::ShowWorkOptions work_options(const ShowPolicy& policy) {
    const shows::ExpiryRule rule{.respect_ttl_labels = true, .older_than = policy.default_ttl};
    return {.expiry = rule, .sweep = {.expiry = rule}};
}

}  // namespace

Service::Service(shows::ShowService& shows, const ForgeTally& forge_tally, Duration sweep_interval, Log log)
    : shows_(shows),
      forge_tally_(forge_tally),
      sweep_interval_(sweep_interval),
      log_(std::move(log)),
      started_at_(shows.outside().clock.now()),
      work_(shows, work_options(shows.settings().policy), stop_, metrics_, log_),
      redirects_(
          shows.settings().repository, [this](int number) { return server::find_address(shows_, number); },
          shows.outside().clock) {
    server::declare_metrics(metrics_);
    server::declare_show_metrics(metrics_);
    declare_process_metrics(metrics_);
    ForgeTally::declare(metrics_);
}

Service::~Service() {
    stop();
}

Result<std::unique_ptr<Service>> Service::start(server::ServerOptions options, shows::ShowService& shows,
                                                const ForgeTally& forge_tally, Entropy& entropy, Log log) {
    std::unique_ptr<Service> service(new Service(shows, forge_tally, options.sweep_interval, std::move(log)));
    service->server_ =
        TRY(server::Server::start(std::move(options), service->parts(entropy), service->metrics_));
    service->url_ = service->server_->url();
    return service;
}

server::ServerParts Service::parts(Entropy& entropy) {
    return {.clock = shows_.outside().clock,
            .entropy = entropy,
            .work =
                [this](const server::Ticket& ticket) {
                    const auto outcome = work_.look(ticket);
                    ++looks_;
                    return outcome;
                },
            .sweep = [this](const server::EnqueueFromSweep& enqueue) { return work_.sweep(enqueue); },
            .readiness = {{"forge",
                           [this] { return work_.contact().is_recent(longest_silence(sweep_interval_)); }},
                          {"database",
                           [this]() -> Result<void> {
                               TRY(shows_.outside().history.recent(0, 1));
                               return {};
                           }}},
            .go = [this](const http_server::Request& request) { return redirects_.answer(request); },
            .collect =
                [this](server::Metrics& metrics) {
                    collect_process(metrics, started_at_);
                    forge_tally_.publish(metrics);
                },
            .log = log_};
}

void Service::stop() {
    stop_.raise();
    if (server_) server_->stop();
}

bool Service::is_idle() const {
    const auto depth = server_->depth();
    return depth.waiting + depth.in_work == 0;
}

}  // namespace ringmaster::app
