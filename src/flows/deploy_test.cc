// Deploys: the plan says what will be, and afterwards it is so.

#include <rapidcheck/gtest.h>

#include "flows/plan_json.h"
#include "flows/world_test.h"

namespace ringmaster::flows {
namespace {

using ::testing::ElementsAre;
using testing::FakeSource;
using ::testing::HasSubstr;

class Deploy : public ::testing::Test, public FlowWorld {
 protected:
    void SetUp() override { source.history.back().files["flows.yaml"] = ""; }
};

TEST_F(Deploy, MakesADeploymentOfEachFlowAsTheOriginalNamesIt) {
    const auto applied = deploy();
    ASSERT_EQ(applied.size(), 2U);
    const auto& load = spec("load", "dev");
    EXPECT_EQ(load.name, "shop--main--load--dev");
    EXPECT_EQ(load.flow_record, "load");
    EXPECT_EQ(load.entrypoint, "flows.py:load");
    EXPECT_EQ(load.version, "main-aaaaaaa");
    EXPECT_THAT(load.tags, ElementsAre("PROJECT_NAME=shop", "BRANCH_NAME=main", "COMMIT_HASH=aaaaaaa",
                                       "PACKAGE_VERSION=1.0"));
    EXPECT_EQ(load.environment.at("DEPLOYMENT_NAME"), load.name);
    EXPECT_EQ(load.code, (CodeSource{"https://git.example/repo", std::string(40, 'a')}));
    EXPECT_EQ(load.concurrency_limit, 1);
}

TEST_F(Deploy, ASecondTimeChangesAndWritesNothing) {
    deploy();
    const auto writes = orchestrator.calls["apply"];
    const auto again = deploy();
    for (const auto& each : again) EXPECT_EQ(each.kind, ChangeKind::Unchanged);
    EXPECT_EQ(orchestrator.calls["apply"], writes);
    EXPECT_EQ(records.records.size(), 2U);
}

TEST_F(Deploy, ANewCommitChangesTheVersionAlone) {
    deploy();
    source.commit('b', source.history.back().flows).files["flows.yaml"] = "";
    const auto made = plan({"load"});
    ASSERT_TRUE(made);
    std::vector<std::string> fields;
    for (const auto& field : made->plan.changes.at(0).fields) fields.push_back(field.field);
    EXPECT_THAT(fields, ElementsAre("version", "code", "tag COMMIT_HASH"));
}

TEST_F(Deploy, KeepsAPauseThatSomebodyMadeByHand) {
    deploy();
    orchestrator.named(name_of("load", "dev"))->spec.is_paused = true;
    source.commit('b', source.history.back().flows).files["flows.yaml"] = "";
    deploy();
    EXPECT_TRUE(spec("load", "dev").is_paused);
    EXPECT_EQ(spec("load", "dev").version, "main-bbbbbbb");
}

TEST_F(Deploy, KeepsTheRecordOfAFlowThatWasDeployedUnderAnotherName) {
    auto flow = FakeSource::flow("hello_world");
    source.history.back().flows = {flow};
    auto old = plan();
    ASSERT_TRUE(old);
    EXPECT_EQ(old->plan.changes[0].wanted.flow_record, "hello-world");
    auto spec = old->plan.changes[0].wanted;
    spec.flow_record = "hello_world";  // as acme-portal-sdk called it
    orchestrator.add(spec);
    deploy();
    EXPECT_EQ(orchestrator.size(), 1U);
    EXPECT_EQ(orchestrator.named(name_of("hello_world", "dev"))->spec.flow_record, "hello_world");
}

TEST_F(Deploy, TakesSettingsAndVariablesOfTheEnvironment) {
    source.history.back().files["flows.yaml"] =
        "load: {cron: \"0 1 * * *\", environments: {prod: {cron: \"0 2 * * *\"}}}";
    deploy({"load"}, "prod");
    ASSERT_EQ(spec("load", "prod").schedules.size(), 1U);
    EXPECT_EQ(spec("load", "prod").schedules[0].cron, "0 2 * * *");
}

TEST_F(Deploy, DeploysTheCommitAndSaysSoWhenFilesDiffer) {
    source.changed = {"flows.py"};
    const auto made = plan({"load"});
    ASSERT_TRUE(made);
    EXPECT_THAT(made->notes, ElementsAre(HasSubstr("flows.py")));
    EXPECT_EQ(made->plan.changes[0].wanted.entrypoint, "flows.py:load")
        << "not in the folder it was read from";
    EXPECT_TRUE(source.folders.empty()) << "the folder is removed";
}

TEST_F(Deploy, AnUnknownNameIsRefusedBeforeAnythingIsWritten) {
    const auto made = plan({"load", "reprot"});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(made.error().hint(), "did you mean report?");
    EXPECT_EQ(orchestrator.calls["apply"], 0);
    EXPECT_FALSE(plan({}));
    EXPECT_FALSE(plan({"load"}, "dve"));
}

TEST_F(Deploy, TwoFlowsWithOneDeploymentAreBothRefused) {
    source.history.back().flows = {FakeSource::flow("load", "a.py"), FakeSource::flow("load", "b.py")};
    const auto made = plan();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->plan.count(ChangeKind::Problem), 2);
    EXPECT_THAT(made->plan.changes[0].problems, ElementsAre(HasSubstr("b.py")));
    EXPECT_FALSE(service.apply(made->plan, {}, quiet));
    EXPECT_EQ(orchestrator.calls["apply"], 0);
    EXPECT_THAT(plan({"load"}).error().hint(), HasSubstr("a.py:load, b.py:load"));
    EXPECT_TRUE(plan({"a.py:load"}));
}

TEST_F(Deploy, WhatCannotBeDeployedSaysWhy) {
    auto dynamic = FakeSource::flow("dynamic");
    dynamic.is_static = false;
    dynamic.name_expression = "os.environ[\"NAME\"]";
    auto unreachable = FakeSource::flow("unreachable");
    unreachable.entrypoint_object.reset();
    source.history.back().flows = {dynamic, unreachable, FakeSource::flow("good")};
    source.history.back().files["flows.yaml"] =
        "good: {cron: \"61 * * * *\", parameters: {x: 1}, work_pool_name: nowhere}";
    const auto made = plan();
    ASSERT_TRUE(made);
    EXPECT_THAT(made->plan.changes[0].problems, ElementsAre(HasSubstr("os.environ")));
    EXPECT_THAT(made->plan.changes[1].problems, ElementsAre(HasSubstr("leads to it")));
    EXPECT_THAT(made->plan.changes[2].problems,
                ElementsAre(HasSubstr("parameter x"), HasSubstr("61"), HasSubstr("no work pool nowhere")));
}

TEST_F(Deploy, SettingsOfAFlowThatIsNotThereAreAnErrorWithItsPlace) {
    source.history.back().files["flows.yaml"] = "load: {}\nlaod: {}\n";
    EXPECT_THAT(plan({"load"}).error().message(), HasSubstr("flows.yaml:2: there is no flow laod"));
}

TEST_F(Deploy, AnImageNeedsAPoolThatRunsImages) {
    const auto made = service.plan_deploy(
        {.flows = {"load"}, .environment = "dev", .image = "repo/app:{branch}-{commit}"}, quiet);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->plan.changes[0].wanted.image, "repo/app:main-aaaaaaa");
    EXPECT_FALSE(made->plan.changes[0].wanted.code);
    EXPECT_THAT(made->plan.changes[0].problems, ElementsAre(HasSubstr("does not run images")));
}

TEST_F(Deploy, OneFailureDoesNotKeepTheOthersFromBeingDone) {
    orchestrator.fail_next("apply", Error::failed("no"));
    const auto applied = deploy();
    EXPECT_EQ(applied[0].outcome, DeployOutcome::Failed);
    EXPECT_EQ(applied[1].outcome, DeployOutcome::Done);
    EXPECT_EQ(records.records[0].outcome, DeployOutcome::Failed);
    EXPECT_EQ(records.records[1].outcome, DeployOutcome::Done);
}

TEST_F(Deploy, AtomicPutsBackWhatWasChanged) {
    deploy({"load"});
    source.commit('b', source.history.back().flows).files["flows.yaml"] = "";
    const auto made = plan();
    orchestrator.on_call = [&](const std::string& call,
                               testing::FakeOrchestrator::Moment moment) -> std::optional<Error> {
        const bool is_second = call == "apply" && orchestrator.log.back() == "apply shop--main--report--dev";
        if (is_second && moment == testing::FakeOrchestrator::Moment::Before) return Error::failed("no");
        return std::nullopt;
    };
    const auto applied = apply(made, {.actor = "ann", .atomic = true});
    EXPECT_EQ(applied[0].outcome, DeployOutcome::Undone);
    EXPECT_EQ(applied[1].outcome, DeployOutcome::Failed);
    EXPECT_EQ(spec("load", "dev").version, "main-aaaaaaa");
    const auto newest = records.newest("shop");
    EXPECT_EQ(newest->at(name_of("load", "dev")).version, "main-aaaaaaa") << "the records say what is there";
}

TEST_F(Deploy, ALostReplyIsASuccessIfWhatIsThereSaysSo) {
    orchestrator.fail_next("apply", Error::unavailable("broken off"),
                           testing::FakeOrchestrator::Moment::After);
    const auto applied = deploy({"load"});
    EXPECT_EQ(applied[0].outcome, DeployOutcome::Done);
    EXPECT_EQ(records.records[0].outcome, DeployOutcome::Done);
}

TEST_F(Deploy, AnInterruptedApplyIsContinuedByTheSameCommand) {
    records.fail_begin = std::nullopt;
    orchestrator.fail_next("apply", Error::interrupted("stopped"), testing::FakeOrchestrator::Moment::After);
    deploy();
    const auto applied = deploy();
    EXPECT_EQ(applied[0].kind, ChangeKind::Unchanged);
    EXPECT_EQ(applied[1].kind, ChangeKind::Unchanged);
}

TEST_F(Deploy, WithoutARecordNothingIsWritten) {
    records.fail_begin = Error::unavailable("the disk is full");
    const auto applied = deploy({"load"});
    EXPECT_EQ(applied[0].outcome, DeployOutcome::Failed);
    EXPECT_EQ(orchestrator.size(), 0U);
}

TEST_F(Deploy, ASavedPlanIsReadBackAndNoticesWhenItWasTouched) {
    const auto made = plan();
    ASSERT_TRUE(made);
    const auto text = to_json_text(made->plan);
    const auto read = plan_from_json(text);
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->digest(), made->plan.digest());
    auto touched = text;
    touched.replace(touched.find("flows.py:load"), 13, "flows.py:evil");
    EXPECT_FALSE(plan_from_json(touched));
    for (const auto* bad : {"", "{}", "[]", "{\"ringmaster_plan\":1}", "nothing"})
        EXPECT_FALSE(plan_from_json(bad)) << bad;
}

TEST_F(Deploy, ASavedPlanHoldsOnlyInTheWorldItWasMadeIn) {
    const auto made = plan();
    ASSERT_TRUE(made);
    EXPECT_TRUE(service.revised(made->plan, quiet));
    deploy({"load"});
    const auto revised = service.revised(made->plan, quiet);
    ASSERT_FALSE(revised);
    EXPECT_EQ(revised.error().kind(), ErrorKind::Failed);
}

RC_GTEST_PROP(DeployProperty, AppliedPlansGiveTheWantedStateAndApplyingTwiceChangesNothing, ()) {
    FlowWorld world;
    auto& commit = world.source.history.back();
    commit.flows.clear();
    const auto names = *rc::gen::unique<std::vector<std::string>>(
        rc::gen::element<std::string>("a", "b_c", "d", "e-f", "gg"));
    std::string yaml;
    for (const auto& name : names) {
        commit.flows.push_back(FakeSource::flow(name));
        std::ranges::replace(commit.flows.back().name, '-', '_');
        if (*rc::gen::arbitrary<bool>())
            yaml += fmt::format("{}: {{cron: \"{} 1 * * *\", concurrency_limit: {}}}\n", name,
                                *rc::gen::inRange(0, 60), *rc::gen::inRange(0, 5));
    }
    commit.files["flows.yaml"] = yaml;
    const auto made = world.plan();
    RC_ASSERT(made.has_value());
    for (const auto& applied : world.apply(made)) RC_ASSERT(applied.outcome == DeployOutcome::Done);
    for (const auto& change : made->plan.changes) {
        const auto* is = world.orchestrator.named(change.wanted.name);
        RC_ASSERT(is != nullptr);
        RC_ASSERT(diff(is->spec, change.wanted).empty());
    }
    const auto again = world.plan();
    RC_ASSERT(again->plan.count(ChangeKind::Unchanged) == static_cast<int>(names.size()));
}

}  // namespace
}  // namespace ringmaster::flows
