#include "adapters/aws/task_logs.h"

#include "base/text.h"

namespace ringmaster::aws {
namespace {

// A page holds at most 10,000 events or 1 MB; what an application prints at most between two looks.
constexpr int kMostPages = 1000;
constexpr int kMostEvents = 10'000;

}  // namespace

Result<void> TaskLogs::read_tail(int tail_lines, Progress& progress) {
    if (tail_lines < 0 || tail_lines > kMostEvents) return read_new(progress);
    // Without startFromHead, a page is the newest one, oldest first. None wanted: only the place to go on
    // from.
    TRY(read_page(fmt::format(R"("startFromHead":false,"limit":{})", std::max(tail_lines, 1)), progress));
    return {};
}

Result<void> TaskLogs::read_new(Progress& progress) {
    for (int page = 0; page < kMostPages; ++page) {
        const auto more = next_.empty() ? std::string(R"("startFromHead":true)")
                                        : R"("startFromHead":true,"nextToken":)" + support::json_quote(next_);
        if (!TRY(read_page(more, progress))) return {};
    }
    return {};
}

/// Whether there was anything: CloudWatch gives the same token again at the end, and a page in the middle may
/// be empty.
Result<bool> TaskLogs::read_page(const std::string& more, Progress& progress) {
    const auto start =
        since_ ? fmt::format(R"("startTime":{},)", since_->time_since_epoch().count()) : std::string();
    const auto body =
        fmt::format(R"({{"logGroupName":{},"logStreamName":{},{}{}}})", support::json_quote(place_.group),
                    support::json_quote(stream_), start, more);
    const auto answer =
        client_.json(kLogs, "GetLogEvents", body, "reading the log " + place_.group, progress);
    if (!answer && answer.error().kind() == ErrorKind::NotFound) return false;
    if (!answer) return Fail(answer.error());
    for (const auto& event : TRY(answer->items("events")))
        for (const auto line : split_lines(TRY(event.string("message")))) progress.line(line);
    const auto next = TRY(answer->optional_string("nextForwardToken"));
    const bool has_moved = !next.empty() && next != next_;
    if (has_moved) next_ = next;
    return has_moved;
}

}  // namespace ringmaster::aws
