#include "adapters/docker/log_stream.h"

#include "adapters/docker/log_frames.h"

namespace ringmaster::docker {
namespace {

constexpr auto kFollowTimeout = std::chrono::hours(24);  // HttpClient's own bound; LogStream::read_on goes on

}  // namespace

std::string seconds_of(std::string_view time) {
    const auto parsed = parse_iso8601(time);
    if (!parsed) return "";
    const auto point = time.find('.');
    std::string digits;
    for (auto at = point + 1;
         point != std::string_view::npos && at < time.size() && time[at] >= '0' && time[at] <= '9'; ++at)
        digits += time[at];
    digits.resize(9, '0');
    const auto seconds = std::chrono::floor<std::chrono::seconds>(parsed->time_since_epoch()).count();
    return fmt::format("{}.{}", seconds, digits);
}

Result<void> LogStream::read(const LogOptions& options) {
    const auto tail = options.tail_lines < 0 ? std::string("all") : std::to_string(options.tail_lines);
    if (options.since) since_ = seconds_of(format_iso8601(*options.since));
    return read_from(fmt::format("tail={}&follow={}&since={}", tail, options.follow ? 1 : 0, since_));
}

Result<void> LogStream::read_on() {
    // The newest entry comes once more, because its own instant counts; LogFrames leaves it out.
    return read_from("follow=1&since=" + (newest_.empty() ? since_ : seconds_of(newest_)));
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
