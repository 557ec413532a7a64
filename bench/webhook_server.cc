// webhook_server SECRET OWNER/NAME: the service with work that does nothing, to measure intake alone. Prints
// its port and serves until its input ends.
#include <fmt/core.h>

#include <iostream>
#include <string>

#include "server/server.h"

namespace {
using namespace ringmaster;

class SystemClock final : public Clock {
 public:
    TimePoint now() override {
        return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    }
    Duration monotonic() override {
        return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
    }
    Result<void> sleep(Duration, Progress&) override { return {}; }
};

class NoEntropy final : public Entropy {
 public:
    std::string hex(std::size_t bytes) override { return std::string(2 * bytes, '0'); }
    std::uint64_t below(std::uint64_t) override { return 0; }
};

}  // namespace

int main(int argc, char** argv) {
    const auto repository = RepositoryName::parse(argc == 3 ? argv[2] : "");
    if (!repository) {
        fmt::print(stderr, "usage: webhook_server SECRET OWNER/NAME\n");
        return 2;
    }
    SystemClock clock;
    NoEntropy entropy;
    server::Metrics metrics;
    server::declare_metrics(metrics);
    const auto running =
        server::Server::start({.http = {.io_threads = 1, .handler_threads = 2},
                               .webhook = {.repository = *repository, .secret = argv[1]}},
                              {.clock = clock,
                               .entropy = entropy,
                               .work = [](const server::Ticket&) { return server::WorkOutcome::done(); },
                               .sweep = [](const server::EnqueueFromSweep&) -> Result<void> { return {}; },
                               .log = [](std::string_view) {}},
                              metrics);
    if (!running) {
        fmt::print(stderr, "{}\n", running.error().describe());
        return 1;
    }
    fmt::print("{}\n", (*running)->port());
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
    }
    return 0;
}
