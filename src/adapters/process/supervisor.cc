#include "adapters/process/supervisor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/process/supervisor_child.h"
#include "adapters/support/files.h"

namespace ringmaster::process {
namespace {

using support::FileDescriptor;

Result<pid_t> read_pid(const FileDescriptor& from) {
    pid_t pid = 0;
    ssize_t got = 0;
    do got = ::read(from.number(), &pid, sizeof pid);
    while (got < 0 && errno == EINTR);
    if (got != sizeof pid) return Fail(Error::unavailable("the show's supervisor ended before it had begun"));
    return pid;
}

Result<FileDescriptor> open_folder(const std::string& path) {
    FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open()) return Fail(support::file_error("open the folder", path, errno));
    return folder;
}

}  // namespace

Result<Supervisor> Supervisor::start(support::ChildProgram program, const std::string& folder,
                                     std::size_t max_log_bytes) {
    StampedLog log(TRY(support::RotatingLog::open(folder, kLogName, max_log_bytes)));
    const auto exit_folder = TRY(open_folder(folder));
    // A socket, because writing to a pipe whose reader died raises SIGPIPE.
    int go[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) != 0)
        return Fail(Error::unavailable("cannot make a socket: {}", support::describe_errno(errno)));
    FileDescriptor go_here(go[0]), go_there(go[1]);
    auto status = TRY(support::make_pipe());
    auto report = TRY(support::make_pipe());
    Supervisor supervisor(std::move(program));
    // Forked twice: the first child leaves our session and ends, so that the second one is nobody's child
    // here.
    const pid_t first = ::fork();
    if (first < 0)
        return Fail(Error::unavailable("cannot start a process: {}", support::describe_errno(errno)));
    if (first == 0)
        detach_and_supervise({&supervisor.program_, &log, exit_folder.number(), go_there.number(),
                              status.write_end.number(), report.write_end.number()});
    while (::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
    }
    status.write_end.close();
    supervisor.go_ = std::move(go_here);
    supervisor.status_ = std::move(status.read_end);
    supervisor.report_ = std::move(report.read_end);
    const pid_t pid = TRY(read_pid(supervisor.status_));
    const auto identity = TRY(support::identify(pid));
    if (!identity) return Fail(Error::unavailable("the show's supervisor ended before it had begun"));
    supervisor.identity_ = *identity;
    return supervisor;
}

Result<pid_t> Supervisor::go() {
    if (::send(go_.number(), "g", 1, MSG_NOSIGNAL) != 1)
        return Fail(Error::unavailable("the show's supervisor ended before it had begun"));
    go_.close();
    const pid_t app = TRY(read_pid(status_));
    TRY(program_.confirm(std::move(report_)));
    return app;
}

}  // namespace ringmaster::process
