#include "base/time.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ringmaster {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Parts {
    int year, month, day, hour, minute, second, millisecond;
};

Parts parts_of(TimePoint time) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

std::optional<TimePoint> make_time(const Parts& p) {
    const year_month_day date(std::chrono::year(p.year), std::chrono::month(static_cast<unsigned>(p.month)),
                              std::chrono::day(static_cast<unsigned>(p.day)));
    if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60)
        return std::nullopt;  // 60: a leap second
    return TimePoint(std::chrono::sys_days(date)) + std::chrono::hours(p.hour) +
           std::chrono::minutes(p.minute) + std::chrono::seconds(p.second) +
           std::chrono::milliseconds(p.millisecond);
}

/// Takes exactly `digits` decimal digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

int take_fraction(std::string_view& text) {
    int milliseconds = 0;
    int scale = 100;
    if (!take(text, ".")) return 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        milliseconds += (text[0] - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return milliseconds;
}

/// "Z" or "+02:00", in minutes.
std::optional<int> take_offset(std::string_view& text) {
    if (take(text, "Z")) return 0;
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const int sign = text[0] == '+' ? 1 : -1;
    text.remove_prefix(1);
    const auto hours = take_digits(text, 2);
    take(text, ":");
    const auto minutes = take_digits(text, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 60 + *minutes);
}

struct Unit {
    std::string_view name;
    long long milliseconds;
};
// Longest first: format_duration takes them in this order. "ms" stands before "m" and "s" for the reader.
constexpr std::array<Unit, 6> kUnits = {
    {{"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000}, {"ms", 1}, {"m", 60'000}, {"s", 1'000}}};

}  // namespace

std::string format_iso8601(TimePoint time) {
    const Parts p = parts_of(time);
    const std::string fraction = p.millisecond == 0 ? "" : fmt::format(".{:03}", p.millisecond);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", p.year, p.month, p.day, p.hour, p.minute,
                       p.second, fraction);
}

std::optional<TimePoint> parse_iso8601(std::string_view text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day || (!take(text, "T") && !take(text, " "))) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ":")) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second) return std::nullopt;
    const int millisecond = take_fraction(text);
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    const auto local = make_time({*year, *month, *day, *hour, *minute, *second, millisecond});
    if (!local) return std::nullopt;
    return *local - std::chrono::minutes(*offset);
}

std::string format_for_people(TimePoint time) {
    const Parts p = parts_of(time);
    return fmt::format("{} {} {:04} {:02}:{:02} UTC", p.day, kMonths[static_cast<std::size_t>(p.month - 1)],
                       p.year, p.hour, p.minute);
}

std::optional<TimePoint> parse_http_date(std::string_view text) {
    const auto comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto day = take_digits(text, 2);
    if (!day || !take(text, " ")) return std::nullopt;
    int month = 0;
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if (text.starts_with(kMonths[i])) month = static_cast<int>(i) + 1;
    if (month == 0) return std::nullopt;
    text.remove_prefix(3);
    if (!take(text, " ")) return std::nullopt;
    const auto year = take_digits(text, 4);
    if (!year || !take(text, " ")) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ":")) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second || text != " GMT") return std::nullopt;
    return make_time({*year, month, *day, *hour, *minute, *second, 0});
}

std::string format_http_date(TimePoint time) {
    const Parts p = parts_of(time);
    const std::chrono::weekday weekday(floor<days>(time));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[weekday.c_encoding()], p.day,
                       kMonths[static_cast<std::size_t>(p.month - 1)], p.year, p.hour, p.minute, p.second);
}

Result<Duration> parse_duration(std::string_view given) {
    // A century is beyond any use and keeps sums within range.
    constexpr long long kMost = 36'500LL * 86'400'000;
    const auto bad = [&] {
        return Fail(
            Error::invalid_input("\"{}\" is not a duration", sanitize_for_terminal(truncate_utf8(given, 40)))
                .hint("write numbers with w, d, h, m, s or ms: 48h, 5m, 1h30m"));
    };
    std::string_view text = given;
    if (text.empty()) return bad();
    long long total = 0;
    while (!text.empty()) {
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
        const auto count = parse_integer(text.substr(0, digits));
        if (digits == 0 || !count) return bad();
        text.remove_prefix(digits);
        const Unit* found = nullptr;
        for (const auto& unit : kUnits)
            if (!found && text.starts_with(unit.name)) found = &unit;
        if (!found || *count > (kMost - total) / found->milliseconds) return bad();
        total += *count * found->milliseconds;
        text.remove_prefix(found->name.size());
    }
    return Duration(total);
}

std::string format_duration(Duration duration) {
    long long rest = duration.count();
    if (rest <= 0) return "0s";
    // "48h" rather than "2d": days and weeks are read, never written.
    std::string text;
    for (const auto& [name, size] :
         {Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000}, Unit{"ms", 1}}) {
        if (rest >= size) text += fmt::format("{}{}", rest / size, name);
        rest %= size;
    }
    return text;
}

std::string format_duration_for_people(Duration duration) {
    const long long milliseconds = std::max<long long>(0, duration.count());
    const long long seconds = milliseconds / 1000;
    if (milliseconds < 10'000) return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
    if (seconds < 60) return fmt::format("{} s", seconds);
    const auto two = [](long long big, std::string_view big_name, long long small,
                        std::string_view small_name) {
        return small == 0 ? fmt::format("{} {}", big, big_name)
                          : fmt::format("{} {} {} {}", big, big_name, small, small_name);
    };
    if (seconds < 3600) return two(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 2LL * 86'400) return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    return two(seconds / 86'400, "days", seconds % 86'400 / 3600, "h");
}

std::string format_age(Duration age) {
    const long long minutes = std::max<long long>(0, age.count() / 60'000);
    const long long hours = minutes / 60;
    if (hours >= 24) return fmt::format("{}d {}h", hours / 24, hours % 24);
    if (hours > 0) return fmt::format("{}h {}m", hours, minutes % 60);
    return fmt::format("{}m", minutes);
}

}  // namespace ringmaster
