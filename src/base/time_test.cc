#include "base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNoon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 14h + 9min;

/// Any instant of the years 1 to 9999.
TimePoint arbitrary_time() {
    return TimePoint(Duration(*rc::gen::inRange<long long>(-62'135'596'800'000, 253'402'300'800'000)));
}

TEST(Iso8601, WritesMillisecondsOnlyWhenThereAreSome) {
    EXPECT_EQ(format_iso8601(kNoon), "2026-11-22T14:09:00Z");
    EXPECT_EQ(format_iso8601(kNoon + 250ms), "2026-11-22T14:09:00.250Z");
    EXPECT_EQ(format_iso8601(TimePoint(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(Iso8601, ReadsOffsetsFractionsAndLeapSeconds) {
    EXPECT_EQ(parse_iso8601("2026-11-22T16:09:00+02:00"), kNoon);
    EXPECT_EQ(parse_iso8601("2026-11-22T09:39:00-0430"), kNoon);
    EXPECT_EQ(parse_iso8601("2026-11-22 14:09:00.2509999Z"), kNoon + 250ms);
    EXPECT_EQ(parse_iso8601("2026-11-22T14:08:60Z"), kNoon);
    EXPECT_EQ(parse_iso8601("2024-02-29T00:00:00Z").has_value(), true);
}

TEST(Iso8601, RefusesWhatIsNoInstant) {
    for (const auto* bad :
         {"", "2026-11-22", "2026-11-22T14:09:00", "2026-11-22T14:09Z", "2026-13-22T14:09:00Z",
          "2026-02-30T14:09:00Z", "2026-11-22T24:09:00Z", "2026-11-22T14:60:00Z", "2026-11-22T14:09:61Z",
          "2026-11-22T14:09:00Zx", "2026-11-22T14:09:00+2:00", "2026-11-22T14:09:00+24:00",
          "2026-11-22T14:09:00+02:60", "x026-11-22T14:09:00Z", "2026-11-22T-4:09:00Z",
          "+2026-11-22T14:09:00Z"})
        EXPECT_EQ(parse_iso8601(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(Iso8601, ReadsBackWhatItWrites, ()) {
    const TimePoint time = arbitrary_time();
    RC_ASSERT(parse_iso8601(format_iso8601(time)) == time);
}

TEST(HttpDate, IsReadAndWritten) {
    EXPECT_EQ(format_http_date(kNoon), "Sun, 22 Nov 2026 14:09:00 GMT");
    EXPECT_EQ(parse_http_date("Sun, 22 Nov 2026 14:09:00 GMT"), kNoon);
    for (const auto* bad : {"", "Sun", "Sun, 22 Nov 2026 14:09:00 UTC", "Sun, 22 Xyz 2026 14:09:00 GMT",
                            "Sun, 31 Feb 2026 14:09:00 GMT", "Sunday, 22-Nov-26 14:09:00 GMT"})
        EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(HttpDate, ReadsBackWholeSeconds, ()) {
    const auto time = std::chrono::floor<std::chrono::seconds>(arbitrary_time());
    RC_ASSERT(parse_http_date(format_http_date(time)) == time);
}

TEST(FormatForPeople, NamesTheMonthAndTheZone) {
    EXPECT_EQ(format_for_people(kNoon), "22 Nov 2026 14:09 UTC");
}

TEST(ParseDuration, ReadsUnitsAndSums) {
    EXPECT_EQ(parse_duration("48h").value(), 48h);
    EXPECT_EQ(parse_duration("250ms").value(), 250ms);
    EXPECT_EQ(parse_duration("1w2d3h4m5s6ms").value(), 9 * 24h + 3h + 4min + 5s + 6ms);
    EXPECT_EQ(parse_duration("0s").value(), 0s);
}

TEST(ParseDuration, RefusesTheRestAndSaysTheForm) {
    for (const auto* bad :
         {"", "5", "h", "-5m", "5 m", "1.5h", "5M", "5mm", "1h30", "9999999999999999999h", "99999999w"}) {
        const auto result = parse_duration(bad);
        ASSERT_FALSE(result) << bad;
        EXPECT_EQ(result.error().kind(), ErrorKind::InvalidInput);
        EXPECT_NE(result.error().hint().find("48h"), std::string::npos);
    }
}

RC_GTEST_PROP(ParseDuration, ReadsBackWhatIsWritten, ()) {
    const Duration duration(*rc::gen::inRange<long long>(0, 36'500LL * 86'400'000));
    RC_ASSERT(parse_duration(format_duration(duration)).value() == duration);
}

TEST(FormatDuration, WritesTheShortestExactForm) {
    EXPECT_EQ(format_duration(48h), "48h");
    EXPECT_EQ(format_duration(90s), "1m30s");
    EXPECT_EQ(format_duration(0s), "0s");
    EXPECT_EQ(format_duration(-5s), "0s");
}

TEST(FormatDurationForPeople, GivesTwoFiguresAtMost) {
    EXPECT_EQ(format_duration_for_people(800ms), "0.8 s");
    EXPECT_EQ(format_duration_for_people(9'990ms), "9.9 s");
    EXPECT_EQ(format_duration_for_people(42s), "42 s");
    EXPECT_EQ(format_duration_for_people(3min + 40s), "3 min 40 s");
    EXPECT_EQ(format_duration_for_people(2h + 5min + 9s), "2 h 5 min");
    EXPECT_EQ(format_duration_for_people(47h), "47 h");
    EXPECT_EQ(format_duration_for_people(72h), "3 days");
    EXPECT_EQ(format_duration_for_people(50h), "2 days 2 h");
    EXPECT_EQ(format_duration_for_people(-1500ms), "0.0 s");
}

TEST(FormatAge, IsTheOriginals) {
    EXPECT_EQ(format_age(59s), "0m");
    EXPECT_EQ(format_age(59min), "59m");
    EXPECT_EQ(format_age(61min), "1h 1m");
    EXPECT_EQ(format_age(49h), "2d 1h");
    EXPECT_EQ(format_age(-5h), "0m");
}

}  // namespace
}  // namespace ringmaster
