#include "local_forge/pulls.h"

#include <gmock/gmock.h>

#include "local_forge/forge_fixture.h"

namespace ringmaster::local_forge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PullsTest : public StoreTest {
 protected:
    std::string ref_on_disk(const std::string& name) {
        return git().read({"rev-parse", "--verify", "--quiet", name}).value_or("");
    }
    void delete_branch(const std::string& branch) {
        ASSERT_TRUE(git().update_refs("delete refs/heads/" + branch + "\n"));
        rescan();
    }
    Answer<PullRequest> set_state(const PullRequest& of, IssueState state) {
        return store->pulls().update(bob, repository, of, {.state = state});
    }
};

TEST_F(PullsTest, APushOfANewBranchOpensAPullRequestNamedAfterItsLastCommit) {
    const PullRequest opened = open_pull("feature", "Add a feature\n\nIn detail.");
    EXPECT_EQ(opened.issue.number, 1);
    EXPECT_EQ(opened.issue.title, "Add a feature");
    EXPECT_EQ(opened.issue.body, "In detail.");
    EXPECT_EQ(opened.issue.author.login, "alice");
    EXPECT_EQ(opened.base_ref, "main");
    EXPECT_THAT(events, ElementsAre("push", "pull_request opened"));
    EXPECT_EQ(ref_on_disk("refs/pull/1/head"), opened.head_sha);
}

TEST_F(PullsTest, APushOfABranchWithoutCommitsOfItsOwnOpensNothing) {
    ASSERT_TRUE(git().update_refs(fmt::format("update refs/heads/same {}\n", main)));
    rescan();
    EXPECT_THAT(store->pulls().list(repository, {}).value(), IsEmpty());
}

TEST_F(PullsTest, ARepositoryCanBeToldNotToOpenPullRequests) {
    ASSERT_TRUE(store->repositories().set_opens_pull_requests(repository, false));
    repository = *store->repositories().find(repository.id).value();
    commit_file(git(), "feature", main, "F", "text\n", "Feature");
    rescan();
    EXPECT_THAT(store->pulls().list(repository, {}).value(), IsEmpty());
}

TEST_F(PullsTest, APushToItsBranchSynchronizes) {
    const PullRequest opened = open_pull("feature");
    events.clear();
    const std::string next = commit_file(git(), "feature", opened.head_sha, "F", "more\n", "More");
    rescan();
    EXPECT_EQ(pull(1).head_sha, next);
    EXPECT_EQ(ref_on_disk("refs/pull/1/head"), next);
    EXPECT_THAT(events, ElementsAre("push", "pull_request synchronize"));
    EXPECT_EQ(last_event.before, opened.head_sha);
    EXPECT_EQ(last_event.after, next);
}

TEST_F(PullsTest, AForcePushSynchronizesAndIsInTheHistory) {
    open_pull("feature");
    const std::string other = commit_file(git(), "feature", main, "F", "another way\n", "Other");
    rescan();
    EXPECT_EQ(pull(1).head_sha, other);
    EXPECT_EQ(store->issues().timeline(pull(1).issue.id)->back().event, "head_ref_force_pushed");
}

TEST_F(PullsTest, DeletingTheBranchClosesAndTheHeadRefStays) {
    const PullRequest opened = open_pull("feature");
    delete_branch("feature");
    EXPECT_EQ(pull(1).issue.state, IssueState::Closed);
    EXPECT_FALSE(pull(1).merged_at);
    EXPECT_EQ(ref_on_disk("refs/pull/1/head"), opened.head_sha);
}

TEST_F(PullsTest, AClosedPullRequestDoesNotFollowPushes) {
    const PullRequest opened = open_pull("feature");
    ASSERT_TRUE(set_state(opened, IssueState::Closed));
    events.clear();
    commit_file(git(), "feature", opened.head_sha, "F", "more\n", "More");
    rescan();
    EXPECT_EQ(pull(1).head_sha, opened.head_sha);
    EXPECT_THAT(events, ElementsAre("push"));
    EXPECT_EQ(store->pulls().count(repository, {}).value(), 1);
}

TEST_F(PullsTest, AReopenedPullRequestTakesTheBranchAsItIsNow) {
    const PullRequest opened = open_pull("feature");
    ASSERT_TRUE(set_state(opened, IssueState::Closed));
    const std::string next = commit_file(git(), "feature", opened.head_sha, "F", "more\n", "More");
    rescan();
    ASSERT_TRUE(set_state(pull(1), IssueState::Open));
    EXPECT_EQ(pull(1).head_sha, next);
    EXPECT_EQ(pull(1).issue.state, IssueState::Open);
}

TEST_F(PullsTest, AfterAForcePushAClosedPullRequestCannotBeReopened) {
    ASSERT_TRUE(set_state(open_pull("feature"), IssueState::Closed));
    commit_file(git(), "feature", main, "F", "another way\n", "Other");
    rescan();
    const auto refused = set_state(pull(1), IssueState::Open);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 422);
}

TEST_F(PullsTest, WithoutItsBranchAClosedPullRequestCannotBeReopened) {
    open_pull("feature");
    delete_branch("feature");
    EXPECT_FALSE(set_state(pull(1), IssueState::Open));
}

TEST_F(PullsTest, MergingMovesTheBaseAndCloses) {
    const PullRequest opened = open_pull("feature");
    events.clear();
    const auto commit = store->pulls().merge(bob, repository, opened, "merge", "", "", opened.head_sha);
    ASSERT_TRUE(commit) << commit.error().message;
    EXPECT_EQ(ref_on_disk("refs/heads/main"), *commit);
    EXPECT_TRUE(pull(1).merged_at);
    EXPECT_EQ(pull(1).merged_by->login, "bob");
    EXPECT_EQ(pull(1).merge_commit_sha, *commit);
    EXPECT_THAT(events, ElementsAre("pull_request closed", "push"));
    const auto message = store->refs().commit(repository, *commit).value()->message;
    EXPECT_EQ(message, "Merge pull request #1 from demo/feature\n\nAdd a feature");
}

TEST_F(PullsTest, SquashingMakesOneCommitWithOneParent) {
    const PullRequest opened = open_pull("feature");
    const auto commit = store->pulls().merge(bob, repository, opened, "squash", "", "", "");
    ASSERT_TRUE(commit);
    const auto made = *store->refs().commit(repository, *commit).value();
    EXPECT_THAT(made.parents, ElementsAre(main));
    EXPECT_EQ(made.subject(), "Add a feature (#1)");
}

class RebasingTest : public PullsTest {
 protected:
    Answer<std::string> rebase() {
        return store->pulls().merge(bob, repository, pull(1), "rebase", "", "", "");
    }
    Commit commit(const std::string& sha) { return store->refs().commit(repository, sha).value().value(); }
    std::string content(const std::string& file) {
        return git().read({"show", "refs/heads/main:" + file}).value_or("");
    }
    // Merges main into `head` by hand, resolved as `tree`'s commit has it.
    std::string merge_main(const std::string& head, const std::string& tree, const std::string& other) {
        const Signature who{"Alice", "alice@example.org", test_time()};
        const std::string sha = commit_tree(git(), tree, {head, other}, "Merge main", who).value();
        EXPECT_TRUE(git().update_refs(fmt::format("update refs/heads/feature {}\n", sha)));
        return sha;
    }
};

TEST_F(RebasingTest, CommitsAreMadeAgainOnTopOfTheBaseWithTheirAuthorsAndMessages) {
    const std::string first = commit_file(git(), "feature", main, "A", "a\n", "Add a\n\nBecause.");
    commit_file(git(), "feature", first, "B", "b\n", "Add b");
    const std::string base = commit_file(git(), "main", main, "C", "c\n", "Add c");
    rescan();
    events.clear();
    now += std::chrono::hours(1);
    const auto tip = rebase();
    ASSERT_TRUE(tip) << tip.error().message;
    EXPECT_EQ(ref_on_disk("refs/heads/main"), *tip);
    const Commit second = commit(*tip);
    EXPECT_EQ(second.message, "Add b");
    EXPECT_EQ(second.author.name, "Alice");
    EXPECT_EQ(second.author.time, test_time());
    EXPECT_EQ(second.committer.name, "bob");
    EXPECT_EQ(second.committer.time, now);
    ASSERT_EQ(second.parents.size(), 1U);
    EXPECT_EQ(commit(second.parents[0]).message, "Add a\n\nBecause.");
    EXPECT_THAT(commit(second.parents[0]).parents, ElementsAre(base));
    EXPECT_EQ(content("A") + content("B") + content("C"), "abc");
    EXPECT_TRUE(pull(1).merged_at);
    EXPECT_EQ(pull(1).merge_commit_sha, *tip);
    EXPECT_THAT(events, ElementsAre("pull_request closed", "push"));
}

TEST_F(RebasingTest, OnAnUnmovedBaseCommitsAreMadeAgainAllTheSame) {
    const PullRequest opened = open_pull("feature");
    now += std::chrono::hours(1);
    const auto tip = rebase();
    ASSERT_TRUE(tip);
    EXPECT_NE(*tip, opened.head_sha);
    EXPECT_EQ(commit(*tip).tree, commit(opened.head_sha).tree);
}

TEST_F(RebasingTest, WhatTheBaseHasAlreadyIsLeftOutAndEmptyCommitsStay) {
    const std::string first = commit_file(git(), "feature", main, "A", "a\n", "Add a");
    const std::string second = commit_file(git(), "feature", first, "A", "a\n", "Say nothing");
    commit_file(git(), "feature", second, "B", "b\n", "Add b");
    const std::string base = commit_file(git(), "main", main, "A", "a\n", "The same a");
    rescan();
    const auto tip = rebase();
    ASSERT_TRUE(tip) << tip.error().message;
    EXPECT_EQ(commit(*tip).message, "Add b");
    const Commit empty = commit(commit(*tip).parents.at(0));
    EXPECT_EQ(empty.message, "Say nothing");
    EXPECT_THAT(empty.parents, ElementsAre(base));
}

TEST_F(RebasingTest, AConflictIsRefusedAndNothingMoves) {
    commit_file(git(), "feature", main, "README", "mine\n", "Mine");
    const std::string base = commit_file(git(), "main", main, "README", "theirs\n", "Theirs");
    rescan();
    const auto refused = rebase();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 405);
    EXPECT_EQ(refused.error().message, "This branch can't be rebased");
    EXPECT_EQ(ref_on_disk("refs/heads/main"), base);
    EXPECT_FALSE(pull(1).merged_at);
}

TEST_F(RebasingTest, AConflictThatOnlyAMergeResolvedIsRefused) {
    const std::string mine = commit_file(git(), "feature", main, "README", "mine\n", "Mine");
    const std::string base = commit_file(git(), "main", main, "README", "theirs\n", "Theirs");
    merge_main(mine, commit_file(git(), "scratch", base, "README", "both\n", "x") + "^{tree}", base);
    rescan();
    ASSERT_EQ(store->pulls().with_mergeability(repository, pull(1))->is_mergeable, true);
    EXPECT_EQ(rebase().error().message, "This branch can't be rebased");
}

TEST_F(RebasingTest, MergeCommitsAreLeftOut) {
    const std::string mine = commit_file(git(), "feature", main, "A", "a\n", "Add a");
    const std::string base = commit_file(git(), "main", main, "C", "c\n", "Add c");
    const std::string merged = merge_main(mine, *merged_tree(git(), mine, base).value(), base);
    commit_file(git(), "feature", merged, "B", "b\n", "Add b");
    rescan();
    const auto tip = rebase();
    ASSERT_TRUE(tip) << tip.error().message;
    EXPECT_EQ(commit(commit(*tip).parents.at(0)).message, "Add a");
    EXPECT_EQ(content("A") + content("B") + content("C"), "abc");
}

TEST_F(PullsTest, MergingAnotherHeadThanExpectedIsAConflict) {
    const auto refused = store->pulls().merge(bob, repository, open_pull("feature"), "merge", "", "", main);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 409);
}

TEST_F(PullsTest, ConflictingChangesAreNotMergeable) {
    const std::string mine = commit_file(git(), "feature", main, "README", "mine\n", "Mine");
    rescan();
    const auto clean = store->pulls().with_mergeability(repository, pull(1)).value();
    EXPECT_EQ(clean.is_mergeable, true);
    EXPECT_EQ(ref_on_disk("refs/pull/1/merge"), *clean.merge_commit_sha);
    commit_file(git(), "main", main, "README", "theirs\n", "Theirs");
    rescan();
    EXPECT_EQ(pull(1).is_mergeable, std::nullopt) << "the base moved";
    EXPECT_EQ(store->pulls().with_mergeability(repository, pull(1))->is_mergeable, false);
    EXPECT_EQ(ref_on_disk("refs/pull/1/merge"), "");
    EXPECT_EQ(store->pulls().merge(bob, repository, pull(1), "merge", "", "", "").error().status, 405);
}

TEST_F(PullsTest, APushThatBringsTheHeadIntoTheBaseMerges) {
    const PullRequest opened = open_pull("feature");
    ASSERT_TRUE(git().update_refs(fmt::format("update refs/heads/main {}\n", opened.head_sha)));
    rescan();
    EXPECT_TRUE(pull(1).merged_at);
    EXPECT_EQ(pull(1).issue.state, IssueState::Closed);
}

TEST_F(PullsTest, AMergedBranchThatIsPushedAgainGetsANewPullRequest) {
    const PullRequest opened = open_pull("feature");
    ASSERT_TRUE(store->pulls().merge(bob, repository, opened, "merge", "", "", ""));
    commit_file(git(), "feature", opened.head_sha, "F", "more\n", "More");
    rescan();
    EXPECT_EQ(pull(2).issue.title, "More");
}

TEST_F(PullsTest, CountsWhatItBrings) {
    const PullRequest opened = open_pull("feature");
    commit_file(git(), "feature", opened.head_sha, "README", "hello\nworld\n", "More");
    rescan();
    const auto known = store->pulls().with_mergeability(repository, pull(1)).value();
    EXPECT_EQ(known.commit_count, 2);
    EXPECT_EQ(known.additions, 2);
    EXPECT_EQ(known.changed_files, 2);
    EXPECT_EQ(store->pulls().commits(repository, known)->size(), 2U);
}

TEST_F(PullsTest, CanBeOpenedFromAFork) {
    const auto fork = store->repositories().fork(carol, repository, "");
    ASSERT_TRUE(fork) << fork.error().message;
    EXPECT_EQ(fork->full_name(), "carol/app");
    const Git of_fork = store->repositories().git(*fork);
    const std::string head = commit_file(of_fork, "feature", main, "F", "text\n", "From outside");
    ASSERT_TRUE(store->refs().rescan(carol, *fork));
    const auto opened =
        store->pulls().create(carol, repository, {"From outside", std::nullopt, fork->id, "feature", "main"});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(opened->is_cross_repository());
    EXPECT_EQ(opened->head_owner_login, "carol");
    EXPECT_EQ(ref_on_disk("refs/pull/1/head"), head);
    const std::string next = commit_file(of_fork, "feature", head, "F", "more\n", "More");
    ASSERT_TRUE(store->refs().rescan(carol, *fork));
    EXPECT_EQ(pull(1).head_sha, next);
    EXPECT_EQ(ref_on_disk("refs/pull/1/head"), next);
}

TEST_F(PullsTest, ASecondOneForTheSameBranchIsRefused) {
    open_pull("feature");
    const auto refused =
        store->pulls().create(bob, repository, {"Again", std::nullopt, 0, "feature", "main"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().errors.front().message, "A pull request already exists for demo:feature.");
}

TEST_F(PullsTest, WithoutCommitsOfItsOwnItIsRefusedAndLeavesNothing) {
    ASSERT_TRUE(git().update_refs(fmt::format("update refs/heads/same {}\n", main)));
    rescan();
    EXPECT_FALSE(store->pulls().create(bob, repository, {"Same", std::nullopt, 0, "same", "main"}));
    EXPECT_EQ(store->pulls().count(repository, {}).value(), 0);
}

TEST_F(PullsTest, ListsPageByCursorWhateverIsRemovedMeanwhile) {
    for (int i = 1; i <= 5; ++i) open_pull("branch-" + std::to_string(i));
    const auto first = store->pulls().list(repository, {.window = {0, 2}}).value();
    EXPECT_EQ(first.back().issue.number, 4);
    const auto next = store->pulls().list(repository, {.after_number = 4, .window = {0, 2}}).value();
    ASSERT_EQ(next.size(), 2U);
    EXPECT_EQ(next.front().issue.number, 3);
}

TEST_F(PullsTest, AMarkOnDiskTellsOfAPushMadeThere) {
    std::filesystem::path mark = std::filesystem::path(git().path()) / "ringmaster-refs-changed";
    EXPECT_FALSE(std::filesystem::exists(mark));
    const std::string sha = commit_file(git(), "hidden", main, "F", "text\n", "Feature");
    GitCall push{{"update-ref", "refs/heads/feature", sha}};
    push.with_hooks = true;
    ASSERT_TRUE(git().run(push)->ok());
    EXPECT_TRUE(std::filesystem::exists(mark));
    ASSERT_TRUE(store->refs().rescan_if_changed(repository));
    EXPECT_FALSE(std::filesystem::exists(mark));
    EXPECT_EQ(store->pulls().count(repository, {}).value(), 2);
}

TEST_F(PullsTest, RefsAreSwappedAllOrNone) {
    const std::string next = commit_file(git(), "main", main, "F", "text\n", "Next");
    rescan();
    const std::string zeros(40, '0');
    const std::vector<RefUpdate> good = {{"refs/ringmaster/pr-1", main, zeros}};
    ASSERT_TRUE(store->refs().update(bob, repository, good));
    const std::vector<RefUpdate> stale = {{"refs/ringmaster/pr-2", main, zeros},
                                          {"refs/ringmaster/pr-1", next, next}};
    const auto refused = store->refs().update(bob, repository, stale);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 422);
    EXPECT_FALSE(store->refs().find(repository, "refs/ringmaster/pr-2").value());
    EXPECT_EQ(store->refs().update(carol, repository, good).error().status, 403);
}

}  // namespace
}  // namespace ringmaster::local_forge
