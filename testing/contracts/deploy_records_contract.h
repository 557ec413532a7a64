#pragma once
// What every DeployRecords does. A suite's parameter is a harness, a type with a default constructor,
// `DeployRecords& records()`, and `DeployRecords& reopened()`, which sees what was written before by another
// process.

#include <gtest/gtest.h>

#include "ports/deploy_records.h"

namespace ringmaster::testing {

template <typename Harness>
class DeployRecordsContract : public ::testing::Test {
 protected:
    static DeployRecord record(std::string flow, std::string environment,
                               std::string version = "main-abc1234") {
        return {.id = 0,
                .time = TimePoint(Duration(1795000000123)),
                .actor = "ada",
                .operation = "promote",
                .project = "shop",
                .flow = flow,
                .environment = environment,
                .source_environment = "dev",
                .deployment = "shop--main--" + flow + "--" + environment,
                .deployment_id = "",
                .version = std::move(version),
                .commit = "abc1234",
                .plan_digest = std::string(64, 'd'),
                .reason = "because 'it' must",
                .spec = R"({"name":"🎪"})",
                .previous = "",
                .outcome = DeployOutcome::Begun,
                .detail = ""};
    }
    std::int64_t done(const DeployRecord& record, DeployOutcome outcome = DeployOutcome::Done) {
        const auto id = harness_.records().begin(record);
        EXPECT_TRUE(id);
        EXPECT_TRUE(harness_.records().finish(id.value_or(0), outcome, "id-1", ""));
        return id.value_or(0);
    }
    std::vector<std::string> versions(const DeployRecordQuery& query) {
        std::vector<std::string> all;
        const auto found = harness_.records().recent(query);
        EXPECT_TRUE(found);
        for (const auto& each : found.value_or(std::vector<DeployRecord>())) all.push_back(each.version);
        return all;
    }
    using Versions = std::vector<std::string>;
    Harness harness_;
};
TYPED_TEST_SUITE_P(DeployRecordsContract);

TYPED_TEST_P(DeployRecordsContract, GivesBackEveryFieldAsItWas) {
    const auto written = this->record("load", "tst");
    const auto id = this->harness_.records().begin(written);
    ASSERT_TRUE(id) << id.error().describe();
    const auto begun = this->harness_.reopened().recent({.project = "shop"});
    ASSERT_TRUE(begun) << begun.error().describe();
    ASSERT_EQ(begun->size(), 1U);
    EXPECT_EQ(begun->front().outcome, DeployOutcome::Begun);
    ASSERT_TRUE(this->harness_.records().finish(*id, DeployOutcome::Failed, "id-1", "no \"pool\""));
    const auto found = this->harness_.reopened().recent({.project = "shop"});
    ASSERT_TRUE(found);
    const auto& same = found->front();
    EXPECT_EQ(same.id, *id);
    EXPECT_EQ(same.time, written.time);
    EXPECT_EQ(same.actor, written.actor);
    EXPECT_EQ(same.operation, written.operation);
    EXPECT_EQ(same.flow, written.flow);
    EXPECT_EQ(same.environment, written.environment);
    EXPECT_EQ(same.source_environment, written.source_environment);
    EXPECT_EQ(same.deployment, written.deployment);
    EXPECT_EQ(same.version, written.version);
    EXPECT_EQ(same.commit, written.commit);
    EXPECT_EQ(same.plan_digest, written.plan_digest);
    EXPECT_EQ(same.reason, written.reason);
    EXPECT_EQ(same.spec, written.spec);
    EXPECT_EQ(same.previous, written.previous);
    EXPECT_EQ(same.outcome, DeployOutcome::Failed);
    EXPECT_EQ(same.deployment_id, "id-1");
    EXPECT_EQ(same.detail, "no \"pool\"");
}

TYPED_TEST_P(DeployRecordsContract, TellsTheNewestFirstOfWhatWasAskedFor) {
    for (const char* version : {"one", "two", "three"}) this->done(this->record("load", "dev", version));
    this->done(this->record("load", "tst", "four"));
    this->done(this->record("report", "dev", "five"));
    auto of_another = this->record("load", "dev", "six");
    of_another.project = "other";
    this->done(of_another);
    using Versions = std::vector<std::string>;
    EXPECT_EQ(this->versions({.project = "shop", .limit = 2}), (Versions{"five", "four"}));
    EXPECT_EQ(this->versions({.project = "shop", .flow = "load", .environment = "dev"}),
              (Versions{"three", "two", "one"}));
    EXPECT_EQ(this->versions({.project = "shop", .environment = "tst"}), (Versions{"four"}));
    EXPECT_EQ(this->versions({.project = "nobody"}), Versions());
}

TYPED_TEST_P(DeployRecordsContract, TheNewestOfADeploymentIsWhatWasDoneOrMayHaveBeen) {
    this->done(this->record("load", "dev", "one"));
    this->done(this->record("load", "dev", "two"), DeployOutcome::Failed);
    this->done(this->record("load", "dev", "three"), DeployOutcome::Undone);
    this->done(this->record("load", "tst", "four"));
    ASSERT_TRUE(this->harness_.records().begin(this->record("load", "tst", "five")));
    const auto newest = this->harness_.reopened().newest("shop");
    ASSERT_TRUE(newest);
    EXPECT_EQ(newest->size(), 2U);
    EXPECT_EQ(newest->at("shop--main--load--dev").version, "one");
    EXPECT_EQ(newest->at("shop--main--load--tst").version, "five");
}

TYPED_TEST_P(DeployRecordsContract, APersonApprovesAPlanOnce) {
    const Approval approval{
        .plan_digest = "d1", .approver = "bob", .time = TimePoint(Duration(7)), .comment = "fine"};
    ASSERT_TRUE(this->harness_.records().approve(approval));
    ASSERT_TRUE(this->harness_.records().approve(approval));
    ASSERT_TRUE(this->harness_.records().approve(
        {.plan_digest = "d2", .approver = "bob", .time = {}, .comment = ""}));
    const auto approvals = this->harness_.reopened().approvals("d1");
    ASSERT_TRUE(approvals);
    ASSERT_EQ(approvals->size(), 1U);
    EXPECT_EQ(approvals->front().approver, "bob");
    EXPECT_EQ(approvals->front().comment, "fine");
    EXPECT_EQ(approvals->front().time, approval.time);
}

REGISTER_TYPED_TEST_SUITE_P(DeployRecordsContract, GivesBackEveryFieldAsItWas,
                            TellsTheNewestFirstOfWhatWasAskedFor,
                            TheNewestOfADeploymentIsWhatWasDoneOrMayHaveBeen, APersonApprovesAPlanOnce);

}  // namespace ringmaster::testing
