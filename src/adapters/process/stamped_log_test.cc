#include "adapters/process/stamped_log.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "adapters/support/log_reader.h"
#include "testing/recording_progress.h"
#include "testing/temporary_folder.h"

namespace ringmaster::process {
namespace {

const TimePoint kNoon = *parse_iso8601("2026-11-22T12:00:00Z");
using std::chrono::seconds;

RC_GTEST_PROP(Stamp, ReadsBackWhatWasPrinted, ()) {
    const auto time = TimePoint(Duration(*rc::gen::inRange<long long>(0, 253402300799999)));  // to year 9999
    const auto text = *rc::gen::arbitrary<std::string>();
    const auto stamp = print_stamp(time);
    const auto line = std::string(stamp.data(), stamp.size()) + text;
    RC_ASSERT(read_stamp(line).time == time);
    RC_ASSERT(read_stamp(line).text == text);
}

TEST(Stamp, IsAnInstantThatPeopleRead) {
    const auto stamp = print_stamp(kNoon + Duration(7));
    EXPECT_EQ(std::string(stamp.data(), stamp.size()), "2026-11-22T12:00:00.007Z ");
}

TEST(Stamp, WhatIsNoStampIsText) {
    for (const char* line : {"", "visited /", "2026-11-22T12:00:00.007Z", "2026-99-22T12:00:00.007Z x"}) {
        EXPECT_FALSE(read_stamp(line).time) << line;
        EXPECT_EQ(read_stamp(line).text, line);
    }
}

class StampedLogs : public ::testing::Test {
 protected:
    std::vector<std::string> since(std::optional<TimePoint> time, int tail = -1) {
        testing::RecordingProgress heard;
        SinceFilter filter(time);
        support::LogReader reader(folder_.path(), "log", [&](auto line) { return filter.pass(line); });
        EXPECT_TRUE(reader.read_tail(tail, heard));
        reader.finish(heard);
        return heard.lines();
    }
    using Lines = std::vector<std::string>;
    testing::TemporaryFolder folder_;
    StampedLog log_{support::RotatingLog::open(folder_.path(), "log", 1 << 20).value()};
};

TEST_F(StampedLogs, EachLineHasTheTimeAtWhichItBegan) {
    log_.append("one\ntwo\nthr", kNoon);
    log_.append("ee\n", kNoon + seconds(5));
    log_.append("four", kNoon + seconds(6));
    EXPECT_EQ(folder_.read("log"),
              "2026-11-22T12:00:00.000Z one\n2026-11-22T12:00:00.000Z two\n"
              "2026-11-22T12:00:00.000Z three\n2026-11-22T12:00:06.000Z four");
    EXPECT_EQ(since({}), (Lines{"one", "two", "three", "four"}));
    EXPECT_EQ(since(kNoon), (Lines{"one", "two", "three", "four"}));
    EXPECT_EQ(since(kNoon + Duration(1)), Lines{"four"});
    EXPECT_EQ(since(kNoon + seconds(7)), Lines{});
}

TEST_F(StampedLogs, ATailCountsOnlyTheLinesSinceThen) {
    for (int i = 0; i < 10; ++i) log_.append(fmt::format("line {}\n", i), kNoon + seconds(i));
    EXPECT_EQ(since(kNoon + seconds(5), 3), (Lines{"line 7", "line 8", "line 9"}));
    EXPECT_EQ(since(kNoon + seconds(9), 3), Lines{"line 9"});
}

TEST_F(StampedLogs, AnAppThatPrintsAStampIsNotBelieved) {
    log_.append("2036-01-01T00:00:00.000Z later\n", kNoon);
    EXPECT_EQ(since({}), Lines{"2036-01-01T00:00:00.000Z later"});
    EXPECT_EQ(since(kNoon + seconds(1)), Lines{});
}

TEST_F(StampedLogs, EmptyAndManyShortLinesComeBackAsTheyWere) {
    const std::string many(20000, '\n');
    log_.append(many, kNoon);
    EXPECT_EQ(since({}), Lines(20000, ""));
}

TEST_F(StampedLogs, ThePiecesOfAVeryLongLineStayTogether) {
    log_.append(std::string(200'000, 'x') + "\n", kNoon);
    std::string all;
    for (const auto& piece : since(kNoon)) all += piece;
    EXPECT_EQ(all, std::string(200'000, 'x'));
    EXPECT_EQ(since(kNoon + seconds(1)), Lines{});
}

TEST_F(StampedLogs, ALineThatARotationCutIsWholeAgain) {
    StampedLog small(support::RotatingLog::open(folder_.path(), "small", 128).value());
    small.append(std::string(60, 'a') + "\n", kNoon);
    testing::RecordingProgress heard;
    SinceFilter filter(kNoon);
    support::LogReader reader(folder_.path(), "small", [&](auto line) { return filter.pass(line); });
    ASSERT_TRUE(reader.read_tail(-1, heard));
    EXPECT_EQ(heard.lines(), Lines{std::string(60, 'a')});
    EXPECT_FALSE(folder_.read("small.1").empty());
}

}  // namespace
}  // namespace ringmaster::process
