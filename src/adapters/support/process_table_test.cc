#include "adapters/support/process_table.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>

#include "testing/fake_clock.h"
#include "testing/wait.h"

namespace ringmaster::support {
namespace {

// A child of ours in a group of its own, ended and collected with the test.
class Sleeper {
 public:
    explicit Sleeper(const char* name = "sleeper") : pid(::fork()) {
        if (pid > 0) return;
        ::setpgid(0, 0);
        ::prctl(PR_SET_NAME, name);
        for (;;) ::pause();
    }
    ~Sleeper() {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    pid_t pid;
};

TEST(ProcessTable, ReadsParentAndGroupWhateverTheProcessIsCalled) {
    const Sleeper sleeper("a) R 1 (b");
    ASSERT_TRUE(testing::eventually([&] {
        const auto entry = read_process(sleeper.pid);
        return entry && entry->group == sleeper.pid;
    }));
    EXPECT_EQ(read_process(sleeper.pid)->parent, ::getpid());
}

TEST(ProcessTable, OneThatEndedAndWasNotCollectedIsNotListed) {
    const Sleeper sleeper;
    const auto identity = identify(sleeper.pid).value();
    ASSERT_TRUE(identity);
    EXPECT_TRUE(is_running(*identity));
    ::kill(sleeper.pid, SIGKILL);
    EXPECT_TRUE(testing::eventually([&] { return !read_process(sleeper.pid); }));
    EXPECT_FALSE(is_running(*identity));
    const auto all = list_processes().value();
    EXPECT_EQ(std::ranges::find(all, sleeper.pid, &ProcessEntry::pid), all.end());
}

TEST(ProcessTable, AnIdentityIsMoreThanANumber) {
    const Sleeper sleeper;
    const auto identity = identify(sleeper.pid).value().value();
    auto earlier = identity, other_boot = identity;
    earlier.start_ticks -= 1;
    other_boot.boot_id = "another";
    EXPECT_FALSE(is_running(earlier));
    EXPECT_FALSE(is_running(other_boot));
    EXPECT_FALSE(is_running({}));
}

TEST(ProcessTable, EndsEverythingThatIsFoundAndLeavesTheRest) {
    const Sleeper one, two, stranger;
    testing::FakeClock clock;
    NoProgress quiet;
    const auto find = [&]() -> Result<std::vector<ProcessEntry>> {
        std::vector<ProcessEntry> found;
        for (const pid_t pid : {one.pid, two.pid})
            if (const auto entry = read_process(pid)) found.push_back(*entry);
        ::usleep(1000);  // virtual time is too fast for real processes
        return found;
    };
    const auto ended = end_processes(find, std::chrono::hours(1), clock, quiet);
    EXPECT_TRUE(ended) << ended.error().describe();
    EXPECT_FALSE(read_process(one.pid));
    EXPECT_FALSE(read_process(two.pid));
    EXPECT_TRUE(read_process(stranger.pid));
}

TEST(ProcessTable, SaysWhenSomethingSurvives) {
    testing::FakeClock clock;
    NoProgress quiet;
    // One that is always found but not there, so that no signal ends it.
    const auto find = []() -> Result<std::vector<ProcessEntry>> {
        return std::vector{ProcessEntry{.pid = 1 << 30}};
    };
    const auto ended = end_processes(find, std::chrono::seconds(10), clock, quiet);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind(), ErrorKind::TimedOut);
    EXPECT_GE(clock.monotonic(), std::chrono::seconds(15));
    EXPECT_LT(clock.monotonic(), std::chrono::seconds(16));
}

}  // namespace
}  // namespace ringmaster::support
