#pragma once
// The process's own streams, as commands see them.

#include <cstdio>

#include "cli/output.h"

namespace ringmaster::app {

/// Writes through at once to stderr, in blocks to stdout.
class FileStream final : public cli::Stream {
 public:
    FileStream(std::FILE* file, const cli::Environment& environment);
    void write(std::string_view text) override;
    void flush() override { (void)finish(); }
    /// Flushes. False if anything could not be written (a full disk); a reader that went away does not count.
    bool finish();

 private:
    std::FILE* file_;
    bool has_failed_ = false;
};

class TerminalInput final : public cli::Input {
 public:
    bool is_terminal() const override;
    std::optional<std::string> read_line() override;
};

}  // namespace ringmaster::app
