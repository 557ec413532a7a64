// Promotions and rollbacks: the very version that was tried, and back again.

#include <rapidcheck/gtest.h>

#include "flows/grid.h"
#include "flows/world_test.h"

namespace ringmaster::flows {
namespace {

using ::testing::ElementsAre;
using testing::FakeSource;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Promotion : public ::testing::Test, public FlowWorld {
 protected:
    void SetUp() override {
        source.history.back().files["flows.yaml"] = "load: {cron: \"1 1 * * *\"}";
        deploy();
    }
    void new_commit(char digit, std::string yaml = "") {
        source.commit(digit, source.history.back().flows).files["flows.yaml"] = std::move(yaml);
    }
};

TEST_F(Promotion, TakesCodeAndSettingsOfTheVersionsOwnCommit) {
    run("load", "dev");
    new_commit('b', "load: {cron: \"9 9 * * *\"}");  // the checkout has moved on
    apply(plan_promotion());
    const auto& promoted = spec("load", "tst");
    EXPECT_EQ(promoted.version, "main-aaaaaaa");
    EXPECT_EQ(promoted.code->commit, std::string(40, 'a'));
    EXPECT_EQ(promoted.schedules.at(0).cron, "1 1 * * *");
    EXPECT_EQ(promoted.environment.at("DEPLOYMENT_NAME"), promoted.name);
    EXPECT_EQ(records.records.back().source_environment, "dev");
}

TEST_F(Promotion, MayTakeTheSettingsOfTheSourceOrOfTheCheckout) {
    run("load", "dev");
    new_commit('b', "load: {cron: \"9 9 * * *\"}");
    orchestrator.named(name_of("load", "dev"))->spec.concurrency_limit = 7;
    const auto of = [&](SettingsFrom from) {
        return service.plan_promotion({.flows = {"load"}, .to = "tst", .settings = from}, quiet)
            ->plan.changes[0]
            .wanted;
    };
    EXPECT_EQ(of(SettingsFrom::Source).concurrency_limit, 7);
    EXPECT_EQ(of(SettingsFrom::Source).schedules[0].cron, "1 1 * * *");
    EXPECT_EQ(of(SettingsFrom::Checkout).schedules[0].cron, "9 9 * * *");
    EXPECT_EQ(of(SettingsFrom::Checkout).version, "main-aaaaaaa");
}

TEST_F(Promotion, OfWhatNeverRanOrFailedIsNotDone) {
    EXPECT_THAT(gates_of(plan_promotion()), ElementsAre("never-ran"));
    run("load", "dev", RunState::Failed);
    EXPECT_THAT(gates_of(plan_promotion()), ElementsAre("failed-run"));
    EXPECT_FALSE(service.apply(plan_promotion()->plan, {}, quiet));
    run("load", "dev");
    EXPECT_THAT(gates_of(plan_promotion()), IsEmpty());
}

TEST_F(Promotion, ARunOfAnEarlierVersionDoesNotCount) {
    run("load", "dev");
    new_commit('b');
    deploy();
    EXPECT_THAT(gates_of(plan_promotion()), ElementsAre("never-ran"));
}

TEST_F(Promotion, OfWhatSomebodyChangedByHandIsNotDone) {
    run("load", "dev");
    orchestrator.named(name_of("load", "dev"))->spec.description = "by hand";
    EXPECT_THAT(gates_of(plan_promotion()), ElementsAre("drift"));
}

TEST_F(Promotion, DoesNotGoBackInTimeUnnoticed) {
    run("load", "dev");
    apply(plan_promotion());
    new_commit('b');
    deploy({"load"});
    run("load", "dev");
    apply(plan_promotion());
    const auto made = service.plan_rollback({.flow = "load", .environment = "dev"}, quiet);
    apply(made);
    run("load", "dev");
    EXPECT_THAT(gates_of(plan_promotion()), ElementsAre("newer-target"));
}

TEST_F(Promotion, ARuleMayBeOverruledWithAReasonThatIsRecorded) {
    const auto made = plan_promotion();
    EXPECT_FALSE(service.apply(made->plan, {.overruled = {"never-ran"}}, quiet)) << "no reason";
    EXPECT_FALSE(service.apply(made->plan, {.reason = "x", .overruled = {"nonsense"}}, quiet));
    apply(made, {.actor = "ann", .reason = "urgent", .overruled = {"never-ran"}});
    EXPECT_EQ(spec("load", "tst").version, "main-aaaaaaa");
    EXPECT_EQ(records.records.back().reason, "urgent (overruled: never-ran)");
}

TEST_F(Promotion, NeedsApprovalsOfOthersForExactlyThisPlan) {
    run("load", "dev");
    apply(plan_promotion());
    run("load", "tst");
    const auto made = plan_promotion("prod");
    const auto denied = service.apply(made->plan, {.actor = "ann"}, quiet);
    ASSERT_FALSE(denied);
    EXPECT_THAT(denied.error().message(), HasSubstr("approval"));
    (void)records.approve({.plan_digest = made->plan.digest(), .approver = "ann", .time = {}, .comment = ""});
    EXPECT_FALSE(service.apply(made->plan, {.actor = "ann"}, quiet)) << "one's own does not count";
    (void)records.approve({.plan_digest = made->plan.digest(), .approver = "bob", .time = {}, .comment = ""});
    apply(made, {.actor = "ann"});
    EXPECT_EQ(spec("load", "prod").version, "main-aaaaaaa");
}

TEST_F(Promotion, ASavedPlanIsHeldToWhatSpeaksAgainstItWhenItIsPerformed) {
    auto made = plan_promotion();
    EXPECT_THAT(gates_of(made), ElementsAre("never-ran"));
    run("load", "dev");
    EXPECT_THAT(service.revised(made->plan, quiet)->objections(), IsEmpty());
    run("load", "dev", RunState::Failed);
    EXPECT_EQ(service.revised(made->plan, quiet)->objections().size(), 1U);
    new_commit('b');
    deploy({"load"});
    EXPECT_EQ(service.revised(made->plan, quiet).error().kind(), ErrorKind::Failed);
}

TEST_F(Promotion, ComesFromTheEnvironmentBeforeAndNeverFromItself) {
    EXPECT_EQ(plan_promotion("tst")->plan.source_environment, "dev");
    EXPECT_FALSE(plan_promotion("dev"));
    EXPECT_FALSE(service.plan_promotion({.flows = {"load"}, .from = "tst", .to = "tst"}, quiet));
    EXPECT_THAT(plan_promotion("tst", {"laod"}).error().hint(), HasSubstr("load"));
}

TEST_F(Promotion, ACommitThatIsNotHereIsAProblemWithAWayOut) {
    run("load", "dev");
    new_commit('c');
    source.history.erase(source.history.begin());
    const auto made = plan_promotion();
    ASSERT_TRUE(made);
    EXPECT_THAT(made->plan.changes[0].problems, ElementsAre(HasSubstr("--settings source")));
}

TEST_F(Promotion, RollbackOfAPromotionGivesBackWhatWasThere) {
    run("load", "dev");
    apply(plan_promotion());
    const auto before = spec("load", "tst");
    new_commit('b', "load: {cron: \"9 9 * * *\", description: new}");
    deploy({"load"});
    run("load", "dev");
    apply(plan_promotion());
    EXPECT_EQ(spec("load", "tst").version, "main-bbbbbbb");
    apply(service.plan_rollback({.flow = "load", .environment = "tst"}, quiet));
    EXPECT_TRUE(diff(before, spec("load", "tst")).empty());
}

TEST_F(Promotion, RollbackToAVersionByName) {
    for (const char digit : {'b', 'c'}) {
        new_commit(digit);
        deploy({"load"});
    }
    apply(service.plan_rollback({.flow = "load", .environment = "dev", .to_version = "main-aaaaaaa"}, quiet));
    EXPECT_EQ(spec("load", "dev").version, "main-aaaaaaa");
    const auto none =
        service.plan_rollback({.flow = "load", .environment = "dev", .to_version = "main-1234567"}, quiet);
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().hint(), HasSubstr("main-ccccccc"));
}

TEST_F(Promotion, TheGridShowsWhereEachVersionIs) {
    run("load", "dev");
    apply(plan_promotion());
    new_commit('b');
    new_commit('c');
    deploy({"load"});
    orchestrator.add({.flow_record = "x", .name = "nightly", .work_pool = "process-pool"});
    const auto grid = make_grid(service, {}, quiet);
    ASSERT_TRUE(grid) << grid.error().describe();
    EXPECT_THAT(grid->environments, ElementsAre("dev", "tst", "prod"));
    ASSERT_EQ(grid->rows.size(), 2U);
    EXPECT_EQ(grid->rows[0].flow, "load");
    EXPECT_EQ(grid->rows[0].cells[0]->distance->ahead, 0);
    EXPECT_EQ(grid->rows[0].cells[1]->distance->ahead, 2);
    EXPECT_FALSE(grid->rows[0].cells[2]);
    ASSERT_EQ(grid->others.size(), 1U) << "what says nothing is not hidden";
}

TEST_F(Promotion, LeftoversAreDeploymentsWhoseFlowOrBranchIsGone) {
    EXPECT_THAT(*service.leftovers(quiet), IsEmpty());
    source.history.back().flows = {FakeSource::flow("load")};
    const auto gone = service.leftovers(quiet);
    ASSERT_TRUE(gone);
    ASSERT_EQ(gone->size(), 1U);
    EXPECT_EQ(gone->at(0).flow, "report");
    EXPECT_TRUE(service.prune(gone->at(0), "ann", quiet));
    EXPECT_EQ(orchestrator.size(), 1U);
    source.branches = {"other"};
    EXPECT_EQ(service.leftovers(quiet)->size(), 1U);
}

RC_GTEST_PROP(PromotionProperty, WhatRunsInAnEnvironmentIsAlwaysOneRecordedVersion, ()) {
    FlowWorld world;
    world.source.history.back().files["flows.yaml"] = "";
    const auto steps = *rc::gen::inRange(1, 12);
    for (int i = 0; i < steps; ++i) {
        const auto fault = *rc::gen::inRange(0, 4);
        using Moment = testing::FakeOrchestrator::Moment;
        if (fault == 1) world.orchestrator.fail_next("apply", Error::unavailable("lost"), Moment::After);
        if (fault == 2) world.orchestrator.fail_next("apply", Error::unavailable("lost"), Moment::Before);
        const auto what = *rc::gen::inRange(0, 4);
        if (what == 0) {
            const auto digit = static_cast<char>('b' + static_cast<char>(world.source.history.size() % 5));
            world.source.commit(digit, world.source.history.back().flows).files["flows.yaml"] = "";
        } else if (what == 1) {
            if (const auto made = world.plan({"load"}))
                (void)world.service.apply(made->plan, {}, world.quiet);
        } else if (what == 2) {
            if (const auto made = world.plan_promotion())
                (void)world.service.apply(made->plan, {.reason = "x", .overruled = gates()}, world.quiet);
        } else if (const auto made =
                       world.service.plan_rollback({.flow = "load", .environment = "tst"}, world.quiet)) {
            (void)world.service.apply(made->plan, {}, world.quiet);
        }
    }
    const auto seen = world.service.deployments(world.quiet);
    RC_ASSERT(seen.has_value());
    for (const auto& each : *seen) {
        bool is_recorded = false;
        for (const auto& record : world.records.records)
            is_recorded = is_recorded || (record.deployment == each.deployment.spec.name &&
                                          drift_from(record, each.deployment.spec).empty());
        RC_ASSERT(is_recorded);
    }
}

}  // namespace
}  // namespace ringmaster::flows
