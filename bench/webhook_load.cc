// webhook_load PORT SECRET OWNER/NAME [SECONDS [CONNECTIONS [PAYLOAD_BYTES]]]: how many signed webhooks a
// running service takes in a second, and how long the slowest wait. Requests are signed and written out
// before the clock starts, so that the figures are the service's. Prints one line of "name value unit" each.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "server/webhook.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Plan {
    std::uint16_t port = 0;
    std::string secret;
    std::string repository;
    int seconds = 5;
    int connections = 8;
    std::size_t payload_bytes = 20'000;  // what GitHub sends for a pull request of an average repository
};

struct Tally {
    std::vector<double> milliseconds;
    int refused = 0;
};

// Few pull requests and many events, as it is in life: most deliveries coalesce.
constexpr int kPullRequests = 500;
constexpr std::size_t kRequestsAhead = 2000;  // a connection's; repeated with other delivery ids

std::string payload(const Plan& plan, int number) {
    nlohmann::json body = {{"action", "synchronize"},
                           {"number", number},
                           {"pull_request", {{"number", number}, {"state", "open"}}},
                           {"repository", {{"full_name", plan.repository}}},
                           {"sender", {{"login", "ada"}}}};
    for (int i = 0; body.dump().size() < plan.payload_bytes; i += 50)
        for (int j = i; j < i + 50; ++j)
            body["pull_request"][fmt::format("field_{}_url", j)] =
                fmt::format("https://api.example.org/repos/{}", j);
    return body.dump();
}

std::vector<std::string> written_out(const Plan& plan, int connection) {
    std::vector<std::string> requests;
    std::vector<std::string> bodies;
    for (int i = 0; i < 10; ++i)
        bodies.push_back(payload(plan, 1 + (connection * 61 + i * 7) % kPullRequests));
    for (std::size_t i = 0; i < kRequestsAhead; ++i) {
        const std::string& body = bodies[i % bodies.size()];
        requests.push_back(fmt::format(
            "POST /webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "User-Agent: GitHub-Hookshot/load\r\nX-GitHub-Event: pull_request\r\n"
            "X-GitHub-Delivery: {:08d}-{:04d}-load\r\nX-Hub-Signature-256: {}\r\n"
            "Content-Length: {}\r\n\r\n{}",
            i, connection, ringmaster::server::sign_webhook(plan.secret, body), body.size(), body));
    }
    return requests;
}

int connect_to(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fmt::print(stderr, "cannot connect to port {}\n", port);
        std::exit(1);
    }
    return descriptor;
}

/// The status of one answer, 0 when the other side closed. Answers are small: one read has them whole.
int exchange(int descriptor, const std::string& request) {
    for (std::size_t sent = 0; sent < request.size();) {
        const auto count = ::send(descriptor, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return 0;
        sent += static_cast<std::size_t>(count);
    }
    std::array<char, 4096> buffer;
    std::string answer;
    while (answer.find("}\n") == std::string::npos) {
        const auto count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (count <= 0) return 0;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return std::atoi(answer.c_str() + 9);
}

Tally run_connection(const Plan& plan, const std::vector<std::string>& requests, Clock::time_point end) {
    Tally tally;
    const int descriptor = connect_to(plan.port);
    for (std::size_t i = 0; Clock::now() < end; i = (i + 1) % requests.size()) {
        const auto began = Clock::now();
        const int status = exchange(descriptor, requests[i]);
        tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
        if (status != 202) ++tally.refused;
        if (status == 0) break;
    }
    ::close(descriptor);
    return tally;
}

Plan read_plan(int argc, char** argv) {
    if (argc < 4) {
        fmt::print(stderr,
                   "usage: webhook_load PORT SECRET OWNER/NAME [SECONDS [CONNECTIONS [PAYLOAD_BYTES]]]\n");
        std::exit(2);
    }
    Plan plan{
        .port = static_cast<std::uint16_t>(std::atoi(argv[1])), .secret = argv[2], .repository = argv[3]};
    if (argc > 4) plan.seconds = std::atoi(argv[4]);
    if (argc > 5) plan.connections = std::atoi(argv[5]);
    if (argc > 6) plan.payload_bytes = static_cast<std::size_t>(std::atol(argv[6]));
    return plan;
}

}  // namespace

int main(int argc, char** argv) {
    const Plan plan = read_plan(argc, argv);
    const auto connections = static_cast<std::size_t>(plan.connections);
    std::vector<std::vector<std::string>> requests;
    for (int i = 0; i < plan.connections; ++i) requests.push_back(written_out(plan, i));

    std::vector<Tally> tallies(connections);
    std::vector<std::thread> threads;
    const auto began = Clock::now();
    const auto end = began + std::chrono::seconds(plan.seconds);
    for (std::size_t i = 0; i < connections; ++i)
        threads.emplace_back([&, i] { tallies[i] = run_connection(plan, requests[i], end); });
    for (auto& thread : threads) thread.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();

    Tally all;
    for (const auto& tally : tallies) {
        all.milliseconds.insert(all.milliseconds.end(), tally.milliseconds.begin(), tally.milliseconds.end());
        all.refused += tally.refused;
    }
    std::ranges::sort(all.milliseconds);
    const auto quantile = [&](double part) {
        return all
            .milliseconds[static_cast<std::size_t>(part * static_cast<double>(all.milliseconds.size() - 1))];
    };
    fmt::print(
        "webhooks_per_second {:.0f} 1/s\nwebhook_p50 {:.2f} ms\nwebhook_p99 {:.2f} ms\nwebhook_max {:.2f} "
        "ms\n"
        "webhooks_refused {} of_{}\n",
        static_cast<double>(all.milliseconds.size()) / seconds, quantile(0.5), quantile(0.99), quantile(1),
        all.refused, all.milliseconds.size());
    return all.refused == 0 ? 0 : 1;
}
