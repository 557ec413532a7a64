#include "adapters/docker/log_frames.h"

namespace ringmaster::docker {
namespace {

constexpr std::size_t kHeader = 8;
// A stream of its own for what kept the engine from giving all: a node that is away (moby, pkg/stdcopy).
constexpr std::size_t kSystemError = 3;
// The engine cuts entries at 16 KiB; far above that something else is talking.
constexpr std::size_t kLongestFrame = 4 << 20;

std::size_t length_in(std::string_view header) {
    std::size_t length = 0;
    for (std::size_t i = 4; i < kHeader; ++i) length = length << 8 | static_cast<unsigned char>(header[i]);
    return length;
}

}  // namespace

Result<void> LogFrames::feed(std::string_view bytes) {
    pending_ += bytes;
    std::string_view rest = pending_;
    while (rest.size() >= kHeader) {
        const auto stream = static_cast<unsigned char>(rest[0]);
        const auto length = length_in(rest);
        const bool is_header = stream <= kSystemError && rest.substr(1, 3) == std::string_view("\0\0\0", 3);
        if (!is_header || length > kLongestFrame)
            return Fail(Error::corrupt("the Docker engine's log is not in the form it should be"));
        if (rest.size() < kHeader + length) break;
        take_entry(stream, rest.substr(kHeader, length));
        rest.remove_prefix(kHeader + length);
    }
    pending_.erase(0, pending_.size() - rest.size());
    return {};
}

void LogFrames::take_entry(std::size_t stream, std::string_view entry) {
    if (stream == kSystemError) return lines_[0].feed(entry, emit_);
    const auto space = entry.find(' ');
    if (entries_ == Entries::WithTime && space != std::string_view::npos) {
        const auto time = entry.substr(0, space);
        if (time <= handed_out_) return;
        if (time > newest_) newest_ = time;
        entry.remove_prefix(space + 1);
    }
    lines_[stream].feed(entry, emit_);
}

void LogFrames::finish() {
    for (auto& lines : lines_) lines.finish(emit_);
    pending_.clear();
}

}  // namespace ringmaster::docker
