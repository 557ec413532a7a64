#include "testing/contracts/orchestrator_contract.h"

#include "adapters/local_orchestrator/local_orchestrator.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/temporary_folder.h"

namespace ringmaster::local_orchestrator {
namespace {

using ringmaster::testing::FakeClock;
using ringmaster::testing::FakeEntropy;
using ringmaster::testing::TemporaryFolder;

class Harness {
 public:
    Orchestrator& orchestrator() { return *local_; }
    DeploymentSpec full(const std::string& name) {
        return {.flow_record = "hello-world",
                .name = name,
                .entrypoint = "src/acme/hello.py:hello_world",
                .version = "main-abc1234",
                .description = "Says hello.",
                .tags = {"PROJECT_NAME=acme", "BRANCH_NAME=main", "COMMIT_HASH=abc1234"},
                .work_pool = "local",
                .work_queue = "slow",
                .schedules = {{.cron = "0 12 * * 1-5", .timezone = "Europe/Warsaw"}},
                .is_paused = true,
                .concurrency_limit = 2,
                .parameters = {{"n", "7"}, {"who", R"("world")"}},
                .parameter_schema = R"({"properties":{"n":{"type":"integer"}},"type":"object"})",
                .image = "registry/acme:abc1234",
                .environment = {{"A", "1"}, {"TOKEN", "two words"}},
                .job_variables = {{"cpu", "2"}},
                .code = CodeSource{"https://host/acme/orders", std::string(40, 'a')},
                .path = "flows"};
    }
    std::vector<std::string> fill(std::size_t count) {
        std::vector<std::string> names;
        NoProgress quiet;
        for (std::size_t i = 0; i < count; ++i) {
            names.push_back(fmt::format("acme--main--many-{}--dev", i));
            EXPECT_TRUE(local_->apply({.flow_record = "many", .name = names.back()}, nullptr, quiet));
        }
        return names;
    }

 private:
    TemporaryFolder folder_;
    FakeClock clock_;
    FakeEntropy entropy_;
    std::unique_ptr<LocalOrchestrator> local_ =
        LocalOrchestrator::open(folder_.path("flows.db"), clock_, entropy_).value();
};

}  // namespace
}  // namespace ringmaster::local_orchestrator

namespace ringmaster::testing {
INSTANTIATE_TYPED_TEST_SUITE_P(Local, OrchestratorContract, local_orchestrator::Harness);
}  // namespace ringmaster::testing
