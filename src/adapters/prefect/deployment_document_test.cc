#include "adapters/prefect/deployment_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/prefect/prefect_errors.h"
#include "adapters/prefect/prefect_settings.h"
#include "adapters/prefect/run_document.h"
#include "adapters/prefect/schedule_document.h"
#include "base/text.h"
#include "domain/deployment_json.h"

namespace ringmaster::prefect {
namespace {

using nlohmann::json;
using support::JsonReader;

Result<Deployment> read(const std::string& text) {
    return read_deployment(TRY(JsonReader::parse(text, "it")), "hello", "http://ui");
}

DeploymentSpec read_with(const std::string& members) {
    return read(R"({"id":"d","flow_id":"f","name":"n",)" + members + "}").value().spec;
}

/// What the server answers to a document (measured on 3.8.8): the limit elsewhere, schedules with the instant
/// of their making and last first, a start before rules.
std::string answer_to(const std::string& document) {
    auto answer = json::parse(document);
    answer["id"] = "d";
    const auto limit = answer["concurrency_limit"];
    if (!limit.is_null()) answer["global_concurrency_limit"] = {{"limit", limit}};
    answer["concurrency_limit"] = nullptr;
    if (!answer.contains("work_queue_name")) answer["work_queue_name"] = "default";
    auto schedules = json::array();
    for (auto& schedule : answer["schedules"]) {
        schedule["created"] = fmt::format("2026-11-22T16:36:01.{:06}Z", schedules.size() + 10);
        auto& rule = schedule["schedule"];
        if (rule.contains("rrule"))
            rule["rrule"] = "DTSTART:20200101T000000\n" + rule["rrule"].get<std::string>();
        schedules.insert(schedules.begin(), schedule);
    }
    answer["schedules"] = schedules;
    return answer.dump();
}

/// Text that JSON can carry.
rc::Gen<std::string> text() {
    return rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
}
rc::Gen<std::map<std::string, std::string>> texts() {
    return rc::gen::container<std::map<std::string, std::string>>(text(), text());
}
rc::Gen<std::map<std::string, std::string>> values() {
    return rc::gen::container<std::map<std::string, std::string>>(
        rc::gen::map(rc::gen::inRange(0, 50), [](int i) { return fmt::format("v{}", i); }),
        rc::gen::element<std::string>("1", "null", "\"x\"", R"({"a":[1,true]})", "-2.5", "[]"));
}
rc::Gen<Schedule> schedule() {
    return rc::gen::apply(
        [](int kind, long long milliseconds, const std::string& zone, bool is_active) {
            Schedule made{.timezone = zone, .is_active = is_active};
            if (kind == 0) made.cron = "0 6 * * *";
            if (kind == 1) made.interval = Duration(milliseconds);
            if (kind == 2) made.rrule = "FREQ=DAILY";
            return made;
        },
        rc::gen::inRange(0, 3), rc::gen::inRange<long long>(1, 1LL << 40),
        rc::gen::element<std::string>("", "Europe/Warsaw"), rc::gen::arbitrary<bool>());
}

RC_GTEST_PROP(DeploymentDocument, WhatIsWrittenIsRead, ()) {
    DeploymentSpec spec{.flow_record = "hello", .name = "n", .work_pool = "pool"};
    spec.entrypoint = *text();
    spec.version = *text();
    spec.description = *text();
    spec.tags = *rc::gen::container<std::vector<std::string>>(text());
    spec.work_queue = *rc::gen::element<std::string>("", "urgent");
    spec.schedules = *rc::gen::container<std::vector<Schedule>>(schedule());
    spec.is_paused = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) spec.concurrency_limit = *rc::gen::inRange(1, 100);
    spec.parameters = *values();
    spec.image = *rc::gen::element<std::string>("", "ghcr.io/acme/flows:1");
    spec.environment = *texts();
    spec.job_variables = *values();
    if (*rc::gen::arbitrary<bool>())
        spec.code = CodeSource{"https://example.org/x.git", std::string(40, 'a')};
    spec.path = *rc::gen::element<std::string>("", "/opt");
    const auto document = upsert_document(spec, "f");
    RC_ASSERT(document.has_value());
    RC_ASSERT(read(answer_to(*document)).value().spec == spec);
}

TEST(DeploymentDocument, EmptyThingsAreClearedAndNotLeftOut) {
    const auto document = json::parse(upsert_document({.flow_record = "f", .name = "n"}, "f1").value());
    for (const char* field : {"description", "version", "entrypoint", "concurrency_limit", "pull_steps"})
        EXPECT_TRUE(document.contains(field) && document[field].is_null()) << field;
    for (const char* field : {"tags", "schedules", "parameters", "job_variables"})
        EXPECT_TRUE(document.contains(field) && document[field].empty()) << field;
    EXPECT_EQ(document["path"], ".");
}

TEST(DeploymentDocument, StepsThatAreMoreThanOneCommitAreKeptWhole) {
    const std::string steps[] = {
        R"([{"prefect.deployments.steps.git_clone":{"branch":"main","repository":"https://example.org/x.git"}}])",
        R"([{"prefect.deployments.steps.git_clone":{"commit_sha":"abc","credentials":"{{ c }}",)"
        R"("repository":"https://example.org/x.git"}}])",
        R"([{"prefect.deployments.steps.git_clone":{"commit_sha":"abc",)"
        R"("repository":"https://ada:pw@example.org/x.git"}}])",
        R"([{"prefect_aws.deployments.steps.pull_from_s3":{"bucket":"b"}},{"x":{}}])"};
    for (const auto& step : steps) {
        auto spec = read_with("\"pull_steps\":" + step);
        EXPECT_FALSE(spec.code);
        EXPECT_EQ(spec.code_steps, step);
        EXPECT_EQ(json::parse(upsert_document(spec, "f").value())["pull_steps"].dump(), step);
        EXPECT_EQ(spec_from_json(to_json_text(spec)).value(), spec) << "a record keeps them, too";
        spec.code = CodeSource{"https://example.org/x.git", "abc"};
        EXPECT_EQ(upsert_document(spec, "f").error().kind(), ErrorKind::InvalidInput);
    }
}

TEST(DeploymentDocument, VariablesThatAreNoTextsStayAsTheyAre) {
    auto spec = read_with(R"("job_variables":{"env":{"A":"b","NONE":null,"N":5},"image":null,"cpu":512})");
    EXPECT_EQ(spec.environment, (std::map<std::string, std::string>{{"A", "b"}}));
    EXPECT_EQ(spec.job_variables, (std::map<std::string, std::string>{
                                      {"cpu", "512"}, {"env", R"({"N":5,"NONE":null})"}, {"image", "null"}}));
    spec.environment["C"] = "d";
    EXPECT_EQ(json::parse(upsert_document(spec, "f").value())["job_variables"].dump(),
              R"({"cpu":512,"env":{"A":"b","C":"d","N":5,"NONE":null},"image":null})");
}

TEST(DeploymentDocument, AScheduleOfAKindThatWeDoNotKnowIsShownAndHidesNothing) {
    const auto spec = read_with(R"("schedules":[{"schedule":{"moon":"full"}}])");
    ASSERT_EQ(spec.schedules.size(), 1U);
    EXPECT_EQ(spec.schedules[0].rrule, R"({"moon":"full"})");
}

TEST(DeploymentDocument, AnAnswerThatMakesNoSenseIsCorrupt) {
    for (const std::string members :
         {R"("schedules":[{"schedule":{"interval":-1}}])", R"("schedules":[{"schedule":{"interval":1e300}}])",
          R"("tags":[1])", R"("pull_steps":{})", R"("paused":"yes")", R"("global_concurrency_limit":{})"}) {
        const auto deployment = read(R"({"id":"d","flow_id":"f","name":"n",)" + members + "}");
        ASSERT_FALSE(deployment) << members;
        EXPECT_EQ(deployment.error().kind(), ErrorKind::Corrupt);
    }
}

TEST(DeploymentDocument, InstantsAreReadAndKeptAsWritten) {
    const auto deployment =
        read(R"({"id":"d","flow_id":"f","name":"n","created":"2026-11-22T16:36:01.011457Z","updated":"?"})")
            .value();
    EXPECT_EQ(format_iso8601(deployment.created_at.value()), "2026-11-22T16:36:01.011Z");
    EXPECT_EQ(deployment.created_text, "2026-11-22T16:36:01.011457Z");
    EXPECT_FALSE(deployment.updated_at);
    EXPECT_EQ(deployment.url, "http://ui/deployments/deployment/d");
}

TEST(Repository, CredentialsAreTakenOutOfHttpAddressesOnly) {
    const std::pair<const char*, const char*> cases[] = {
        {"https://ada:pw@example.org/x.git", "https://example.org/x.git"},
        {"https://token@example.org/x@y.git", "https://example.org/x@y.git"},
        {"http://a@b@example.org", "http://example.org"},
        {"https://example.org/x@y.git", "https://example.org/x@y.git"},
        {"git@example.org:x.git", "git@example.org:x.git"},
        {"file:///srv/x@y", "file:///srv/x@y"}};
    for (const auto& [before, after] : cases) EXPECT_EQ(without_credentials(before), after);
}

TEST(UiAddress, IsTheServersOwnOrThatOfPrefectCloudsPages) {
    const std::pair<const char*, const char*> cases[] = {
        {"http://127.0.0.1:4200/api", "http://127.0.0.1:4200"},
        {"https://example.org/accounts/api/", "https://example.org/accounts"},
        {"https://example.org", "https://example.org"},
        {"https://api.prefect.cloud/api/accounts/accounts-1/workspaces/w",
         "https://app.prefect.cloud/account/accounts-1/workspace/w"}};
    for (const auto& [api, ui] : cases) EXPECT_EQ(ui_address(api), ui);
}

TEST(RefusedFields, AreNamedByTheirPlace) {
    // As 3.8.8 says it, without what it repeats.
    EXPECT_EQ(refused_fields(R"({"exception_detail":[
        {"loc":["body","schedules",0,"schedule","function-after[validate_timezone(), CronSchedule]","cron"]},
        {"loc":["body","schedules",0,"schedule","RRuleSchedule","rrule"]},
        {"loc":["body","concurrency_limit"]}]})"),
              "concurrency_limit, schedules[0].schedule.cron, schedules[0].schedule.rrule");
    EXPECT_EQ(
        refused_fields(R"({"detail":"Error: Validation failed for field 'env'. Failure reason: 'x' …"})"),
        "env");
    EXPECT_EQ(refused_fields("<html>"), "");
    EXPECT_EQ(refused_fields(R"({"detail":"the secret is bad"})"), "");
}

TEST(RunDocument, EveryStateOfPrefectsIsKnown) {
    for (const char* type : {"SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CRASHED",
                             "CANCELLING", "CANCELLED", "PAUSED"})
        EXPECT_EQ(to_string(run_state(type)), to_lower_ascii(type));
    EXPECT_EQ(run_state("DREAMING"), RunState::Unknown);
}

}  // namespace
}  // namespace ringmaster::prefect
