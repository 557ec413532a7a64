// What goes over the wire, and how much of it; tests/engines/prefect holds the same code to the contracts on
// a real server.

#include "adapters/prefect/prefect_orchestrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"

namespace ringmaster::prefect {
namespace {

using ::testing::Contains;
using testing::FakeClock;
using testing::FakeEntropy;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using testing::ScriptedHttp;

const std::string kUnauthorized = R"({"exception_message":"Unauthorized"})";
const std::string kBusy = R"({"exception_message":"Service Unavailable"})";

class PrefectTest : public ::testing::Test {
 protected:
    PrefectOrchestrator prefect(PrefectSettings settings = {}) {
        if (settings.api_url.empty()) settings.api_url = "http://prefect.example.org/api/";
        settings.version = "0.1.0";
        return {std::move(settings), http_, clock_, entropy_};
    }
    static DeploymentSpec spec() {
        return {.flow_record = "hello",
                .name = "acme--main--hello--dev",
                .entrypoint = "hello.py:hello",
                .work_pool = "pool",
                .environment = {{"PASSWORD", "s3cret"}}};
    }
    static std::string answer(int number, int flow) {
        return fmt::format(R"({{"id":"d{}","flow_id":"f{}","name":"acme--main--hello-{:05}--dev"}})", number,
                           flow, number);
    }
    /// A page of a listing in which each flow has four deployments.
    static std::string page(int first, int size, int count) {
        std::string results;
        for (int i = first; i < first + size; ++i) results += (i == first ? "" : ",") + answer(i, i / 4);
        return fmt::format(R"({{"results":[{}],"count":{}}})", results, count);
    }
    static std::string flows(int first, int size) {
        std::string all;
        for (int i = first; i < first + size; ++i)
            all += fmt::format(R"({}{{"id":"f{}","name":"hello-{}"}})", i == first ? "" : ",", i, i);
        return "[" + all + "]";
    }
    Deployment existing() {
        Deployment deployment;
        deployment.id = "d1";
        deployment.flow_id = "f1";
        deployment.spec = spec();
        return deployment;
    }

    FakeClock clock_;
    FakeEntropy entropy_;
    ScriptedHttp http_;
    NoProgress progress_;
};

TEST_F(PrefectTest, ANewDeploymentTakesTwoRequests) {
    http_.expect("POST", "http://prefect.example.org/api/flows/", {R"({"name":"hello"})"})
        .answers(201, R"({"id":"f1"})");
    http_
        .expect("POST", "/api/deployments/",
                {R"("flow_id":"f1")", R"("name":"acme--main--hello--dev")", R"("work_pool_name":"pool")",
                 R"("job_variables":{"env":{"PASSWORD":"s3cret"}})", R"("concurrency_limit":null)"})
        .answers(201, R"({"id":"d1"})");
    EXPECT_EQ(prefect().apply(spec(), nullptr, progress_).value(), "d1");
}

TEST_F(PrefectTest, AChangeTakesOneRequestThatLeavesSchedulesAndCodeAlone) {
    http_.expect("PATCH", "/api/deployments/d1", {R"("version":"v2")"}).answers(204, "");
    auto wanted = spec();
    wanted.version = "v2";
    const auto before = existing();
    EXPECT_EQ(prefect().apply(wanted, &before, progress_).value(), "d1");
    const auto body = http_.requests().front().body;
    EXPECT_THAT(body, Not(HasSubstr("schedules")));
    EXPECT_THAT(body, Not(HasSubstr("pull_steps")));
}

TEST_F(PrefectTest, AChangeOfSchedulesReplacesTheWholeInOneRequest) {
    http_
        .expect("POST", "/api/deployments/",
                {R"("schedules":[{"active":true,"schedule":{"cron":"0 6 * * *","timezone":"UTC"}}])",
                 R"("flow_id":"f1")"})
        .answers(200, R"({"id":"d1","work_pool_name":"pool"})");
    auto wanted = spec();
    wanted.schedules = {{.cron = "0 6 * * *"}};
    const auto before = existing();
    EXPECT_EQ(prefect().apply(wanted, &before, progress_).value(), "d1");
}

TEST_F(PrefectTest, ADeploymentIsTakenOutOfItsPool) {
    http_.expect("POST", "/api/deployments/").answers(200, R"({"id":"d1","work_pool_name":"pool"})");
    http_.expect("PATCH", "/api/deployments/d1", {R"({"work_pool_name":null})"}).answers(204, "");
    auto wanted = spec();
    wanted.work_pool.clear();
    const auto before = existing();
    EXPECT_TRUE(prefect().apply(wanted, &before, progress_));
}

TEST_F(PrefectTest, WhatAnUpsertMadeInsteadOfChangingIsRemovedAgain) {
    http_.expect("POST", "/api/deployments/").answers(201, R"({"id":"d2","work_pool_name":"pool"})");
    http_.expect("DELETE", "/api/deployments/d2").answers(204, "");
    auto wanted = spec();
    wanted.schedules = {{.cron = "0 6 * * *"}};
    const auto before = existing();
    EXPECT_EQ(prefect().apply(wanted, &before, progress_).error().kind(), ErrorKind::NotFound);
}

TEST_F(PrefectTest, CredentialsOfARepositoryAreNotSent) {
    http_.expect("POST", "/api/deployments/", {R"("repository":"https://example.org/acme/flows.git")"})
        .answers(200, R"({"id":"d1","work_pool_name":"pool"})");
    auto wanted = spec();
    wanted.code = CodeSource{"https://ada:s3cret@example.org/acme/flows.git", std::string(40, 'a')};
    const auto before = existing();
    EXPECT_TRUE(prefect().apply(wanted, &before, progress_));
    EXPECT_THAT(http_.requests().front().body, Not(HasSubstr("ada:s3cret")));
}

TEST_F(PrefectTest, AListingOfTwoThousandTakesThirteenRequests) {
    for (int i = 0; i < 10; ++i)
        http_.expect("POST", "/api/deployments/paginate", {fmt::format(R"("limit":200,"page":{}}})", i + 1)})
            .answers(200, page(i * 200, 200, 2000));
    http_.expect("POST", "/api/flows/filter").answers(200, flows(0, 200));
    http_.expect("POST", "/api/flows/filter").answers(200, flows(200, 200));
    http_.expect("POST", "/api/flows/filter").answers(200, flows(400, 100));
    const auto listed = prefect().list(progress_).value();
    ASSERT_EQ(listed.size(), 2000U);
    EXPECT_EQ(listed[1999].id, "d1999");
    EXPECT_EQ(listed[1999].spec.flow_record, "hello-499");
    EXPECT_EQ(listed[1999].url, "http://prefect.example.org/deployments/deployment/d1999");
}

TEST_F(PrefectTest, NamesOfFlowsAreAskedForOnce) {
    auto orchestrator = prefect();
    http_.expect("POST", "/deployments/paginate", {R"("name":{"any_":["a","b"]})"})
        .answers(200, page(0, 3, 3));
    http_.expect("POST", "/flows/filter", {R"({"id":{"any_":["f0"]}})"}).answers(200, flows(0, 1));
    ASSERT_TRUE(static_cast<Orchestrator&>(orchestrator).find({"b", "a", "b"}, progress_));
    http_.expect("POST", "/deployments/paginate").answers(200, page(0, 3, 3));
    EXPECT_EQ(orchestrator.list(progress_).value()[0].spec.flow_record, "hello-0");
}

TEST_F(PrefectTest, WhatIsMadeDuringAListingHidesNothing) {
    http_.expect("POST", "/deployments/paginate", {R"("sort":"CREATED_DESC")", R"("page":1)"})
        .answers(200, page(0, 200, 201));
    http_.expect("POST", "/deployments/paginate", {R"("page":2)"}).answers(200, page(199, 2, 202));
    http_.expect("POST", "/flows/filter").answers(200, flows(0, 51));
    EXPECT_EQ(prefect().list(progress_).value().size(), 201U);
}

TEST_F(PrefectTest, WhatIsRemovedDuringAListingHasItReadAgain) {
    http_.expect("POST", "/deployments/paginate").answers(200, page(0, 200, 202));
    http_.expect("POST", "/deployments/paginate").answers(200, page(201, 1, 201));
    http_.expect("POST", "/deployments/paginate").answers(200, page(1, 200, 201));
    http_.expect("POST", "/deployments/paginate").answers(200, page(201, 1, 201));
    http_.expect("POST", "/flows/filter").answers(200, flows(0, 51));
    EXPECT_EQ(prefect().list(progress_).value().size(), 201U);
}

TEST_F(PrefectTest, AListingThatShowsTooLittleIsReadAgain) {
    http_.expect("POST", "/deployments/paginate", {R"("page":1)"}).answers(200, page(0, 200, 201));
    http_.expect("POST", "/deployments/paginate", {R"("page":2)"}).answers(200, page(199, 1, 201));
    http_.expect("POST", "/deployments/paginate", {R"("page":1)"}).answers(200, page(0, 200, 200));
    http_.expect("POST", "/flows/filter").answers(200, flows(0, 50));
    EXPECT_EQ(prefect().list(progress_).value().size(), 200U);
}

TEST_F(PrefectTest, AListingThatNeverHoldsStillIsAnErrorAndNotAShorterList) {
    for (int i = 0; i < 3; ++i) http_.expect("POST", "/deployments/paginate").answers(200, page(0, 3, 4));
    EXPECT_EQ(prefect().list(progress_).error().kind(), ErrorKind::Conflict);
}

TEST_F(PrefectTest, ABusyServerIsAskedAgainOverNewConnectionsWithGrowingWaits) {
    for (int i = 0; i < 8; ++i) http_.expect("DELETE", "/deployments/d1").answers(503, kBusy);
    http_.expect("DELETE", "/deployments/d1").answers(204, "");
    EXPECT_TRUE(prefect().remove("d1", progress_));
    // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 5 + 5 + 5, and up to half of each again.
    EXPECT_GE(clock_.monotonic(), std::chrono::milliseconds(21200));
    EXPECT_LE(clock_.monotonic(), std::chrono::milliseconds(31800));
    EXPECT_THAT(http_.requests().front().headers, Not(Contains(Key("Connection"))));
    EXPECT_THAT(http_.requests().back().headers, Contains(Pair("Connection", "close")));
}

TEST_F(PrefectTest, EveryStatusThatPrefectsOwnClientTriesAgainIsTriedAgain) {
    for (const int status : {408, 429, 502, 503}) {
        http_.expect("DELETE", "/deployments/d1").answers(status, kBusy);
        http_.expect("DELETE", "/deployments/d1").answers(204, "");
        EXPECT_TRUE(prefect().remove("d1", progress_)) << status;
    }
    http_.expect("DELETE", "/deployments/d1").answers(500, kBusy);
    EXPECT_EQ(prefect().remove("d1", progress_).error().kind(), ErrorKind::Unavailable);
}

TEST_F(PrefectTest, AServerThatStaysBusyIsUnavailableInTheEnd) {
    for (int i = 0; i < 11; ++i) http_.expect("DELETE", "/deployments/d1").answers(503, kBusy);
    const auto removed = prefect().remove("d1", progress_);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().kind(), ErrorKind::Unavailable);
    EXPECT_EQ(removed.error().describe(),
              "Prefect at http://prefect.example.org/api is busy (while removing the deployment d1)");
}

TEST_F(PrefectTest, AServerThatIsNotThereIsGivenUpSoon) {
    for (int i = 0; i < 3; ++i)
        http_.expect("POST", "/deployments/paginate").breaks(Error::unavailable("no connection"));
    EXPECT_EQ(prefect().list(progress_).error().kind(), ErrorKind::Unavailable);
    EXPECT_LE(clock_.monotonic(), std::chrono::seconds(1));
}

TEST_F(PrefectTest, ARefusedBodyNamesItsFieldAndNeverItsValue) {
    http_.expect("PATCH", "/deployments/d1")
        .answers(422,
                 R"({"exception_message":"Invalid request received.","exception_detail":[)"
                 R"({"type":"x","loc":["body","job_variables","env","PASSWORD"],"msg":"s3cret is bad",)"
                 R"("input":"s3cret"}],"request_body":{"job_variables":{"env":{"PASSWORD":"s3cret"}}}})");
    auto wanted = spec();
    wanted.version = "v2";
    const auto before = existing();
    const auto applied = prefect().apply(wanted, &before, progress_);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(applied.error().message(), "Prefect does not accept job_variables.env");
    EXPECT_THAT(applied.error().describe() + applied.error().hint(), Not(HasSubstr("s3cret")));
}

TEST_F(PrefectTest, WhoWeAreIsSaidInOneHeaderAndInNoMessage) {
    const auto refused = [&](PrefectSettings settings) {
        http_.expect("POST", "/deployments/paginate").answers(401, kUnauthorized);
        const auto listed = prefect(std::move(settings)).list(progress_);
        EXPECT_EQ(listed.error().kind(), ErrorKind::Unauthorized);
        EXPECT_THAT(listed.error().describe() + listed.error().hint(), Not(HasSubstr("s3cret")));
        return http_.requests().back().headers;
    };
    EXPECT_THAT(refused({.api_key = "s3cret"}), Contains(Pair("Authorization", "Bearer s3cret")));
    EXPECT_THAT(refused({.api_key = "s3cret", .auth_string = "admin:s3cret"}),
                Contains(Pair("Authorization", "Basic YWRtaW46czNjcmV0")));
    EXPECT_THAT(refused({}), Not(Contains(Key("Authorization"))));
}

TEST_F(PrefectTest, ATokenAgainstForgeryIsFetchedWhenTheServerWantsOne) {
    auto orchestrator = prefect();
    http_.expect("DELETE", "/deployments/d1").answers(403, R"({"detail":"Missing CSRF token."})");
    http_.expect("GET", "/csrf-token?client=").answers(200, R"({"token":"t1"})");
    http_.expect("DELETE", "/deployments/d1").answers(204, "");
    EXPECT_TRUE(orchestrator.remove("d1", progress_));
    EXPECT_THAT(http_.requests().back().headers, Contains(Pair("Prefect-Csrf-Token", "t1")));
    http_.expect("DELETE", "/deployments/d2").answers(204, "");
    EXPECT_TRUE(orchestrator.remove("d2", progress_));
    EXPECT_THAT(http_.requests().back().headers, Contains(Pair("Prefect-Csrf-Token", "t1")));
    http_.expect("DELETE", "/deployments/d3").answers(403, R"({"detail":"Forbidden"})");
    EXPECT_EQ(orchestrator.remove("d3", progress_).error().kind(), ErrorKind::Unauthorized);
}

TEST_F(PrefectTest, AnAddressThatIsNoApisIsToldAsSuch) {
    http_.expect("POST", "/deployments/paginate").answers(200, "<!doctype html>");
    const auto page = prefect().list(progress_);
    EXPECT_EQ(page.error().kind(), ErrorKind::Corrupt);
    EXPECT_THAT(page.error().hint(), HasSubstr("/api"));
    http_.expect("POST", "/deployments/paginate").answers(308, "");
    EXPECT_EQ(prefect().list(progress_).error().kind(), ErrorKind::Corrupt);
}

TEST_F(PrefectTest, TheLatestRunsAreFoundBesideOneThatRunsOften) {
    const std::string often = "00000000-0000-4000-8000-000000000001",
                      seldom = "00000000-0000-4000-8000-000000000002",
                      never = "00000000-0000-4000-8000-000000000003";
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += fmt::format(R"({}{{"id":"r{}","deployment_id":"{}","state_type":"RUNNING"}})",
                            i == 0 ? "" : ",", i, often);
    http_
        .expect("POST", "/flow_runs/filter",
                {often, seldom, never, R"("before_":"2026-01-05T12:00:05Z")", "START_TIME_DESC"})
        .answers(200, "[" + many + "]");
    http_.expect("POST", "/flow_runs/filter", {seldom, never})
        .answers(200, fmt::format(R"([{{"id":"s","deployment_id":"{}","state_type":"FAILED",)"
                                  R"("state_name":"Failed","state":{{"message":"it broke"}}}}])",
                                  seldom));
    const auto latest = prefect().latest({often, seldom, never, "nonsense"}, progress_).value();
    ASSERT_EQ(latest.size(), 2U);
    EXPECT_EQ(latest.at(often).id, "r0");
    EXPECT_EQ(latest.at(seldom).state, RunState::Failed);
    EXPECT_EQ(latest.at(seldom).state_text, "Failed: it broke");
    EXPECT_EQ(latest.at(seldom).url, "http://prefect.example.org/runs/flow-run/s");
}

TEST_F(PrefectTest, AStartWhoseAnswerWasLostIsRepeatedWithTheSameKey) {
    http_.expect("POST", "/deployments/d1/create_flow_run").breaks(Error::unavailable("broken off"));
    http_.expect("POST", "/deployments/d1/create_flow_run", {R"("parameters":{"n":2})"})
        .answers(200, R"({"id":"r1","state_type":"SCHEDULED"})");
    const auto run = prefect().start({.deployment_id = "d1", .parameters = {{"n", "2"}}}, progress_).value();
    EXPECT_EQ(run.state, RunState::Scheduled);
    EXPECT_EQ(http_.requests().front().body, http_.requests().back().body);
    EXPECT_THAT(http_.requests().back().body, HasSubstr("idempotency_key\":\"ringmaster-"));
}

TEST_F(PrefectTest, TextsThatShouldBeJsonAreRefusedBeforeAnythingIsSent) {
    auto wanted = spec();
    wanted.parameters = {{"n", "s3cret"}};
    const auto before = existing();
    const auto applied = prefect().apply(wanted, &before, progress_);
    EXPECT_EQ(applied.error().message(), "the parameter n is not JSON");
    EXPECT_EQ(prefect().start({.deployment_id = "d1", .parameters = {{"n", "{"}}}, progress_).error().kind(),
              ErrorKind::InvalidInput);
    EXPECT_TRUE(http_.requests().empty());
}

}  // namespace
}  // namespace ringmaster::prefect
