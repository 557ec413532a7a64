#include "adapters/python_source/source_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "adapters/python_source/literals.h"
#include "base/text.h"

namespace ringmaster::python_source {
namespace {

TEST(SourceText, TheEncodingIsTheOneThatPythonTakes) {
    EXPECT_EQ(decode_source("x = 'é'\n").text, "x = 'é'\n");
    EXPECT_EQ(decode_source("\xEF\xBB\xBFx = 1\n").text, "x = 1\n");
    EXPECT_EQ(decode_source("# -*- coding: latin-1 -*-\nx = '\xE9'\n").text,
              "# -*- coding: latin-1 -*-\nx = 'é'\n");
    EXPECT_TRUE(
        decode_source("#!/bin/sh\n# vim: set fileencoding=ISO_8859_15 :\n'\xA4'").text.ends_with("\n'€'"));
    EXPECT_EQ(decode_source("# coding=cp1252\n'\x80'").text, "# coding=cp1252\n'€'");
}

TEST(SourceText, ACookieBehindCodeIsNone) {
    const auto source = decode_source("x = 1\n# coding: latin-1\n'\xE9'\n");
    ASSERT_EQ(source.problems.size(), 1U);
    EXPECT_NE(source.problems[0].find("not valid UTF-8"), std::string::npos);
    EXPECT_EQ(source.text, "x = 1\n# coding: latin-1\n'\xEF\xBF\xBD'\n");
}

TEST(SourceText, WhatPythonRefusesIsSaidAndReadAllTheSame) {
    EXPECT_NE(decode_source("# coding: koi8-r\nx = 1\n").problems.at(0).find("koi8-r"), std::string::npos);
    EXPECT_EQ(decode_source("# coding: koi8-r\nx = 1\n").text, "# coding: koi8-r\nx = 1\n");
    EXPECT_EQ(decode_source("\xEF\xBB\xBF# coding: latin-1\n").problems.size(), 1U);
    EXPECT_FALSE(decode_source(std::string_view("x\0y", 3)).is_readable);
    EXPECT_FALSE(decode_source("\xFF\xFEx").is_readable);
}

TEST(SourceText, LinesEndAsPythonEndsThem) {
    EXPECT_EQ(decode_source("a\r\nb\rc\n").text, "a\nb\nc\n");
}

RC_GTEST_PROP(SourceText, AnyBytesBecomeValidText, (const std::string& bytes)) {
    RC_ASSERT(is_valid_utf8(decode_source(bytes).text));
    RC_ASSERT(is_valid_utf8(decode_source("# coding: latin-1\n" + bytes).text));
}

TEST(Literals, EscapesMeanWhatPythonMeans) {
    EXPECT_EQ(unescape("a\\n\\x41\\u00e9\\101\\\\\\'\\q\\\nb", {}), "a\nAéA\\'\\qb");
    EXPECT_EQ(unescape("a\\n", {.is_raw = true}), "a\\n");
    EXPECT_EQ(unescape("{{a}}", {.is_format = true}), "{a}");
    EXPECT_EQ(unescape("{{a}}", {}), "{{a}}");
    for (const auto* unknown : {"\\N{DASH}", "\\x4", "\\ud800", "\\U00110000", "\\u12", "\\"})
        EXPECT_EQ(unescape(unknown, {}), std::nullopt) << unknown;
}

TEST(Literals, WholeNumbersAreWrittenAsPythonPrintsThem) {
    EXPECT_EQ(decimal_digits("1_000"), "1000");
    EXPECT_EQ(decimal_digits("0xFF"), "255");
    EXPECT_EQ(decimal_digits("0o17"), "15");
    EXPECT_EQ(decimal_digits("0b11"), "3");
    EXPECT_EQ(decimal_digits("99999999999999999999"), std::nullopt);
    EXPECT_EQ(decimal_digits("1j"), std::nullopt);
}

TEST(Literals, DocstringsAreCleanedAsInspectDoes) {
    EXPECT_EQ(clean_docstring("First.\n\n    Second.\n      More.\n    "), "First.\n\nSecond.\n  More.");
    EXPECT_EQ(clean_docstring("\n    First.\n    "), "First.");
    EXPECT_EQ(clean_docstring("  One\tline"), "One   line");
    EXPECT_EQ(clean_docstring(""), "");
    EXPECT_EQ(clean_docstring("\n\n"), "");
}

}  // namespace
}  // namespace ringmaster::python_source
