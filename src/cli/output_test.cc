#include "cli/output.h"

#include <gtest/gtest.h>

#include "cli/context_harness.h"
#include "cli/value.h"

namespace ringmaster::cli {
namespace {

Traits traits(bool is_terminal, Environment::Map variables) {
    return traits_for(is_terminal, 80, Environment(std::move(variables)));
}

TEST(Output, ColourIsForTerminalsUnlessSomebodySaysOtherwise) {
    EXPECT_TRUE(traits(true, {{"TERM", "xterm"}}).has_color);
    EXPECT_FALSE(traits(false, {{"TERM", "xterm"}}).has_color);
    EXPECT_FALSE(traits(true, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}).has_color);
    EXPECT_TRUE(traits(true, {{"TERM", "xterm"}, {"NO_COLOR", ""}}).has_color) << "empty counts as not set";
    EXPECT_TRUE(traits(false, {{"TERM", "xterm"}, {"CLICOLOR_FORCE", "1"}}).has_color);
    EXPECT_FALSE(traits(false, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}).has_color);
    EXPECT_FALSE(traits(true, {{"TERM", "dumb"}}).moves_cursor);
    EXPECT_FALSE(traits(true, {}).moves_cursor) << "no TERM says nothing good about the terminal";
}

const Table kTable{.headings = {"NAME", "STATE"},
                   .rows = {{"🎪 a", {"running", Style::Green}}, {"a\tlonger\nname", "failed"}}};

TEST(Output, APipedTableIsOneLineARowWithTabsAndWithoutHeadings) {
    MemoryStream stream;
    print_table(stream, kTable);
    EXPECT_EQ(stream.text, "🎪 a\trunning\na longer\xEF\xBF\xBDname\tfailed\n");
}

TEST(Output, ARowStaysOneLineOfTheTerminal) {
    MemoryStream stream({.is_terminal = true, .width = 40});
    const std::string url = "https://example.com/a-long-address";
    print_table(stream, {.headings = {"A", "B", "URL"},
                         .rows = {{std::string(30, 'a'), "🎪🎪🎪🎪🎪🎪🎪🎪🎪🎪", {url, Style::Plain, url}}}});
    EXPECT_NE(stream.text.find("aaaaaaaaaaa…  🎪🎪🎪🎪🎪…"), std::string::npos) << stream.text;
    EXPECT_NE(stream.text.find(url + "\n"), std::string::npos) << "an address is there to be copied";
    MemoryStream wide({.is_terminal = true, .width = 80});
    print_table(wide, {.headings = {"A", "B"}, .rows = {{std::string(60, 'a'), std::string(30, 'b')}}});
    EXPECT_EQ(display_width(wide.text.substr(wide.text.find('\n') + 1)), 80 + 1) << wide.text;
}

TEST(Output, ATableOnATerminalIsAlignedByWhatIsSeen) {
    MemoryStream stream({.is_terminal = true});
    print_table(stream,
                {.headings = {"NAME", "STATE"}, .rows = {{"🎪 a", "running"}, {"long name", "failed"}}});
    EXPECT_EQ(stream.text, "NAME       STATE\n🎪 a       running\nlong name  failed\n");
}

TEST(Output, WidthsCountColumnsAndNotBytes) {
    EXPECT_EQ(display_width("abc"), 3);
    EXPECT_EQ(display_width("é"), 1);
    EXPECT_EQ(display_width("🎪"), 2);
    EXPECT_EQ(display_width("漢字"), 4);
    EXPECT_EQ(display_width("\xff\xc3"), 2) << "invalid bytes count one each";
}

TEST(Output, TextIsWrappedAtSpaces) {
    EXPECT_EQ(wrap("one two three", 9, "  "), "  one two\n  three\n");
    EXPECT_EQ(wrap("unbreakable", 5, ""), "unbreakable\n");
}

TEST(Value, IsPrintedAsJsonInTheOrderItWasMade) {
    const auto value =
        Value::object().set("z", 1).set("a", Value::list({"x"})).set("n", Value()).set("b", true);
    EXPECT_EQ(value.print_compact(), R"({"z":1,"a":["x"],"n":null,"b":true})");
    EXPECT_EQ(value.only({"b", "z"}).print_compact(), R"({"b":true,"z":1})");
    EXPECT_EQ(Value(std::string("\xff")).print_compact(), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace ringmaster::cli
