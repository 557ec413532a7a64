#include "flows/dotenv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::flows {
namespace {

Variables read(std::string_view text) {
    auto variables = parse_dotenv(text, "dev.env", {{"HOME", "/srv/ann"}});
    EXPECT_TRUE(variables) << (variables ? "" : variables.error().describe());
    return variables.value_or(Variables());
}

TEST(Dotenv, ReadsWhatPythonDotenvReads) {
    EXPECT_EQ(
        read("A=1\nexport B = two words # why\nC='single $A'\n# no\n\nD=\"a\\nb\"\nE=\nF=x#y\n"),
        (Variables{
            {"A", "1"}, {"B", "two words"}, {"C", "single $A"}, {"D", "a\nb"}, {"E", ""}, {"F", "x#y"}}));
}

TEST(Dotenv, ValuesMayGoOverLinesInQuotes) {
    EXPECT_EQ(read("KEY='one\ntwo'\nNEXT=3"), (Variables{{"KEY", "one\ntwo"}, {"NEXT", "3"}}));
}

TEST(Dotenv, NamesInBracesAreReplaced) {
    EXPECT_EQ(
        read("A=1\nB=${A}2\nC=\"${HOME}/x\"\nD='${A}'\nE=${NONE:-d}\nF=${NONE}"),
        (Variables{{"A", "1"}, {"B", "12"}, {"C", "/srv/ann/x"}, {"D", "${A}"}, {"E", "d"}, {"F", ""}}));
}

TEST(Dotenv, AFileOfOursIsNotInterpolated) {
    EXPECT_EQ(read("# ringmaster-env 1\nA=\"${HOME}\"\n"), (Variables{{"A", "${HOME}"}}));
}

TEST(Dotenv, WhatMakesNoSenseIsToldWithItsLineAndWithoutAValue) {
    for (const auto* text :
         {"A=1\nsecond part of a value\n", "A=1\n=x\n", "A=1\nB='never closed\nC=2", "A=1\nB='x' hush\n"}) {
        const auto variables = parse_dotenv(text, "dev.env");
        ASSERT_FALSE(variables) << text;
        EXPECT_THAT(variables.error().message(), ::testing::StartsWith("dev.env:2: ")) << text;
        EXPECT_THAT(variables.error().message(), ::testing::Not(::testing::HasSubstr("hush")));
    }
}

RC_GTEST_PROP(DotenvProperty, WhatIsPrintedIsReadBack, ()) {
    Variables variables;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i)
        variables[fmt::format("KEY_{}", i)] =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \t\n\r'\"\\$#={}")));
    const auto read_back = parse_dotenv(print_dotenv(variables), "dev.env");
    RC_ASSERT(read_back.has_value());
    RC_ASSERT(*read_back == variables);
}

RC_GTEST_PROP(DotenvProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
    (void)parse_dotenv(text, "dev.env");
}

}  // namespace
}  // namespace ringmaster::flows
