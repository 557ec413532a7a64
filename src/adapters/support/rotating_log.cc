#include "adapters/support/rotating_log.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "adapters/support/files.h"

namespace ringmaster::support {
namespace {

constexpr int kAppend = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
constexpr mode_t kMode = 0600;  // output may hold what only its owner should see

}  // namespace

Result<RotatingLog> RotatingLog::open(const std::string& folder, const std::string& name,
                                      std::size_t max_bytes) {
    RotatingLog log;
    log.name_ = name;
    log.older_name_ = older(name);
    log.most_ = std::max<std::size_t>(max_bytes / 2, 1);
    log.folder_ = FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!log.folder_.is_open()) return Fail(file_error("open the folder", folder, errno));
    log.file_ = FileDescriptor(::openat(log.folder_.number(), name.c_str(), kAppend, kMode));
    struct stat found{};
    if (!log.file_.is_open() || ::fstat(log.file_.number(), &found) != 0)
        return Fail(file_error("open the log", folder + "/" + name, errno));
    log.size_ = static_cast<std::size_t>(found.st_size);
    return log;
}

void RotatingLog::append(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        if (size_ >= most_) rotate();
        const auto part = bytes.substr(0, most_ - std::min(size_, most_ - 1));
        const ssize_t written = ::write(file_.number(), part.data(), part.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        size_ += static_cast<std::size_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void RotatingLog::rotate() noexcept {
    ::renameat(folder_.number(), name_.c_str(), folder_.number(), older_name_.c_str());
    FileDescriptor fresh(::openat(folder_.number(), name_.c_str(), kAppend | O_TRUNC, kMode));
    if (fresh.is_open())
        file_ = std::move(fresh);
    else
        ::ftruncate(file_.number(), 0);  // the bound matters more than the old lines
    size_ = 0;
}

}  // namespace ringmaster::support
