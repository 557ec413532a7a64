#pragma once
// A time zone's rule as POSIX writes it ("CET-1CEST,M3.5.0,M10.5.0/3"): the last line of a time zone file,
// good for all times after those that the file lists (RFC 8536, 3.3; POSIX.1-2017, chapter 8, "TZ").

#include <chrono>
#include <optional>
#include <string_view>

namespace ringmaster {

class PosixZone {
 public:
    PosixZone() = default;  ///< UTC
    /// nullopt: it is no such rule.
    static std::optional<PosixZone> parse(std::string_view text);
    /// What clocks there are ahead of UTC.
    std::chrono::seconds offset_at(std::chrono::sys_seconds time) const;

 private:
    /// A day of each year, and when clocks change on it (from -167 to 167 hours after its midnight).
    struct Change {
        enum class Kind { WeekdayOfMonth, DayWithoutLeapDay, Day };
        Kind kind = Kind::WeekdayOfMonth;
        unsigned month = 1;
        unsigned week = 1;  ///< 5 = the last
        unsigned weekday = 0;
        int day = 0;
        std::chrono::seconds time = std::chrono::hours(2);

        std::chrono::local_seconds in(std::chrono::year year) const;
    };
    struct Summer {
        std::chrono::seconds offset{0};
        Change begin;
        Change end;
    };
    friend class PosixZoneReader;

    std::chrono::seconds standard_{0};
    std::optional<Summer> summer_;
};

}  // namespace ringmaster
