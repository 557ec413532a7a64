#include "adapters/git_source/git_source_tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "adapters/support/subprocess.h"
#include "testing/fake_entropy.h"
#include "testing/git_repository.h"
#include "testing/recording_progress.h"

namespace ringmaster::git_source {
namespace {

using ringmaster::testing::GitRepository;
using ringmaster::testing::TemporaryFolder;

class GitSourceTreeTest : public ::testing::Test {
 protected:
    GitSourceTree tree() { return {repository_.path(), subprocess_}; }
    SourceState state(const std::vector<std::string>& paths = {}) {
        auto result = tree().state(paths, quiet_);
        EXPECT_TRUE(result) << result.error().describe();
        return *result;
    }
    std::optional<CommitDistance> distance(const std::string& older, const CommitSha& newer) {
        const auto result = tree().commits_between({older}, newer, quiet_);
        EXPECT_TRUE(result) << result.error().describe();
        return result->at(older);
    }

    GitRepository repository_;
    support::PosixSubprocess subprocess_;
    NoProgress quiet_;
};

// "behind<tab>ahead", as --left-right counts older...newer.
CommitDistance split_counts(const std::string& text) {
    const auto tab = text.find('\t');
    return {std::stoi(text.substr(tab + 1)), std::stoi(text.substr(0, tab))};
}

const auto kNowhere = *CommitSha::parse(std::string(40, 'e'));

TEST_F(GitSourceTreeTest, StateSaysWhereWhatAndFromWhere) {
    repository_.write("src/a.py", "a");
    const auto head = repository_.commit();
    repository_.git("checkout -q -b feat/x");
    repository_.git("remote add origin https://user:secret@host/acme/orders.git");
    EXPECT_EQ(state().top, repository_.path());
    EXPECT_EQ(state().head, head);
    EXPECT_EQ(state().branch, "feat/x");
    EXPECT_EQ(state().remote, "https://host/acme/orders.git");
    EXPECT_TRUE(state().is_clean());
    GitSourceTree from_below(repository_.path("src"), subprocess_);
    EXPECT_EQ(from_below.state({}, quiet_)->top, repository_.path());
}

TEST_F(GitSourceTreeTest, ADetachedHeadHasNoBranchAndAnOnlyRemoteIsTheRemote) {
    const auto head = repository_.commit();
    repository_.git("checkout -q --detach");
    EXPECT_EQ(state().branch, std::nullopt);
    EXPECT_EQ(state().head, head);
    EXPECT_EQ(state().remote, "");
    repository_.git("remote add upstream git@host:acme/orders.git");
    EXPECT_EQ(state().remote, "git@host:acme/orders.git");
}

TEST_F(GitSourceTreeTest, StateNamesWhatIsNotCommittedUnderThePathsAskedAbout) {
    repository_.write(".gitignore", "*.log\n");
    for (const auto* file : {"src/a b.py", "src/gone.py", "src/same.py", "docs/x.md"})
        repository_.write(file, "1");
    repository_.commit();
    repository_.write("src/a b.py", "2");
    repository_.write("src/staged.py", "2");
    repository_.git("add src/staged.py");
    repository_.git("rm -q src/gone.py");
    repository_.write("src/new/x.py", "2");
    repository_.write("src/new.log", "ignored");
    repository_.write("docs/x.md", "2");
    const auto below_src = state({"src"});
    EXPECT_EQ(below_src.changed, (std::vector<std::string>{"src/a b.py", "src/gone.py", "src/staged.py"}));
    EXPECT_EQ(below_src.untracked, std::vector<std::string>{"src/new/x.py"});
    EXPECT_EQ(below_src.changed_count, 3U);
    EXPECT_EQ(state().changed_count, 4U);
    EXPECT_TRUE(state({"nothing here", "*.md", ":/docs"}).is_clean()) << "paths are taken literally";
}

TEST_F(GitSourceTreeTest, StateNamesSomeOfManyAndCountsAll) {
    repository_.commit();
    for (int i = 0; i < 60; ++i) repository_.write("f" + std::to_string(i), "");
    EXPECT_EQ(state().untracked.size(), SourceState::kMostNamed);
    EXPECT_EQ(state().untracked_count, 60U);
}

TEST_F(GitSourceTreeTest, AConflictedFileIsAChange) {
    repository_.write("a", "1");
    repository_.commit();
    repository_.git("checkout -q -b other");
    repository_.write("a", "2");
    repository_.commit();
    repository_.git("checkout -q main");
    repository_.write("a", "3");
    repository_.commit();
    repository_.git("merge -q other || true");
    EXPECT_EQ(state().changed, std::vector<std::string>{"a"});
}

TEST_F(GitSourceTreeTest, NoRepositoryAndNoCommitAreNotFound) {
    TemporaryFolder elsewhere;
    const auto nothing = GitSourceTree(elsewhere.path(), subprocess_).state({}, quiet_);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().kind(), ErrorKind::NotFound);
    const auto empty = tree().state({}, quiet_);
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().kind(), ErrorKind::NotFound);
    EXPECT_NE(empty.error().message().find("no commit yet"), std::string::npos);
}

TEST_F(GitSourceTreeTest, LookingChangesNothingInTheRepository) {
    repository_.write("a", "1");
    repository_.commit();
    repository_.write("a", "1");  // a newer time: git would like to refresh its index
    const auto before = std::filesystem::last_write_time(repository_.path(".git/index"));
    state();
    EXPECT_EQ(std::filesystem::last_write_time(repository_.path(".git/index")), before);
}

TEST_F(GitSourceTreeTest, ResolvesBranchesTagsDigitsAndWhatOnlyOriginHas) {
    const auto first = repository_.commit();
    repository_.git("tag -a -m x v1");
    const auto second = repository_.commit("b");
    repository_.git("update-ref refs/remotes/origin/feat/y " + first.text());
    EXPECT_EQ(*tree().resolve("main", quiet_), second);
    EXPECT_EQ(*tree().resolve("HEAD~1", quiet_), first);
    EXPECT_EQ(*tree().resolve("v1", quiet_), first) << "the commit, not the tag object";
    EXPECT_EQ(*tree().resolve(first.text().substr(0, 9), quiet_), first);
    EXPECT_EQ(*tree().resolve("feat/y", quiet_), first);
    EXPECT_EQ(*tree().resolve("origin/feat/y", quiet_), first);
}

TEST_F(GitSourceTreeTest, WhatIsNotHereIsNotFoundWithAHintToFetch) {
    repository_.commit();
    for (const auto* name : {"nope", "eeeeeee", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"}) {
        const auto result = tree().resolve(name, quiet_);
        ASSERT_FALSE(result) << name;
        EXPECT_EQ(result.error().kind(), ErrorKind::NotFound) << name;
        EXPECT_NE(result.error().hint().find("git fetch"), std::string::npos);
    }
}

TEST_F(GitSourceTreeTest, NamesThatCannotBeOnesAreRefused) {
    repository_.write("a", "1");
    repository_.commit();
    for (const auto* name :
         {"", "-x", "--all", "a b", "main\n", "main..x", "HEAD:a", ":/A", "^main^{/x y}"}) {
        const auto result = tree().resolve(name, quiet_);
        ASSERT_FALSE(result) << name;
        EXPECT_EQ(result.error().kind(), ErrorKind::InvalidInput) << name;
    }
}

TEST_F(GitSourceTreeTest, ANameOfSeveralThingsIsRefused) {
    repository_.commit();
    repository_.git("tag both");
    repository_.commit("b");
    repository_.git("branch both");
    const auto both = tree().resolve("both", quiet_);
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().kind(), ErrorKind::InvalidInput);
    EXPECT_TRUE(tree().resolve("refs/tags/both", quiet_));
    // Some hundred commits have four digits in common soon enough.
    std::map<std::string, int> beginnings;
    std::string shared;
    for (int i = 0; shared.empty(); ++i) {
        const auto made = repository_.git("commit-tree -m " + std::to_string(i) + " HEAD^{tree}");
        if (++beginnings[made.substr(0, 4)] == 2) shared = made.substr(0, 4);
    }
    const auto digits = tree().resolve(shared, quiet_);
    ASSERT_FALSE(digits);
    EXPECT_EQ(digits.error().kind(), ErrorKind::InvalidInput) << digits.error().describe();
    EXPECT_EQ(distance(shared, *tree().resolve("main", quiet_)), std::nullopt);
}

TEST_F(GitSourceTreeTest, DistancesCountCommitsOnEitherSide) {
    const auto first = repository_.commit("1");
    const auto second = repository_.commit("2");
    repository_.git("checkout -q -b side");
    const auto side = repository_.commit("side");
    repository_.git("checkout -q main");
    const auto third = repository_.commit("3");
    repository_.git("merge -q --no-ff -m merged side");
    const auto merged = *tree().resolve("main", quiet_);
    EXPECT_EQ(distance(merged.text(), merged), (CommitDistance{0, 0}));
    EXPECT_EQ(distance(third.text(), merged), (CommitDistance{2, 0}));
    EXPECT_EQ(distance(first.text(), merged), (CommitDistance{4, 0}));
    EXPECT_EQ(distance(second.text().substr(0, 8), merged), (CommitDistance{3, 0}));
    EXPECT_EQ(distance(side.text(), third), (CommitDistance{1, 1}));
    EXPECT_EQ(distance(merged.text(), first), (CommitDistance{0, 4}));
}

TEST_F(GitSourceTreeTest, DistancesOfUnknownAndUnrelatedCommitsAreUnknown) {
    const auto first = repository_.commit("1");
    const auto head = repository_.commit("2");
    const auto stranger = repository_.git("commit-tree -m alone HEAD^{tree}");
    const std::vector<std::string> older{first.text(), stranger, kNowhere.text(), "", "main", "zzz", "0123"};
    const auto result = tree().commits_between(older, head, quiet_);
    ASSERT_TRUE(result) << result.error().describe();
    for (const auto& text : older)
        EXPECT_EQ(result->at(text), text == first.text() ? std::optional(CommitDistance{1, 0}) : std::nullopt)
            << text;
    const auto missing = tree().commits_between({first.text()}, kNowhere, quiet_);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), ErrorKind::NotFound);
}

TEST_F(GitSourceTreeTest, AShallowCloneKnowsNoDistanceBeyondItsEdge) {
    const auto first = repository_.commit("1");
    repository_.commit("2");
    const auto head = repository_.commit("3");
    TemporaryFolder clone;
    repository_.git("clone -q --depth 1 file://" + repository_.path() + " " + clone.path("c"));
    GitSourceTree shallow(clone.path("c"), subprocess_);
    const auto result = shallow.commits_between({first.text(), head.text()}, head, quiet_);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->at(first.text()), std::nullopt);
    EXPECT_EQ(result->at(head.text()), (CommitDistance{0, 0}));
}

// The one listing for all against git's own count for each pair.
TEST_F(GitSourceTreeTest, DistancesInATangledHistoryAreWhatGitCounts) {
    ringmaster::testing::FakeEntropy entropy(7);
    repository_.commit();
    std::vector<std::string> commits;
    for (int i = 0; i < 14; ++i) {
        std::set<std::string> parents;
        for (int k = 0; i > 0 && k < 2; ++k) parents.insert(" -p " + commits[entropy.below(commits.size())]);
        if (i == 5) parents.clear();  // a second root
        const std::vector<std::string> listed(parents.begin(), parents.end());
        commits.push_back(
            repository_.git(fmt::format("commit-tree -m {}{} HEAD^{{tree}}", i, join(listed, ""))));
    }
    for (const std::size_t chosen : {4U, 8U, 13U}) {
        const auto newer = *CommitSha::parse(commits[chosen]);
        const auto result = tree().commits_between(commits, newer, quiet_);
        ASSERT_TRUE(result) << result.error().describe();
        for (const auto& older : commits) {
            const auto base = repository_.git("merge-base " + older + " " + newer.text() + " || true");
            const auto counts = split_counts(
                repository_.git("rev-list --left-right --count " + older + "..." + newer.text()));
            EXPECT_EQ(result->at(older), base.empty() ? std::nullopt : std::optional(counts)) << older;
        }
    }
}

TEST_F(GitSourceTreeTest, ReadsAFileAsACommitHasIt) {
    const std::string bytes("line\n\0 \xff\n", 9);
    repository_.write("src/a.py", bytes);
    repository_.git("config core.symlinks true");
    std::filesystem::create_symlink("a.py", repository_.path("src/link.py"));
    std::filesystem::create_symlink("/etc/passwd", repository_.path("src/out.py"));
    repository_.write("empty", "");
    const auto first = repository_.commit();
    repository_.write("src/a.py", "later");
    EXPECT_EQ(*tree().read_file(first, "src/a.py", quiet_), bytes);
    EXPECT_EQ(*tree().read_file(first, "src/link.py", quiet_), bytes);
    EXPECT_EQ(*tree().read_file(first, "empty", quiet_), "");
    const auto kind = [&](const CommitSha& commit, const std::string& path) {
        const auto result = tree().read_file(commit, path, quiet_);
        return result ? "read " + *result : std::string(to_string(result.error().kind()));
    };
    EXPECT_EQ(kind(first, "src/b.py"), "not_found");
    EXPECT_EQ(kind(first, "src/a.py/x"), "not_found");
    EXPECT_EQ(kind(kNowhere, "src/a.py"), "not_found");
    EXPECT_EQ(kind(first, "src"), "invalid_input");
    EXPECT_EQ(kind(first, "src/out.py"), "invalid_input");
    for (const auto* path : {"", "/src/a.py", "../a", "./src/a.py", "src//a.py", "a\nb"})
        EXPECT_EQ(kind(first, path), "invalid_input") << path;
}

TEST_F(GitSourceTreeTest, AFileThatIsTooLongIsRefused) {
    repository_.write("big", std::string((16 << 20) + 1, 'x'));
    repository_.write("fits", std::string(16 << 20, 'x'));
    const auto commit = repository_.commit();
    EXPECT_EQ(tree().read_file(commit, "fits", quiet_)->size(), std::size_t{16 << 20});
    const auto big = tree().read_file(commit, "big", quiet_);
    ASSERT_FALSE(big);
    EXPECT_EQ(big.error().kind(), ErrorKind::InvalidInput);
}

TEST_F(GitSourceTreeTest, DescribesACommit) {
    repository_.git(
        "-c user.name='Ada \xc3\x84' -c user.email=ada@example.test commit -q --allow-empty "
        "--author 'Ada \xc3\x84 <ada@example.test>' --date 2001-02-03T04:05:06Z -m 'Say hello' -m 'and "
        "more'");
    const auto commit = *tree().resolve("HEAD", quiet_);
    const auto seconds = std::stoll(repository_.git("log -1 --format=%ct"));
    const auto summary = tree().describe(commit, quiet_);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_EQ(summary->subject, "Say hello");
    EXPECT_EQ(summary->author, "Ada \xc3\x84");
    EXPECT_EQ(summary->author_email, "ada@example.test");
    EXPECT_EQ(summary->committed_at, TimePoint(std::chrono::seconds(seconds)));
    repository_.git("commit -q --allow-empty --allow-empty-message -m ''");
    EXPECT_EQ(tree().describe(*tree().resolve("HEAD", quiet_), quiet_)->subject, "");
    EXPECT_EQ(tree().describe(kNowhere, quiet_).error().kind(), ErrorKind::NotFound);
}

}  // namespace
}  // namespace ringmaster::git_source
