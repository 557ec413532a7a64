#include "testing/claims_race.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>

#include "base/assert.h"

namespace ringmaster::testing {
namespace {

constexpr int kDiedInside = 42;
constexpr int kBroken = 43;

// Seen by all processes of a race.
struct Board {
    std::atomic<int> entries{0};
    std::atomic<int> inside{0};
    std::atomic<int> meetings{0};
    std::atomic<int> deaths{0};
    std::atomic<int> refusals{0};
    std::atomic<bool> has_error{false};
    char error[1024] = {};

    void note(const Error& what) {
        if (has_error.exchange(true)) return;
        std::strncpy(error, what.describe().c_str(), sizeof error - 1);
    }
};

int read_number(const std::string& path) {
    std::ifstream file(path);
    int number = 0;
    file >> number;
    return number;
}

// Loses counts if two do it at once, with plenty of opportunity to.
void count_clumsily(const std::string& path) {
    const int number = read_number(path);
    for (int i = 0; i < 20; ++i) ::sched_yield();
    std::ofstream(path, std::ios::trunc) << number + 1;
}

[[noreturn]] void race(const RaceRules& rules, const std::string& counter, Racer& racer, Board& board) {
    NoProgress quiet;
    const int goal = rules.processes * rules.entries_each;
    while (board.entries < goal) {
        const auto seen = racer.forge().observe(rules.pull_request_number);
        auto claimed = seen ? racer.claims().acquire(*seen, quiet) : Result<Claimed>(Fail(seen.error()));
        if (!claimed) {
            const auto kind = claimed.error().kind();
            if (kind != ErrorKind::Busy && kind != ErrorKind::Conflict) {
                board.note(claimed.error());
                ::_exit(kBroken);
            }
            ++board.refusals;
            (void)racer.clock().sleep(Duration(1), quiet);
            continue;
        }
        if (board.inside.exchange(::getpid()) != 0) ++board.meetings;
        count_clumsily(counter);
        board.inside = 0;
        const int entry = ++board.entries;
        if (rules.entries_between_deaths > 0 && entry % rules.entries_between_deaths == 0) {
            ++board.deaths;
            ::_exit(kDiedInside);
        }
        if (const auto released = racer.claims().release(claimed->claim); !released)
            board.note(released.error());
    }
    ::_exit(0);
}

pid_t start_racer(const RaceRules& rules, const std::string& counter, Board& board,
                  const std::function<std::unique_ptr<Racer>()>& enter) {
    const pid_t pid = ::fork();
    RM_ASSERT(pid >= 0, "a test can start processes");
    if (pid > 0) return pid;
    const auto racer = enter();
    race(rules, counter, *racer, board);
}

// The exit code of that one process; -1: a signal ended it. Not of any child: a server in this process may
// have children of its own.
int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) RM_ASSERT(errno == EINTR, "the racers are our children");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

RaceResult race_for_claims(const RaceRules& rules, const std::string& folder,
                           const std::function<std::unique_ptr<Racer>()>& enter) {
    void* shared = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    RM_ASSERT(shared != MAP_FAILED, "a test can share memory");
    auto& board = *new (shared) Board;
    const auto counter = folder + "/counter";
    RaceResult result;
    std::vector<pid_t> racers;
    for (int i = 0; i < rules.processes; ++i) racers.push_back(start_racer(rules, counter, board, enter));
    for (pid_t pid : racers) {
        int code = wait_for(pid);
        // One that died inside is followed by another as soon as it is noticed.
        while (code == kDiedInside) code = wait_for(start_racer(rules, counter, board, enter));
        if (code != 0 && code != kBroken) result.errors.emplace_back("a racer crashed");
    }
    result.entries = board.entries;
    result.counted = read_number(counter);
    result.meetings = board.meetings;
    result.deaths = board.deaths;
    result.refusals = board.refusals;
    if (board.has_error) result.errors.emplace_back(board.error);
    ::munmap(shared, sizeof(Board));
    return result;
}

}  // namespace ringmaster::testing
