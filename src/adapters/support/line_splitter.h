#pragma once
// Cuts a stream of bytes into lines as they come. Bytes are passed on as they are, UTF-8 or not; a line that
// never ends is handed out in pieces, so that memory stays bounded whatever the other side writes.

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaster::support {

class LineSplitter {
 public:
    /// Longer lines come in pieces of this many bytes.
    static constexpr std::size_t kLongestLine = 64 << 10;

    /// Calls `emit(std::string_view)` for each line that `bytes` completes, without its newline.
    template <typename Emit>
    void feed(std::string_view bytes, Emit emit) {
        while (!bytes.empty()) {
            const auto newline = bytes.find('\n');
            const auto length = newline == std::string_view::npos ? bytes.size() : newline;
            append(bytes.substr(0, length), emit);
            if (newline == std::string_view::npos) return;
            emit(std::string_view(pending_));
            pending_.clear();
            bytes.remove_prefix(newline + 1);
        }
    }
    /// The stream is over: hands out a last line that has no newline.
    template <typename Emit>
    void finish(const Emit& emit) {
        if (!pending_.empty()) emit(std::string_view(pending_));
        pending_.clear();
    }

 private:
    template <typename Emit>
    void append(std::string_view part, Emit& emit) {
        while (pending_.size() + part.size() > kLongestLine) {
            const auto fits = kLongestLine - pending_.size();
            pending_ += part.substr(0, fits);
            part.remove_prefix(fits);
            emit(std::string_view(pending_));
            pending_.clear();
        }
        pending_ += part;
    }
    std::string pending_;
};

}  // namespace ringmaster::support
