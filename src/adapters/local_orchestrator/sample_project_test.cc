// examples/flows as a newcomer has it: each of its flows is found, and runs to its end by the entrypoint that
// it was found with. The machine's python3 need not have Prefect.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/local_orchestrator/worker_world_test.h"
#include "adapters/python_source/python_flow_finder.h"

namespace ringmaster::local_orchestrator {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class SampleProjectTest : public ::testing::Test, protected WorkerWorld {
 protected:
    void SetUp() override {
        std::filesystem::copy(RINGMASTER_SOURCE_DIR "/examples/flows", repository.path(),
                              std::filesystem::copy_options::recursive);
        python_source::PythonFlowFinder finder({});
        const auto found = finder.find({.root = repository.path("src")}, quiet);
        ASSERT_TRUE(found) << found.error().describe();
        EXPECT_THAT(found->problems, ::testing::IsEmpty());
        for (const auto& flow : found->flows) flows_[flow.name] = flow;
    }
    FlowRun run_flow(const std::string& name, std::map<std::string, std::string> parameters = {}) {
        const auto& flow = flows_.at(name);
        return run(fmt::format("src/{}:{}", flow.source_relative, flow.entrypoint_object.value_or("?")),
                   std::move(parameters), {.environment = {{"SHOP_NAME", "acme-dev"}, {"CURRENCY", "EUR"}}});
    }
    std::map<std::string, Flow> flows_;
};

TEST_F(SampleProjectTest, EachOfItsFlowsIsFoundAndRuns) {
    std::vector<std::string> names;
    for (const auto& [name, flow] : flows_) {
        names.push_back(name);
        EXPECT_TRUE(flow.is_static);
        const auto done = run_flow(name);
        EXPECT_EQ(done.state, RunState::Completed) << name << ": " << done.state_text;
    }
    EXPECT_THAT(names,
                ::testing::ElementsAre("check_orders", "hello_world", "import_orders", "weekly_report"));
}

TEST_F(SampleProjectTest, ItsFlowsDoWhatTheySay) {
    EXPECT_THAT(messages(run_flow("hello_world", {{"who", R"("ada")"}}).id),
                Contains("hello ada, from acme-dev"));
    EXPECT_THAT(messages(run_flow("import_orders", {{"customer", R"("grace")"}}).id),
                Contains("imported 2 orders"));
    EXPECT_THAT(messages(run_flow("weekly_report").id), Contains("grace: 247.00 EUR"));
    EXPECT_THAT(run_flow("check_orders", {{"strict", "true"}}).state_text,
                HasSubstr("ValueError: 1 of the orders cannot be right"));
    EXPECT_THAT(messages(run("program:sh jobs/clean_up.sh", {{"days", "7"}}).id),
                Contains("orders older than 7 days: 0"));
}

}  // namespace
}  // namespace ringmaster::local_orchestrator
