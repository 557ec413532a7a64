// The commands of the flows half on a world in memory: what a person types, and what they see.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/context_harness.h"

namespace ringmaster::cli {
namespace {

using testing::FakeSource;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class FlowCommands : public ::testing::Test {
 protected:
    FlowCommands() {
        context.source().commit('a', {FakeSource::flow("load"), FakeSource::flow("report", "etl/daily.py")});
    }

    ExitCode run(std::vector<std::string> words) { return context.run(words); }
    /// Of the last command.
    std::string out() { return context.stdout_text(); }
    std::string err() { return context.stderr_text(); }
    void run_to_its_end(const std::string& name) {
        NoProgress quiet;
        auto* deployment = context.orchestrator().named(name);
        ASSERT_NE(deployment, nullptr);
        const auto run = context.orchestrator().start({.deployment_id = deployment->id}, quiet);
        context.orchestrator().begin(run->id);
        context.orchestrator().end(run->id);
    }

    ContextHarness context;
};

TEST_F(FlowCommands, FlowsListsNamePlaceAndKind) {
    EXPECT_EQ(run({"flows"}), kDone);
    EXPECT_EQ(out(), "load\tflows.py:1\tprefect\t\t\nreport\tetl/daily.py:1\tprefect\t\t\n");
    EXPECT_EQ(run({"flows", "--json", "name,kind"}), kDone);
    EXPECT_THAT(out(), HasSubstr("\"name\": \"load\""));
}

TEST_F(FlowCommands, DeployShowsThePlanAsksAndSaysWhatCameOfIt) {
    EXPECT_EQ(run({"deploy", "all", "--to", "dev"}), kWrongUsage) << "nobody to ask";
    EXPECT_EQ(context.orchestrator().size(), 0U);
    EXPECT_EQ(run({"deploy", "load", "report", "--to", "dev", "--yes"}), kDone);
    EXPECT_EQ(out(), "✓ load  created\n✓ report  created\n");
    EXPECT_THAT(err(), HasSubstr("Deploy 2 flows to dev (fake)"));
    EXPECT_EQ(run({"deploy", "load,report", "--to", "dev", "--yes"}), kDone);
    EXPECT_EQ(out(), "= load  unchanged\n= report  unchanged\n");
}

TEST_F(FlowCommands, ADryRunChangesNothing) {
    EXPECT_EQ(run({"deploy", "all", "--to", "dev", "--dry-run"}), kDone);
    EXPECT_THAT(out(), HasSubstr("+ load"));
    EXPECT_EQ(context.orchestrator().size(), 0U);
}

TEST_F(FlowCommands, AFailureIsToldByFlowAndByTheExitCode) {
    context.orchestrator().fail_next("apply", Error::failed("the pool is full"));
    EXPECT_EQ(run({"deploy", "all", "--to", "dev", "--yes"}), kFailed);
    EXPECT_THAT(out(), HasSubstr("✗ load  the pool is full"));
}

TEST_F(FlowCommands, PromotionThatMayNotBeDoneSaysWhyAndHowToOverruleIt) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    EXPECT_EQ(run({"promote", "load", "--to", "tst", "--yes"}), kFailed);
    EXPECT_THAT(err(), HasSubstr("--overrule never-ran --reason TEXT"));
    run_to_its_end("shop--main--load--dev");
    EXPECT_EQ(run({"promote", "load", "--to", "tst", "--yes"}), kDone);
    EXPECT_EQ(out(), "✓ load  created\n");
}

TEST_F(FlowCommands, ASavedPlanIsApprovedAndPerformed) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    run_to_its_end("shop--main--load--dev");
    run({"promote", "load", "--to", "tst", "--yes"});
    run_to_its_end("shop--main--load--tst");
    EXPECT_EQ(run({"plan", "promote", "load", "--to", "prod", "--out", "release.plan"}), kDone);
    EXPECT_EQ(run({"promote", "--plan", "release.plan", "--yes"}), kFailed);
    EXPECT_THAT(err(), HasSubstr("needs the approval of 1 other people"));
    context.who_deploys = "bob";
    EXPECT_EQ(run({"approve", "release.plan", "--yes"}), kDone);
    EXPECT_THAT(out(), StartsWith("bob approved plan "));
    context.who_deploys = "ann";
    EXPECT_EQ(run({"promote", "--plan", "release.plan", "--yes"}), kDone);
    EXPECT_EQ(out(), "✓ load  created\n");
    EXPECT_EQ(run({"promote", "--plan", "release.plan", "--yes"}), kFailed) << "the world is another one now";
}

TEST_F(FlowCommands, GridAndDeploymentsShowWhatIsWhere) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    run_to_its_end("shop--main--load--dev");
    EXPECT_EQ(run({"grid"}), kDone);
    EXPECT_EQ(out(), "load\taaaaaaa\t-\t-\nreport\t-\t-\t-\n");
    EXPECT_EQ(run({"grid", "--markdown"}), kDone);
    EXPECT_THAT(out(), StartsWith("| Flow | dev | tst | prod |\n"));
    EXPECT_EQ(run({"deployments", "--in", "dev", "--json", "flow_name,env,commit_hash"}), kDone);
    EXPECT_THAT(out(), HasSubstr("\"commit_hash\": \"aaaaaaa\""));
    EXPECT_EQ(run({"grid", "--json"}), kDone);
    EXPECT_THAT(out(), HasSubstr("\"behind\": 0"));
}

TEST_F(FlowCommands, DriftShowsWhatSomebodyChangedByHand) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    EXPECT_EQ(run({"drift", "--exit-code"}), kDone);
    context.orchestrator().named("shop--main--load--dev")->spec.description = "by hand";
    EXPECT_EQ(run({"drift", "--exit-code"}), kFailed);
    EXPECT_THAT(out(), HasSubstr("description        (none) → by hand"));
    EXPECT_EQ(run({"drift"}), kDone);
}

TEST_F(FlowCommands, RollbackPutsBackWhatWasThere) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    context.source().commit('b', context.source().history.back().flows);
    run({"deploy", "load", "--to", "dev", "--yes"});
    EXPECT_EQ(run({"rollback", "load", "--in", "dev", "--yes"}), kDone);
    EXPECT_THAT(err(), HasSubstr("main-bbbbbbb → main-aaaaaaa"));
    EXPECT_EQ(run({"history", "load", "--json", "action,version,actor"}), kDone);
    EXPECT_THAT(out(), HasSubstr("\"action\": \"rollback\""));
    EXPECT_EQ(run({"history", "--in", "dev"}), kDone);
    EXPECT_THAT(out(), HasSubstr("main-aaaaaaa\t\tdone\tann"));
}

TEST_F(FlowCommands, RunStartsOneAndGivesItToTheWorkerOfThisMachine) {
    run({"deploy", "load", "--to", "dev", "--yes"});
    EXPECT_EQ(
        run({"run", "load", "--in", "dev", "--param", "n=3", "--param", "day=monday", "--json", "id,state"}),
        kDone);
    ASSERT_EQ(context.runs_carried_out.size(), 1U);
    const auto& parameters = context.orchestrator().parameters_of(context.runs_carried_out[0]);
    EXPECT_EQ(parameters.at("n"), "3");
    EXPECT_EQ(parameters.at("day"), "\"monday\"");
    EXPECT_EQ(run({"run", "load", "--in", "dev", "--param", "n"}), kWrongUsage);
    EXPECT_EQ(run({"run", "laod", "--in", "dev"}), kFailed);
    EXPECT_THAT(err(), HasSubstr("did you mean load?"));
}

TEST_F(FlowCommands, PruneShowsAndRemovesWhatIsGone) {
    run({"deploy", "all", "--to", "dev", "--yes"});
    context.source().history.back().flows = {FakeSource::flow("load")};
    EXPECT_EQ(run({"prune", "--dry-run"}), kDone);
    EXPECT_THAT(out(), HasSubstr("shop--main--report--dev"));
    EXPECT_EQ(context.orchestrator().size(), 2U);
    EXPECT_EQ(run({"prune", "--yes"}), kDone);
    EXPECT_EQ(context.orchestrator().size(), 1U);
}

TEST_F(FlowCommands, WorkerCarriesOutRuns) {
    EXPECT_EQ(run({"worker", "--once"}), kDone);
    ASSERT_EQ(context.worked_on.size(), 1U);
    EXPECT_TRUE(context.worked_on[0].once);
}

}  // namespace
}  // namespace ringmaster::cli
