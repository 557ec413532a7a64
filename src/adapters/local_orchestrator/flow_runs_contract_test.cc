#include "testing/contracts/flow_runs_contract.h"

#include "adapters/local_orchestrator/worker_world_test.h"

namespace ringmaster::local_orchestrator {
namespace {

class RunsHarness {
 public:
    RunsHarness() {
        world_.repository.write("hello.py",
                                "def hello(n=1):\n    for word in ('one', 'two', 'three'): print(word)\n");
        commit_ = world_.repository.commit();
    }
    FlowRuns& runs() { return world_.local(); }
    std::string deployment(const std::string& name) {
        return world_.deploy(
            "hello.py:hello", *commit_,
            {.name = name, .parameter_schema = R"({"properties":{"n":{"type":"integer"}}})"});
    }
    void carry_out(const std::string& run_id) {
        const auto run = world_.worker().run(run_id, world_.quiet);
        EXPECT_TRUE(run) << run.error().describe();
    }

 private:
    WorkerWorld world_;
    std::optional<CommitSha> commit_;
};

}  // namespace
}  // namespace ringmaster::local_orchestrator

namespace ringmaster::testing {
INSTANTIATE_TYPED_TEST_SUITE_P(Local, FlowRunsContract, local_orchestrator::RunsHarness);
}  // namespace ringmaster::testing
