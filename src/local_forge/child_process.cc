#include "local_forge/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

namespace ringmaster::local_forge {
namespace {

// A pack larger than this does not fit a server that keeps answers in memory.
constexpr std::size_t kMaxOutputBytes = std::size_t{1} << 30;
constexpr std::size_t kPipeBytes = 64 << 10;

class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    int get() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

 private:
    int number_ = -1;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return Fail(Error::unavailable("cannot make a pipe: {}", std::strerror(errno)));
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

Result<pid_t> spawn(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment,
                    const Pipe& in, const Pipe& out, const Pipe& err) {
    std::vector<std::string> settings;
    for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.read_end.get(), 0);
    posix_spawn_file_actions_adddup2(&actions, out.write_end.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, err.write_end.get(), 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A group of its own: a Ctrl-C on our terminal is for us, and a kill reaches git's helpers.
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    const int code = ::posix_spawnp(&child, arguments[0].c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(settings).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (code == ENOENT)
        return Fail(
            Error::not_found("there is no program \"{}\" on this machine", arguments[0]).hint("install it"));
    if (code != 0) return Fail(Error::unavailable("cannot start {}: {}", arguments[0], std::strerror(code)));
    return child;
}

// Gives the child its input and takes its output, whichever is ready, until both output streams have ended.
class Exchange {
 public:
    Exchange(Descriptor in, Descriptor out, Descriptor err, std::string_view input)
        : in_(std::move(in)), out_(std::move(out)), err_(std::move(err)), input_(input) {
        ::fcntl(in_.get(), F_SETFL, O_NONBLOCK);
        if (input_.empty()) in_.close();
    }

    Result<void> run(std::chrono::steady_clock::time_point deadline, ChildResult& result) {
        while (out_.is_open() || err_.is_open()) {
            const auto left =
                std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0) return Fail(Error(ErrorKind::TimedOut, "it took too long"));
            // poll() passes over negative descriptors.
            std::array<pollfd, 3> waiting = {pollfd{in_.get(), POLLOUT, 0}, pollfd{out_.get(), POLLIN, 0},
                                             pollfd{err_.get(), POLLIN, 0}};
            if (::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
                return Fail(Error::unavailable("poll failed: {}", std::strerror(errno)));
            if (waiting[0].revents) write_some();
            if (waiting[1].revents) read_some(out_, result.output);
            if (waiting[2].revents) read_some(err_, result.error_output);
            if (result.output.size() + result.error_output.size() > kMaxOutputBytes)
                return Fail(Error::unavailable("it printed more than {} bytes", kMaxOutputBytes));
        }
        return {};
    }

 private:
    void write_some() {
        const ssize_t written = ::write(in_.get(), input_.data(), std::min(input_.size(), kPipeBytes));
        if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (written > 0) input_.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 || input_.empty()) in_.close();  // a child may end without having read everything
    }
    static void read_some(Descriptor& from, std::string& to) {
        std::array<char, kPipeBytes> bytes;
        const ssize_t count = ::read(from.get(), bytes.data(), bytes.size());
        if (count > 0)
            to.append(bytes.data(), static_cast<std::size_t>(count));
        else if (count == 0 || errno != EINTR)
            from.close();
    }

    Descriptor in_;
    Descriptor out_;
    Descriptor err_;
    std::string_view input_;
};

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Writing to a child that has ended must be an error value, not our end.
void ignore_broken_pipes() {
    static const bool done = [] {
        struct sigaction current{};
        ::sigaction(SIGPIPE, nullptr, &current);
        if (current.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
        return true;
    }();
    (void)done;
}

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment, std::string_view input,
                              Duration timeout) {
    ignore_broken_pipes();
    auto in = TRY(make_pipe());
    auto out = TRY(make_pipe());
    auto err = TRY(make_pipe());
    const pid_t child = TRY(spawn(arguments, environment, in, out, err));
    in.read_end.close();
    out.write_end.close();
    err.write_end.close();
    ChildResult result;
    Exchange exchange(std::move(in.write_end), std::move(out.read_end), std::move(err.read_end), input);
    auto exchanged = exchange.run(std::chrono::steady_clock::now() + timeout, result);
    if (!exchanged) ::kill(-child, SIGKILL);
    result.exit_code = wait_for(child);
    if (!exchanged)
        return Fail(std::move(exchanged.error()).while_doing(fmt::format("running {}", arguments[0])));
    return result;
}

}  // namespace ringmaster::local_forge
