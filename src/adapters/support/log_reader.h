#pragma once
// Reads what RotatingLog writes: the last lines, then new ones as they come, across rotations.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/support/file_descriptor.h"
#include "adapters/support/line_splitter.h"
#include "base/result.h"
#include "ports/progress.h"

namespace ringmaster::support {

class LogReader {
 public:
    /// What of a stored line is handed out; nullopt: nothing, and it does not count for a tail.
    using Decode = std::function<std::optional<std::string_view>(std::string_view line)>;

    LogReader(std::string folder, std::string name, Decode decode = {})
        : folder_(std::move(folder)), name_(std::move(name)), decode_(std::move(decode)) {}

    /// Hands out the last `tail_lines` (-1 = all) of what is there; a log that is not there is empty.
    /// Errors: Unavailable.
    Result<void> read_tail(int tail_lines, Progress& progress);
    /// Hands out what was written since. Lines that were rotated away twice between two calls are lost, and a
    /// line says so. Errors: Unavailable.
    Result<void> read_new(Progress& progress);
    /// Nothing more will come: hands out a last line that has no newline.
    void finish(Progress& progress);

 private:
    Result<FileDescriptor> open(const std::string& name) const;
    std::optional<std::string_view> decoded(std::string_view line) const {
        return decode_ ? decode_(line) : line;
    }
    template <typename Emit>
    Result<void> drain(FileDescriptor& file, Emit emit);

    std::string folder_;
    std::string name_;
    Decode decode_;
    FileDescriptor current_;  // closed: nothing was there yet
    LineSplitter lines_;
};

}  // namespace ringmaster::support
