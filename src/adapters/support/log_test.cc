#include <gtest/gtest.h>

#include "adapters/support/log_reader.h"
#include "adapters/support/rotating_log.h"
#include "testing/recording_progress.h"
#include "testing/temporary_folder.h"

namespace ringmaster::support {
namespace {

class LogTest : public ::testing::Test {
 protected:
    using Lines = std::vector<std::string>;
    Lines tail(int lines) {
        testing::RecordingProgress heard;
        LogReader reader(folder_.path(), "log");
        EXPECT_TRUE(reader.read_tail(lines, heard));
        reader.finish(heard);
        return heard.lines();
    }
    testing::TemporaryFolder folder_;
    /// Ten lines like "line 01\n" fill a half.
    RotatingLog log_ = RotatingLog::open(folder_.path(), "log", 160).value();
    void write(int from, int to) {
        for (int i = from; i <= to; ++i) log_.append(fmt::format("line {:02}\n", i));
    }
    static Lines lines(int from, int to) {
        Lines all;
        for (int i = from; i <= to; ++i) all.push_back(fmt::format("line {:02}", i));
        return all;
    }
};

TEST_F(LogTest, KeepsAtLeastTheNewestHalf) {
    write(1, 99);
    EXPECT_EQ(tail(-1), lines(81, 99));
    EXPECT_LE(folder_.read("log").size() + folder_.read("log.1").size(), 160u);
}

TEST_F(LogTest, ContinuesWhatIsThere) {
    write(1, 3);
    log_ = RotatingLog::open(folder_.path(), "log", 160).value();
    write(4, 12);
    EXPECT_EQ(tail(-1), lines(1, 12));
}

TEST_F(LogTest, ATailReachesIntoTheOlderHalf) {
    write(1, 13);
    EXPECT_EQ(tail(5), lines(9, 13));
    EXPECT_EQ(tail(0), Lines{});
}

TEST_F(LogTest, ALastLineWithoutNewlineIsALine) {
    log_.append("one\ntwo");
    EXPECT_EQ(tail(-1), (Lines{"one", "two"}));
}

TEST_F(LogTest, ALogThatIsNotThereIsEmpty) {
    testing::RecordingProgress heard;
    LogReader reader(folder_.path(), "other");
    EXPECT_TRUE(reader.read_tail(-1, heard));
    EXPECT_TRUE(reader.read_new(heard));
    EXPECT_TRUE(heard.lines().empty());
}

TEST_F(LogTest, AFollowerMissesNothingAcrossRotations) {
    testing::RecordingProgress heard;
    LogReader reader(folder_.path(), "log");
    ASSERT_TRUE(reader.read_tail(-1, heard));
    for (int i = 1; i <= 97; i += 3) {
        write(i, i + 2);
        ASSERT_TRUE(reader.read_new(heard));
    }
    EXPECT_EQ(heard.lines(), lines(1, 99));
}

TEST_F(LogTest, AFollowerPutsALineTogetherThatARotationCut) {
    testing::RecordingProgress heard;
    LogReader reader(folder_.path(), "log");
    ASSERT_TRUE(reader.read_tail(-1, heard));
    log_.append(std::string(79, 'x') + "yes\n");
    ASSERT_TRUE(reader.read_new(heard));
    EXPECT_EQ(heard.lines(), Lines{std::string(79, 'x') + "yes"});
}

TEST_F(LogTest, AFollowerThatWasTooSlowIsTold) {
    testing::RecordingProgress heard;
    LogReader reader(folder_.path(), "log");
    write(1, 2);
    ASSERT_TRUE(reader.read_tail(-1, heard));
    write(3, 99);
    ASSERT_TRUE(reader.read_new(heard));
    const auto told = heard.lines();
    EXPECT_EQ(Lines(told.begin(), told.begin() + 10), lines(1, 10));
    EXPECT_NE(told.at(10).find("missing"), std::string::npos);
    EXPECT_EQ(Lines(told.begin() + 11, told.end()), lines(81, 99));
}

TEST_F(LogTest, ALinkInItsPlaceIsNotFollowed) {
    const auto precious = folder_.write("precious", "untouched");
    std::filesystem::create_symlink(precious, folder_.path("linked"));
    EXPECT_FALSE(RotatingLog::open(folder_.path(), "linked", 160));
    EXPECT_EQ(folder_.read("precious"), "untouched");
}

}  // namespace
}  // namespace ringmaster::support
