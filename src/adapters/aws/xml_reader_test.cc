#include "adapters/aws/xml_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"

namespace ringmaster::aws {
namespace {

TEST(XmlReader, ReadsAnAnswerOfEc2) {
    const auto root = parse_xml(R"(<?xml version="1.0" encoding="UTF-8"?>
<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>1</requestId>
  <networkInterfaceSet><!-- two of them -->
    <item><networkInterfaceId>eni-1</networkInterfaceId>
      <association><publicIp> 52.1.2.3 </publicIp></association></item>
    <item><networkInterfaceId>eni-2</networkInterfaceId><association/></item>
  </networkInterfaceSet>
</DescribeNetworkInterfacesResponse>)",
                                "an answer");
    ASSERT_TRUE(root) << root.error().describe();
    EXPECT_EQ(root->name, "DescribeNetworkInterfacesResponse");
    const auto items = root->items("networkInterfaceSet", "item");
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0]->text_at("association/publicIp"), "52.1.2.3");
    EXPECT_EQ(items[1]->text_at("association/publicIp"), "");
    EXPECT_EQ(root->find("networkInterfaceSet/item/nothing"), nullptr);
}

TEST(XmlReader, ReadsReferencesSectionsAndPrefixes) {
    const auto root =
        parse_xml("<ns:a attr=\"1 > 0\">&lt;&amp;&#233;&#x1F3AA;<![CDATA[<b>&amp;]]></ns:a>", "it");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "a");
    EXPECT_EQ(root->text, "<&é🎪<b>&amp;");
}

TEST(XmlReader, WhatIsNotWellFormedIsCorrupt) {
    for (const auto* text :
         {"", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a>&unknown;</a>", "<a>&#0;</a>",
          "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<!DOCTYPE a><a/>", "<a><!ENTITY x></a>", "<>", "</>",
          "<a", "<a b=\"", "<a><![CDATA[</a>", "<a/>more"}) {
        const auto root = parse_xml(text, "it");
        ASSERT_FALSE(root) << text;
        EXPECT_EQ(root.error().kind(), ErrorKind::Corrupt);
    }
}

TEST(XmlReader, DepthHasABound) {
    std::string open, close;
    for (int i = 0; i < 100'000; ++i) open += "<a>", close += "</a>";
    EXPECT_FALSE(parse_xml(open + close, "it"));
}

RC_GTEST_PROP(XmlReader, AnyTextComesBackFromAnElement, (std::string text)) {
    std::string bytes;  // control characters other than white space cannot stand in XML
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x20) bytes += c;
    auto escaped = replace_all(replace_all(bytes, "&", "&amp;"), "<", "&lt;");
    const auto root = parse_xml("<a>" + escaped + "</a>", "it");
    RC_ASSERT(root.has_value());
    RC_ASSERT(root->text == std::string(trim(bytes)));
}

RC_GTEST_PROP(XmlReader, NoTextBreaksIt, (std::string text)) {
    (void)parse_xml("<a>" + text, "it");
    (void)parse_xml(text, "it");
}

}  // namespace
}  // namespace ringmaster::aws
