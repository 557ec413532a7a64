#include "base/cron.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace ringmaster {
namespace {

using namespace std::chrono_literals;

TimePoint at(std::string_view text) {
    return parse_iso8601(text).value();
}
std::string next(std::string_view cron, std::string_view after, const TimeZone& zone = {}) {
    const auto parsed = Cron::parse(cron);
    if (!parsed) return parsed.error().message();
    const auto time = parsed->next_after(at(after), zone);
    return time ? format_iso8601(*time) : "never";
}
TimeZone zone_of(const std::string& name) {
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    return TimeZone::parse(std::string(std::istreambuf_iterator<char>(file), {})).value();
}

TEST(Cron, TellsTheNextTime) {
    // 2026-01-05 is a Monday.
    const std::tuple<const char*, const char*, const char*> cases[] = {
        {"* * * * *", "2026-01-05T12:00:00Z", "2026-01-05T12:01:00Z"},
        {"* * * * *", "2026-01-05T12:00:59.999Z", "2026-01-05T12:01:00Z"},
        {"0 12 * * 1-5", "2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"},
        {"0 12 * * 1-5", "2026-01-05T11:59:59.999Z", "2026-01-05T12:00:00Z"},
        {"0 12 * * mon-FRI", "2026-01-09T12:00:00Z", "2026-01-12T12:00:00Z"},
        {"*/15 9-17/4 * * *", "2026-01-05T13:45:00Z", "2026-01-05T17:00:00Z"},
        {"5/20 * * * *", "2026-01-05T12:05:00Z", "2026-01-05T12:25:00Z"},
        {"0 0 1,15 * *", "2026-01-05T12:00:00Z", "2026-01-15T00:00:00Z"},
        {"0 0 13 * 5", "2026-01-05T12:00:00Z", "2026-01-09T00:00:00Z"},
        {"0 0 13 * 5", "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z"},
        {"0 0 */2 * 2", "2026-01-05T12:00:00Z", "2026-01-13T00:00:00Z"},
        {"0 0 * * 7", "2026-01-05T12:00:00Z", "2026-01-11T00:00:00Z"},
        {"0 0 * * 5-7", "2026-01-10T12:00:00Z", "2026-01-11T00:00:00Z"},
        {"0 0 29 feb *", "2026-01-05T12:00:00Z", "2028-02-29T00:00:00Z"},
        {"0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
        {"0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"},
        {"0 0 L * *", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z"},
        {"0 0 * * L5", "2026-01-05T00:00:00Z", "2026-01-30T00:00:00Z"},
        {"0 0 * * fri#2", "2026-01-05T00:00:00Z", "2026-01-09T00:00:00Z"},
        {"0 0 * * 5#5", "2026-02-01T00:00:00Z", "2026-05-29T00:00:00Z"},
        {" 30\t4  1 JAN *  ", "2026-01-05T00:00:00Z", "2027-01-01T04:30:00Z"},
        {"@Daily", "2026-01-05T12:00:00Z", "2026-01-06T00:00:00Z"},
        {"@hourly", "2026-01-05T12:00:00Z", "2026-01-05T13:00:00Z"},
        {"@weekly", "2026-01-05T12:00:00Z", "2026-01-11T00:00:00Z"},
        {"59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"},
    };
    for (const auto& [cron, after, expected] : cases) EXPECT_EQ(next(cron, after), expected) << cron;
}

TEST(Cron, NamesTheFieldThatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "has 0 fields instead of five"},
        {"0 12 * *", "has 4 fields instead of five"},
        {"0 12 * * 1 2026", "has 6 fields instead of five"},
        {"60 * * * *", "the minute \"60\" must be from 0 to 59"},
        {"-1 * * * *", "the minute \"-1\" lacks a number"},
        {"0 24 * * *", "the hour \"24\" must be from 0 to 23"},
        {"0 0 0 * *", "the day of the month \"0\" must be from 1 to 31"},
        {"0 0 1 13 *", "the month \"13\" must be from 1 to 12"},
        {"0 0 1 sept *", "the month \"sept\" is not a number, a range or a list of them"},
        {"0 0 * * 8", "the day of the week \"8\" must be from 0 to 7"},
        {"0 0 * * fri-mon", "the day of the week \"fri-mon\" goes backwards"},
        {"5, * * * *", "the minute \"\" lacks a number"},
        {"5- * * * *", "the minute \"5-\" lacks a number"},
        {"*/0 * * * *", "the minute \"*/0\" has a step that is not from 1 to 59"},
        {"*/x * * * *", "the minute \"*/x\" has a step that is not from 1 to 59"},
        {"1.5 * * * *", "the minute \"1.5\" is not a number, a range or a list of them"},
        {"0 0 30,31 2 *", "the day of the month \"30,31\" is in no month of \"2\""},
        {"0 0 31 4,6 *", "the day of the month \"31\" is in no month of \"4,6\""},
        {"0 0 * * 5#6", "the day of the week \"5#6\" must have a number from 1 to 5 after the #"},
        {"@reboot", "has 1 field instead of five"},
        {"\x1b[1m * * * *", "[1m"},
    };
    for (const auto& [text, expected] : cases) {
        const auto parsed = Cron::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().kind(), ErrorKind::InvalidInput);
        EXPECT_NE(parsed.error().message().find(expected), std::string::npos) << parsed.error().message();
        EXPECT_EQ(parsed.error().message().find('\x1b'), std::string::npos);
    }
}

TEST(Cron, GoesByTheClocksOfItsZone) {
    const auto warsaw = zone_of("Europe/Warsaw");
    EXPECT_EQ(next("0 12 * * *", "2026-01-05T12:00:00Z", warsaw), "2026-01-06T11:00:00Z");
    EXPECT_EQ(next("0 12 * * *", "2026-07-05T12:00:00Z", warsaw), "2026-07-06T10:00:00Z");
    EXPECT_EQ(next("30 0 * * 1", "2026-01-04T20:00:00Z", warsaw), "2026-01-04T23:30:00Z");
    EXPECT_EQ(next("0 9 30 12 *", "2011-12-28T00:00:00Z", zone_of("Pacific/Apia")), "2011-12-30T19:00:00Z")
        << "a day that Samoa never had: its 31st";
}

TEST(Cron, WhatClocksJumpOverComesLaterAndOnce) {
    const auto warsaw = zone_of("Europe/Warsaw");  // 2026-03-29: from 02:00 to 03:00, which is 01:00 UTC
    EXPECT_EQ(next("30 2 * * *", "2026-03-28T02:00:00Z", warsaw), "2026-03-29T01:30:00Z");
    EXPECT_EQ(next("30 2 * * *", "2026-03-29T01:30:00Z", warsaw), "2026-03-30T00:30:00Z");
    EXPECT_EQ(next("30 * * * *", "2026-03-29T00:30:00Z", warsaw), "2026-03-29T01:30:00Z");
    EXPECT_EQ(next("30 * * * *", "2026-03-29T01:30:00Z", warsaw), "2026-03-29T02:30:00Z");
}

TEST(Cron, WhatClocksShowTwiceCountsOnceUnlessEachHourDoes) {
    const auto warsaw = zone_of("Europe/Warsaw");  // 2026-10-25: from 03:00 back to 02:00, which is 01:00 UTC
    EXPECT_EQ(next("30 2 * * *", "2026-10-25T00:00:00Z", warsaw), "2026-10-25T00:30:00Z");
    EXPECT_EQ(next("30 2 * * *", "2026-10-25T00:30:00Z", warsaw), "2026-10-26T01:30:00Z");
    EXPECT_EQ(next("30 * * * *", "2026-10-25T00:30:00Z", warsaw), "2026-10-25T01:30:00Z");
    EXPECT_EQ(next("30 * * * *", "2026-10-25T01:30:00Z", warsaw), "2026-10-25T02:30:00Z");
}

TEST(Cron, LooksBackToTheNewestTime) {
    const auto cron = Cron::parse("0 12 * * 1-5").value();
    EXPECT_EQ(cron.last_until(at("2026-01-05T12:00:00Z"), {}), at("2026-01-05T12:00:00Z"));
    EXPECT_EQ(cron.last_until(at("2026-01-05T11:59:59.999Z"), {}), at("2026-01-02T12:00:00Z"));
    EXPECT_EQ(Cron::parse("0 0 29 2 *")->last_until(at("2027-01-01T00:00:00Z"), {}),
              at("2024-02-29T00:00:00Z"));
}

std::string list_of(const std::set<int>& values) {
    std::string text;
    for (const int value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
    return text;
}
std::set<int> some(int least, int most) {
    std::set<int> values;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) values.insert(*rc::gen::inRange(least, most + 1));
    return values;
}

RC_GTEST_PROP(Cron, TheNextTimeIsTheFirstMinuteThatMatches, ()) {
    const auto minutes = some(0, 59), hours = some(0, 23), weekdays = some(0, 6);
    const auto cron = Cron::parse(list_of(minutes) + " " + list_of(hours) + " * * " + list_of(weekdays));
    RC_ASSERT(cron.has_value());
    const auto start = at("2024-02-20T00:00:00Z") + std::chrono::seconds(*rc::gen::inRange(0, 40'000'000));
    auto expected = std::chrono::floor<std::chrono::minutes>(start) + 1min;
    for (;; expected += 1min) {
        const auto day = std::chrono::floor<std::chrono::days>(expected);
        const auto minute = static_cast<int>((expected - day).count());
        if (minutes.contains(minute % 60) && hours.contains(minute / 60) &&
            weekdays.contains(static_cast<int>(std::chrono::weekday(day).c_encoding())))
            break;
    }
    RC_ASSERT(cron->next_after(start, {}) == std::optional<TimePoint>(expected));
}

RC_GTEST_PROP(Cron, ForwardAndBackwardAgreeInEveryZone, ()) {
    static const auto warsaw = zone_of("Europe/Warsaw"), lord_howe = zone_of("Australia/Lord_Howe");
    const auto& zone = *rc::gen::element(&warsaw, &lord_howe);
    const auto hours = *rc::gen::element<std::string>("*", "*/2", "1-3", list_of(some(0, 23)));
    const auto cron = Cron::parse(list_of(some(0, 59)) + " " + hours + " * * *").value();
    // Around the days when clocks change, mostly.
    const auto change =
        *rc::gen::element<std::string>("2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04");
    const auto time = at(change + "T00:00:00Z") + std::chrono::seconds(*rc::gen::inRange(-100'000, 100'000));
    const auto next = cron.next_after(time, *zone).value();
    RC_ASSERT(next > time);
    RC_ASSERT(cron.last_until(next, *zone) == std::optional(next));
    RC_ASSERT(cron.last_until(next - 1ms, *zone).value() <= time);
    RC_ASSERT(cron.next_after(cron.last_until(time, *zone).value(), *zone) == std::optional(next));
}

RC_GTEST_PROP(Cron, AnyTextIsReadOrRefused, ()) {
    const auto word = rc::gen::container<std::string>(rc::gen::element(
        '*', '/', '-', ',', '#', 'L', '0', '1', '2', '9', 'a', 's', 'u', 'n', ' ', '@', '\0', '\xff'));
    const auto text = *word + " " + *word + " " + *word + " * *";
    if (const auto cron = Cron::parse(text))
        RC_ASSERT(cron->next_after(at("2026-01-05T12:00:00Z"), {}).has_value());
}

}  // namespace
}  // namespace ringmaster
