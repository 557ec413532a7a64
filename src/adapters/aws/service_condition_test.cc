#include "adapters/aws/service_condition.h"

#include <gtest/gtest.h>

namespace ringmaster::aws {
namespace {

const TimePoint kNow = *parse_iso8601("2026-01-05T12:00:00Z");

EcsService service(const std::string& rollout = "IN_PROGRESS") {
    return {.name = "s", .status = "ACTIVE", .task_definition = "d:2", .rollout_state = rollout};
}
EcsTask running(Duration since, const std::string& revision = "d:2") {
    return {.arn = "t/r",
            .task_definition = revision,
            .last_status = "RUNNING",
            .created_at = kNow - since,
            .started_at = kNow - since};
}
EcsTask crashed(int exit_code, Duration ago, const std::string& revision = "d:2") {
    return {.arn = "t/c",
            .task_definition = revision,
            .last_status = "STOPPED",
            .stop_code = "EssentialContainerExited",
            .stopped_reason = "Essential container in task exited",
            .created_at = kNow - ago,
            .started_at = kNow - ago,
            .stopped_at = kNow - ago + Duration(2000),
            .containers = {{.name = "sidecar", .exit_code = 0}, {.name = "app", .exit_code = exit_code}}};
}
EcsTask not_started(const std::string& reason) {
    return {.arn = "t/n",
            .task_definition = "d:2",
            .last_status = "STOPPED",
            .stop_code = "TaskFailedToStart",
            .stopped_reason = reason,
            .created_at = kNow};
}
Condition of(const EcsService& service, std::vector<EcsTask> tasks) {
    return condition_of(service, tasks, kNow);
}
constexpr auto kMinute = std::chrono::minutes(1);

TEST(ServiceCondition, ATaskOfTheRevisionThatRunsIsARunningShow) {
    EXPECT_EQ(of(service(), {running(kMinute / 2)}).state, ServiceState::Running);
    EXPECT_EQ(of(service(), {running(kMinute, "d:1")}).state, ServiceState::Starting) << "the old version's";
    EXPECT_EQ(of(service(), {}).state, ServiceState::Starting);
}

TEST(ServiceCondition, AServiceThatIsBeingDeletedIsBeingRemoved) {
    auto draining = service();
    draining.status = "DRAINING";
    EXPECT_EQ(of(draining, {running(kMinute)}).state, ServiceState::Removing);
}

TEST(ServiceCondition, TheFirstEndOfANewDeploymentCountsAsAnEnd) {
    const auto condition = of(service(), {crashed(3, kMinute)});
    EXPECT_EQ(condition.state, ServiceState::Exited);
    EXPECT_EQ(condition.detail, "exit 3 after 2.0 s");
    EXPECT_EQ(of(service(), {crashed(3, kMinute), running(kMinute / 2)}).state, ServiceState::Exited)
        << "ECS has only just started it again";
    EXPECT_EQ(of(service(), {crashed(3, 3 * kMinute), running(2 * kMinute)}).state, ServiceState::Running);
    EXPECT_EQ(of(service(), {crashed(3, kMinute, "d:1")}).state, ServiceState::Starting)
        << "an end of the old version is none of the new one's";
}

TEST(ServiceCondition, OneEndOfAStableServiceIsEcssToMend) {
    const auto mending = of(service("COMPLETED"), {crashed(3, kMinute)});
    EXPECT_EQ(mending.state, ServiceState::Starting);
    EXPECT_EQ(mending.detail, "ECS starts it again after exit 3 after 2.0 s");
    EXPECT_EQ(of(service("COMPLETED"), {crashed(3, kMinute), running(kMinute / 2)}).state,
              ServiceState::Running);
    const auto looping = of(service("COMPLETED"), {crashed(3, 2 * kMinute), crashed(3, kMinute)});
    EXPECT_EQ(looping.state, ServiceState::Exited);
    EXPECT_EQ(looping.detail, "exit 3 after 2.0 s (2 times)");
}

TEST(ServiceCondition, WhatEcsGaveUpHasEnded) {
    auto failed = service("FAILED");
    failed.rollout_reason = "ECS deployment circuit breaker: tasks failed to start.";
    EXPECT_EQ(of(failed, {}).state, ServiceState::Exited);
    EXPECT_EQ(of(failed, {}).detail, failed.rollout_reason);
    EXPECT_EQ(of(failed, {not_started("CannotPullContainerError: no")}).detail,
              "CannotPullContainerError: no");
}

TEST(ServiceCondition, WhatEndedByWishIsNoFailure) {
    auto stopped = crashed(0, kMinute);
    stopped.stop_code = "ServiceSchedulerInitiated";
    EXPECT_EQ(of(service(), {stopped}).state, ServiceState::Starting);
}

TEST(ServiceCondition, ReasonsThatWaitingCannotMendAreKnown) {
    for (const auto* reason :
         {"CannotPullContainerError: … docker.io/a/b:c: not found",
          "CannotPullContainerError: pull access denied, repository does not exist or may require "
          "authorization",
          "CannotPullContainerError: … manifest unknown: Requested image not found",
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform … no "
          "matching "
          "manifest for linux/amd64",
          "(service a) failed to launch a task with (error ECS was unable to assume the role "
          "'arn:aws:iam::1:role/x')",
          "ResourceInitializationError: … User: x is not authorized to perform: logs:CreateLogGroup",
          "ResourceInitializationError: … ResourceNotFoundException: The specified log group does not "
          "exist."})
        EXPECT_TRUE(is_hopeless(reason)) << reason;
    for (const auto* reason :
         {"Capacity is unavailable at this time", "Timeout waiting for network interface",
          "CannotPullContainerError: context deadline exceeded", "",
          "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit"})
        EXPECT_FALSE(is_hopeless(reason)) << reason;
}

}  // namespace
}  // namespace ringmaster::aws
