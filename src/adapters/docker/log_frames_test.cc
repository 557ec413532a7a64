#include "adapters/docker/log_frames.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "adapters/docker/log_stream.h"

namespace ringmaster::docker {
namespace {

std::string frame(int stream, const std::string& entry) {
    std::string header(8, '\0');
    header[0] = static_cast<char>(stream);
    for (int i = 0; i < 4; ++i) header[4 + i] = static_cast<char>(entry.size() >> (24 - 8 * i) & 0xff);
    return header + entry;
}
std::string at(int second, const std::string& text) {
    return fmt::format("2026-11-22T14:09:{:02}.000000000Z {}", second, text);
}

struct Heard {
    std::vector<std::string> lines;
    LogFrames::Emit emit() {
        return [this](std::string_view line) { lines.emplace_back(line); };
    }
};

TEST(LogFrames, TakesTimesOffAndJoinsEntriesThatTheEngineCut) {
    Heard heard;
    LogFrames frames(heard.emit());
    ASSERT_TRUE(
        frames.feed(frame(1, at(1, "one\n")) + frame(2, at(2, "two\n")) + frame(1, at(3, "a long "))));
    ASSERT_TRUE(frames.feed(frame(1, at(4, "line\n")) + frame(1, at(5, "no newline"))));
    frames.finish();
    EXPECT_EQ(heard.lines, (std::vector<std::string>{"one", "two", "a long line", "no newline"}));
    EXPECT_EQ(frames.newest(), "2026-11-22T14:09:05.000000000Z");
}

TEST(LogFrames, LeavesOutWhatWasHandedOutBefore) {
    Heard heard;
    LogFrames frames(heard.emit(), "2026-11-22T14:09:02.000000000Z");
    ASSERT_TRUE(frames.feed(frame(1, at(1, "old\n")) + frame(1, at(2, "old\n")) + frame(1, at(3, "new\n"))));
    EXPECT_EQ(heard.lines, std::vector<std::string>{"new"});
}

TEST(LogFrames, PassesOnWhatKeptTheEngineFromGivingAll) {
    Heard heard;
    LogFrames frames(heard.emit());
    ASSERT_TRUE(frames.feed(frame(3, "node x is not available\n")));
    EXPECT_EQ(heard.lines, std::vector<std::string>{"node x is not available"});
}

TEST(LogFrames, RefusesWhatIsNoFrame) {
    for (const auto& bytes : {std::string("plain text\n"), std::string("\x04\0\0\0\0\0\0\1x", 9),
                              std::string("\1\0\0\0\xff\xff\xff\xff", 8)}) {
        Heard heard;
        LogFrames frames(heard.emit());
        const auto fed = frames.feed(bytes);
        ASSERT_FALSE(fed);
        EXPECT_EQ(fed.error().kind(), ErrorKind::Corrupt);
    }
}

TEST(LogTimes, AreSecondsForTheApiToTheLastDigit) {
    EXPECT_EQ(seconds_of("2026-11-22T14:09:05.123456789Z"), "1795356545.123456789");
    EXPECT_EQ(seconds_of("2026-11-22T14:09:05.25Z"), "1795356545.250000000");
    EXPECT_EQ(seconds_of("2026-11-22T14:09:05Z"), "1795356545.000000000");
    EXPECT_EQ(seconds_of("soon"), "");
}

RC_GTEST_PROP(LogFramesProperty, WhereTheStreamIsCutDoesNotMatter, (const std::vector<std::string>& texts)) {
    std::string bytes;
    for (const auto& text : texts) bytes += frame(1, at(1, text));
    Heard whole, cut;
    LogFrames first(whole.emit()), second(cut.emit());
    RC_ASSERT(first.feed(bytes).has_value());
    while (!bytes.empty()) {
        const auto size = *rc::gen::inRange<std::size_t>(1, bytes.size() + 1);
        RC_ASSERT(second.feed(bytes.substr(0, size)).has_value());
        bytes.erase(0, size);
    }
    first.finish();
    second.finish();
    RC_ASSERT(whole.lines == cut.lines);
}

}  // namespace
}  // namespace ringmaster::docker
