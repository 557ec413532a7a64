#include "graphql/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "graphql/test_schema.h"

namespace ringmaster::graphql {
namespace {

using nlohmann::json;

class Engine : public testing::Test {
 protected:
    json ask(const std::string& query, const json& variables = nullptr, const Limits& limits = {}) {
        const json body = {{"query", query}, {"variables", variables}};
        return json::parse(answer_request(*schema_, body.dump(), &circus_, limits).body);
    }
    json data(const std::string& query, const json& variables = nullptr) {
        const json answer = ask(query, variables);
        EXPECT_FALSE(answer.contains("errors")) << answer.dump(2);
        return answer.value("data", json());
    }
    std::string first_error(const std::string& query, const json& variables = nullptr) {
        const json answer = ask(query, variables);
        return answer.contains("errors") ? answer["errors"][0]["message"].get<std::string>() : answer.dump();
    }

    std::unique_ptr<const Schema> schema_ = make_test_schema();
    TestCircus circus_;
};

TEST_F(Engine, AnswersInTheOrderAndUnderTheNamesAsked) {
    const json body = {
        {"query", "{ b: clown(id: 7) { nose id blue: nose(color: BLUE) } a: clown(id: \"0\") { id } }"}};
    EXPECT_EQ(answer_request(*schema_, body.dump(), &circus_).body,
              R"({"data":{"b":{"nose":"RED nose","id":"7","blue":"BLUE nose"},"a":null}})");
}

TEST_F(Engine, ChoosesFragmentsByTheObjectsType) {
    EXPECT_EQ(data("{ acts { __typename id ... on Clown { nose } ...h } } fragment h on Horse { legs partner "
                   "{ id } }"),
              json::parse(R"({"acts":[{"__typename":"Clown","id":"1","nose":"RED nose"},
                  {"__typename":"Horse","id":"2","legs":4,"partner":{"id":"2p"}},
                  {"__typename":"Clown","id":"3","nose":"RED nose"}]})"));
    EXPECT_EQ(data("{ things { ... on Act { id } __typename } }"),
              json::parse(R"({"things":[{"id":"9","__typename":"Horse"},null]})"));
}

TEST_F(Engine, MergesSelectionsOfOneName) {
    EXPECT_EQ(
        data("{ clown(id: 1) { id } ... on Query { clown(id: 1) { nose partner { id } } } ...q }"
             " fragment q on Query { clown(id: 1) { partner { __typename } } }"),
        json::parse(R"({"clown":{"id":"1","nose":"RED nose","partner":{"id":"1p","__typename":"Horse"}}})"));
}

TEST_F(Engine, LeavesOutWhatIsSkippedOrNotIncluded) {
    const std::string query =
        "query($yes: Boolean! = true, $no: Boolean!) { a: __typename @include(if: $no) b: __typename "
        "@skip(if: $no)"
        " c: __typename @skip(if: $yes) @include(if: $yes) ... @include(if: $yes) { d: __typename } }";
    EXPECT_EQ(data(query, {{"no", false}}), (json{{"b", "Query"}, {"d", "Query"}}));
}

TEST_F(Engine, TellsNullAbsentAndDefaultApart) {
    EXPECT_EQ(data("{ clown(id: 1) { nose(color: BLUE) } }")["clown"]["nose"], "BLUE nose");
    EXPECT_EQ(data("query($c: Color) { clown(id: 1) { nose(color: $c) } }")["clown"]["nose"], "RED nose");
    EXPECT_EQ(data("query($c: Color = BLUE) { clown(id: 1) { nose(color: $c) } }")["clown"]["nose"],
              "BLUE nose");
    EXPECT_EQ(data("{ filter(by: null) }")["filter"], "none");
    EXPECT_EQ(
        data("query($l: Int! = 3, $k: String = \"Horse\") { filter(by: {limit: $l, kind: $k}) }")["filter"],
        "Horse 3");
}

TEST_F(Engine, CoercesVariablesAndLiteralsToTheirTypes) {
    const std::string query = "query($f: ActFilter!) { filter(by: $f) }";
    EXPECT_EQ(data(query, {{"f", {{"limit", 5}, {"ids", {1, "x"}}}}})["filter"], "Clown 5 1 x");
    EXPECT_EQ(data(query, {{"f", {{"limit", 5.0}, {"ids", "one"}}}})["filter"], "Clown 5 one");
    EXPECT_EQ(data("{ sum(of: 4, half: 1) }")["sum"], 4.0);
    EXPECT_EQ(data("query($n: Int!) { sum(of: [1, $n]) }", {{"n", 2}})["sum"], 3.0);
    EXPECT_EQ(first_error(query, {{"f", {{"limit", "5"}}}}),
              "Variable $f of type ActFilter! was provided invalid value (limit: Could not coerce value "
              "\"5\" to Int)");
    EXPECT_EQ(first_error(query, {{"f", {{"limit", 3'000'000'000}}}}),
              "Variable $f of type ActFilter! was provided invalid value (limit: Could not coerce value "
              "3000000000 to "
              "Int)");
    EXPECT_EQ(first_error(query),
              "Variable $f of type ActFilter! was provided invalid value (Expected value to not "
              "be null)");
    EXPECT_EQ(first_error(query, {{"f", {{"limit", 1}, {"colour", 1}}}}),
              "Variable $f of type ActFilter! was provided invalid value (colour: Field is not defined on "
              "ActFilter)");
    EXPECT_EQ(
        first_error("query($d: Date) { filter(on: $d) }", {{"d", "soon"}}),
        "Variable $d of type Date was provided invalid value (Could not coerce value \"soon\" to Date)");
    json deep = {{"limit", 1}};
    for (int i = 0; i < 200; ++i) deep = {{"limit", 1}, {"inner", deep}};
    EXPECT_THAT(first_error(query, {{"f", deep}}), testing::HasSubstr("Nested too deep"));
}

TEST_F(Engine, AnErrorStandsBesideTheDataWithPathTypeAndPlace) {
    EXPECT_EQ(ask("{ broken\n acts { id } }"),
              json::parse(R"({"data":{"broken":null,"acts":[{"id":"1"},{"id":"2"},{"id":"3"}]},"errors":[
                  {"type":"DANGER","path":["broken"],"locations":[{"line":1,"column":3}],
                   "message":"The lion is loose"}]})"));
}

TEST_F(Engine, NullMovesUpToWhatMayBeNull) {
    const json one = ask("{ clown(id: 1) { id joke } text }");
    EXPECT_EQ(one["data"]["clown"], nullptr);
    EXPECT_TRUE(one["data"]["text"].is_string());
    EXPECT_EQ(one["errors"][0]["path"], (json{"clown", "joke"}));
    const json all = ask("{ text acts { id ... on Clown { joke } } }");
    EXPECT_EQ(all["data"], nullptr) << "acts is [Act!]!, so nothing below the root may be null";
    EXPECT_EQ(all["errors"][0]["path"], (json{"acts", 0, "joke"}));
}

TEST_F(Engine, MutationsRunInOrderAndAFailedOneStopsNoLaterOne) {
    const json answer =
        ask(R"(mutation { a: log(text: "1") b: log(text: "bad") c: log(text: "2") d: count e: count })");
    EXPECT_EQ(answer["data"], json::parse(R"({"a":"1","b":null,"c":"2","d":1,"e":2})"));
    EXPECT_EQ(circus_.log, (std::vector<std::string>{"1", "2"}));
    ASSERT_EQ(answer["errors"].size(), 1u);
    EXPECT_EQ(answer["errors"][0]["path"], json{"b"});
    EXPECT_EQ(answer["errors"][0]["type"], "UNPROCESSABLE");
}

TEST_F(Engine, NothingRunsWhenAnythingIsInvalid) {
    EXPECT_FALSE(ask("mutation { a: log(text: \"1\") b: nothing }").contains("data"));
    EXPECT_TRUE(circus_.log.empty());
}

TEST_F(Engine, BytesThatAreNoTextBecomeReplacementCharacters) {
    EXPECT_EQ(data("{ text }")["text"], "a \"quoted\" \xEF\xBF\xBD 🎪\n");
}

TEST_F(Engine, ChoosesTheOperationByName) {
    const auto run = [&](const json& name) {
        const json body = {{"query", "query A { a: __typename } query B { b: __typename }"},
                           {"operationName", name}};
        return json::parse(answer_request(*schema_, body.dump(), &circus_).body);
    };
    EXPECT_EQ(run("B")["data"], (json{{"b", "Query"}}));
    EXPECT_EQ(run("C")["errors"][0]["message"], "No operation named \"C\"");
    EXPECT_EQ(run(nullptr)["errors"][0]["message"], "An operation name is required");
}

TEST_F(Engine, ARequestThatIsNoneIsSaidToBe) {
    const auto status = [&](std::string_view body) {
        return answer_request(*schema_, body, &circus_).status;
    };
    EXPECT_EQ(status("{"), 400);
    EXPECT_EQ(status("[]"), 400);
    EXPECT_EQ(status("{}"), 200);
    EXPECT_EQ(json::parse(answer_request(*schema_, R"({"query":1})", &circus_).body)["errors"][0]["message"],
              "A query attribute must be specified and must be a string.");
    EXPECT_EQ(json::parse(answer_request(*schema_, R"({"query":"{a","variables":{}})", &circus_)
                              .body)["errors"][0]["extensions"]["code"],
              "parseError");
}

TEST_F(Engine, AnAnswerHasABound) {
    const json answer = ask("{ acts { id } text }", nullptr, {.max_result_values = 5});
    EXPECT_EQ(answer["data"], nullptr);
    ASSERT_EQ(answer["errors"].size(), 1u);
    EXPECT_EQ(answer["errors"][0]["type"], "RESOURCE_LIMITS_EXCEEDED");
}

TEST_F(Engine, ShowsItsTypesToThoseWhoAsk) {
    EXPECT_EQ(
        data(R"({ __type(name: "Clown") { kind name fields(includeDeprecated: true) { name isDeprecated }
                        interfaces { name } } none: __type(name: "Lion") { name } })"),
        json::parse(R"({"__type":{"kind":"OBJECT","name":"Clown","fields":[{"name":"id","isDeprecated":false},
                  {"name":"partner","isDeprecated":false},{"name":"nose","isDeprecated":false},
                  {"name":"joke","isDeprecated":false},{"name":"tricks","isDeprecated":false},{"name":"wig","isDeprecated":true}],
                  "interfaces":[{"name":"Act"}]},"none":null})"));
    EXPECT_EQ(
        data(
            R"({ __type(name: "Query") { fields { name type { kind ofType { kind ofType { kind ofType { name } } } } } } })")
            ["__type"]["fields"][0],
        json::parse(R"({"name":"acts","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":
                  {"kind":"NON_NULL","ofType":{"name":"Act"}}}}})"));
    EXPECT_EQ(
        data(R"({ __type(name: "ActFilter") { inputFields { name defaultValue } } })")["__type"]
                                                                                      ["inputFields"][0],
        (json{{"name", "kind"}, {"defaultValue", "\"Clown\""}}));
    EXPECT_EQ(data("{ __type(name: \"Color\") { enumValues { name } fields { name } } }"),
              json::parse(R"({"__type":{"enumValues":[{"name":"RED"},{"name":"BLUE"}],"fields":null}})"));
    EXPECT_EQ(data("{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }"),
              json::parse(R"({"__schema":{"queryType":{"name":"Query"},"mutationType":{"name":"Mutation"},
                              "subscriptionType":null}})"));
}

TEST_F(Engine, AnswersTheIntrospectionQueryOfRealTools) {
    const json schema = data(R"(query IntrospectionQuery { __schema { description queryType { name }
        mutationType { name } subscriptionType { name } types { ...FullType }
        directives { name description isRepeatable locations args { ...InputValue } } } }
      fragment FullType on __Type { kind name description specifiedByURL
        fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated
          deprecationReason }
        inputFields { ...InputValue } interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
        possibleTypes { ...TypeRef } }
      fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
      fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
        kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } })")["__schema"];
    EXPECT_GT(schema["types"].size(), 15u);
    EXPECT_EQ(schema["directives"][0]["name"], "include");
}

std::string replaced(const std::string& bytes) {
    return json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

RC_GTEST_FIXTURE_PROP(Engine, AnswersAnyQueryTextWithJson, (const std::string& query)) {
    RC_ASSERT(ask(replaced(query)).contains("errors"));
}

}  // namespace
}  // namespace ringmaster::graphql
