#include "adapters/support/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>

#include "adapters/support/files.h"

namespace ringmaster::support {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(50);

// Whoever held the lock before may have removed the folder, and somebody made it anew: then ours is a lock on
// nothing.
bool is_still(const FileDescriptor& folder, const std::string& path) {
    struct stat held{}, named{};
    return ::fstat(folder.number(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

// nullopt: not now.
Result<std::optional<FileDescriptor>> try_lock(const std::string& path, FolderLock::Missing missing) {
    if (missing == FolderLock::Missing::Make) TRY(create_folders(path));
    FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() && errno == ENOENT && missing == FolderLock::Missing::Make) return std::nullopt;
    if (!folder.is_open()) return Fail(file_error("open the folder", path, errno));
    if (::flock(folder.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
        return Fail(file_error("lock the folder", path, errno));
    }
    if (!is_still(folder, path)) return std::nullopt;
    return folder;
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder, Missing missing, Duration patience,
                                    Clock& clock, Progress& progress) {
    const auto start = clock.monotonic();
    for (;;) {
        if (auto held = TRY(try_lock(folder, missing))) return FolderLock(std::move(*held));
        if (clock.monotonic() - start >= patience)
            return Fail(Error::timed_out("another process has been working in {} for {}", folder,
                                         format_duration_for_people(patience))
                            .hint("wait for it to end, then try again"));
        TRY(clock.sleep(kLookAgain, progress));
    }
}

}  // namespace ringmaster::support
