#include "base/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ringmaster {
namespace {

using Views = std::vector<std::string_view>;

TEST(Trim, TakesSpacesOffBothEndsOnly) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(AsciiCase, LeavesOtherAlphabetsAlone) {
    EXPECT_EQ(to_lower_ascii("AbZ-Ä"), "abz-Ä");
    EXPECT_EQ(to_upper_ascii("aBz-ä"), "ABZ-ä");
    EXPECT_TRUE(equal_ignoring_ascii_case("Content-TYPE", "content-type"));
    EXPECT_FALSE(equal_ignoring_ascii_case("a", "ab"));
    EXPECT_FALSE(equal_ignoring_ascii_case("Ä", "ä"));
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a,,b,", ','), (Views{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), Views{""});
}

TEST(SplitLines, KnowsBothLineEndingsAndNeedsNoneAtTheEnd) {
    EXPECT_EQ(split_lines("a\r\nb\n\nc"), (Views{"a", "b", "", "c"}));
    EXPECT_EQ(split_lines("a\n"), Views{"a"});
    EXPECT_EQ(split_lines(""), Views{});
}

RC_GTEST_PROP(Split, JoiningTheSplitGivesTheTextBack, (const std::string& text)) {
    std::vector<std::string> parts;
    for (const auto part : split(text, ',')) parts.emplace_back(part);
    RC_ASSERT(join(parts, ",") == text);
}

TEST(ReplaceAll, DoesNotLookAtWhatItPutIn) {
    EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
    EXPECT_EQ(replace_all("abcabc", "bc", ""), "aa");
    EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(ParseInteger, WantsOneWholeNumber) {
    EXPECT_EQ(parse_integer("42"), 42);
    EXPECT_EQ(parse_integer("-7"), -7);
    EXPECT_EQ(parse_integer("9223372036854775807"), 9223372036854775807LL);
    for (const auto* bad : {"", "-", "+1", " 1", "1 ", "1.0", "0x10", "9223372036854775808", "1e3", "١"})
        EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(ParseInteger, ReadsEveryNumberBack, (long long number)) {
    RC_ASSERT(parse_integer(std::to_string(number)) == number);
}

TEST(Utf8, CountsCodePointsAndUtf16Units) {
    EXPECT_EQ(count_code_points("🎪 é"), 3U);
    EXPECT_EQ(utf16_length("🎪 é"), 4U);
    EXPECT_EQ(utf16_length("\xFF\xFE"), 2U);
    EXPECT_EQ(count_code_points(""), 0U);
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutSequences) {
    EXPECT_TRUE(is_valid_utf8("aé€🎪"));
    for (const auto* bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF", "a\xF0\x9F\x8E"})
        EXPECT_FALSE(is_valid_utf8(bad)) << testing::PrintToString(std::string(bad));
}

TEST(TruncateUtf8, NeverSplitsACharacter) {
    EXPECT_EQ(truncate_utf8("short", 5), "short");
    EXPECT_EQ(truncate_utf8("éééé", 7), "éé…");
    EXPECT_EQ(truncate_utf8("éééé", 6), "é…");
    EXPECT_EQ(truncate_utf8("abcdef", 2), "");
}

RC_GTEST_PROP(TruncateUtf8, StaysWithinTheBoundAndValid, (const std::vector<char32_t>& seeds)) {
    std::string text;
    for (const auto seed : seeds) text += std::array{"a", "é", "€", "🎪"}[seed % 4];
    const auto most = *rc::gen::inRange<std::size_t>(0, 40);
    const std::string cut = truncate_utf8(text, most);
    RC_ASSERT(cut.size() <= most);
    RC_ASSERT(is_valid_utf8(cut));
}

TEST(SanitizeForTerminal, TakesOutWhatMovesTheCursorColoursOrReorders) {
    EXPECT_EQ(sanitize_for_terminal("\x1b[31mred"), "�[31mred");
    EXPECT_EQ(sanitize_for_terminal("a\rb\bc\x7f"), "a�b�c�");
    EXPECT_EQ(sanitize_for_terminal("\xC2\x9B"
                                    "31m"),
              "�31m");  // C1 control sequence introducer
    EXPECT_EQ(sanitize_for_terminal("if\u202E\u2066x"), "if��x");
    EXPECT_EQ(sanitize_for_terminal("\xFFok"), "�ok");
}

TEST(SanitizeForTerminal, KeepsTabsAndNewlinesOnlyIfAsked) {
    EXPECT_EQ(sanitize_for_terminal("a\tb\nc"), "a\tb�c");
    EXPECT_EQ(sanitize_for_terminal("a\tb\nc", Newlines::Keep), "a\tb\nc");
}

RC_GTEST_PROP(SanitizeForTerminal, LeavesValidTextWithoutControls, (const std::string& text)) {
    const std::string clean = sanitize_for_terminal(text);
    RC_ASSERT(is_valid_utf8(clean));
    RC_ASSERT(
        std::ranges::none_of(clean, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }));
    RC_ASSERT(sanitize_for_terminal(clean) == clean);
}

TEST(EscapeMarkdown, LeavesNoMarkup) {
    EXPECT_EQ(escape_markdown("<b> & *x* _y_ `z` [a](b) ~~c~~ ![d] | $e$"),
              "&lt;b&gt; &amp; \\*x\\* \\_y\\_ \\`z\\` \\[a\\]\\(b\\) \\~\\~c\\~\\~ \\!\\[d\\] \\| \\$e\\$");
    EXPECT_EQ(escape_markdown("line\nbreak"), "line�break");
}

// Checked with cmark-gfm: entities alone ("&#64;") leave addresses as links, and GitHub looks for mentions in
// the rendered text.
TEST(EscapeMarkdown, LeavesNoMentionReferenceOrLink) {
    EXPECT_EQ(escape_markdown("@ada"), "@&#8203;ada");
    EXPECT_EQ(escape_markdown("a@b.com"), "a@&#8203;b.com");
    EXPECT_EQ(escape_markdown("fixes #12"), "fixes #&#8203;12");
    EXPECT_EQ(escape_markdown("GH-12"), "GH&#8203;-12");
    EXPECT_EQ(escape_markdown("https://x.com"), "https:&#8203;//x.com");
    EXPECT_EQ(escape_markdown("WWW.x.com"), "WWW&#8203;.x.com");
}

TEST(EscapeMarkdown, LeavesPlainTextReadable) {
    EXPECT_EQ(escape_markdown("at 12:30, step 2. - e.g. this"), "at 12:30, step 2. - e.g. this");
}

TEST(PercentEncode, EncodesEverythingButUnreservedCharacters) {
    EXPECT_EQ(percent_encode("aZ9-._~"), "aZ9-._~");
    EXPECT_EQ(percent_encode("a b/ü+"), "a%20b%2F%C3%BC%2B");
}

TEST(PercentDecode, RefusesBadEscapes) {
    EXPECT_EQ(percent_decode("%41%6a+b"), "Aj+b");
    for (const auto* bad : {"%", "%4", "%G1", "abc%1"}) EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(PercentDecode, ReadsEveryEncodingBack, (const std::string& text)) {
    RC_ASSERT(percent_decode(percent_encode(text)) == text);
}

TEST(NearestWord, FindsALikelySlipAndNothingFarFetched) {
    const std::vector<std::string> words = {"labels", "list", "sync", "status"};
    EXPECT_EQ(nearest_word("lables", words), "labels");
    EXPECT_EQ(nearest_word("SYNC", words), "sync");
    EXPECT_EQ(nearest_word("snc", words), "sync");
    EXPECT_EQ(nearest_word("snyc", words), "sync") << "swapped letters are one slip";
    EXPECT_EQ(nearest_word("deploy", words), std::nullopt);
    EXPECT_EQ(nearest_word("", words), std::nullopt);
    EXPECT_EQ(nearest_word("sync", {}), std::nullopt);
}

}  // namespace
}  // namespace ringmaster
