#include "adapters/support/log_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <deque>

#include "adapters/support/files.h"
#include "adapters/support/rotating_log.h"

namespace ringmaster::support {
namespace {

// A bound on memory for a tail: lines can be 64 KiB each.
constexpr std::size_t kMostTailBytes = 64 << 20;

bool same_file(const FileDescriptor& a, const FileDescriptor& b) {
    struct stat first{}, second{};
    return a.is_open() && b.is_open() && ::fstat(a.number(), &first) == 0 &&
           ::fstat(b.number(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

// The last lines within bounds.
class Tail {
 public:
    explicit Tail(int most) : most_(most) {}
    void add(std::string_view line) {
        lines_.emplace_back(line);
        bytes_ += line.size();
        while (!lines_.empty() &&
               (bytes_ > kMostTailBytes || (most_ >= 0 && lines_.size() > static_cast<std::size_t>(most_)))) {
            bytes_ -= lines_.front().size();
            lines_.pop_front();
        }
    }
    void give(Progress& progress) {
        for (const auto& line : lines_) progress.line(line);
    }

 private:
    int most_;
    std::size_t bytes_ = 0;
    std::deque<std::string> lines_;
};

}  // namespace

// Closed where there is no such file.
Result<FileDescriptor> LogReader::open(const std::string& name) const {
    const auto path = folder_ + "/" + name;
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open() && errno != ENOENT) return Fail(file_error("open the log", path, errno));
    return file;
}

template <typename Emit>
Result<void> LogReader::drain(FileDescriptor& file, Emit emit) {
    std::array<char, 64 << 10> buffer;
    while (file.is_open()) {
        const ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Fail(file_error("read the log", folder_ + "/" + name_, errno));
        if (got == 0) return {};
        lines_.feed({buffer.data(), static_cast<std::size_t>(got)}, emit);
    }
    return {};
}

Result<void> LogReader::read_tail(int tail_lines, Progress& progress) {
    Tail tail(tail_lines);
    const auto keep = [&](std::string_view line) {
        if (const auto text = decoded(line)) tail.add(*text);
    };
    current_ = TRY(open(name_));
    auto older = TRY(open(RotatingLog::older(name_)));
    // Rotated between the two: then what is open is the older half already, and the rest is new.
    if (!same_file(older, current_)) TRY(drain(older, keep));
    TRY(drain(current_, keep));
    tail.give(progress);
    return {};
}

Result<void> LogReader::read_new(Progress& progress) {
    const auto emit = [&](std::string_view line) {
        if (const auto text = decoded(line)) progress.line(*text);
    };
    auto newest = TRY(open(name_));
    TRY(drain(current_, emit));  // after a rotation this is the rest of the older half
    if (!newest.is_open() || same_file(newest, current_)) return {};
    auto older = TRY(open(RotatingLog::older(name_)));
    if (current_.is_open() && !same_file(older, current_) && !same_file(older, newest)) {
        lines_.finish(emit);
        progress.line("(lines may be missing here: they came faster than they were read)");
        TRY(drain(older, emit));
    }
    current_ = std::move(newest);
    return drain(current_, emit);
}

void LogReader::finish(Progress& progress) {
    lines_.finish([&](std::string_view line) {
        if (const auto text = decoded(line)) progress.line(*text);
    });
}

}  // namespace ringmaster::support
