#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "adapters/git_source/git_source_tree.h"
#include "adapters/support/files.h"
#include "adapters/support/subprocess.h"
#include "testing/git_repository.h"
#include "testing/recording_progress.h"

namespace ringmaster::git_source {
namespace {

using ringmaster::testing::GitRepository;
using ringmaster::testing::RecordingProgress;
using ringmaster::testing::TemporaryFolder;

class GitExportTest : public ::testing::Test {
 protected:
    Result<void> export_to(const std::string& folder, const CommitSha& commit) {
        return GitSourceTree(repository_.path(), subprocess_).export_commit(commit, folder, quiet_);
    }
    std::vector<std::string> names(const std::string& folder) { return *support::list_folder(folder); }

    GitRepository repository_;
    TemporaryFolder out_;
    support::PosixSubprocess subprocess_;
    NoProgress quiet_;
};

TEST_F(GitExportTest, PutsTheFilesOfThatCommitAndNothingElse) {
    repository_.write("src/a.py", "one");
    repository_.write("run.sh", "#!/bin/sh\n", 0755);
    std::filesystem::create_symlink("src/a.py", repository_.path("link"));
    const auto first = repository_.commit();
    repository_.write("src/a.py", "two");
    repository_.write("src/b.py", "two");
    repository_.commit();
    repository_.write("src/a.py", "not committed");
    const auto status = repository_.git("status --porcelain");
    const auto exported = export_to(out_.path("new/folder"), first);
    ASSERT_TRUE(exported) << exported.error().describe();
    EXPECT_EQ(names(out_.path("new/folder")), (std::vector<std::string>{"link", "run.sh", "src"}));
    EXPECT_EQ(names(out_.path("new/folder/src")), std::vector<std::string>{"a.py"});
    EXPECT_EQ(out_.read("new/folder/src/a.py"), "one");
    EXPECT_TRUE(std::filesystem::is_symlink(out_.path("new/folder/link")));
    struct stat details{};
    ASSERT_EQ(::stat(out_.path("new/folder/run.sh").c_str(), &details), 0);
    EXPECT_NE(details.st_mode & S_IXUSR, 0U);
    EXPECT_EQ(repository_.git("status --porcelain"), status);
    EXPECT_EQ(repository_.git("worktree list --porcelain | grep -c ^worktree"), "1");
}

TEST_F(GitExportTest, WhatTheRepositoryLeavesOutOrChangesElsewhereIsThereAsItIs) {
    repository_.write(".gitattributes", "secret.txt export-ignore\nver.txt export-subst\n");
    repository_.write("secret.txt", "kept");
    repository_.write("ver.txt", "$Format:%H$");
    repository_.write("docs/x", "kept");
    const auto commit = repository_.commit();
    repository_.git("sparse-checkout set --cone src");
    repository_.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch hooked\n", 0755);
    repository_.write(".git/hooks/post-index-change", "#!/bin/sh\ntouch hooked\n", 0755);
    repository_.git("config core.fsmonitor 'touch hooked'");
    ASSERT_TRUE(export_to(out_.path("x"), commit));
    EXPECT_EQ(names(out_.path("x")),
              (std::vector<std::string>{".gitattributes", "docs", "secret.txt", "ver.txt"}));
    EXPECT_EQ(out_.read("x/ver.txt"), "$Format:%H$");
    EXPECT_EQ(out_.read("x/docs/x"), "kept");
    EXPECT_FALSE(support::exists(repository_.path("hooked")));
}

TEST_F(GitExportTest, AttributesOfTheCommitAndNotOfTheCheckoutDecideAboutLineEnds) {
    repository_.write(".gitattributes", "* text eol=crlf\n");
    repository_.write("a.txt", "x\n");
    const auto commit = repository_.commit();
    repository_.write(".gitattributes", "");
    ASSERT_TRUE(export_to(out_.path("x"), commit));
    EXPECT_EQ(out_.read("x/a.txt"), "x\r\n");
}

TEST_F(GitExportTest, ACommitWithoutFilesGivesAnEmptyFolder) {
    const auto commit = repository_.commit();
    ASSERT_TRUE(export_to(out_.path("x"), commit));
    EXPECT_TRUE(names(out_.path("x")).empty());
}

TEST_F(GitExportTest, RefusesAFolderWithSomethingInItAndACommitThatIsNotThere) {
    const auto commit = repository_.commit();
    out_.write("x/mine", "kept");
    const auto full = export_to(out_.path("x"), commit);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(out_.read("x/mine"), "kept");
    const auto missing = export_to(out_.path("y"), *CommitSha::parse(std::string(40, 'e')));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), ErrorKind::NotFound);
    EXPECT_FALSE(support::exists(out_.path("y")));
}

TEST_F(GitExportTest, AnInterruptedExportLeavesTheFolderEmpty) {
    repository_.write("a.txt", "x");
    repository_.write(".gitattributes", "*.txt filter=slow");
    repository_.git("config filter.slow.smudge 'echo began >&2; exec sleep 60'");
    repository_.git("config filter.slow.clean cat");
    const auto commit = repository_.commit();
    RecordingProgress progress;
    int pulses = 0;
    progress.stop_when([&](const auto&) { return support::exists(out_.path("x/.git")) && ++pulses > 2; });
    const auto stopped =
        GitSourceTree(repository_.path(), subprocess_).export_commit(commit, out_.path("x"), progress);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind(), ErrorKind::Interrupted);
    EXPECT_TRUE(names(out_.path("x")).empty());
}

TEST_F(GitExportTest, WorksFromALinkedWorktreeAndABareRepository) {
    repository_.write("a", "1");
    const auto commit = repository_.commit();
    repository_.git("worktree add -q --detach '" + out_.path("linked") + "'");
    repository_.git("clone -q --bare . '" + out_.path("bare.git") + "'");
    for (const auto* from : {"linked", "bare.git"}) {
        const auto to = out_.path(std::string("of-") + from);
        const auto done = GitSourceTree(out_.path(from), subprocess_).export_commit(commit, to, quiet_);
        ASSERT_TRUE(done) << from << ": " << done.error().describe();
        EXPECT_EQ(names(to), std::vector<std::string>{"a"});
    }
}

}  // namespace
}  // namespace ringmaster::git_source
