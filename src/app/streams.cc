#include "app/streams.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace ringmaster::app {

namespace {

cli::Traits traits_of(std::FILE* file, const cli::Environment& environment) {
    const int descriptor = fileno(file);
    const bool is_terminal = isatty(descriptor) == 1;
    int width = 80;
    winsize size{};
    if (is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) width = size.ws_col;
    if (const auto columns = parse_integer(environment.value_or("COLUMNS", "")); columns && *columns > 0)
        width = static_cast<int>(std::min(*columns, 1000LL));
    return cli::traits_for(is_terminal, width, environment);
}

}  // namespace

FileStream::FileStream(std::FILE* file, const cli::Environment& environment)
    : Stream(traits_of(file, environment)), file_(file) {}

void FileStream::write(std::string_view text) {
    errno = 0;
    const auto written = std::fwrite(text.data(), 1, text.size(), file_);
    if (written != text.size() && errno != EPIPE) has_failed_ = true;
    if (traits().is_terminal && file_ == stdout) std::fflush(file_);
}

bool FileStream::finish() {
    errno = 0;
    if (std::fflush(file_) != 0 && errno != EPIPE) has_failed_ = true;
    return !has_failed_;
}

bool TerminalInput::is_terminal() const {
    return isatty(STDIN_FILENO) == 1;
}

std::optional<std::string> TerminalInput::read_line() {
    std::string line;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (c == '\n') return line;
        line += static_cast<char>(c);
        if (line.size() > 4096) return line;  // an answer to a question is short
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

}  // namespace ringmaster::app
