// What EcsRuntime does where a real ECS cannot be brought to: on a fake one, with time that costs nothing.
// The contract on real containers: tests/engines/ecs.

#include "adapters/aws/ecs_runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/aws/fake_ecs_test.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/recording_progress.h"

namespace ringmaster::aws {
namespace {

using testing::FakeClock;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RecordingProgress;
using ::testing::SizeIs;

constexpr auto kService = "pr-12-abc1234-service";

class EcsRuntimeTest : public ::testing::Test {
 protected:
    static EcsSettings settings() {
        EcsSettings settings{.repository = {"acme", "shop"}, .cluster = "shows"};
        settings.family = "{repository}-{show}";
        settings.container = "app";
        settings.cpu = "512";
        settings.memory = "2048";
        settings.subnets = {"subnet-1"};
        settings.log_group = "/ecs/shows";
        settings.log_region = "us-west-2";
        return settings;
    }
    static ShowSpec spec(const std::string& image = "shop:pr-12-abc1234-ci") {
        const auto commit = *CommitSha::parse("abc1234000000000000000000000000000000000");
        ShowSpec spec{.show = {{"acme", "shop"}, 12, commit.short_sha()}, .commit = commit};
        spec.artifact.image = image;
        spec.requested_by = "dependabot[bot]";
        spec.created_at = *parse_iso8601("2026-01-05T11:00:00Z");
        spec.expires_at = *parse_iso8601("2026-01-07T11:00:00Z");
        return spec;
    }
    EcsRuntime with(const EcsSettings& settings) { return {settings, client_, clock_}; }
    Error refused(const ShowSpec& show) {
        auto endpoint = runtime_.deploy(show, progress_);
        EXPECT_FALSE(endpoint);
        return endpoint ? Error::failed("it was not refused") : endpoint.error();
    }

    FakeClock clock_;
    testing::FakeEntropy entropy_;
    FakeEcs ecs_{clock_};
    FixedKeys keys_;
    AwsClient client_{{.region = "us-west-2"}, keys_, ecs_, clock_, entropy_};
    EcsRuntime runtime_{settings(), client_, clock_};
    RecordingProgress progress_;
};

TEST_F(EcsRuntimeTest, ACreateTakesAtMostNineCallsBesideWaiting) {
    ecs_.start_time = std::chrono::seconds(-1);  // so that nothing is asked twice
    const auto endpoint = runtime_.deploy(spec(), progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(endpoint->text(), "52.0.0.2:8080");
    EXPECT_LE(ecs_.calls.size(), 9U);
    EXPECT_EQ(ecs_.count("RegisterTaskDefinition"), 1);
    EXPECT_EQ(ecs_.count("CreateService"), 1);
}

/// The calls of a whole run that creates a show, among `others` shows of other pull requests: it looks, takes
/// the lease and looks again, deploys, and looks what it replaces. Beside waiting.
class EcsBudgetTest : public EcsRuntimeTest, public ::testing::WithParamInterface<int> {};

TEST_P(EcsBudgetTest, AWholeRunThatCreatesAShowTakesAtMostNineCallsAmongOtherShows) {
    ecs_.start_time = std::chrono::seconds(-1);
    for (int i = 0; i < GetParam(); ++i) {
        auto other = spec();
        other.show.pull_request_number = 100 + i;
        ASSERT_TRUE(runtime_.deploy(other, progress_));
    }
    auto runtime = with(settings());  // another process, which knows nothing yet
    ecs_.calls.clear();
    const auto before = runtime.list_of(12, Others::Counted);
    ASSERT_TRUE(before) << before.error().describe();
    EXPECT_EQ(before->others, GetParam());
    EXPECT_THAT(before->services, IsEmpty());
    EXPECT_EQ(runtime.list_of(12, Others::Counted)->others, GetParam());
    const auto looked = ecs_.calls.size();
    ASSERT_TRUE(runtime.deploy(spec(), progress_));
    const auto waiting = ecs_.count("ListTasks") + ecs_.count("DescribeTasks");
    const auto deployed = ecs_.calls.size();
    EXPECT_EQ(ecs_.count("RegisterTaskDefinition") + ecs_.count("CreateService"), 2);
    const auto after = runtime.list_of(12, Others::Ignored);
    ASSERT_TRUE(after);
    EXPECT_THAT(after->services, SizeIs(1));
    EXPECT_EQ(ecs_.count("ListTasks") + ecs_.count("DescribeTasks"), waiting) << "it was just seen";
    constexpr std::size_t kOfTheDeploy = 3;  // is it there; its task definition; its service
    EXPECT_GE(deployed - looked, kOfTheDeploy);
    EXPECT_LE(looked + kOfTheDeploy + (ecs_.calls.size() - deployed), 9U);
}

INSTANTIATE_TEST_SUITE_P(Others, EcsBudgetTest, ::testing::Values(0, 1, 10, 20));

TEST_F(EcsRuntimeTest, OthersThatAreCountedAreOfOurRepositoryAndNotBeingDeleted) {
    auto other = spec();
    other.show.pull_request_number = 13;
    ASSERT_TRUE(runtime_.deploy(other, progress_));
    other.show.sha = *ShortSha::parse("def5678");
    other.commit = *CommitSha::parse("def5678000000000000000000000000000000000");
    ASSERT_TRUE(runtime_.deploy(other, progress_));  // another version of the same pull request
    ecs_.services["pr-14-abc1234-service"] = {.tags = {{"ringmaster.repository", "acme/other"}}};
    ecs_.services["database"] = {};
    EXPECT_EQ(runtime_.list_of(12, Others::Counted)->others, 1);
    EXPECT_EQ(runtime_.list_of(12, Others::Ignored)->others, 0);
    ecs_.services.at("pr-13-abc1234-service").status = "DRAINING";
    ecs_.services.at("pr-13-def5678-service").status = "DRAINING";
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(runtime_.list_of(12, Others::Counted)->others, 0)
        << "what was seen a minute ago does not count";
}

TEST_F(EcsRuntimeTest, TheShowsOfAPullRequestAreCompleteOrAnError) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    clock_.advance(std::chrono::minutes(1));
    EXPECT_EQ(runtime_.list_of(12, Others::Ignored)->services.at(0).endpoint,
              runtime_.find(spec().show).value()->endpoint);
    clock_.advance(std::chrono::minutes(1));
    for (const auto* action : {"ListServices", "DescribeServices", "ListTasks", "DescribeTasks"}) {
        ecs_.intercept = [&](const std::string& asked) -> std::optional<Result<HttpResponse>> {
            if (asked != action) return std::nullopt;
            return FakeEcs::refusal(400, "AccessDeniedException", "not you");
        };
        EXPECT_FALSE(runtime_.list_of(12, Others::Counted)) << action;
    }
}

TEST_F(EcsRuntimeTest, ACommandInAShowIsRefusedWithWhatToDoInstead) {
    const auto done = runtime_.run_in(spec().show, {.arguments = {"true"}}, progress_);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(done.error().hint(), HasSubstr("task_definition"));
    EXPECT_THAT(ecs_.calls, IsEmpty());
}

TEST_F(EcsRuntimeTest, ServiceAndTaskDefinitionAreTaggedInAwssAlphabet) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    const auto& tags = ecs_.services.at(kService).tags;
    EXPECT_EQ(tags.at("ringmaster.repository"), "acme/shop");
    EXPECT_EQ(tags.at("ringmaster.requested_by"), "dependabot=5Bbot=5D");
    EXPECT_EQ(ecs_.revisions.begin()->second.tags, tags);
    EXPECT_EQ(ecs_.revisions.begin()->second.family, "acme-shop-pr-12-abc1234");
}

TEST_F(EcsRuntimeTest, SaysWhatEcsIsDoingWhileItWaits) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    EXPECT_EQ(progress_.lines(), (std::vector<std::string>{"the task is PENDING", "the task runs"}));
}

TEST_F(EcsRuntimeTest, TheConfiguredTimeIsTheTimeThatIsWaited) {  // contract D53
    ecs_.start_time = std::chrono::hours(1);
    auto patient = settings();
    patient.start_timeout = std::chrono::minutes(7);
    auto runtime = with(patient);
    const auto before = clock_.monotonic();
    const auto endpoint = runtime.deploy(spec(), progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::TimedOut);
    EXPECT_THAT(endpoint.error().message(), HasSubstr("did not run within 7 min"));
    const auto waited = clock_.monotonic() - before;
    EXPECT_GE(waited, std::chrono::minutes(7));
    EXPECT_LT(waited, std::chrono::minutes(8));
    EXPECT_THAT(ecs_.remains(), IsEmpty());  // contract D55
}

TEST_F(EcsRuntimeTest, AnImageThatIsNotThereIsSaidAtOnceAndNothingStays) {
    ecs_.start_problem =
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
        "docker.io/acme/shop:nope: docker.io/acme/shop:nope: not found";
    const auto error = refused(spec());
    EXPECT_EQ(error.kind(), ErrorKind::Failed);
    EXPECT_THAT(error.message(), HasSubstr("docker.io/acme/shop:nope: not found"));
    EXPECT_THAT(error.hint(), HasSubstr("image's name"));
    EXPECT_LT(clock_.monotonic(), std::chrono::seconds(30));
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, AStartThatMayStillSucceedIsTriedAgainThreeTimes) {
    ecs_.start_problem = "Capacity is unavailable at this time. Please try again later";
    const auto error = refused(spec());
    EXPECT_THAT(error.message(), HasSubstr("Capacity is unavailable"));
    EXPECT_GE(ecs_.tasks.size(), 3U);
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, AnApplicationThatEndsBeforeItsPublicAddressIsKnownSaysHow) {
    ecs_.exits_with = 137;
    const auto error = refused(spec());
    EXPECT_THAT(error.message(), HasSubstr("exit 137"));
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, AForeignServiceOfTheSameNameIsNotTouched) {  // contract D23
    ecs_.services[kService] = {.tags = {{"ringmaster.repository", "acme/other"}}};
    const auto error = refused(spec());
    EXPECT_EQ(error.kind(), ErrorKind::Conflict);
    EXPECT_THAT(error.message(), HasSubstr("that is not of acme/shop"));
    EXPECT_EQ(ecs_.services[kService].status, "ACTIVE");
    EXPECT_TRUE(runtime_.remove(spec().show, progress_));
    EXPECT_EQ(ecs_.services[kService].status, "ACTIVE");
    EXPECT_FALSE(*runtime_.find(spec().show));
    EXPECT_TRUE(runtime_.list_managed()->empty());
    for (const auto& [arn, revision] : ecs_.revisions) EXPECT_FALSE(revision.is_active) << arn;
}

TEST_F(EcsRuntimeTest, ALostAnswerToACreationIsNoSecondService) {
    bool is_lost = false;
    ecs_.lose_answer = [&](const std::string& action) -> std::optional<Error> {
        if (action != "CreateService" || is_lost) return std::nullopt;
        is_lost = true;
        return Error::unavailable("the connection broke");
    };
    const auto endpoint = runtime_.deploy(spec(), progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_THAT(ecs_.tasks, SizeIs(1));
    EXPECT_TRUE(runtime_.remove(spec().show, progress_));
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, AnotherImageStartsBesideTheOldOneWhoseRevisionGoes) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    ASSERT_TRUE(runtime_.deploy(spec("shop:other"), progress_));
    EXPECT_EQ(ecs_.count("DeleteService"), 0);
    EXPECT_EQ(ecs_.count("UpdateService"), 1);
    EXPECT_EQ(ecs_.services.at(kService).tags.at("ringmaster.image"), "shop:other");
    int active = 0;
    for (const auto& [arn, revision] : ecs_.revisions) active += revision.is_active;
    EXPECT_EQ(active, 1);
}

TEST_F(EcsRuntimeTest, ARunningShowIsAdoptedAndItsTagsAreBroughtUpToDate) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    auto again = spec();
    again.expires_at.reset();
    ASSERT_TRUE(runtime_.deploy(again, progress_));
    EXPECT_EQ(ecs_.count("RegisterTaskDefinition"), 1);
    EXPECT_EQ(runtime_.find(again.show).value()->expires_at, std::nullopt);
    EXPECT_EQ(runtime_.find(again.show).value()->created_at, spec().created_at);
}

TEST_F(EcsRuntimeTest, ARemovalWaitsUntilTheTasksHaveStopped) {  // contract D17
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    ecs_.stop_time = std::chrono::seconds(40);
    const auto before = clock_.monotonic();
    ASSERT_TRUE(runtime_.remove(spec().show, progress_));
    EXPECT_GE(clock_.monotonic() - before, std::chrono::seconds(40));
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, ARemovalThatTakesTooLongIsAnErrorAndTheShowIsStillFound) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    ecs_.stop_time = std::chrono::hours(1);
    const auto removed = runtime_.remove(spec().show, progress_);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().kind(), ErrorKind::TimedOut);
    const auto service = runtime_.find(spec().show);
    ASSERT_TRUE(service && *service);
    EXPECT_EQ((*service)->state, ServiceState::Removing);
}

TEST_F(EcsRuntimeTest, ADeployAfterAnUnfinishedRemovalWaitsForItsEnd) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    ecs_.stop_time = std::chrono::seconds(20);
    RecordingProgress impatient;
    impatient.on_pulse([&](int) {});
    impatient.stop_when([&](const auto&) { return ecs_.count("DeleteService") > 0; });
    ASSERT_FALSE(runtime_.remove(spec().show, impatient));
    const auto endpoint = runtime_.deploy(spec(), progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(ecs_.count("CreateService"), 2);
}

TEST_F(EcsRuntimeTest, AListingOfManyServicesIsReadToItsEnd) {  // contract D22
    ecs_.page_size = 3;
    for (int number = 1; number <= 25; ++number) {
        auto show = spec();
        show.show.pull_request_number = number;
        ASSERT_TRUE(runtime_.deploy(show, progress_));
        ecs_.services[fmt::format("of-others-{}", number)] = {};
    }
    const auto all = runtime_.list_managed();
    ASSERT_TRUE(all);
    EXPECT_THAT(*all, SizeIs(25));
    for (const auto& service : *all) {
        EXPECT_EQ(service.state, ServiceState::Running);
        EXPECT_TRUE(service.endpoint) << service.name;
    }
}

TEST_F(EcsRuntimeTest, AListingRightAfterAStartAsksForNoTasksAndALaterOneDoes) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    const auto asked = ecs_.count("ListTasks");
    EXPECT_EQ(runtime_.list_managed()->at(0).endpoint, runtime_.find(spec().show).value()->endpoint);
    EXPECT_EQ(ecs_.count("ListTasks"), asked + 2) << "find() always looks";
    clock_.advance(std::chrono::seconds(31));
    ecs_.exits_with = 3;
    EXPECT_NE(runtime_.list_managed()->at(0).state, ServiceState::Running);
}

TEST_F(EcsRuntimeTest, AFailingOrPartialListingIsAnErrorNeverAShorterList) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    clock_.advance(std::chrono::minutes(1));
    for (const auto* action : {"ListServices", "DescribeServices", "ListTasks", "DescribeTasks"}) {
        ecs_.intercept = [&](const std::string& asked) -> std::optional<Result<HttpResponse>> {
            if (asked != action) return std::nullopt;
            return FakeEcs::refusal(400, "AccessDeniedException", "no");
        };
        EXPECT_FALSE(runtime_.list_managed()) << action;
    }
    ecs_.intercept = [&](const std::string& asked) -> std::optional<Result<HttpResponse>> {
        if (asked != "DescribeServices") return std::nullopt;
        return HttpResponse{.status = 200,
                            .body = R"({"services":[],"failures":[{"arn":"a","reason":"ACCESS_DENIED"}]})"};
    };
    EXPECT_FALSE(runtime_.list_managed());
}

TEST_F(EcsRuntimeTest, ServicesOfSupersetShowtimeAreFoundAndRemovedWhenAskedTo) {
    ecs_.revisions["arn:aws:ecs:us-west-2:1:task-definition/superset-ci:7"] = {.family = "superset-ci"};
    ecs_.services[kService] = {.revision = "arn:aws:ecs:us-west-2:1:task-definition/superset-ci:7",
                               .tags = {{"showtime_managed", "true"}, {"pr", "12"}}};
    EXPECT_FALSE(*runtime_.find(spec().show));
    auto adopting = settings();
    adopting.showtime = Showtime::Adopt;
    auto runtime = with(adopting);
    ASSERT_TRUE(*runtime.find(spec().show));
    ASSERT_TRUE(runtime.remove(spec().show, progress_));
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

TEST_F(EcsRuntimeTest, RevisionsOfOthersInASharedFamilyStay) {
    auto shared = settings();
    shared.family = "superset-ci";
    auto runtime = with(shared);
    ecs_.revisions["arn:aws:ecs:us-west-2:1:task-definition/superset-ci:7"] = {.family = "superset-ci"};
    auto other = spec();
    other.show.pull_request_number = 13;
    ASSERT_TRUE(runtime.deploy(other, progress_));
    ASSERT_TRUE(runtime.deploy(spec(), progress_));
    ASSERT_TRUE(runtime.remove(spec().show, progress_));
    EXPECT_TRUE(ecs_.revisions.at("arn:aws:ecs:us-west-2:1:task-definition/superset-ci:7").is_active);
    EXPECT_TRUE(ecs_.revisions.at(ecs_.services.at("pr-13-abc1234-service").revision).is_active);
    EXPECT_THAT(ecs_.remains(), SizeIs(4))
        << "the other show's service, task and revision, and the stranger's";
}

TEST_F(EcsRuntimeTest, LogsAreTheNewestTasksAndFollowItToItsEnd) {
    ASSERT_TRUE(runtime_.deploy(spec(), progress_));
    ecs_.logs["ecs/app/task2"] = {"one", "two", "three"};
    RecordingProgress tail;
    ASSERT_TRUE(runtime_.logs(spec().show, {.tail_lines = 2}, tail));
    EXPECT_EQ(tail.lines(), (std::vector<std::string>{"two", "three"}));
    RecordingProgress since;
    ASSERT_TRUE(runtime_.logs(
        spec().show, {.tail_lines = -1, .since = FakeEcs::kFirstLine + std::chrono::seconds(1)}, since));
    EXPECT_EQ(since.lines(), (std::vector<std::string>{"two", "three"}));
    RecordingProgress followed;
    followed.on_pulse([&](int count) {
        if (count == 20) {
            ecs_.logs["ecs/app/task2"].push_back("four");
            ecs_.tasks[0].stopped = clock_.now();
        }
    });
    ASSERT_TRUE(runtime_.logs(spec().show, {.follow = true, .tail_lines = -1}, followed));
    EXPECT_EQ(followed.lines(), (std::vector<std::string>{"one", "two", "three", "four"}));
}

// ---- bad input: one sentence each, and what to do
// ------------------------------------------------------------

struct Refusal {
    const char* action;
    int status;
    const char* code;
    const char* message;
    ErrorKind kind;
    const char* says;
    const char* hint;
};

class EcsRefusalTest : public EcsRuntimeTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(EcsRefusalTest, IsNamedWithWhatToDoAndLeavesNothing) {
    const auto& refusal = GetParam();
    ecs_.intercept = [&](const std::string& action) -> std::optional<Result<HttpResponse>> {
        if (action != refusal.action) return std::nullopt;
        return FakeEcs::refusal(refusal.status, refusal.code, refusal.message);
    };
    const auto error = refused(spec());
    EXPECT_EQ(error.kind(), refusal.kind) << error.describe();
    EXPECT_THAT(error.message(), HasSubstr(refusal.says));
    EXPECT_EQ(error.message().find('\n'), std::string::npos);
    EXPECT_THAT(error.hint(), HasSubstr(refusal.hint));
    ecs_.intercept = nullptr;
    EXPECT_THAT(ecs_.remains(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Aws, EcsRefusalTest,
    ::testing::Values(
        Refusal{"DescribeServices", 400, "ClusterNotFoundException", "Cluster not found.",
                ErrorKind::InvalidInput, "no such cluster in us-west-2", "[shows.ecs] cluster"},
        Refusal{"DescribeServices", 400, "ExpiredTokenException", "The security token included is expired",
                ErrorKind::Unauthorized, "the AWS credentials have expired", "get new ones"},
        Refusal{"DescribeServices", 400, "UnrecognizedClientException", "The security token is invalid.",
                ErrorKind::Unauthorized, "does not accept these credentials", "AWS_ACCESS_KEY_ID"},
        Refusal{"CreateService", 400, "AccessDeniedException",
                "User: arn:aws:iam::1:user/ci is not authorized to perform: ecs:CreateService",
                ErrorKind::Unauthorized, "ecs:CreateService", "docs/engines/ecs.md"},
        Refusal{"CreateService", 400, "InvalidParameterException", "The subnet ID 'subnet-1' does not exist",
                ErrorKind::InvalidInput, "The subnet ID 'subnet-1' does not exist", "[shows.ecs]"},
        Refusal{"CreateService", 400, "LimitExceededException", "The limit for the resource was exceeded.",
                ErrorKind::Failed, "a quota of AWS is used up", "higher quota"},
        Refusal{"RegisterTaskDefinition", 400, "ClientException",
                "No Fargate configuration exists for given values.", ErrorKind::InvalidInput,
                "No Fargate configuration", "[shows.ecs]"}),
    [](const auto& info) { return std::string(info.param.action) + std::to_string(info.index); });

// ---- crashes
// -------------------------------------------------------------------------------------------------

/// From call number `k` on, nothing is answered any more: the worker is gone. `after`: that call was still
/// done.
class Death {
 public:
    Death(FakeEcs& ecs, int k, bool after) : ecs_(ecs) {
        ecs.intercept = [this, k, after](const std::string&) -> std::optional<Result<HttpResponse>> {
            if (++seen_ > k || (seen_ == k && !after)) return Fail(Error::interrupted("killed"));
            return std::nullopt;
        };
        ecs.lose_answer = [this, k](const std::string&) -> std::optional<Error> {
            return seen_ >= k ? std::optional(Error::interrupted("killed")) : std::nullopt;
        };
    }
    ~Death() {
        ecs_.intercept = nullptr;
        ecs_.lose_answer = nullptr;
    }

 private:
    FakeEcs& ecs_;
    int seen_ = 0;
};

TEST_F(EcsRuntimeTest, AWorkerKilledAtAnyCallOfADeployLeavesWhatOneRemovalClears) {
    bool was_killed = true;
    for (int k = 1; was_killed; ++k) {
        for (const bool after : {false, true}) {
            const Result<Endpoint> endpoint = [&] {
                const Death death(ecs_, k, after);
                return runtime_.deploy(spec(), progress_);
            }();
            was_killed = !endpoint;
            auto next_worker = with(settings());
            ASSERT_TRUE(next_worker.remove(spec().show, progress_)) << "call " << k;
            EXPECT_THAT(ecs_.remains(), IsEmpty()) << "call " << k;
        }
        ASSERT_LT(k, 100);
    }
}

TEST_F(EcsRuntimeTest, AWorkerKilledAtAnyCallOfADeployLeavesWhatTheNextDeployGoesOnFrom) {
    bool was_killed = true;
    for (int k = 1; was_killed; ++k) {
        for (const bool after : {false, true}) {
            const Result<Endpoint> endpoint = [&] {
                const Death death(ecs_, k, after);
                return runtime_.deploy(spec(), progress_);
            }();
            was_killed = !endpoint;
            auto next_worker = with(settings());
            const auto again = next_worker.deploy(spec(), progress_);
            ASSERT_TRUE(again) << "call " << k << ": " << again.error().describe();
            ASSERT_TRUE(next_worker.remove(spec().show, progress_));
            EXPECT_THAT(ecs_.remains(), IsEmpty()) << "call " << k;
        }
        ASSERT_LT(k, 100);
    }
}

TEST_F(EcsRuntimeTest, AWorkerKilledAtAnyCallOfARemovalLeavesWhatTheNextOneClears) {
    bool was_killed = true;
    for (int k = 1; was_killed; ++k) {
        for (const bool after : {false, true}) {
            ASSERT_TRUE(runtime_.deploy(spec(), progress_));
            const Result<void> removed = [&] {
                const Death death(ecs_, k, after);
                return runtime_.remove(spec().show, progress_);
            }();
            was_killed = !removed;
            auto next_worker = with(settings());
            ASSERT_TRUE(next_worker.remove(spec().show, progress_)) << "call " << k;
            EXPECT_THAT(ecs_.remains(), IsEmpty()) << "call " << k;
        }
        ASSERT_LT(k, 100);
    }
}

}  // namespace
}  // namespace ringmaster::aws
