#include "adapters/process/supervisor_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>
#include <iterator>

#include "adapters/process/supervisor.h"

namespace ringmaster::process {
namespace {

constexpr auto kUnfinishedExitName = "exit.new";

void send_pid(int to, pid_t pid) noexcept {
    [[maybe_unused]] const auto sent = ::write(to, &pid, sizeof pid);
}

bool may_start(int go) noexcept {
    char byte = 0;
    ssize_t got = 0;
    do got = ::read(go, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 1;
}

char* append(char* at, char* end, const char* text) noexcept {
    while (*text != '\0' && at != end) *at++ = *text++;
    return at;
}

TimePoint now() noexcept {
    timespec at{};
    ::clock_gettime(CLOCK_REALTIME, &at);
    return TimePoint(Duration(at.tv_sec * 1000LL + at.tv_nsec / 1000000));
}

// "exited 3 1795000000000\n", seen whole or not at all.
void write_end(int folder, int wait_status) noexcept {
    const bool by_signal = WIFSIGNALED(wait_status);
    char text[64];
    char* at = append(text, std::end(text), by_signal ? "signal " : "exited ");
    at = std::to_chars(at, std::end(text), by_signal ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status)).ptr;
    at = append(at, std::end(text), " ");
    at = std::to_chars(at, std::end(text), now().time_since_epoch().count()).ptr;
    at = append(at, std::end(text), "\n");
    const int file = ::openat(folder, kUnfinishedExitName, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const auto length = at - text;
    const bool written = file >= 0 && ::write(file, text, static_cast<std::size_t>(length)) == length;
    if (file >= 0) ::close(file);
    if (written) ::renameat(folder, kUnfinishedExitName, folder, kExitName);
}

// Nothing of the process that made us stays open: not its database, its locks, its sockets.
void keep_only(const SupervisorTask& task) noexcept {
    int keep[] = {2,       task.log->folder(), task.log->file(), task.exit_folder,
                  task.go, task.status,        task.report};
    std::sort(std::begin(keep), std::end(keep));
    for (std::size_t i = 0; i + 1 < std::size(keep); ++i)
        if (keep[i] + 1 <= keep[i + 1] - 1)
            ::close_range(unsigned(keep[i] + 1), unsigned(keep[i + 1] - 1), 0);
    ::close_range(unsigned(*std::rbegin(keep) + 1), ~0U, 0);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int number = 0; number < 3; ++number) ::dup2(nothing, number);
    if (nothing > 2) ::close(nothing);
}

struct App {
    pid_t pid;
    int output;
};

App start_app(const SupervisorTask& task) noexcept {
    int output[2];
    if (::pipe2(output, O_CLOEXEC) != 0) ::_exit(1);
    const pid_t pid = ::fork();
    if (pid < 0) ::_exit(1);
    if (pid == 0) {
        ::setsid();
        ::dup2(output[1], 1);
        ::dup2(output[1], 2);
        task.program->become(task.report);
    }
    ::fcntl(output[0], F_SETFL, O_NONBLOCK);
    ::close(output[1]);
    ::close(task.report);
    send_pid(task.status, pid);
    ::close(task.status);
    return {pid, output[0]};
}

enum class Output { Some, NoneNow, Over };

Output pass_output(int output, StampedLog& log) noexcept {
    char buffer[16384];
    const ssize_t got = ::read(output, buffer, sizeof buffer);
    if (got < 0) return errno == EINTR ? Output::Some : Output::NoneNow;
    if (got == 0) return Output::Over;
    log.append({buffer, static_cast<std::size_t>(got)}, now());
    return Output::Some;
}

// Who reads that the app has ended must find its last words in the log. Bounded, for there may be others who
// go on writing; more than this does not fit into the pipe.
void pass_last_words(App app, const SupervisorTask& task) noexcept {
    constexpr int kMostReads = 64;
    for (int i = 0; i < kMostReads && pass_output(app.output, *task.log) == Output::Some; ++i) {
    }
}

// False when nobody is left to wait for: neither the app nor what it abandoned.
bool collect(App app, const SupervisorTask& task) noexcept {
    for (;;) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, WNOHANG);
        if (ended == 0) return true;
        if (ended < 0) return errno == EINTR;
        if (ended != app.pid) continue;
        ::kill(-app.pid, SIGKILL);
        pass_last_words(app, task);
        write_end(task.exit_folder, status);
    }
}

void watch(App app, const SupervisorTask& task, int child_ended) noexcept {
    bool has_output = true;
    bool has_children = true;
    while (has_output || has_children) {
        pollfd watched[] = {{has_output ? app.output : -1, POLLIN, 0}, {child_ended, POLLIN, 0}};
        if (::poll(watched, std::size(watched), -1) < 0) continue;
        if (watched[1].revents != 0) {
            signalfd_siginfo information;
            [[maybe_unused]] const auto got = ::read(child_ended, &information, sizeof information);
            has_children = collect(app, task);
        }
        if (watched[0].revents != 0) has_output = pass_output(app.output, *task.log) != Output::Over;
    }
}

}  // namespace

void detach_and_supervise(const SupervisorTask& task) noexcept {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    support::reset_signals();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::prctl(PR_SET_NAME, "ringmaster-show");
    keep_only(task);
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    const int child_ended = ::signalfd(-1, &child, SFD_CLOEXEC);
    send_pid(task.status, ::getpid());
    if (child_ended < 0 || !may_start(task.go)) ::_exit(1);
    const App app = start_app(task);
    [[maybe_unused]] const int moved =
        ::chdir("/");  // keeps no disk busy; only now, the app's folder may be relative
    watch(app, task, child_ended);
    ::_exit(0);
}

}  // namespace ringmaster::process
