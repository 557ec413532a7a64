// What state a show is in, from what the engine and the swarm say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/docker/container.h"
#include "adapters/docker/swarm_service.h"

namespace ringmaster::docker {
namespace {

using ::testing::HasSubstr;

const TimePoint kNow = *parse_iso8601("2026-11-22T14:09:00Z");

Container container(std::string status, int exit_code = 0, int restarts = 0,
                    Duration up_for = std::chrono::seconds(1)) {
    Container found{.status = std::move(status), .exit_code = exit_code, .restarts = restarts};
    found.started_at = kNow - up_for;
    found.finished_at = kNow;
    return found;
}

TEST(ContainerCondition, SaysHowAnAppEnded) {
    const auto ended = condition_of(container("exited", 3, 0, std::chrono::seconds(2)), kNow);
    EXPECT_EQ(ended.state, ServiceState::Exited);
    EXPECT_EQ(ended.detail, "exit 3 after 2.0 s");
    auto hungry = container("exited", 137);
    hungry.was_out_of_memory = true;
    hungry.memory_bytes = 64 << 20;
    EXPECT_THAT(condition_of(hungry, kNow).detail, HasSubstr("it needed more memory than its 64 MB"));
    hungry.was_out_of_memory = false;
    EXPECT_THAT(condition_of(hungry, kNow).detail, HasSubstr("perhaps because it needed more memory"));
    hungry.memory_bytes = 0;
    EXPECT_EQ(condition_of(hungry, kNow).detail, "exit 137 after 1.0 s");
}

TEST(ContainerCondition, OneThatEndsAgainAndAgainCountsAsEndedUntilItLasts) {
    EXPECT_EQ(condition_of(container("restarting", 3, 1), kNow).state, ServiceState::Starting);
    EXPECT_EQ(condition_of(container("restarting", 3, 3), kNow).state, ServiceState::Exited);
    EXPECT_EQ(condition_of(container("running", 0, 3), kNow).state, ServiceState::Exited)
        << "it is about to end again";
    EXPECT_EQ(condition_of(container("running", 0, 3, std::chrono::minutes(1)), kNow).state,
              ServiceState::Running);
}

TEST(ContainerCondition, OfTheRestIsWhatItsNameSays) {
    EXPECT_EQ(condition_of(container("created"), kNow).state, ServiceState::Starting);
    EXPECT_EQ(condition_of(container("running"), kNow).state, ServiceState::Running);
    EXPECT_EQ(condition_of(container("paused"), kNow).state, ServiceState::Running);
    EXPECT_EQ(condition_of(container("removing"), kNow).state, ServiceState::Removing);
    EXPECT_EQ(condition_of(container("dead"), kNow).state, ServiceState::Exited);
}

Task task(std::string state, std::string desired, std::string error = "", int exit_code = 0) {
    return {.state = std::move(state),
            .desired = std::move(desired),
            .error = std::move(error),
            .exit_code = exit_code};
}

TEST(ServiceCondition, IsThatOfItsWantedTask) {
    const SwarmService service;
    EXPECT_EQ(condition_of(service, {}).state, ServiceState::Starting);
    EXPECT_EQ(condition_of(service, {task("preparing", "running")}).state, ServiceState::Starting);
    EXPECT_EQ(condition_of(service, {task("running", "running"), task("failed", "shutdown")}).state,
              ServiceState::Running);
    EXPECT_EQ(condition_of({.replicas = 0}, {task("running", "shutdown")}).state, ServiceState::Removing);
}

TEST(ServiceCondition, SaysHowItsLastTaskEnded) {
    const auto failed = task("failed", "shutdown", "task: non-zero exit (3)", 3);
    const auto ended = condition_of({}, {failed});
    EXPECT_EQ(ended.state, ServiceState::Exited);
    EXPECT_EQ(ended.detail, "exit 3");
    const auto loop = condition_of({}, {task("ready", "ready"), failed, failed, failed});
    EXPECT_EQ(loop.state, ServiceState::Exited);
    EXPECT_EQ(loop.detail, "it ended 3 times; the last time: exit 3");
    const auto waiting = condition_of({}, {task("pending", "running", "no suitable node")});
    EXPECT_EQ(waiting.state, ServiceState::Starting);
    EXPECT_EQ(waiting.detail, "no suitable node");
}

class OwnershipTest : public ::testing::Test {
 protected:
    static std::optional<Ownership> read(std::string text) {
        return read_ownership(support::JsonReader::parse(text, "labels").value(), {"acme", "shop"});
    }
    static std::string labels(std::string_view without = "", std::string_view with = "") {
        const std::pair<std::string_view, std::string_view> all[] = {
            {"ringmaster.repository", "acme/shop"},
            {"ringmaster.pull_request", "12"},
            {"ringmaster.sha", "abc1234000000000000000000000000000000000"},
            {"ringmaster.created", "2026-11-22T14:09:00Z"},
            {"ringmaster.expires", "close"}};
        std::string text = "{";
        for (const auto& [name, value] : all)
            if (name != without || !with.empty())
                text += fmt::format("{}\"{}\":\"{}\"", text.size() > 1 ? "," : "", name,
                                    name == without ? with : value);
        return text + "}";
    }
};

TEST_F(OwnershipTest, NeedsEveryOneOfItsTags) {
    const auto owner = read(labels());
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->show.base_name(), "pr-12-abc1234");
    EXPECT_EQ(owner->expires_at, std::nullopt);
    for (const char* name : {"repository", "pull_request", "sha", "created", "expires"})
        EXPECT_FALSE(read(labels(fmt::format("ringmaster.{}", name)))) << name;
}

TEST_F(OwnershipTest, AnotherRepositorysAndNonsenseAreNotOurs) {
    EXPECT_FALSE(read(labels("ringmaster.repository", "acme/other")));
    EXPECT_FALSE(read(labels("ringmaster.pull_request", "0")));
    EXPECT_FALSE(read(labels("ringmaster.pull_request", "12x")));
    EXPECT_FALSE(read(labels("ringmaster.sha", "abc1234")));
    EXPECT_FALSE(read(labels("ringmaster.created", "yesterday")));
    EXPECT_FALSE(read(labels("ringmaster.expires", "never")));
    EXPECT_TRUE(read(labels("ringmaster.expires", "2026-11-24T14:09:00Z"))->expires_at);
}

TEST_F(OwnershipTest, WhatLabelsSayIsReadBack) {
    ShowSpec spec{.show = {{"acme", "shop"}, 12, *ShortSha::parse("abc1234")},
                  .commit = *CommitSha::parse("abc1234000000000000000000000000000000000"),
                  .artifact = {.image = "acme/shop:1"},
                  .requested_by = "ada",
                  .created_at = kNow,
                  .expires_at = kNow + std::chrono::hours(48)};
    std::string text = "{";
    for (const auto& [name, value] : labels_of(spec))
        text += fmt::format("{}\"{}\":\"{}\"", text.size() > 1 ? "," : "", name, value);
    const auto owner = read(text + "}");
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->show, spec.show);
    EXPECT_EQ(owner->commit, spec.commit);
    EXPECT_EQ(owner->created_at, spec.created_at);
    EXPECT_EQ(owner->expires_at, spec.expires_at);
    EXPECT_EQ(owner->image, "acme/shop:1");
}

TEST_F(OwnershipTest, ANameIsTheSwarmsToo) {
    const ShowId show{{"acme", "shop"}, 999999, *ShortSha::parse("abc1234")};
    EXPECT_LE(resource_name(show).size(), 63u) << "the most that a swarm takes";
    EXPECT_NE(resource_name(show), resource_name({{"acme", "other"}, 999999, show.sha}));
}

}  // namespace
}  // namespace ringmaster::docker
