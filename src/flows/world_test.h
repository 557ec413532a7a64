#pragma once
// A small project for the tests of the flows half: a repository, an orchestrator and records in memory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flows/service.h"
#include "testing/fake_clock.h"
#include "testing/fake_flows.h"
#include "testing/fake_orchestrator.h"

namespace ringmaster::flows {

class FlowWorld {
 public:
    FlowWorld() {
        source.commit('a', {testing::FakeSource::flow("load"), testing::FakeSource::flow("report")});
    }

    Result<Made> plan(std::vector<std::string> flows = {"all"}, std::string environment = "dev") {
        return service.plan_deploy({.flows = std::move(flows), .environment = std::move(environment)}, quiet);
    }
    std::vector<Applied> deploy(std::vector<std::string> flows = {"all"}, std::string environment = "dev") {
        return apply(plan(std::move(flows), std::move(environment)));
    }
    Result<Made> plan_promotion(std::string to = "tst", std::vector<std::string> flows = {"load"}) {
        return service.plan_promotion({.flows = std::move(flows), .to = std::move(to)}, quiet);
    }
    std::vector<Applied> apply(const Result<Made>& made, ApplyOptions options = {.actor = "ann"}) {
        EXPECT_TRUE(made) << (made ? "" : made.error().describe());
        if (!made) return {};
        auto applied = service.apply(made->plan, options, quiet);
        EXPECT_TRUE(applied) << (applied ? "" : applied.error().describe());
        return applied.value_or(std::vector<Applied>());
    }
    /// A run of the flow there, to its end.
    void run(const std::string& flow, const std::string& environment, RunState state = RunState::Completed) {
        const auto* deployment = orchestrator.named(name_of(flow, environment));
        ASSERT_NE(deployment, nullptr) << flow << " in " << environment;
        const auto run = orchestrator.start({.deployment_id = deployment->id}, quiet);
        ASSERT_TRUE(run);
        orchestrator.begin(run->id);
        orchestrator.end(run->id, state);
        clock.advance(std::chrono::minutes(1));
    }
    static std::string name_of(const std::string& flow, const std::string& environment) {
        return DeploymentName::of("shop", "main", flow, environment).text();
    }
    const DeploymentSpec& spec(const std::string& flow, const std::string& environment) {
        static const DeploymentSpec none;
        const auto* deployment = orchestrator.named(name_of(flow, environment));
        EXPECT_NE(deployment, nullptr) << flow << " in " << environment;
        return deployment == nullptr ? none : deployment->spec;
    }
    std::vector<std::string> gates_of(const Result<Made>& made) {
        EXPECT_TRUE(made) << (made ? "" : made.error().describe());
        std::vector<std::string> names;
        if (made)
            for (const auto& objection : made->plan.objections()) names.push_back(objection.gate);
        return names;
    }

    NoProgress quiet;
    testing::FakeClock clock;
    testing::FakeSource source;
    testing::FakeOrchestrator orchestrator{clock};
    testing::FakeDeployRecords records;
    std::map<std::string, std::string> files;  ///< of the checkout that no commit holds
    FlowService service{
        Outside{
            .finder = source,
            .orchestrator = orchestrator,
            .runs = orchestrator,
            .source = source,
            .records = records,
            .clock = clock,
            .read_file = [this](const std::string& path) -> Result<std::string> {
                if (const auto found = files.find(path); found != files.end()) return found->second;
                return source.file_at(path);
            },
            .make_folder = [this]() -> Result<std::string> { return fmt::format("/tmp/{}", ++folders_made); },
            .remove_folder = [this](const std::string& folder) { source.folders.erase(folder); },
            .zone_offset = [](const std::string&, TimePoint) -> Result<Duration> {
                return Duration::zero();
            }},
        Settings{.project = "shop",
                 .environments = {"dev", "tst", "prod"},
                 .promote = {{"prod", {.from = "", .approvals = 1, .window = ""}}},
                 .settings_file = "flows.yaml",
                 .work_pool = "process-pool",
                 .package_version = "1.0"}};
    int folders_made = 0;
};

}  // namespace ringmaster::flows
