#include "base/cron.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/text.h"

namespace ringmaster {

namespace chrono = std::chrono;

namespace {

// The 29th of February is at most 8 years away; on a certain weekday, at most 40 (1876 to 1916; as a list of
// weekdays and of days is an "or", only "#" and "L" get near).
constexpr int kMostDays = 40 * 366;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMacros{{{"@yearly", "0 0 1 1 *"},
                                                                                {"@annually", "0 0 1 1 *"},
                                                                                {"@monthly", "0 0 1 * *"},
                                                                                {"@weekly", "0 0 * * 0"},
                                                                                {"@daily", "0 0 * * *"},
                                                                                {"@midnight", "0 0 * * *"},
                                                                                {"@hourly", "0 * * * *"}}};

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
    std::string_view name;
    int least;
    int most;
    std::span<const std::string_view> names;  ///< of the values from `least` on
};
constexpr Field kMinute{"minute", 0, 59, {}};
constexpr Field kHour{"hour", 0, 23, {}};
constexpr Field kDay{"day of the month", 1, 31, {}};
constexpr Field kMonth{"month", 1, 12, kMonths};
constexpr Field kWeekday{"day of the week", 0, 7, kWeekdays};

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (const auto word : split(text, ' '))
        for (const auto part : split(word, '\t'))
            if (!trim(part).empty()) words.push_back(trim(part));
    return words;
}

Error wrong(const Field& field, std::string_view part, std::string_view why) {
    return Error::invalid_input("the {} \"{}\" {}", field.name,
                                sanitize_for_terminal(truncate_utf8(part, 40)), why)
        .hint("a cron expression is \"minute hour day-of-month month day-of-week\": \"0 12 * * 1-5\"");
}

Result<int> value_of(const Field& field, std::string_view part, std::string_view text) {
    const auto lower = to_lower_ascii(text);
    for (std::size_t i = 0; i < field.names.size(); ++i)
        if (lower == field.names[i]) return field.least + static_cast<int>(i);
    const auto number = parse_integer(text);
    if (!number)
        return Fail(wrong(field, part,
                          text.empty() ? "lacks a number" : "is not a number, a range or a list of them"));
    if (*number < field.least || *number > field.most)
        return Fail(wrong(field, part, fmt::format("must be from {} to {}", field.least, field.most)));
    return static_cast<int>(*number);
}

// "*", "5", "1-5", each perhaps with "/2".
Result<std::vector<int>> values_of(const Field& field, std::string_view part) {
    const auto slash = part.find('/');
    const auto range = part.substr(0, slash);
    long long step = 1;
    if (slash != std::string_view::npos) {
        const auto number = parse_integer(part.substr(slash + 1));
        if (!number || *number < 1 || *number > field.most)
            return Fail(wrong(field, part, fmt::format("has a step that is not from 1 to {}", field.most)));
        step = *number;
    }
    int first = field.least;
    int last = field.most;
    if (range == "*") {
        if (&field == &kWeekday) last = 6;  // 7 is Sunday again
    } else {
        const auto dash = range.find('-');
        first = TRY(value_of(field, part, range.substr(0, dash)));
        if (dash != std::string_view::npos)
            last = TRY(value_of(field, part, range.substr(dash + 1)));
        else if (slash == std::string_view::npos)
            last = first;
    }
    if (last < first) return Fail(wrong(field, part, "goes backwards"));
    std::vector<int> values;
    for (long long value = first; value <= last; value += step) values.push_back(static_cast<int>(value));
    return values;
}

chrono::sys_seconds in_seconds(TimePoint time) {
    return chrono::floor<chrono::seconds>(time);
}

chrono::local_days day_of(chrono::sys_seconds time, const TimeZone& zone) {
    return chrono::floor<chrono::days>(zone.local_of(time));
}

}  // namespace

/// Fills a Cron from the words of an expression.
class CronReader {
 public:
    Result<Cron> read(std::span<const std::string_view> words) {
        TRY(each(kMinute, words[0], cron_.minutes_));
        TRY(each(kHour, words[1], cron_.hours_));
        TRY(read_days(words[2]));
        TRY(each(kMonth, words[3], cron_.months_));
        TRY(read_weekdays(words[4]));
        cron_.any_hour_ = words[1].starts_with('*');
        cron_.any_day_ = words[2].starts_with('*');
        cron_.any_weekday_ = words[4].starts_with('*');
        return cron_;
    }

 private:
    template <std::size_t kSize>
    static Result<void> each(const Field& field, std::string_view text, std::bitset<kSize>& bits) {
        for (const auto part : split(text, ','))
            for (const int value : TRY(values_of(field, part))) bits.set(static_cast<std::size_t>(value));
        return {};
    }

    Result<void> read_days(std::string_view text) {
        for (const auto part : split(text, ','))
            if (part == "L" || part == "l")
                cron_.has_last_day_ = true;
            else
                TRY(each(kDay, part, cron_.days_));
        return {};
    }

    Result<void> read_weekdays(std::string_view text) {
        for (const auto part : split(text, ',')) {
            const auto hash = part.find('#');
            if (part.starts_with('L') || part.starts_with('l')) {
                cron_.last_weekdays_.set(TRY(weekday(part, part.substr(1))));
            } else if (hash != std::string_view::npos) {
                const auto which = parse_integer(part.substr(hash + 1));
                if (!which || *which < 1 || *which > 5)
                    return Fail(wrong(kWeekday, part, "must have a number from 1 to 5 after the #"));
                cron_.numbered_weekdays_[TRY(weekday(part, part.substr(0, hash)))].set(
                    static_cast<std::size_t>(*which));
            } else {
                for (const int value : TRY(values_of(kWeekday, part)))
                    cron_.weekdays_.set(static_cast<std::size_t>(value % 7));
            }
        }
        return {};
    }
    static Result<std::size_t> weekday(std::string_view part, std::string_view text) {
        return static_cast<std::size_t>(TRY(value_of(kWeekday, part, text)) % 7);
    }

    Cron cron_;
};

Result<Cron> Cron::parse(std::string_view text) {
    for (const auto& [name, meaning] : kMacros)
        if (to_lower_ascii(trim(text)) == name) return parse(meaning);
    const auto words = words_of(text);
    if (words.size() != 5)
        return Fail(
            Error::invalid_input("\"{}\" has {} field{} instead of five",
                                 sanitize_for_terminal(truncate_utf8(text, 80)), words.size(),
                                 words.size() == 1 ? "" : "s")
                .hint(
                    "a cron expression is \"minute hour day-of-month month day-of-week\": \"0 12 * * 1-5\""));
    auto cron = TRY(CronReader().read(words));
    if (!cron.ever_happens())
        return Fail(wrong(
            kDay, words[2],
            fmt::format("is in no month of \"{}\"", sanitize_for_terminal(truncate_utf8(words[3], 40)))));
    return cron;
}

// Every weekday is in every month; only a day may be in none of the months.
bool Cron::ever_happens() const {
    if (!any_weekday_ || has_last_day_) return true;
    constexpr std::array<std::size_t, 13> kLengths{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (std::size_t month = 1; month <= 12; ++month)
        for (std::size_t day = 1; months_[month] && day <= kLengths[month]; ++day)
            if (days_[day]) return true;
    return false;
}

bool Cron::is_day_of_week(chrono::local_days day) const {
    const chrono::year_month_day date(day);
    const auto weekday = chrono::weekday(day).c_encoding();
    const auto of_month = static_cast<unsigned>(date.day());
    const bool is_last = chrono::year_month_day(day + chrono::days(7)).month() != date.month();
    return weekdays_[weekday] || (last_weekdays_[weekday] && is_last) ||
           numbered_weekdays_[weekday][(of_month - 1) / 7 + 1];
}

bool Cron::has_day(chrono::local_days day) const {
    const chrono::year_month_day date(day);
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool is_last = chrono::year_month_day(day + chrono::days(1)).month() != date.month();
    const bool by_date = days_[static_cast<unsigned>(date.day())] || (has_last_day_ && is_last);
    if (any_day_ || any_weekday_) return by_date && is_day_of_week(day);
    return by_date || is_day_of_week(day);
}

std::vector<chrono::sys_seconds> Cron::times_on(chrono::local_days day, const TimeZone& zone) const {
    std::vector<chrono::sys_seconds> times;
    if (!has_day(day)) return times;
    for (std::size_t hour = 0; hour < hours_.size(); ++hour)
        for (std::size_t minute = 0; hours_[hour] && minute < minutes_.size(); ++minute) {
            if (!minutes_[minute]) continue;
            const auto instants = zone.instants_of(day + chrono::hours(hour) + chrono::minutes(minute));
            times.push_back(instants.front());
            if (any_hour_) times.push_back(instants.back());
        }
    std::ranges::sort(times);
    times.erase(std::ranges::unique(times).begin(), times.end());
    return times;
}

// A day's times may fall on the next by UTC, and next to the date line a whole day may be missing: hence a
// day before and a day after.
std::optional<TimePoint> Cron::next_after(TimePoint time, const TimeZone& zone) const {
    const auto today = day_of(in_seconds(time), zone);
    for (int i = -1; i <= kMostDays; ++i) {
        const auto times = times_on(today + chrono::days(i), zone);
        const auto next = std::ranges::find_if(times, [&](auto one) { return one > time; });
        if (next != times.end()) return TimePoint(*next);
    }
    return std::nullopt;
}

std::optional<TimePoint> Cron::last_until(TimePoint time, const TimeZone& zone) const {
    const auto today = day_of(in_seconds(time), zone);
    for (int i = 1; i >= -kMostDays; --i) {
        const auto times = times_on(today + chrono::days(i), zone);
        const auto last =
            std::ranges::find_if(times.rbegin(), times.rend(), [&](auto one) { return one <= time; });
        if (last != times.rend()) return TimePoint(*last);
    }
    return std::nullopt;
}

}  // namespace ringmaster
