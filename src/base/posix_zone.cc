#include "base/posix_zone.h"

#include <algorithm>

namespace ringmaster {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

/// Takes one part after the other from the front of the text; the first that is wrong spoils the rest.
class PosixZoneReader {
 public:
    explicit PosixZoneReader(std::string_view text) : left_(text) {}

    std::optional<PosixZone> read() {
        PosixZone zone;
        name();
        zone.standard_ = -time(24);
        if (left_.empty()) return result(zone);
        name();
        PosixZone::Summer summer{.offset = zone.standard_ + hours(1)};
        if (!left_.empty() && left_.front() != ',') summer.offset = -time(24);
        summer.begin = change();
        summer.end = change();
        zone.summer_ = summer;
        return result(zone);
    }

 private:
    std::optional<PosixZone> result(const PosixZone& zone) const {
        return is_right_ && left_.empty() ? std::optional(zone) : std::nullopt;
    }
    bool take(char c) {
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    void expect(char c) { is_right_ = take(c) && is_right_; }

    // "CET", or "<+03>" for what is not of letters.
    void name() {
        const auto end = take('<') ? left_.find('>') : first_not(is_letter);
        if (end < 1 || end == std::string_view::npos) is_right_ = false;
        left_.remove_prefix(std::min(end, left_.size()));
        take('>');
    }
    std::size_t first_not(bool (*is)(char)) const {
        return static_cast<std::size_t>(std::ranges::find_if_not(left_, is) - left_.begin());
    }
    int number(int least, int most) {
        const auto length = std::min<std::size_t>(first_not(is_digit), 4);
        int value = 0;
        for (const char c : left_.substr(0, length)) value = 10 * value + (c - '0');
        left_.remove_prefix(length);
        if (length == 0 || value < least || value > most) is_right_ = false;
        return value;
    }
    // "[+-]hours[:minutes[:seconds]]"
    seconds time(int most_hours) {
        const bool is_negative = take('-');
        if (!is_negative) take('+');
        seconds length = hours(number(0, most_hours));
        if (take(':')) length += minutes(number(0, 59));
        if (take(':')) length += seconds(number(0, 59));
        return is_negative ? -length : length;
    }
    PosixZone::Change change() {
        PosixZone::Change change;
        expect(',');
        if (take('M')) {
            change.month = static_cast<unsigned>(number(1, 12));
            expect('.');
            change.week = static_cast<unsigned>(number(1, 5));
            expect('.');
            change.weekday = static_cast<unsigned>(number(0, 6));
        } else if (take('J')) {
            change.kind = PosixZone::Change::Kind::DayWithoutLeapDay;
            change.day = number(1, 365);
        } else {
            change.kind = PosixZone::Change::Kind::Day;
            change.day = number(0, 365);
        }
        if (take('/')) change.time = time(167);
        return change;
    }

    std::string_view left_;
    bool is_right_ = true;
};

std::optional<PosixZone> PosixZone::parse(std::string_view text) {
    return PosixZoneReader(text).read();
}

std::chrono::local_seconds PosixZone::Change::in(std::chrono::year year) const {
    namespace c = std::chrono;
    const c::local_days new_year{year / 1 / 1};
    if (kind == Kind::Day) return new_year + c::days(day) + time;
    if (kind == Kind::DayWithoutLeapDay) {  // day 60 is always the 1st of March
        const bool is_after_leap_day = year.is_leap() && day >= 60;
        return new_year + c::days(day - 1 + (is_after_leap_day ? 1 : 0)) + time;
    }
    const c::weekday day_of_week(weekday);
    const auto date = week == 5 ? c::local_days(year / c::month(month) / day_of_week[c::last])
                                : c::local_days(year / c::month(month) / day_of_week[week]);
    return date + time;
}

seconds PosixZone::offset_at(std::chrono::sys_seconds time) const {
    if (!summer_) return standard_;
    const auto day = std::chrono::floor<std::chrono::days>(time + standard_);
    const auto year = std::chrono::year_month_day(day).year();
    // Each is said by the clocks that are right until then.
    const std::chrono::sys_seconds begin(summer_->begin.in(year).time_since_epoch() - standard_);
    const std::chrono::sys_seconds end(summer_->end.in(year).time_since_epoch() - summer_->offset);
    const bool is_summer =
        begin < end ? (begin <= time && time < end) : (time < end || begin <= time);  // south of the equator
    return is_summer ? summer_->offset : standard_;
}

}  // namespace ringmaster
