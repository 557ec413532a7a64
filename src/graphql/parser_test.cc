#include "graphql/parser.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "graphql/print.h"

namespace ringmaster::graphql {
namespace {

const Literal& first_argument(const Document& document) {
    return document.operations.at(0).selections.at(0).arguments.at(0).value;
}

std::string string_in(std::string_view literal) {
    const auto document = parse_document("{f(a:" + std::string(literal) + ")}");
    if (!document) return "error: " + document.error().message;
    return first_argument(*document).text;
}

TEST(Parser, ReadsEverythingAnOperationMayHave) {
    const auto document = parse_document(R"(
        # the pull request and its labels
        query Pull($owner: String!, $n: Int = 3, $l: [String!]! = ["a"]) @skip(if: false) {
          repository(owner: $owner, name: "web") @include(if: true) {
            one: label(name: "🎪 🔑 12.1"), two: label(name: null) { ...labelParts }
            ... on Repository { id }
            ... @skip(if: $n) { id }
          }
        }
        fragment labelParts on Label { name }
    )");
    ASSERT_TRUE(document) << document.error().message;
    const Operation& operation = document->operations.at(0);
    EXPECT_EQ(operation.name, "Pull");
    EXPECT_EQ(print(operation.variables.at(2).type), "[String!]!");
    EXPECT_EQ(print(*operation.variables.at(1).default_value), "3");
    const auto& inside = operation.selections.at(0).selections;
    EXPECT_EQ(inside.at(0).response_name(), "one");
    EXPECT_EQ(inside.at(0).arguments.at(0).value.text, "🎪 🔑 12.1");
    EXPECT_EQ(inside.at(1).arguments.at(0).value.kind, Literal::Kind::Null);
    EXPECT_EQ(inside.at(2).type_condition, "Repository");
    EXPECT_EQ(inside.at(3).type_condition, "");
    EXPECT_EQ(document->fragments.at(0).type_condition, "Label");
}

TEST(Parser, ReadsEveryKindOfLiteral) {
    const auto document = parse_document(R"({f(a:[1,-2.5e3,true,null,OPEN,$v,"x",{k:{deep:[]}}])})");
    ASSERT_TRUE(document) << document.error().message;
    std::vector<Literal::Kind> kinds;
    for (const Literal& item : first_argument(*document).items) kinds.push_back(item.kind);
    using enum Literal::Kind;
    EXPECT_EQ(kinds, (std::vector<Literal::Kind>{Int, Float, Boolean, Null, Enum, Variable, String, Object}));
}

TEST(Parser, KeywordsAreOrdinaryNamesElsewhere) {
    EXPECT_TRUE(parse_document("query query { on fragment: mutation(true: 1) { type } }"));
}

TEST(Parser, DecodesStringEscapes) {
    EXPECT_EQ(string_in(R"("a\n\t\"\\\/")"), "a\n\t\"\\/");
    EXPECT_EQ(string_in(R"("\u00e9 \uD83C\uDFAA \u{1F3AA}")"), "é 🎪 🎪");
    for (const char* broken : {R"("\uD83C")", R"("\uDFAA")", R"("\uD83Cx")", R"("\x")", R"("\u12")",
                               R"("\u{}")", R"("\u{110000}")", R"("\u{D800}")", "\"a\nb\"", "\"open"})
        EXPECT_TRUE(string_in(broken).starts_with("error: ")) << broken << " gave " << string_in(broken);
}

TEST(Parser, TakesTheIndentationOffBlockStrings) {
    EXPECT_EQ(string_in("\"\"\"\n    Hello,\n      World!\n\n    Yours\n  \"\"\""),
              "Hello,\n  World!\n\nYours");
    EXPECT_EQ(string_in("\"\"\"a \\\"\"\" \\n b\"\"\""), "a \"\"\" \\n b");
    EXPECT_EQ(string_in("\"\"\"\r\n a\r\n b\"\"\""), "a\nb");
    EXPECT_EQ(string_in("\"\"\"\"\"\""), "");
    EXPECT_TRUE(string_in("\"\"\"open").starts_with("error: "));
}

TEST(Parser, SaysWhereADocumentBreaks) {
    const auto document = parse_document("query {\r\n  a\n  b(: 1)\n}");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().location, (Location{3, 5}));
    EXPECT_EQ(document.error().message, "Expected an argument's name, actual: \":\" at [3, 5]");
}

TEST(Parser, RefusesWhatIsNoExecutableDocument) {
    for (const char* broken : {"",
                               "{}",
                               "{",
                               "{a",
                               "{a}}",
                               "query",
                               "type A { b: Int }",
                               "fragment on on A { b }",
                               "{a(b:)}",
                               "{a()}",
                               "query () {a}",
                               "{a(b: 01)}",
                               "{a(b: 1.)}",
                               "{a(b: 1x)}",
                               "{a(b: .5)}",
                               "{a(b: --1)}",
                               "{..}",
                               "{a ? b}",
                               "{a @}",
                               "query ($a: ) {a}",
                               "query ($a: [Int) {a}",
                               "{... on}",
                               "{a(b: 1e)}",
                               "\x01",
                               "{a(b: {c})}"})
        EXPECT_FALSE(parse_document(broken)) << broken;
    EXPECT_FALSE(parse_document("{a(b: \"\xFF\")}"));
}

TEST(Parser, HoldsItsLimits) {
    const auto message = [](const std::string& source) {
        const auto document = parse_document(source);
        return document ? std::string("read") : document.error().message;
    };
    const auto nested = [](std::size_t levels, std::string_view open, std::string_view close) {
        std::string text;
        for (std::size_t i = 0; i < levels; ++i) text += open;
        for (std::size_t i = 0; i < levels; ++i) text += close;
        return text;
    };
    EXPECT_EQ(message("{a(b:" + nested(90, "[", "]") + ")}"), "read");
    EXPECT_EQ(message("{a(b:" + nested(1000, "[", "]") + ")}"), "Nested deeper than 100 levels");
    EXPECT_EQ(message("{a(b:" + nested(200'000, "{a:", "}") + ")}"), "Nested deeper than 100 levels");
    EXPECT_EQ(message(nested(100'000, "{a", "}")), "Nested deeper than 100 levels");
    EXPECT_EQ(message("query($a:" + nested(100'000, "[", "]") + "){a}"), "Nested deeper than 100 levels");
    EXPECT_EQ(message("{" + nested(60'000, "a ", "") + "}"), "The document has more than 50000 tokens");
    EXPECT_EQ(message(std::string(2 << 20, ' ')), "The document has 2097152 bytes; at most 1048576 are read");
}

// Documents of the printer's whole range, small enough to be many.
rc::Gen<std::string> name_generator() {
    return rc::gen::element<std::string>("a", "b1", "_c", "on", "query", "type", "true_", "Label");
}

Literal random_literal(int depth) {
    using Kind = Literal::Kind;
    Literal literal;
    literal.kind = *rc::gen::element(Kind::Null, Kind::Boolean, Kind::Int, Kind::Float, Kind::String,
                                     Kind::Enum, Kind::Variable, Kind::List, Kind::Object);
    if (depth <= 0 && (literal.kind == Kind::List || literal.kind == Kind::Object)) literal.kind = Kind::Int;
    switch (literal.kind) {
        case Kind::Null:
            literal.text = "null";
            break;
        case Kind::Boolean:
            literal.text = *rc::gen::element<std::string>("true", "false");
            break;
        case Kind::Int:
            literal.text = std::to_string(*rc::gen::arbitrary<std::int64_t>());
            break;
        case Kind::Float:
            literal.text = *rc::gen::element<std::string>("0.5", "-1e9", "2.5E-3");
            break;
        case Kind::String:
            literal.text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
            literal.text += *rc::gen::element<std::string>("", "🎪", "é", "\"\\");
            break;
        case Kind::Enum:
            literal.text = "OPEN";
            break;
        case Kind::Variable:
            literal.text = *name_generator();
            break;
        case Kind::List:
            for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
                literal.items.push_back(random_literal(depth - 1));
            break;
        case Kind::Object:
            for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
                literal.members.push_back({*name_generator(), random_literal(depth - 1), {}});
            break;
    }
    return literal;
}

std::vector<Argument> random_arguments() {
    std::vector<Argument> arguments;
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
        arguments.push_back({*name_generator(), random_literal(2), {}});
    return arguments;
}

std::vector<Selection> random_selections(int depth) {
    std::vector<Selection> selections;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
        Selection selection;
        selection.kind = *rc::gen::element(Selection::Kind::Field, Selection::Kind::FragmentSpread,
                                           Selection::Kind::InlineFragment);
        if (depth <= 0 && selection.kind == Selection::Kind::InlineFragment)
            selection.kind = Selection::Kind::Field;
        if (selection.kind == Selection::Kind::Field) {
            selection.name = *name_generator();
            selection.alias = *rc::gen::element<std::string>("", "alias");
            selection.arguments = random_arguments();
        } else if (selection.kind == Selection::Kind::FragmentSpread) {
            selection.name = "parts";
        } else {
            selection.type_condition = *rc::gen::element<std::string>("", "Label");
        }
        if (*rc::gen::inRange(0, 4) == 0) selection.directives.push_back({"skip", random_arguments(), {}});
        const bool may_nest = selection.kind != Selection::Kind::FragmentSpread && depth > 0;
        if (may_nest && (selection.kind == Selection::Kind::InlineFragment || *rc::gen::arbitrary<bool>()))
            selection.selections = random_selections(depth - 1);
        selections.push_back(std::move(selection));
    }
    return selections;
}

RC_GTEST_PROP(ParserProperty, ReadsBackWhatIsPrinted, ()) {
    Document document;
    Operation operation;
    operation.kind = *rc::gen::element(Operation::Kind::Query, Operation::Kind::Mutation);
    operation.name = *rc::gen::element<std::string>("", "Name");
    if (*rc::gen::arbitrary<bool>())
        operation.variables.push_back(
            {"v", {.element = {{.name = "Int", .non_null = true}}}, random_literal(1), {}, {}});
    operation.selections = random_selections(3);
    document.operations.push_back(std::move(operation));
    document.fragments.push_back({"parts", "Label", {}, random_selections(1), {}});

    const std::string text = print(document);
    const auto read = parse_document(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(print(*read) == text);
}

RC_GTEST_PROP(ParserProperty, SurvivesAnyBytes, (const std::string& bytes)) {
    const auto document = parse_document(bytes);
    if (!document) RC_ASSERT(!document.error().message.empty());
}

RC_GTEST_PROP(ParserProperty, SurvivesAnyTokens, ()) {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "{", "}", "(", ")", "[", "]", "$", ":", "=", "!", "@", "...", "on", "query", "fragment", "a", "1",
        "-", ".", "\"", "\"\"\"", "\\", "\\u{", "#", "\n", "🎪", "\xFF", "null", ","));
    std::string text;
    for (const std::string& piece : pieces) text += piece + (*rc::gen::arbitrary<bool>() ? " " : "");
    const auto document = parse_document(text);
    if (document) RC_ASSERT(parse_document(print(*document)).has_value());
}

}  // namespace
}  // namespace ringmaster::graphql
