#include "adapters/support/json_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::support {
namespace {

TEST(JsonReader, ReadsMembersByType) {
    const auto root = JsonReader::parse(R"({"a":{"s":"x","n":-7,"b":true,"l":[{"s":"y"}],"z":null}})", "it");
    ASSERT_TRUE(root);
    const auto a = root->member("a").value();
    EXPECT_EQ(a.string("s").value(), "x");
    EXPECT_EQ(a.integer("n").value(), -7);
    EXPECT_TRUE(a.boolean("b").value());
    EXPECT_EQ(a.items("l").value().at(0).string("s").value(), "y");
    EXPECT_EQ(a.optional_string("z").value(), "");
    EXPECT_EQ(a.optional_string("missing").value(), "");
    EXPECT_FALSE(a.find("z").value());
    EXPECT_EQ(a.keys(), (std::vector<std::string>{"b", "l", "n", "s", "z"}));
}

TEST(JsonReader, NamesThePlaceOfWhatIsMissingOrOfAnotherType) {
    const auto root =
        JsonReader::parse(R"({"a":[{"n":"7","big":18446744073709551615}]})", "GitHub's answer").value();
    const auto first = root.items("a").value().at(0);
    EXPECT_EQ(first.integer("n").error().message(), "GitHub's answer: /a/0/n should be a whole number");
    EXPECT_EQ(first.integer("n").error().kind(), ErrorKind::Corrupt);
    EXPECT_FALSE(first.integer("big"));
    EXPECT_EQ(first.string("gone").error().message(), "GitHub's answer: /a/0/gone should be there");
    EXPECT_EQ(root.string("a").error().message(), "GitHub's answer: /a should be a string");
    EXPECT_EQ(root.member("a").value().string("x").error().message(),
              "GitHub's answer: /a should be an object");
}

TEST(JsonReader, ReadsNumbersWithAndWithoutAPoint) {
    const auto root = JsonReader::parse(R"({"a":1764000000.25,"b":7,"c":"7"})", "it").value();
    EXPECT_EQ(root.number("a").value(), 1764000000.25);
    EXPECT_EQ(root.number("b").value(), 7);
    EXPECT_EQ(root.number("c").error().message(), "it: /c should be a number");
}

TEST(JsonReader, EscapesThePointer) {
    const auto root = JsonReader::parse(R"({"a/b~c":1})", "it").value();
    EXPECT_EQ(root.member("a/b~c").value().pointer(), "/a~1b~0c");
}

TEST(JsonReader, EqualValuesAreEqualTexts) {
    const auto one = JsonReader::parse(R"({"b": [1, "ż"], "a": null})", "it").value();
    const auto two = JsonReader::parse(R"({"a":null,"b":[1,"\u017c"]})", "it").value();
    EXPECT_EQ(one.text(), two.text());
    EXPECT_EQ(one.text(), R"({"a":null,"b":[1,"ż"]})");
}

TEST(JsonReader, WhatIsNotJsonIsCorrupt) {
    for (const std::string_view text : {"", "{", "nope", "{\"a\":\"\xff\"}", "[1,]"}) {
        const auto root = JsonReader::parse(text, "it");
        ASSERT_FALSE(root) << text;
        EXPECT_EQ(root.error().kind(), ErrorKind::Corrupt);
    }
}

RC_GTEST_PROP(JsonReader, AnyTextQuotedAndReadAgainIsTheSameOrRepaired, (const std::string& text)) {
    const auto root = JsonReader::parse("{\"t\":" + json_quote(text) + "}", "it");
    RC_ASSERT(root.has_value());
    RC_ASSERT(root->string("t").has_value());
}

}  // namespace
}  // namespace ringmaster::support
