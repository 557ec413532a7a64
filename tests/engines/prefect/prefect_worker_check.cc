// What a deployment made by us does in the hands of Prefect's own worker: the suite runs one for "proc-pool",
// and keeps a git repository in RINGMASTER_TEST_PREFECT_REPOSITORY with two commits, oldest first in
// RINGMASTER_TEST_PREFECT_COMMITS, whose flow says in which of them it is.

#include <gtest/gtest.h>

#include "adapters/prefect/prefect_orchestrator.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "base/text.h"
#include "testing/wait.h"
#include "tests/engines/prefect/test_server.h"

namespace ringmaster::testing {
namespace {

class PrefectWorker : public ::testing::Test {
 protected:
    template <typename T>
    static T must(Result<T> result) {
        if (!result) throw std::runtime_error(result.error().describe());
        return std::move(*result);
    }
    DeploymentSpec spec(const std::string& commit, const std::string& version) {
        return {.flow_record = "hello",
                .name = "acme--main--hello--" + environment_,
                .entrypoint = "flows/hello.py:hello",
                .version = version,
                .work_pool = "proc-pool",
                .parameters = {{"n", "3"}},
                .parameter_schema = R"({"properties":{"n":{"type":"integer"}},"type":"object"})",
                .environment = {{"GREETING", "good 'evening'"}},
                .code = CodeSource{variable("RINGMASTER_TEST_PREFECT_REPOSITORY"), commit}};
    }
    template <typename Condition>
    FlowRun wait_for(const std::string& run_id, Condition condition) {
        FlowRun now;
        eventually(
            [&] {
                now = must(runs_.find(run_id, progress_));
                return condition(now.state);
            },
            std::chrono::minutes(2));
        return now;
    }
    FlowRun run_to_its_end(const std::string& deployment_id) {
        const auto run = must(runs_.start({.deployment_id = deployment_id}, progress_));
        return wait_for(run.id, is_final);
    }
    static std::string commit(std::size_t index) {
        const auto commits = variable("RINGMASTER_TEST_PREFECT_COMMITS");
        const auto both = split(commits, ' ');
        if (both.size() != 2) throw std::runtime_error("the suite says which two commits there are");
        return std::string(both[index]);
    }
    std::string log_of(const FlowRun& run) {
        std::string log;
        for (const auto& line : must(runs_.logs(run.id, 0, progress_))) log += line.message + "\n";
        return log;
    }
    void expect_in_log(const FlowRun& run, const std::string& text) {
        // Prefect's runs hand in the last lines a little after their end.
        EXPECT_TRUE(eventually([&] { return log_of(run).contains(text); })) << log_of(run);
    }

    support::CurlHttpClient http_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    prefect::PrefectOrchestrator prefect_{test_server(), http_, clock_, entropy_};
    Orchestrator& deployments_ = prefect_;
    FlowRuns& runs_ = prefect_;
    NoProgress progress_;
    const std::string environment_ = entropy_.hex(4);
};

TEST_F(PrefectWorker, RunsExactlyTheCommitThatIsDeployedWithItsVariables) {
    const auto id = must(deployments_.apply(spec(commit(0), "main-one"), nullptr, progress_));
    const auto first = run_to_its_end(id);
    EXPECT_EQ(first.state, RunState::Completed) << first.state_text << "\n" << log_of(first);
    EXPECT_EQ(first.version, "main-one");
    expect_in_log(first, "good 'evening' 3 from the first commit");

    const auto before = must(deployments_.find({spec("", "").name}, progress_)).at(0);
    must(deployments_.apply(spec(commit(1), "main-two"), &before, progress_));
    const auto second = run_to_its_end(id);
    EXPECT_EQ(second.state, RunState::Completed) << second.state_text << "\n" << log_of(second);
    EXPECT_EQ(second.version, "main-two");
    expect_in_log(second, "good 'evening' 3 from the second commit");

    const auto latest = must(runs_.latest({id}, progress_));
    ASSERT_TRUE(latest.contains(id));
    EXPECT_EQ(latest.at(id).id, second.id);
    EXPECT_TRUE(deployments_.remove(id, progress_));
}

TEST_F(PrefectWorker, ARunThatIsCancelledInTheMiddleEnds) {
    const auto id = must(deployments_.apply(spec(commit(0), "main-one"), nullptr, progress_));
    const auto run =
        must(runs_.start({.deployment_id = id, .parameters = {{"n", "5000"}}}, progress_));  // for ever
    ASSERT_EQ(wait_for(run.id, [](RunState state) { return state == RunState::Running; }).state,
              RunState::Running);
    expect_in_log(run, "good 'evening' 5000 from the first commit");
    const auto cancelled = runs_.cancel(run.id, progress_);
    EXPECT_TRUE(cancelled) << cancelled.error().describe();
    EXPECT_EQ(wait_for(run.id, is_final).state, RunState::Cancelled);
    EXPECT_TRUE(deployments_.remove(id, progress_));
}

}  // namespace
}  // namespace ringmaster::testing
