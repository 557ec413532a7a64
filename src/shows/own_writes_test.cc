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
    writes.note({.add_labels = {{"new"}}, .remove_labels = {"gone"}}, view_with({"new", "other"}), 100s);
    auto old = view_with({"gone", "other"});
    writes.put_over(old, 101s);
    EXPECT_EQ(old.labels, (std::vector<std::string>{"new", "other"}));
    auto fresh = view_with({"bug", "new", "other"});
    writes.put_over(fresh, 101s);
    EXPECT_EQ(fresh.labels, (std::vector<std::string>{"bug", "new", "other"}));
}

TEST(OwnWrites, AReadingThatCannotBeThatOldIsBelieved) {
    OwnWrites writes;
    writes.note({.add_labels = {{"new"}}}, view_with({"new"}), 100s);
    auto reading = view_with({});
    writes.put_over(reading, 111s);
    EXPECT_TRUE(reading.labels.empty()) << "somebody took it off by hand";
}

TEST(OwnWrites, TheLastWordOfSeveralCounts) {
    OwnWrites writes;
    writes.note({.add_labels = {{"built"}}}, view_with({"built"}), 100s);
    writes.note({.add_labels = {{"running"}}, .remove_labels = {"built"}}, view_with({"running"}), 101s);
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
    writes.note(change, after, 100s);
    auto old = view_with({});
    old.comment = StickyComment{"IC_1", "it is built"};
    writes.put_over(old, 101s);
    EXPECT_EQ(old.comment->body, "it runs");
    EXPECT_EQ(old.deployments, after.deployments);
    old.comment->body = "by hand";
    writes.put_over(old, 120s);
    EXPECT_EQ(old.comment->body, "by hand");
}

}  // namespace
}  // namespace ringmaster::shows
