#pragma once
// A log file of bounded size: when NAME has grown to half the bound it becomes NAME.1, replacing the one
// before, and NAME begins anew. So the newest half of the bound is always there, and no line is lost in the
// change. append() is async-signal-safe: the supervisor of a show writes with it after fork().

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/support/file_descriptor.h"
#include "base/result.h"

namespace ringmaster::support {

class RotatingLog {
 public:
    /// Continues what is there. `max_bytes` for both files together. Errors: Unavailable.
    static Result<RotatingLog> open(const std::string& folder, const std::string& name,
                                    std::size_t max_bytes);
    /// Writes what can be written: a full disk costs log lines, never the work that is logged.
    void append(std::string_view bytes) noexcept;
    /// The descriptors it lives on, for who closes all others.
    int folder() const noexcept { return folder_.number(); }
    int file() const noexcept { return file_.number(); }

    /// The name of the older half.
    static std::string older(const std::string& name) { return name + ".1"; }

 private:
    RotatingLog() = default;
    void rotate() noexcept;
    FileDescriptor folder_;
    FileDescriptor file_;
    std::string name_;
    std::string older_name_;
    std::size_t size_ = 0;
    std::size_t most_ = 0;
};

}  // namespace ringmaster::support
