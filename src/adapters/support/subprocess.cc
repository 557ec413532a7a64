#include "adapters/support/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include "adapters/support/child_program.h"
#include "adapters/support/control_group.h"
#include "adapters/support/files.h"
#include "adapters/support/line_splitter.h"
#include "adapters/support/process_table.h"

namespace ringmaster::support {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

constexpr auto kPulseInterval = milliseconds(200);
constexpr auto kTermGrace = std::chrono::seconds(5);
// How long output may still come once the child itself has ended: a pipeline's last member, usually.
constexpr auto kOutputGrace = milliseconds(500);
// KILL takes effect at once; this only waits for the kernel to have done it.
constexpr auto kKillTimeout = std::chrono::seconds(1);

SteadyTime steady_now() {
    return std::chrono::steady_clock::now();
}

// A file in memory instead of a pipe: nobody has to feed it, and a child that never reads it is no problem.
Result<FileDescriptor> input_for(const ProcessSpec& spec) {
    if (spec.input.empty()) return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    FileDescriptor file(::memfd_create("ringmaster-input", MFD_CLOEXEC));
    if (!file.is_open()) return Fail(Error::unavailable("cannot keep the input: {}", describe_errno(errno)));
    for (std::string_view left = spec.input; !left.empty();) {
        const ssize_t written = ::write(file.number(), left.data(), left.size());
        if (written < 0) return Fail(Error::unavailable("cannot keep the input: {}", describe_errno(errno)));
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.number(), 0, SEEK_SET);
    return file;
}

struct Stream {
    FileDescriptor pipe;
    LineSplitter lines;
    std::string kept;
};

class Child {
 public:
    static Result<Child> start(const ProcessSpec& spec);
    Result<ProcessResult> wait(Progress& progress);

 private:
    explicit Child(const ProcessSpec& spec) : spec_(&spec) {}
    Result<void> watch(Progress& progress);
    void read_until(SteadyTime deadline, Progress& progress);
    void read_once(SteadyTime deadline, Progress& progress);
    void read_some(Stream& stream, Progress& progress);
    void kill_group(Progress& progress);
    bool group_lives() const;
    int reap();
    bool streams_open() const { return streams_[0].pipe.is_open() || streams_[1].pipe.is_open(); }

    const ProcessSpec* spec_;
    pid_t pid_ = 0;
    FileDescriptor handle_;  // readable once the child has ended
    bool ended_ = false;
    std::array<Stream, 2> streams_;
};

[[noreturn]] void become_child(const ChildProgram& program, std::array<int, 3> standard, int report,
                               pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // it died before the line above
    // Out of the way of 0 to 2 first, which are free where we were started without them.
    for (auto& number : standard) number = ::fcntl(number, F_DUPFD_CLOEXEC, 3);
    report = ::fcntl(report, F_DUPFD_CLOEXEC, 3);
    for (int number = 0; number < 3; ++number) ::dup2(standard[static_cast<std::size_t>(number)], number);
    program.become(report);
}

Result<Child> Child::start(const ProcessSpec& spec) {
    const auto program = TRY(ChildProgram::prepare(spec));
    const auto input = TRY(input_for(spec));
    auto out = TRY(make_pipe());
    auto err = TRY(make_pipe());
    auto report = TRY(make_pipe());
    const std::array<int, 3> standard{input.number(), out.write_end.number(), err.write_end.number()};
    const pid_t us = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return Fail(Error::unavailable("cannot start a process: {}", describe_errno(errno)));
    if (pid == 0) become_child(program, standard, report.write_end.number(), us);
    ::setpgid(pid, pid);  // both sides do it, so that it holds for whoever comes first
    for (auto* end : {&out.write_end, &err.write_end, &report.write_end}) end->close();
    Child child(spec);
    child.pid_ = pid;
    child.handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    child.streams_[0].pipe = std::move(out.read_end);
    child.streams_[1].pipe = std::move(err.read_end);
    if (auto began = program.confirm(std::move(report.read_end)); !began) {
        child.reap();
        return Fail(began.error());
    }
    return child;
}

Result<ProcessResult> Child::wait(Progress& progress) {
    const auto watched = watch(progress);
    if (!watched) {
        ::kill(-pid_, SIGTERM);
        read_until(steady_now() + kTermGrace, progress);
    }
    kill_group(progress);
    for (auto& stream : streams_) stream.lines.finish([&](std::string_view line) { progress.line(line); });
    const int exit_code = reap();
    if (!watched) return Fail(watched.error());
    return ProcessResult{exit_code, std::move(streams_[0].kept), std::move(streams_[1].kept)};
}

// Until the child has ended and its output is complete, or as complete as it will get.
Result<void> Child::watch(Progress& progress) {
    const auto start = steady_now();
    auto next_pulse = start;
    while (!ended_) {
        const auto now = steady_now();
        if (spec_->timeout && now >= start + *spec_->timeout)
            return Fail(Error::timed_out("{} was stopped: it had not ended after {}",
                                         spec_->arguments.front(),
                                         format_duration_for_people(*spec_->timeout)));
        if (now >= next_pulse) {
            TRY(progress.pulse());
            next_pulse = steady_now() + kPulseInterval;
        }
        read_once(spec_->timeout ? std::min(next_pulse, start + *spec_->timeout) : next_pulse, progress);
    }
    read_until(steady_now() + kOutputGrace, progress);
    return {};
}

// The child's end and the end of its output, but no longer than `deadline`.
void Child::read_until(SteadyTime deadline, Progress& progress) {
    while ((!ended_ || streams_open()) && steady_now() < deadline) read_once(deadline, progress);
}

void Child::read_once(SteadyTime deadline, Progress& progress) {
    const auto wait = std::chrono::ceil<milliseconds>(deadline - steady_now());
    std::array<pollfd, 3> watched{};
    // A negative descriptor is passed over (man 2 poll).
    watched[0] = {ended_ ? -1 : handle_.number(), POLLIN, 0};
    for (int i = 0; i < 2; ++i) watched[i + 1] = {streams_[i].pipe.number(), POLLIN, 0};
    const auto bounded = std::clamp<long long>(wait.count(), 0, kPulseInterval.count());
    if (::poll(watched.data(), watched.size(), static_cast<int>(bounded)) <= 0) return;
    for (int i = 0; i < 2; ++i)
        if (watched[i + 1].revents != 0) read_some(streams_[i], progress);
    ended_ = ended_ || watched[0].revents != 0;
}

void Child::read_some(Stream& stream, Progress& progress) {
    std::array<char, 64 << 10> buffer;
    const ssize_t got = ::read(stream.pipe.number(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
        stream.pipe.close();
        return;
    }
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (&stream == streams_.data() && spec_->on_output) {
        spec_->on_output(bytes);
        return;
    }
    stream.kept += bytes.substr(0, spec_->max_output_bytes - stream.kept.size());
    stream.lines.feed(bytes, [&](std::string_view line) { progress.line(line); });
}

// The child is not reaped yet, so its number, and with it the group's, cannot have become somebody else's.
void Child::kill_group(Progress& progress) {
    const auto deadline = steady_now() + kKillTimeout;
    ::kill(-pid_, SIGKILL);
    if (streams_open() || !ended_) read_until(steady_now() + kOutputGrace, progress);
    while (group_lives() && steady_now() < deadline) {
        ::kill(-pid_, SIGKILL);  // again: a member may have been forking
        ::poll(nullptr, 0, 5);
    }
}

bool Child::group_lives() const {
    const auto processes = list_processes();
    return processes && std::ranges::find(*processes, pid_, &ProcessEntry::group) != processes->end();
}

int Child::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Result<ProcessResult> start_and_wait(const ProcessSpec& spec, Progress& progress) {
    auto child = TRY(Child::start(spec));
    return child.wait(progress);
}

}  // namespace

Result<ProcessResult> PosixSubprocess::run(const ProcessSpec& spec, Progress& progress) {
    if (!spec.limits.processes || !spec.limits.control_group.empty()) return start_and_wait(spec, progress);
    static std::atomic<int> made = 0;
    ProcessSpec bounded = spec;
    bounded.limits.control_group =
        make_control_group(fmt::format("{}-{}", ::getpid(), ++made), *spec.limits.processes).value_or("");
    auto result = start_and_wait(bounded, progress);
    remove_control_group(bounded.limits.control_group);
    return result;
}

}  // namespace ringmaster::support
