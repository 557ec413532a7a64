#pragma once
// Cron expressions of five fields, "minute hour day-of-month month day-of-week", as crontab(5) and
// orchestrators understand them: lists, ranges, steps, names, "@daily" and its like, 0 and 7 for Sunday; and
// of croniter's additions "L" (the month's last day; "L5", the last Friday) and "5#2" (the second Friday).
// A day counts if either of the two day fields says so, unless one of them begins with '*'.

#include <bitset>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/time_zone.h"

namespace ringmaster {

class Cron {
 public:
    /// Errors: InvalidInput (which field, and what is wrong with it; no date is ever like that).
    static Result<Cron> parse(std::string_view text);

    /// The first time after `time`, not `time` itself; nullopt: none in the next 40 years. By the zone's
    /// clocks: a time that they jump over in spring comes as much later as they jump; one that they show
    /// twice in autumn counts once, or twice when the hour field begins with '*', so that what runs each
    /// quarter of an hour never pauses.
    std::optional<TimePoint> next_after(TimePoint time, const TimeZone& zone) const;
    /// The last time until `time`, `time` itself included.
    std::optional<TimePoint> last_until(TimePoint time, const TimeZone& zone) const;

 private:
    Cron() = default;
    friend class CronReader;
    bool has_day(std::chrono::local_days day) const;
    bool is_day_of_week(std::chrono::local_days day) const;
    bool ever_happens() const;
    /// By time, without repetitions.
    std::vector<std::chrono::sys_seconds> times_on(std::chrono::local_days day, const TimeZone& zone) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<7> weekdays_;  ///< 0 = Sunday
    std::bitset<7> last_weekdays_;
    std::bitset<6> numbered_weekdays_[7];  ///< by weekday: which of the month
    bool has_last_day_ = false;
    bool any_day_ = false;  ///< the field begins with '*'
    bool any_weekday_ = false;
    bool any_hour_ = false;
};

}  // namespace ringmaster
