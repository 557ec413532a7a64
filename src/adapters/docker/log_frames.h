#pragma once
// Output of containers as the engine sends it: frames of eight bytes (stream, three zeros, length in
// big-endian) and then that many bytes, each holding one entry, in logs with its time in front
// (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach,
// "Stream format").

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/support/line_splitter.h"
#include "base/result.h"

namespace ringmaster::docker {

class LogFrames {
 public:
    using Emit = std::function<void(std::string_view line)>;
    /// What a command writes has no time in front.
    enum class Entries { WithTime, Plain };
    LogFrames(Emit emit, Entries entries) : emit_(std::move(emit)), entries_(entries) {}
    /// Entries that are not newer than `handed_out` (a time as newest() gives it; empty = none) are left out.
    explicit LogFrames(Emit emit, std::string handed_out = "")
        : emit_(std::move(emit)), handed_out_(handed_out), newest_(std::move(handed_out)) {}

    /// Bytes as they come, cut anywhere. Errors: Corrupt (no such frame).
    Result<void> feed(std::string_view bytes);
    /// The stream is over: hands out what has no newline.
    void finish();
    /// The time of the newest entry, as the engine wrote it (RFC 3339, nine digits: texts compare as times);
    /// empty before the first.
    const std::string& newest() const { return newest_; }

 private:
    void take_entry(std::size_t stream, std::string_view entry);

    Emit emit_;
    Entries entries_ = Entries::WithTime;
    std::string pending_;
    std::array<support::LineSplitter, 3> lines_;  ///< one for each stream
    std::string handed_out_;
    std::string newest_;
};

}  // namespace ringmaster::docker
