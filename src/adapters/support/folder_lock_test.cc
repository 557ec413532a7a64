#include "adapters/support/folder_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "adapters/support/files.h"
#include "testing/fake_clock.h"
#include "testing/recording_progress.h"
#include "testing/temporary_folder.h"

namespace ringmaster::support {
namespace {

using namespace std::chrono_literals;

class FolderLockTest : public ::testing::Test {
 protected:
    Result<FolderLock> take(FolderLock::Missing missing = FolderLock::Missing::Make) {
        return FolderLock::take(path_, missing, 10s, clock_, progress_);
    }
    testing::TemporaryFolder folder_;
    testing::FakeClock clock_;
    testing::RecordingProgress progress_;
    std::string path_ = folder_.path("a/b");
};

TEST_F(FolderLockTest, MakesTheFolderOrSaysThatThereIsNone) {
    EXPECT_EQ(take(FolderLock::Missing::Fail).error().kind(), ErrorKind::NotFound);
    EXPECT_TRUE(take());
    EXPECT_TRUE(take(FolderLock::Missing::Fail));
}

TEST_F(FolderLockTest, ASecondHolderWaitsWithPulsesAndThenGivesUp) {
    const auto held = take();
    ASSERT_TRUE(held);
    const auto start = clock_.now();
    const auto second = take();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::TimedOut);
    EXPECT_EQ(clock_.now() - start, 10s);
    EXPECT_GT(progress_.pulses(), 10);
}

TEST_F(FolderLockTest, IsFreeWhenItsHolderLetsGo) {
    auto held = std::optional(take());
    progress_.on_pulse([&](int count) {
        if (count == 3) held.reset();
    });
    EXPECT_TRUE(take());
}

TEST_F(FolderLockTest, AFolderThatWasRemovedByItsHolderIsMadeAnewAndLockedAnew) {
    auto held = std::optional(take());
    progress_.on_pulse([&](int count) {
        if (count != 3) return;
        ASSERT_TRUE(remove_tree(path_));
        held.reset();
    });
    const auto second = take();
    ASSERT_TRUE(second);
    EXPECT_TRUE(exists(path_));
    progress_.on_pulse(nullptr);
    EXPECT_FALSE(take()) << "the lock is on a folder that nobody sees";
}

TEST_F(FolderLockTest, EndsWithItsHolderHoweverThatEnds) {
    const pid_t holder = ::fork();
    if (holder == 0) {
        const auto held = take();
        ::kill(::getpid(), held ? SIGKILL : SIGTERM);
    }
    int status = 0;
    ::waitpid(holder, &status, 0);
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    EXPECT_TRUE(take());
}

TEST(Files, RemovesATreeWithoutFollowingItsLinks) {
    const testing::TemporaryFolder folder;
    folder.write("kept/file", "precious");
    folder.write("tree/deep/file", "x");
    std::filesystem::create_directory_symlink(folder.path("kept"), folder.path("tree/deep/link"));
    ASSERT_TRUE(remove_tree(folder.path("tree")));
    EXPECT_FALSE(exists(folder.path("tree")));
    EXPECT_EQ(folder.read("kept/file"), "precious");
    EXPECT_TRUE(remove_tree(folder.path("tree"))) << "nothing there is success";
}

TEST(Files, ReadsNoMoreThanItsBound) {
    const testing::TemporaryFolder folder;
    const auto path = folder.write("file", std::string(100, 'x'));
    EXPECT_EQ(read_file(path, 100)->size(), 100u);
    EXPECT_EQ(read_file(path, 99).error().kind(), ErrorKind::Corrupt);
    EXPECT_EQ(read_file(folder.path("missing")).error().kind(), ErrorKind::NotFound);
}

}  // namespace
}  // namespace ringmaster::support
