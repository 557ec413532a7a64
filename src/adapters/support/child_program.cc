#include "adapters/support/child_program.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "adapters/support/control_group.h"
#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

enum class Step : int { Folder, Limits, Program };
struct Failure {
    Step step;
    int code;
};

constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

bool is_executable_file(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string search_path(const ProcessSpec& spec) {
    if (const auto own = spec.environment.find("PATH"); own != spec.environment.end()) return own->second;
    const char* ours = std::getenv("PATH");
    return ours ? ours : std::string(kDefaultPath);
}

Result<std::string> find_program(const ProcessSpec& spec) {
    const auto& name = spec.arguments.front();
    if (name.find('/') != std::string::npos) return name;
    const auto path = search_path(spec);
    for (const auto folder : split(path, ':')) {
        auto candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
        if (is_executable_file(candidate)) return candidate;
    }
    return Fail(Error::not_found("the program {} is not installed", name)
                    .hint(fmt::format("install it, or put its folder on PATH ({})", path)));
}

bool has_zero_byte(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

Result<void> check(const ProcessSpec& spec) {
    if (spec.arguments.empty() || spec.arguments.front().empty())
        return Fail(Error::invalid_input("there is no program to run: the command is empty"));
    for (const auto& argument : spec.arguments)
        if (has_zero_byte(argument))
            return Fail(Error::invalid_input("a program argument contains a zero byte"));
    for (const auto& [name, value] : spec.environment)
        if (name.empty() || name.find('=') != std::string::npos || has_zero_byte(name) ||
            has_zero_byte(value))
            return Fail(Error::invalid_input("\"{}\" cannot be an environment variable",
                                             sanitize_for_terminal(name)));
    struct stat found{};
    if (!spec.directory.empty() && (::stat(spec.directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)))
        return Fail(
            Error::not_found("there is no folder {} to run {} in", spec.directory, spec.arguments.front()));
    return {};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

bool limit(__rlimit_resource resource, const std::optional<std::uint64_t>& value) noexcept {
    if (!value) return true;
    const rlimit both{*value, *value};
    return ::setrlimit(resource, &both) == 0;
}

bool apply(const ProcessLimits& limits, const std::string& procs_file) noexcept {
    if (!procs_file.empty() && !enter_control_group(procs_file.c_str())) return false;
    if (limits.nice > 0 && ::setpriority(PRIO_PROCESS, 0, limits.nice) != 0) return false;
    return limit(RLIMIT_AS, limits.memory_bytes) && limit(RLIMIT_FSIZE, limits.file_bytes) &&
           (!procs_file.empty() || limit(RLIMIT_NPROC, limits.processes));
}

[[noreturn]] void give_up(int report, Step step) noexcept {
    const Failure failure{step, errno};
    [[maybe_unused]] const auto written = ::write(report, &failure, sizeof failure);
    ::_exit(127);
}

}  // namespace

void reset_signals() noexcept {
    struct sigaction fresh{};
    fresh.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &fresh, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_on_exec_from(int first) noexcept {
    if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    constexpr int kMostWithoutCloseRange = 4096;  // Linux before 5.11
    for (int number = first; number < kMostWithoutCloseRange; ++number) ::fcntl(number, F_SETFD, FD_CLOEXEC);
}

Result<ChildProgram> ChildProgram::prepare(const ProcessSpec& spec) {
    TRY(check(spec));
    ChildProgram program;
    program.path_ = TRY(find_program(spec));
    program.directory_ = spec.directory;
    program.limits_ = spec.limits;
    if (!spec.limits.control_group.empty()) program.procs_file_ = spec.limits.control_group + "/cgroup.procs";
    program.arguments_ = spec.arguments;
    for (const auto& [name, value] : spec.environment) program.environment_.push_back(name + "=" + value);
    // Moving the vectors keeps their strings in place, so the pointers stay right when the program is moved.
    program.argument_pointers_ = pointers_to(program.arguments_);
    program.environment_pointers_ = pointers_to(program.environment_);
    return program;
}

void ChildProgram::become(int report) const noexcept {
    close_on_exec_from(3);
    reset_signals();
    if (!directory_.empty() && ::chdir(directory_.c_str()) != 0) give_up(report, Step::Folder);
    if (!apply(limits_, procs_file_)) give_up(report, Step::Limits);
    ::execve(path_.c_str(), argument_pointers_.data(), environment_pointers_.data());
    give_up(report, Step::Program);
}

Result<void> ChildProgram::confirm(FileDescriptor report) const {
    Failure failure{};
    ssize_t got = 0;
    do got = ::read(report.number(), &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    if (got != sizeof failure) return {};  // closed by a successful exec
    const auto why = describe_errno(failure.code);
    switch (failure.step) {
        case Step::Folder:
            return Fail(Error::not_found("cannot run {} in {}: {}", path_, directory_, why));
        case Step::Limits:
            return Fail(Error::failed("cannot set the limits of {}: {}", path_, why)
                            .hint("the limits may be above those of this process; lower them"));
        case Step::Program:
            if (failure.code == ENOENT || failure.code == EACCES || failure.code == ENOEXEC)
                return Fail(
                    Error::not_found("cannot run {}: {}", path_, why)
                        .hint("check that it exists, is executable, and that its interpreter is installed"));
    }
    return Fail(Error::failed("cannot run {}: {}", path_, why));
}

}  // namespace ringmaster::support
