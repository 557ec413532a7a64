#include "adapters/support/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace ringmaster::support {
namespace {

Result<void> write_all(int file, std::string_view contents, const std::string& path) {
    while (!contents.empty()) {
        const ssize_t written = ::write(file, contents.data(), contents.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return Fail(file_error("write", path, errno));
        contents.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

// A build may leave folders without write permission; other than root could not empty them.
void make_folders_writable(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto options = fs::directory_options::skip_permission_denied;
    fs::permissions(path, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, ignored);
    for (fs::recursive_directory_iterator entry(path, options, ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
        std::error_code unreadable;
        if (entry->is_symlink(unreadable) || !entry->is_directory(unreadable)) continue;
        fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, unreadable);
    }
}

}  // namespace

std::string describe_errno(int code) {
    return std::generic_category().message(code);
}

Error file_error(std::string_view doing, const std::string& path, int code) {
    const auto message = fmt::format("cannot {} {}: {}", doing, path, describe_errno(code));
    switch (code) {
        case ENOENT:
            return Error(ErrorKind::NotFound, message);
        case ENOSPC:
        case EDQUOT:
            return Error(ErrorKind::Unavailable, message).hint("free some disk space, then try again");
        case EROFS:
        case EACCES:
        case EPERM:
            return Error(ErrorKind::Unavailable, message).hint("make it readable and writable for this user");
        case ENOTDIR:
            return Error(ErrorKind::Unavailable, message)
                .hint("a file is where a folder should be; move it away");
        default:
            return Error(ErrorKind::Unavailable, message);
    }
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return Fail(file_error("open", path, errno));
    std::string contents;
    char buffer[16384];
    for (;;) {
        const ssize_t got = ::read(file.number(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Fail(file_error("read", path, errno));
        if (got == 0) return contents;
        contents.append(buffer, static_cast<std::size_t>(got));
        if (contents.size() > max_bytes)
            return Fail(Error::corrupt("{} is longer than {} bytes", path, max_bytes));
    }
}

Result<void> write_file_atomically(const std::string& path, std::string_view contents) {
    // The process id keeps two writers apart; a name left by a crash is simply overwritten later.
    const auto temporary = fmt::format("{}.{}.new", path, ::getpid());
    FileDescriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return Fail(file_error("create", temporary, errno));
    auto written = write_all(file.number(), contents, temporary);
    if (written && ::fsync(file.number()) != 0) written = Fail(file_error("write", temporary, errno));
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
        written = Fail(file_error("write", path, errno));
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> create_folders(const std::string& path) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed) return Fail(file_error("create the folder", path, failed.value()));
    return {};
}

Result<std::vector<std::string>> list_folder(const std::string& path) {
    std::error_code failed;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(path, failed);
    for (const std::filesystem::directory_iterator end; !failed && entry != end; entry.increment(failed))
        names.push_back(entry->path().filename().string());
    if (failed) return Fail(file_error("list the folder", path, failed.value()));
    std::ranges::sort(names);
    return names;
}

Result<void> remove_tree(const std::string& path) {
    std::error_code failed;
    std::filesystem::remove_all(path, failed);
    if (failed) {
        make_folders_writable(path);
        std::filesystem::remove_all(path, failed);
    }
    if (failed && failed.value() != ENOENT) return Fail(file_error("remove", path, failed.value()));
    return {};
}

bool exists(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0;
}

Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return Fail(Error::unavailable("cannot make a pipe: {}", describe_errno(errno)));
    return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

}  // namespace ringmaster::support
