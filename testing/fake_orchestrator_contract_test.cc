// The fake keeps the orchestrators' contracts, so that what is tested on it holds on the real ones.

#include "testing/contracts/flow_runs_contract.h"
#include "testing/contracts/orchestrator_contract.h"
#include "testing/fake_clock.h"
#include "testing/fake_orchestrator.h"

namespace ringmaster::testing {
namespace {

class FakeHarness {
 public:
    Orchestrator& orchestrator() { return fake_; }
    FlowRuns& runs() { return fake_; }
    DeploymentSpec full(const std::string& name) {
        return {.flow_record = "hello",
                .name = name,
                .entrypoint = "src/acme/hello.py:hello",
                .version = "main-abc1234",
                .description = "Says hello.",
                .tags = {"PROJECT_NAME=acme"},
                .work_pool = "image-pool",
                .work_queue = "urgent",
                .schedules = {{.cron = "0 6 * * *", .timezone = "Europe/Warsaw"}},
                .is_paused = true,
                .concurrency_limit = 3,
                .parameters = {{"n", "3"}},
                .parameter_schema = R"({"properties":{"n":{"type":"integer"}},"type":"object"})",
                .image = "ghcr.io/acme/flows:main-abc1234",
                .environment = {{"A", "b"}},
                .job_variables = {{"cpu", "512"}},
                .code = CodeSource{"https://example.org/acme/flows.git", std::string(40, 'a')},
                .path = "/opt/acme"};
    }
    std::vector<std::string> fill(std::size_t count) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i) {
            names.push_back(fmt::format("fill-{}", i));
            fake_.add(full(names.back()));
        }
        return names;
    }
    std::string deployment(const std::string& name) { return fake_.add(full(name)); }
    void carry_out(const std::string& run_id) {
        fake_.begin(run_id);
        for (const char* line : {"one", "two", "three"}) fake_.write_log(run_id, line);
        fake_.end(run_id);
    }

 private:
    FakeClock clock_;
    FakeOrchestrator fake_{clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, OrchestratorContract, FakeHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, FlowRunsContract, FakeHarness);

class FakeOrchestratorFaults : public ::testing::Test {
 protected:
    const DeploymentSpec spec_{.flow_record = "hello", .name = "acme--main--hello--dev"};
    FakeClock clock_;
    FakeOrchestrator fake_{clock_};
    NoProgress progress_;
};

TEST_F(FakeOrchestratorFaults, AFailureBeforeTheEffectLeavesNothing) {
    fake_.fail_next("apply", Error::unavailable("no answer"));
    EXPECT_EQ(fake_.apply(spec_, nullptr, progress_).error().kind(), ErrorKind::Unavailable);
    EXPECT_EQ(fake_.size(), 0U);
    EXPECT_TRUE(fake_.apply(spec_, nullptr, progress_)) << "it fails once";
}

TEST_F(FakeOrchestratorFaults, AFailureAfterTheEffectHidesWhatHappened) {
    fake_.fail_next("apply", Error::timed_out("no answer in time"), FakeOrchestrator::Moment::After);
    EXPECT_EQ(fake_.apply(spec_, nullptr, progress_).error().kind(), ErrorKind::TimedOut);
    ASSERT_NE(fake_.named(spec_.name), nullptr);
    EXPECT_EQ(fake_.named(spec_.name)->spec, spec_);
}

TEST_F(FakeOrchestratorFaults, CallsAreCountedAndLogged) {
    const auto id = *fake_.apply(spec_, nullptr, progress_);
    Orchestrator& orchestrator = fake_;
    ASSERT_TRUE(orchestrator.find({spec_.name, "other"}, progress_));
    ASSERT_TRUE(fake_.start({.deployment_id = id}, progress_));
    EXPECT_THAT(fake_.log, ::testing::ElementsAre("apply acme--main--hello--dev",
                                                  "find acme--main--hello--dev,other", "start " + id));
    EXPECT_EQ(fake_.calls["apply"], 1);
}

}  // namespace
}  // namespace ringmaster::testing
