#pragma once
// Instants and durations as the product keeps, reads and writes them: UTC, milliseconds. Nothing here reads a
// clock (that is ports/clock.h).

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster {

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-11-22T14:09:00Z"; milliseconds only when there are some ("…00.250Z").
std::string format_iso8601(TimePoint time);
/// Reads what format_iso8601 writes, and GitHub's timestamps ("2026-11-22T14:09:00Z", offsets "+02:00"
/// included).
std::optional<TimePoint> parse_iso8601(std::string_view text);
/// "22 Nov 2026 14:09 UTC", for people.
std::string format_for_people(TimePoint time);
/// An HTTP date ("Sun, 22 Nov 2026 14:09:00 GMT", RFC 9110 §5.6.7, the preferred form only).
std::optional<TimePoint> parse_http_date(std::string_view text);
std::string format_http_date(TimePoint time);

/// "48h", "5m", "2s", "250ms", "1d", "1w", and sums like "1h30m". Nothing negative, nothing unanchored.
/// Errors: InvalidInput, with the text and the accepted form.
Result<Duration> parse_duration(std::string_view text);
/// The shortest exact form parse_duration reads back: "48h", "1m30s", "250ms", "0s".
std::string format_duration(Duration duration);
/// For people: "3 min 40 s", "2 h 5 min", "0.8 s", "3 days". A negative one (a clock was set back) is "0.0
/// s".
std::string format_duration_for_people(Duration duration);
/// Age as the original prints it: "{d}d {h}h", else "{h}h {m}m", else "{m}m" (contract §2).
std::string format_age(Duration age);

}  // namespace ringmaster
