// The contracts of orchestrators and runs on a real Prefect server, which wants a password and tokens against
// forgery, and has the work pools "proc-pool" and "ecs-pool".

#include "adapters/prefect/prefect_orchestrator.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/json_reader.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "testing/contracts/flow_runs_contract.h"
#include "testing/contracts/orchestrator_contract.h"
#include "tests/engines/prefect/test_server.h"

namespace ringmaster::testing {
namespace {

using support::json_quote;

/// The server as anybody's client sees it.
class Server {
 public:
    support::JsonReader post(const std::string& path, const std::string& body) {
        auto answer = client_.json({.method = "POST", .path = path, .body = body, .doing = path}, progress_);
        if (!answer) throw std::runtime_error(answer.error().describe());
        return std::move(*answer);
    }
    std::string flow(const std::string& name) {
        return *post("/flows/", fmt::format(R"({{"name":{}}})", json_quote(name))).string("id");
    }
    /// With its deployments.
    void remove_flow(const std::string& name) {
        (void)client_.send({.method = "DELETE", .path = "/flows/" + flow(name), .doing = "cleaning up"},
                           progress_);
    }

 private:
    support::CurlHttpClient http_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    prefect::PrefectClient client_{test_server(), http_, clock_, entropy_};
    NoProgress progress_;
};

class PrefectHarness {
 public:
    PrefectHarness() : flow_(fmt::format("check-{}", entropy_.hex(6))) {}
    ~PrefectHarness() {
        for (const char* suffix : {"", "-too"}) server_.remove_flow(flow_ + suffix);
    }
    PrefectHarness(const PrefectHarness&) = delete;
    PrefectHarness& operator=(const PrefectHarness&) = delete;

    Orchestrator& orchestrator() { return prefect_; }
    FlowRuns& runs() { return prefect_; }
    DeploymentSpec full(const std::string& name) {
        return {.flow_record = flow_,
                .name = flow_ + "--" + name,
                .entrypoint = "src/acme/hello.py:hello",
                .version = "main-abc1234",
                .description = "Says hello.",
                .tags = {"PROJECT_NAME=acme", "COMMIT_HASH=abc1234"},
                .work_pool = "ecs-pool",
                .work_queue = "urgent",
                .schedules = {{.cron = "0 6 * * *", .timezone = "Europe/Warsaw"}},
                .is_paused = true,
                .concurrency_limit = 3,
                .parameters = {{"n", "3"}},
                .parameter_schema = R"({"properties":{"n":{"default":3,"type":"integer"}},)"
                                    R"("title":"Parameters","type":"object"})",
                .image = "ghcr.io/acme/flows:main-abc1234",
                .environment = {{"A", "b"}},
                .job_variables = {{"cpu", "512"}, {"labels", R"({"team":"żółw"})"}},
                .code = CodeSource{"https://example.org/acme/flows.git", std::string(40, 'a')},
                .path = "/opt/acme"};
    }
    std::vector<std::string> fill(std::size_t count) {
        const auto id = server_.flow(flow_);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i) {
            names.push_back(fmt::format("{}--fill-{}", flow_, i));
            server_.post("/deployments/", fmt::format(R"({{"name":"{}","flow_id":"{}"}})", names.back(), id));
        }
        return names;
    }
    std::string deployment(const std::string& name) {
        auto spec = full(name);
        spec.is_paused = false;
        spec.schedules.clear();
        spec.concurrency_limit.reset();
        NoProgress progress;
        const auto id = prefect_.apply(spec, nullptr, progress);
        if (!id) throw std::runtime_error(id.error().describe());
        return *id;
    }
    /// No worker looks at ecs-pool; this is what one tells the server.
    void carry_out(const std::string& run_id) {
        const auto state = [&](const char* type) {
            server_.post(fmt::format("/flow_runs/{}/set_state", run_id),
                         fmt::format(R"({{"state":{{"type":"{}"}},"force":true}})", type));
        };
        state("RUNNING");
        for (const char* line : {"one", "two", "three"})
            server_.post("/logs/", fmt::format(R"([{{"name":"flow","level":20,"message":"{}",)"
                                               R"("timestamp":"{}","flow_run_id":"{}"}}])",
                                               line, format_iso8601(clock_.now()), run_id));
        state("COMPLETED");
    }

 private:
    support::CurlHttpClient http_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    std::string flow_;  ///< nobody else's
    Server server_;
    prefect::PrefectOrchestrator prefect_{test_server(), http_, clock_, entropy_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Prefect, OrchestratorContract, PrefectHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Prefect, FlowRunsContract, PrefectHarness);

class OnPrefect : public ::testing::Test {
 protected:
    support::CurlHttpClient http_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    prefect::PrefectOrchestrator prefect_{test_server(), http_, clock_, entropy_};
    NoProgress progress_;
};

TEST_F(OnPrefect, OnlyPoolsWhoseJobsRunInContainersAcceptAnImage) {
    EXPECT_FALSE((*prefect_.work_pool("proc-pool", progress_))->accepts_image);
    const auto ecs = *prefect_.work_pool("ecs-pool", progress_);
    EXPECT_TRUE(ecs->accepts_image);
    EXPECT_EQ(ecs->type, "ecs");
}

TEST_F(OnPrefect, AWrongPasswordIsUnauthorizedAndInNoMessage) {
    auto settings = test_server();
    settings.auth_string = "ada:not-the-password";
    prefect::PrefectOrchestrator stranger(settings, http_, clock_, entropy_);
    const auto listed = stranger.list(progress_);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(listed.error().describe(), ::testing::Not(::testing::HasSubstr("not-the-password")));
}

TEST_F(OnPrefect, AValueThatThePoolRefusesIsInvalidAndInNoMessage) {
    const DeploymentSpec spec{.flow_record = "check-refused",
                              .name = "check-refused--" + entropy_.hex(4),
                              .work_pool = "ecs-pool",
                              .job_variables = {{"cpu", "\"not-a-number\""}}};
    const auto applied = prefect_.apply(spec, nullptr, progress_);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(applied.error().message(), "Prefect does not accept cpu");
}

TEST_F(OnPrefect, TheServerTellsItsVersion) {
    EXPECT_EQ(prefect_.server_version(progress_).value(), "3.8.8");
}

}  // namespace
}  // namespace ringmaster::testing
