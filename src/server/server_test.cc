#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "http_server/raw_client.h"

namespace ringmaster::server {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class SteadyClock final : public Clock {
 public:
    TimePoint now() override { return TimePoint(std::chrono::hours(500'000)); }
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

/// What the workers did, and a way to wait for it and to hold them.
class Diary {
 public:
    WorkOutcome work(const Ticket& ticket) {
        std::unique_lock lock(mutex_);
        began_.push_back(ticket.key);
        changed_.notify_all();
        changed_.wait(lock, [this] { return !held_; });
        return WorkOutcome::done();
    }
    void hold(bool held) {
        const std::lock_guard lock(mutex_);
        held_ = held;
        changed_.notify_all();
    }
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return began_.size() >= count; });
        return began_;
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> began_;
    bool held_ = false;
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

struct ServerTest : ::testing::Test {
    SteadyClock clock;
    NoEntropy entropy;
    Diary diary;
    Metrics metrics;
    std::atomic<int> sweeps{0};
    Result<void> forge = {};
    std::unique_ptr<Server> server;

    void SetUp() override { declare_metrics(metrics); }
    void start(ServerOptions options = {}) {
        options.webhook.repository = {"ada", "engine"};
        options.queue.relook_after = Duration{0};
        server = Server::start(options,
                               {.clock = clock,
                                .entropy = entropy,
                                .work = [this](const Ticket& ticket) { return diary.work(ticket); },
                                .sweep = [this](const EnqueueFromSweep& enqueue) -> Result<void> {
                                    if (sweeps++ == 0) enqueue("ada/engine#1");
                                    return {};
                                },
                                .readiness = {{"forge", [this] { return forge; }}},
                                .log = [](std::string_view) {}},
                               metrics)
                     .value();
    }
    Answer ask(const std::string& request) const {
        auto client = http_server::RawClient::tcp(server->port());
        client.write(request);
        const std::string all = client.read_answer();
        const auto split = all.find("\r\n\r\n");
        return {std::stoi(all.substr(9, 3)), all.substr(0, split), all.substr(split + 4)};
    }
    Answer get(const std::string& path) const {
        return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    Answer deliver(int number, const std::string& id, const std::string& path = "/webhooks") const {
        const std::string body =
            json{{"action", "opened"}, {"number", number}, {"repository", {{"full_name", "ada/engine"}}}}
                .dump();
        return ask("POST " + path +
                   " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n" +
                   "X-GitHub-Event: pull_request\r\nX-GitHub-Delivery: " + id +
                   "\r\nX-Hub-Signature-256: " + sign_webhook("", body) +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
};

TEST_F(ServerTest, SweepsAtOnceAndWorksOnWhatTheSweepFound) {
    start();
    EXPECT_THAT(diary.wait_for(1), ::testing::ElementsAre("ada/engine#1"));
}

TEST_F(ServerTest, AWebhookOnEitherAddressIsWorkedOn) {
    start();
    diary.wait_for(1);
    EXPECT_EQ(deliver(2, "d1").status, 202);
    EXPECT_EQ(deliver(3, "d2", "/").status, 202);
    EXPECT_THAT(diary.wait_for(3), ::testing::IsSupersetOf({"ada/engine#2", "ada/engine#3"}));
}

TEST_F(ServerTest, AFullQueueIs503WithRetryAfterAndNotReady) {
    diary.hold(true);
    start({.queue = {.capacity = 2}, .workers = 1});
    diary.wait_for(1);
    EXPECT_EQ(deliver(2, "d1").status, 202);
    const Answer full = deliver(3, "d2");
    EXPECT_EQ(full.status, 503);
    EXPECT_THAT(full.head, HasSubstr("Retry-After: 30"));
    EXPECT_EQ(get("/readyz").status, 503);
    diary.hold(false);
    diary.wait_for(2);
}

TEST_F(ServerTest, ReadinessNamesWhatIsWrong) {
    forge = Fail(Error::unavailable("the forge is away"));
    start();
    EXPECT_EQ(get("/healthz").status, 200);
    const Answer not_ready = get("/readyz");
    EXPECT_EQ(not_ready.status, 503);
    const json document = json::parse(not_ready.body);
    EXPECT_EQ(document["checks"][0], (json{{"name", "queue"}, {"ok", true}, {"detail", ""}}));
    EXPECT_EQ(document["checks"][1]["detail"], "the forge is away");
}

TEST_F(ServerTest, UnknownAddressesAndMethodsAreProblemDocuments) {
    start();
    const Answer unknown = get("/nothing");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.head, HasSubstr("application/problem+json"));
    EXPECT_EQ(get("/webhooks").status, 405);
    EXPECT_THAT(get("/").head, HasSubstr("Allow: POST"));
    EXPECT_EQ(ask("DELETE /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status, 405);
}

TEST_F(ServerTest, MetricsTellWhatHappened) {
    start();
    diary.wait_for(1);
    deliver(1, "d1");
    deliver(1, "d1");
    server->stop();
    const std::string text = metrics.render();
    EXPECT_THAT(text,
                HasSubstr("ringmaster_webhooks_total{event=\"pull_request\",result=\"duplicate\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ringmaster_http_requests_total{route=\"webhooks\",status=\"202\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("ringmaster_sweeps_total{result=\"ok\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE ringmaster_work_seconds histogram\n"));
}

TEST_F(ServerTest, StoppingWaitsForWorkThatRuns) {
    diary.hold(true);
    start();
    diary.wait_for(1);
    std::thread release([this] { diary.hold(false); });
    server->stop();
    release.join();
    EXPECT_EQ(server->depth().in_work, 0u);
}

TEST(CheckExposure, OtherMachinesNeedASecret) {
    for (const char* address : {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
        EXPECT_TRUE(check_exposure({.address = address}, "")) << address;
    for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1"}) {
        EXPECT_EQ(check_exposure({.address = address}, "").error().kind(), ErrorKind::InvalidInput)
            << address;
        EXPECT_TRUE(check_exposure({.address = address}, "s")) << address;
    }
}

TEST(MetricsTest, HistogramsCountIntoEveryBucketThatHoldsTheValue) {
    Metrics metrics;
    metrics.declare_histogram("h_seconds", "Help.", {0.1, 1});
    metrics.observe("h_seconds", 0.05);
    metrics.observe("h_seconds", 0.5);
    metrics.observe("h_seconds", 7);
    EXPECT_EQ(
        metrics.render(),
        "# HELP h_seconds Help.\n# TYPE h_seconds histogram\n"
        "h_seconds_bucket{le=\"0.1\"} 1\nh_seconds_bucket{le=\"1\"} 2\nh_seconds_bucket{le=\"+Inf\"} 3\n"
        "h_seconds_sum 7.55\nh_seconds_count 3\n");
}

TEST(MetricsTest, LabelValuesAreEscaped) {
    Metrics metrics;
    metrics.declare_counter("c_total", "Help.");
    metrics.count("c_total", {{"a", "x\"y\\\n"}});
    EXPECT_THAT(metrics.render(), HasSubstr("c_total{a=\"x\\\"y\\\\\\n\"} 1\n"));
}

}  // namespace
}  // namespace ringmaster::server
