#pragma once
// Files and folders as the adapters need them: whole reads with a bound, writes that are seen whole or not at
// all, and removal that never follows a link out of the folder it was given. Errors name the path and the
// system's reason.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/support/file_descriptor.h"
#include "base/result.h"

namespace ringmaster::support {

/// The system's words for an errno ("No space left on device").
std::string describe_errno(int code);
/// An error for a system call that failed on `path`: NotFound for what is not there, otherwise Unavailable
/// with a hint where there is something to do (a full disk, a read-only folder). `doing` reads after
/// "cannot".
Error file_error(std::string_view doing, const std::string& path, int code);

/// Errors: NotFound, Unavailable, Corrupt (longer than `max_bytes`).
Result<std::string> read_file(const std::string& path, std::size_t max_bytes = 1 << 20);
/// Written beside and renamed, with the bytes on the disk first: a reader and a crash see the old file or the
/// new one.
Result<void> write_file_atomically(const std::string& path, std::string_view contents);
/// With its parents.
Result<void> create_folders(const std::string& path);
/// Names in a folder, sorted. Errors: NotFound, Unavailable.
Result<std::vector<std::string>> list_folder(const std::string& path);
/// Removes a file or a whole tree, links as links; nothing there is success.
Result<void> remove_tree(const std::string& path);
/// Anything there, a dangling link included.
bool exists(const std::string& path);
/// Both ends closed on exec. Errors: Unavailable.
struct Pipe {
    FileDescriptor read_end;
    FileDescriptor write_end;
};
Result<Pipe> make_pipe();

}  // namespace ringmaster::support
