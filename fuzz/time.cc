// base/time: what is read can be written and read again.
#include "base/time.h"

#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    // Offsets may push the first and the last day out of the four-digit years.
    const TimePoint first = std::chrono::sys_days(std::chrono::year(1) / 1 / 2);
    const TimePoint last = std::chrono::sys_days(std::chrono::year(9999) / 12 / 30);
    if (const auto time = parse_iso8601(text); time && *time > first && *time < last)
        RM_ASSERT(parse_iso8601(format_iso8601(*time)) == time, "ISO 8601 reads back");
    if (const auto time = parse_http_date(text); time && *time > first && *time < last)
        RM_ASSERT(parse_http_date(format_http_date(*time)) == time, "an HTTP date reads back");
    if (const auto duration = parse_duration(text)) {
        RM_ASSERT(duration->count() >= 0, "no duration is negative");
        RM_ASSERT(parse_duration(format_duration(*duration)).value() == *duration, "a duration reads back");
        (void)format_duration_for_people(*duration);
        (void)format_age(*duration);
    }
}
