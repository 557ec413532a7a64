#include "shows/own_writes.h"

#include <gtest/gtest.h>

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;

PullRequestView view_with(std::vector<std::string> labels) {
    return {.pull_request = {.number = 12, .head = *CommitSha::parse(std::string(40, 'a'))},
            .labels = std::move(labels)};
}

TEST(OwnWrites, AnOldReadingIsBroughtUpToWhatWasJustWritten) {
    OwnWrites writes;
    writes.note({.add_labels = {{"new"}}, .remove_labels = {"gone"}}, {.view = view_with({"new", "other"})},
                100s);
    auto old = view_with({"gone", "other"});
    writes.put_over(old, 101s);
    EXPECT_EQ(old.labels, (std::vector<std::string>{"new", "other"}));
    auto fresh = view_with({"bug", "new", "other"});
    writes.put_over(fresh, 101s);
    EXPECT_EQ(fresh.labels, (std::vector<std::string>{"bug", "new", "other"}));
}

TEST(OwnWrites, AReadingThatCannotBeThatOldIsBelieved) {
    OwnWrites writes;
    writes.note({.add_labels = {{"new"}}}, {.view = view_with({"new"})}, 100s);
    auto reading = view_with({});
    writes.put_over(reading, 111s);
    EXPECT_TRUE(reading.labels.empty()) << "somebody took it off by hand";
}

TEST(OwnWrites, TheLastWordOfSeveralCounts) {
    OwnWrites writes;
    writes.note({.add_labels = {{"built"}}}, {.view = view_with({"built"})}, 100s);
    writes.note({.add_labels = {{"running"}}, .remove_labels = {"built"}}, {.view = view_with({"running"})},
                101s);
    auto old = view_with({"built"});
    writes.put_over(old, 102s);
    EXPECT_EQ(old.labels, std::vector<std::string>{"running"});
}

TEST(OwnWrites, TheCommentAndTheRecordsAreThoseThatWereWritten) {
    OwnWrites writes;
    auto after = view_with({});
    after.comment = StickyComment{"IC_1", "it runs"};
    after.deployments = {{"DE_1", after.pull_request.head, DeploymentState::Success}};
    PullRequestChange change;
    change.comment = "it runs";
    writes.note(change, {.view = after}, 100s);
    auto old = view_with({});
    old.comment = StickyComment{"IC_1", "it is built"};
    writes.put_over(old, 101s);
    EXPECT_EQ(old.comment->body, "it runs");
    EXPECT_EQ(old.deployments, after.deployments);
    old.comment->body = "by hand";
    writes.put_over(old, 120s);
    EXPECT_EQ(old.comment->body, "by hand");
}

// The reply to a creation was lost: the record is there, and a second one must not be made beside it.
TEST(OwnWrites, WhereSomethingIsInDoubtAReadingMayKnowMore) {
    OwnWrites writes;
    PullRequestChange change{.comment = "new"};
    change.deployment =
        DeploymentUpdate{.state = DeploymentState::InProgress, .sha = view_with({}).pull_request.head};
    ChangeOutcome outcome{.view = view_with({}), .warnings = {"the deployment could not be recorded"}};
    outcome.view.comment = StickyComment{.id = "C1", .body = "new"};
    outcome.view.deployments = {{.id = "D1", .sha = outcome.view.pull_request.head}};
    writes.note(change, outcome, 100s);
    auto reading = view_with({});
    reading.deployments = {{.id = "D2", .sha = reading.pull_request.head}};
    writes.put_over(reading, 101s);
    EXPECT_EQ(reading.comment->id, "C1");
    ASSERT_EQ(reading.deployments.size(), 2u);
    EXPECT_EQ(reading.deployments[0].id, "D2");
    EXPECT_EQ(reading.deployments[1].id, "D1");
}

}  // namespace
}  // namespace ringmaster::shows
