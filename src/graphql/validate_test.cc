#include "graphql/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/parser.h"
#include "graphql/test_schema.h"

namespace ringmaster::graphql {
namespace {

class Validation : public testing::Test {
 protected:
    std::vector<ErrorEntry> errors(const std::string& query, const Limits& limits = {}) {
        const auto document = parse_document(query, limits);
        EXPECT_TRUE(document) << document.error().message;
        return document ? validate(*schema_, *document, limits) : std::vector<ErrorEntry>{};
    }
    std::string first(const std::string& query) {
        const auto found = errors(query);
        return found.empty() ? "valid" : found.front().message;
    }

    std::unique_ptr<const Schema> schema_ = make_test_schema();
};

struct Case {
    const char* query;
    const char* message;
};

TEST_F(Validation, NamesEachMistake) {
    const Case cases[] = {
        {"{ lions }", "Field 'lions' doesn't exist on type 'Query'"},
        {"{ acts { nose } }", "Field 'nose' doesn't exist on type 'Act'"},
        {"{ acts }",
         "Field must have selections (field 'acts' returns Act but has no selections. Did you mean 'acts "
         "{ ... }'?)"},
        {"{ text { size } }",
         "Selections can't be made on scalars (field 'text' returns String but has selections)"},
        {"{ clown { id } }", "Field 'clown' is missing required arguments: id"},
        {"{ clown(id: 1, age: 2) { id } }", "Field 'clown' doesn't accept argument 'age'"},
        {"{ clown(id: 1, id: 2) { id } }", "There can be only one argument named \"id\""},
        {"{ clown(id: true) { id } }",
         "Argument 'id' on Field 'clown' has an invalid value (true). Expected type 'ID!'."},
        {"{ clown(id: null) { id } }",
         "Argument 'id' on Field 'clown' has an invalid value (null). Expected type 'ID!'."},
        {"{ clown(id: 1) { nose(color: GREEN) } }",
         "Argument 'color' on Field 'nose' has an invalid value (GREEN). Expected type 'Color'."},
        {"{ clown(id: 1) { nose(color: \"RED\") } }",
         "Argument 'color' on Field 'nose' has an invalid value (\"RED\"). Expected type 'Color'."},
        {"{ filter(by: {kind: \"x\"}) }",
         "Argument 'by' on Field 'filter' has an invalid value ({kind: \"x\"}). Expected type 'ActFilter'."},
        {"{ sum(of: [1, 2.5]) }",
         "Argument 'of' on Field 'sum' has an invalid value ([1, 2.5]). Expected type '[Int!]!'."},
        {"{ acts { ... on Lion { id } } }", "No such type Lion, so it can't be a fragment condition"},
        {"{ acts { ... on Color { id } } }",
         "Invalid fragment on type Color (must be Union, Interface or Object)"},
        {"{ acts { ... on Query { text } } }",
         "Fragment on Query can't be spread inside Act (inline fragment)"},
        {"{ clown(id: 1) { ...h } } fragment h on Horse { legs }",
         "Fragment on Horse can't be spread inside Clown (h)"},
        {"{ ...missing }", "Fragment missing was used, but not defined"},
        {"{ text } fragment idle on Query { text }", "Fragment idle was defined, but not used"},
        {"{ ...a } fragment a on Query { ...b } fragment b on Query { text ...a }",
         "Fragment a contains an infinite loop"},
        {"{ acts { ...a } } fragment a on Act { partner { ...a } }", "Fragment a contains an infinite loop"},
        {"{ ...a } fragment a on Query { text } fragment a on Query { text }",
         "Fragment name \"a\" must be unique"},
        {"query A { text } query A { text }", "Operation name \"A\" must be unique"},
        {"{ text } { text }", "GraphQL operations must have a name when there are several of them"},
        {"subscription { text }", "Schema is not configured for subscriptions"},
        {"{ text @upper }", "Directive @upper is not defined"},
        {"{ text @skip }", "Directive 'skip' is missing required arguments: if"},
        {"{ text @skip(if: 1) }",
         "Argument 'if' on Directive 'skip' has an invalid value (1). Expected type 'Boolean!'."},
        {"{ text @skip(if: true) @skip(if: true) }",
         "The directive \"skip\" can only be used once at this location."},
        {"query @skip(if: true) { text }",
         "'@skip' can't be applied here (allowed: fields, fragment spreads, inline fragments)"},
        {"{ clown(id: $id) { id } }", "Variable $id is used by anonymous operation but not declared"},
        {"query Q($id: ID!) { text }", "Variable $id is declared by Q but not used"},
        {"query Q($id: ID) { clown(id: $id) { id } }",
         "Type mismatch on variable $id and argument id (ID / ID!)"},
        {"query Q($id: Int!) { clown(id: $id) { id } }",
         "Type mismatch on variable $id and argument id (Int! / ID!)"},
        {"query Q($i: Int!) { sum(of: $i) }",
         "Type mismatch on variable $i and argument of (Int! / [Int!]!)"},
        {"query Q($i: Int) { sum(of: [$i]) }", "Type mismatch on variable $i and argument of (Int / Int!)"},
        {"query Q($i: Int) { filter(by: {limit: $i}) }",
         "Type mismatch on variable $i and input field limit (Int / Int!)"},
        {"query Q($b: String!) { ...f } fragment f on Query { text @skip(if: $b) }",
         "Type mismatch on variable $b and argument if (String! / Boolean!)"},
        {"query Q($a: Lion) { text }", "Lion isn't a defined input type (on $a)"},
        {"query Q($a: Clown) { text }", "Clown isn't a valid input type (on $a)"},
        {"query Q($a: ID = 1, $a: ID) { clown(id: $a) { id } }",
         "There can be only one variable named \"a\""},
        {"query Q($a: Int = \"x\") { sum(of: [1], half: $a) }",
         "Argument 'default' on Variable $a has an invalid value (\"x\"). Expected type 'Int'."},
        {"query Q($a: ID! = $a) { clown(id: $a) { id } }", "Default value for $a can't be another variable"},
        {"{ x: text x: broken }", "Field 'x' has a field conflict: text or broken?"},
        {"{ clown(id: 1) { id } clown(id: 2) { id } }",
         "Field 'clown' has an argument conflict: {id:1} or {id:2}?"},
        {"{ clown(id: 1) { x: id } ...q } fragment q on Query { clown(id: 1) { x: nose } }",
         "Field 'x' has a field conflict: id or nose?"},
        {"{ acts { ... on Clown { x: partner { id } } ... on Horse { x: legs } } }",
         "Field 'x' has a type conflict: Act or Int!?"},
        {"{ acts { ... on Clown { x: tricks } ... on Horse { x: legs } } }",
         "Field 'x' has a type conflict: [String!]! or Int!?"},
    };
    for (const auto& [query, message] : cases) EXPECT_EQ(first(query), message) << query;
}

TEST_F(Validation, AcceptsWhatTheSpecificationAllows) {
    for (const char* query : {
             "query Q($id: ID = 1) { clown(id: $id) { id } }",
             "query Q($i: [Int!]!) { sum(of: $i) }",
             "query Q($c: Color!) { clown(id: 1) { nose(color: $c) } }",
             "{ acts { ... on Clown { x: id } ... on Horse { x: id } id } }",
             "{ acts { ... on Clown { nose } ... on Horse { nose } } }",
             "{ acts { ... on Thing { ... on Horse { legs } } ... on Act { id } } }",
             "query A { ...f } query B { ...f } fragment f on Query { text }",
             "{ x: text y: text text __typename acts { __typename } }",
         })
        EXPECT_EQ(first(query), "valid") << query;
}

TEST_F(Validation, SaysWhereInTheQueryAMistakeIs) {
    const auto found = errors("query Q {\n  acts {\n    x: lion\n  }\n}");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].path, (std::vector<PathSegment>{"query Q", "acts", "x"}));
    EXPECT_EQ(found[0].locations, (std::vector<Location>{{3, 5}}));
    EXPECT_EQ(found[0].code, "undefinedField");
}

std::string repeated(int times, std::string_view text) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST_F(Validation, BoundsDepthFieldsAndAliases) {
    const auto only_error = [&](const std::string& query, const Limits& limits) {
        const auto found = errors(query, limits);
        return found.size() == 1 ? found[0].message : fmt::format("{} errors", found.size());
    };
    const std::string deep =
        "{ clown(id: 1)" + repeated(50, " { partner ") + "{ id }" + repeated(50, "}") + "}";
    EXPECT_EQ(only_error(deep, {}), "Query has a depth of more than 40");
    EXPECT_EQ(only_error("{ acts { id partner { id } } }", {.max_fields = 3}),
              "Query has more than 3 fields");
    EXPECT_EQ(only_error("{ a: text b: text c: text }", {.max_aliases = 2}), "Query has more than 2 aliases");
}

// "Billion laughs": each fragment names the next one twice, under aliases, so written out it doubles each
// time.
TEST_F(Validation, StopsFragmentsThatMultiply) {
    std::string query = "{ acts { ...f0 } }";
    for (int i = 0; i < 25; ++i)
        query += fmt::format(" fragment f{} on Act {{ a: partner {{ ...f{} }} b: partner {{ ...f{} }} }}", i,
                             i + 1, i + 1);
    query += " fragment f25 on Act { id }";
    const auto found = errors(query);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].type, "RESOURCE_LIMITS_EXCEEDED");
}

TEST_F(Validation, AChainOfThousandsOfFragmentsIsRefusedNotFollowed) {
    std::string query = "{ ...f0 }";
    for (int i = 0; i < 5000; ++i) query += fmt::format(" fragment f{} on Query {{ ...f{} }}", i, i + 1);
    query += " fragment f5000 on Query { text }";
    EXPECT_THAT(first(query), testing::HasSubstr("contains an infinite loop"));
}

TEST_F(Validation, ReportsAtMostAHundredMistakes) {
    EXPECT_EQ(errors("{" + repeated(300, " lion") + "}").size(), 100u);
}

}  // namespace
}  // namespace ringmaster::graphql
