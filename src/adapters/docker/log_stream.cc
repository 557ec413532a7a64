#include "adapters/docker/log_stream.h"

#include "adapters/docker/log_frames.h"

namespace ringmaster::docker {
namespace {

constexpr auto kFollowTimeout = std::chrono::hours(24);  // HttpClient's own bound; LogStream::read_on goes on

}  // namespace

Result<void> LogStream::read(const LogOptions& options) {
    const auto tail = options.tail_lines < 0 ? std::string("all") : std::to_string(options.tail_lines);
    return read_from(fmt::format("tail={}&follow={}", tail, options.follow ? 1 : 0));
}

Result<void> LogStream::read_on() {
    // The newest entry comes once more: `since` includes its own instant, and has no finer measure.
    return read_from("follow=1&since=" + encoded(newest_.empty() ? "0" : newest_));
}

Result<void> LogStream::read_from(const std::string& query) {
    const auto handed_out = newest_;
    Result<void> fed;
    LogFrames frames([this](std::string_view line) { progress_->line(line); }, handed_out);
    const auto answer =
        engine_->call({.path = fmt::format("{}?stdout=1&stderr=1&timestamps=1&{}", path_, query),
                       .doing = "reading the log",
                       .timeout = kFollowTimeout,
                       .on_body =
                           [&](std::string_view bytes) {
                               if (fed) fed = frames.feed(bytes);
                           },
                       .progress = progress_});
    frames.finish();
    newest_ = frames.newest();
    if (!answer) return Fail(answer.error());
    return fed;
}

}  // namespace ringmaster::docker
