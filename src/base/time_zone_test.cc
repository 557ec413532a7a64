#include "base/time_zone.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace ringmaster {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

std::string bytes_of(std::uint64_t value, int count) {
    std::string bytes;
    for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
}

// A file as zic writes it, "slim": an empty first part, changes at these times to these offsets, and a rule.
std::string zone_file(const std::vector<std::pair<std::int64_t, std::int32_t>>& changes,
                      const std::string& rule, std::int32_t first = 0) {
    const auto header = [](std::uint64_t times, std::uint64_t types, std::uint64_t characters) {
        return "TZif2" + std::string(15 + 12, '\0') + bytes_of(times, 4) + bytes_of(types, 4) +
               bytes_of(characters, 4);
    };
    std::string times, indices, types = bytes_of(static_cast<std::uint32_t>(first), 4) + std::string(2, '\0');
    for (std::size_t i = 0; i < changes.size(); ++i) {
        times += bytes_of(static_cast<std::uint64_t>(changes[i].first), 8);
        indices += static_cast<char>(i + 1);
        types += bytes_of(static_cast<std::uint32_t>(changes[i].second), 4) + std::string(2, '\0');
    }
    return header(0, 1, 1) + std::string(7, '\0') + header(changes.size(), changes.size() + 1, 1) + times +
           indices + types + std::string(1, '\0') + "\n" + rule + "\n";
}

TimeZone zone(const std::string& rule) {
    return TimeZone::parse(zone_file({}, rule)).value();
}

TEST(TimeZone, WithoutAFileIsUtc) {
    EXPECT_EQ(TimeZone().offset_at(sys_days{2026y / 7 / 1}), 0s);
    const local_days day{2026y / 7 / 1};
    EXPECT_EQ(TimeZone().instants_of(day), std::vector<sys_seconds>{sys_days{2026y / 7 / 1}});
}

TEST(TimeZone, ListedChangesCountUntilTheRuleTakesOver) {
    const auto read = TimeZone::parse(zone_file({{1000, 3600}, {2000, -1800}}, "<+05>-5", 60));
    ASSERT_TRUE(read) << read.error().describe();
    for (const auto& [time, offset] :
         {std::pair{0, 60}, {999, 60}, {1000, 3600}, {1999, 3600}, {2000, 18000}})
        EXPECT_EQ(read->offset_at(sys_seconds(seconds(time))), seconds(offset)) << time;
    const auto without = TimeZone::parse(zone_file({{1000, 3600}}, ""));
    EXPECT_EQ(without->offset_at(sys_days{2026y / 7 / 1}), 3600s);
}

TEST(TimeZone, RulesSayWhenSummerIs) {
    const auto warsaw = zone("CET-1CEST,M3.5.0,M10.5.0/3");
    EXPECT_EQ(warsaw.offset_at(sys_days{2026y / 3 / 29} + 59min), 1h);
    EXPECT_EQ(warsaw.offset_at(sys_days{2026y / 3 / 29} + 1h), 2h);
    EXPECT_EQ(warsaw.offset_at(sys_days{2026y / 10 / 25} + 59min), 2h);
    EXPECT_EQ(warsaw.offset_at(sys_days{2026y / 10 / 25} + 1h), 1h);
    const auto sydney = zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
    EXPECT_EQ(sydney.offset_at(sys_days{2026y / 1 / 1}), 11h);
    EXPECT_EQ(sydney.offset_at(sys_days{2026y / 7 / 1}), 10h);
    const auto days = zone("<-01>1<+00>,J60/0,364/-24");
    EXPECT_EQ(days.offset_at(sys_days{2028y / 3 / 1} + 59min), -1h);
    EXPECT_EQ(days.offset_at(sys_days{2028y / 3 / 1} + 1h), 0h);
}

TEST(TimeZone, ATimeThatClocksJumpOverIsOneInstantAndOneTheyShowTwiceIsTwo) {
    const auto warsaw = zone("CET-1CEST,M3.5.0,M10.5.0/3");
    EXPECT_EQ(warsaw.instants_of(local_days{2026y / 3 / 29} + 2h + 30min),
              (std::vector<sys_seconds>{sys_days{2026y / 3 / 29} + 1h + 30min}));
    EXPECT_EQ(warsaw.instants_of(local_days{2026y / 10 / 25} + 2h + 30min),
              (std::vector<sys_seconds>{sys_days{2026y / 10 / 25} + 30min,
                                        sys_days{2026y / 10 / 25} + 1h + 30min}));
    EXPECT_EQ(warsaw.instants_of(local_days{2026y / 10 / 25} + 3h),
              (std::vector<sys_seconds>{sys_days{2026y / 10 / 25} + 2h}));
}

TEST(TimeZone, FilesThatAreNoneAreRefused) {
    const auto whole = zone_file({{1000, 3600}}, "CET-1");
    for (std::size_t length = 0; length < whole.size() - 7; ++length)
        EXPECT_FALSE(TimeZone::parse(whole.substr(0, length))) << length;
    EXPECT_FALSE(TimeZone::parse(zone_file({{2000, 0}, {1000, 0}}, "CET-1")));
    for (const auto* rule :
         {"C", "CET", "CET-1CEST", "CET-25", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0", "<CET-1",
          "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,J0,J5", "CET-1CEST,M3.5.0/168,M1.1.1"})
        EXPECT_EQ(TimeZone::parse(zone_file({}, rule)).has_value(), false) << rule;
}

RC_GTEST_PROP(TimeZone, BytesOfAnyKindAreReadOrRefused, (const std::string& bytes, const std::string& rule)) {
    (void)TimeZone::parse("TZif2" + bytes);
    (void)TimeZone::parse(zone_file({}, rule));
}

// The C library as a second opinion, on the machine's own files.
TEST(TimeZone, ShowsWhatTheCLibraryShows) {
    for (const std::string name :
         {"Europe/Warsaw", "America/New_York", "Asia/Tokyo", "Europe/Dublin", "America/Nuuk",
          "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu"}) {
        std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
        ASSERT_TRUE(file) << "package tzdata is missing";
        const auto read = TimeZone::parse(std::string(std::istreambuf_iterator<char>(file), {}));
        ASSERT_TRUE(read) << name;
        ::setenv("TZ", name.c_str(), 1);
        ::tzset();
        for (std::time_t time = -2'000'000'000; time < 4'000'000'000; time += 1'234'567) {
            std::tm shown{};
            ::localtime_r(&time, &shown);
            ASSERT_EQ(read->offset_at(sys_seconds(seconds(time))).count(), shown.tm_gmtoff)
                << name << " " << time;
        }
    }
    ::unsetenv("TZ");
    ::tzset();
}

}  // namespace
}  // namespace ringmaster
