#include "app/private_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/support/file_descriptor.h"
#include "adapters/support/files.h"

namespace ringmaster::app {

Result<void> write_private_file(const std::string& path, std::string_view text) {
    const support::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) return Fail(support::file_error("make", path, errno));
    if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return Fail(support::file_error("write", path, errno));
    return {};
}

}  // namespace ringmaster::app
