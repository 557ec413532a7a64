// What the contracts of orchestrators and runs (testing/contracts) do not say, or say only of some.

#include "adapters/local_orchestrator/local_orchestrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/local_orchestrator/worker_world_test.h"
#include "testing/fake_clock.h"

namespace ringmaster::local_orchestrator {
namespace {

using namespace std::chrono_literals;

class LocalOrchestratorTest : public ::testing::Test {
 protected:
    std::string deploy(DeploymentSpec spec = {}) {
        if (!commit_) commit_ = world_.repository.commit();
        return world_.deploy("program: true", *commit_, std::move(spec));
    }
    ErrorKind refusal(const DeploymentSpec& spec) {
        const auto id = world_.local().apply(spec, nullptr, world_.quiet);
        if (!id) return id.error().kind();
        const auto run = world_.local().start({.deployment_id = *id}, world_.quiet);
        EXPECT_FALSE(run) << "it was started";
        return run ? ErrorKind::Corrupt : run.error().kind();
    }

    ringmaster::testing::FakeClock clock_;
    WorkerWorld world_{clock_};
    std::optional<CommitSha> commit_;
};

TEST_F(LocalOrchestratorTest, TheFileIsOnlyItsOwnersToRead) {
    struct stat details{};
    ASSERT_EQ(::stat(world_.folder.path("flows.db").c_str(), &details), 0);
    EXPECT_EQ(details.st_mode & 0777, 0600U);
}

TEST_F(LocalOrchestratorTest, WhatWasKeptIsThereAfterARestart) {
    const auto id = deploy({.environment = {{"A", "1"}}});
    const auto run = world_.start(id);
    const auto again =
        LocalOrchestrator::open(world_.folder.path("flows.db"), clock_, world_.entropy).value();
    EXPECT_EQ(again->list(world_.quiet)->at(0).spec, world_.local().list(world_.quiet)->at(0).spec);
    EXPECT_EQ(again->latest({id}, world_.quiet)->at(id).id, run.id);
}

TEST_F(LocalOrchestratorTest, ApplyingWhatIsThereAlreadyChangesNothing) {
    deploy();
    const auto before = world_.local().list(world_.quiet)->at(0);
    clock_.advance(1h);
    deploy();
    EXPECT_EQ(world_.local().list(world_.quiet)->at(0).updated_at, before.updated_at);
    deploy({.description = "new"});
    const auto after = world_.local().list(world_.quiet)->at(0);
    EXPECT_EQ(*after.updated_at, *before.updated_at + 1h);
    EXPECT_EQ(after.created_at, before.created_at);
    EXPECT_EQ(after.updated_text, "2026-01-05T13:00:00Z");
}

TEST_F(LocalOrchestratorTest, ThereIsOnePoolAndNoneNamedIsIt) {
    for (const auto* name : {"", "local"}) {
        const auto pool = *world_.local().work_pool(name, world_.quiet);
        ASSERT_TRUE(pool);
        EXPECT_EQ(pool->name, "local");
        EXPECT_EQ(pool->type, "process");
        EXPECT_FALSE(pool->accepts_image);
    }
}

TEST_F(LocalOrchestratorTest, WhatCannotBeRunIsNotStarted) {
    const DeploymentSpec imaged{
        .flow_record = "f", .name = "imaged", .entrypoint = "f.py:f", .image = "acme:1"};
    EXPECT_EQ(refusal(imaged), ErrorKind::InvalidInput);
    const DeploymentSpec outside{.flow_record = "f",
                                 .name = "outside",
                                 .entrypoint = "f.py:f",
                                 .code = CodeSource{"", std::string(40, 'a')},
                                 .path = "/opt/flows"};
    EXPECT_EQ(refusal(outside), ErrorKind::InvalidInput);
    auto tagged = imaged;
    tagged.name = "tagged";
    tagged.tags = {"COMMIT_HASH=abc1234"};
    EXPECT_TRUE(world_.local().start({.deployment_id = *world_.local().apply(tagged, nullptr, world_.quiet)},
                                     world_.quiet))
        << "its tags say the commit";
}

TEST_F(LocalOrchestratorTest, ParametersMayBeOfAnyOfTheirTypes) {
    const auto id = deploy({.parameter_schema = R"({"properties":{
        "a":{"anyOf":[{"type":"integer"},{"type":"null"}]}, "b":{"type":"array","items":{"type":"string"}},
        "c":{"title":"c"}, "d":{"type":"number"}, "e":{"type":"boolean"}, "f":{"type":"object"}},
        "required":["c"]})"});
    const auto start = [&](const std::string& name, const std::string& value) {
        std::map<std::string, std::string> parameters{{"c", "1"}};
        parameters[name] = value;
        const auto run = world_.local().start({.deployment_id = id, .parameters = parameters}, world_.quiet);
        return run ? "started" : run.error().message();
    };
    for (const auto& [name, value] : {std::pair{"a", "1"},
                                      {"a", "null"},
                                      {"b", "[]"},
                                      {"b", R"(["x"])"},
                                      {"c", "[1]"},
                                      {"d", "1"},
                                      {"d", "1.5"},
                                      {"e", "false"},
                                      {"f", "{}"},
                                      {"other", "1"}})
        EXPECT_EQ(start(name, value), "started") << name << value;
    EXPECT_EQ(start("a", "1.5"),
              "the parameter \"a\" does not fit the flow: it should be of type integer or null");
    for (const auto& [name, value] :
         {std::pair{"b", "[1]"}, {"b", "1"}, {"d", "true"}, {"e", "0"}, {"f", "[]"}})
        EXPECT_THAT(start(name, value), ::testing::HasSubstr("does not fit the flow")) << name << value;
    EXPECT_EQ(start("a", "{oops"), "the parameter \"a\" is not JSON");
    EXPECT_THAT(start("c", "\"" + std::string(101 << 10, 'x') + "\""),
                ::testing::HasSubstr("longer than 100 KiB"));
    const auto none = world_.local().start({.deployment_id = id}, world_.quiet);
    EXPECT_EQ(none.error().message(), "the parameter \"c\" is missing");
}

TEST_F(LocalOrchestratorTest, RemovingADeploymentRemovesItsRunsButForThoseUnderWay) {
    const auto id = deploy();
    const auto ended = world_.start(id), running = world_.start(id), waiting = world_.start(id);
    RunQueue queue(world_.local().store(), "", "worker");
    ASSERT_TRUE(*queue.take_next(world_.quiet));
    ASSERT_TRUE(queue.end(ended.id, RunState::Completed, ""));
    ASSERT_TRUE(*queue.take_next(world_.quiet));
    ASSERT_TRUE(world_.local().remove(id, world_.quiet));
    FlowRuns& runs = world_.local();
    for (const auto& run : {ended, waiting})
        EXPECT_EQ(runs.find(run.id, world_.quiet).error().kind(), ErrorKind::NotFound);
    EXPECT_EQ(world_.look(running.id).state, RunState::Pending);
    EXPECT_TRUE(queue.end(running.id, RunState::Completed, ""));
}

}  // namespace
}  // namespace ringmaster::local_orchestrator
