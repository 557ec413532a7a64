// Commands about the forge itself: `api` and `auth`.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/context_harness.h"

namespace ringmaster::cli {
namespace {

using nlohmann::json;

class Api : public ::testing::Test {
 protected:
    void answer(std::string body, std::string next = "") {
        context.answers_of_forge.push_back(
            {.status = 200, .body = std::move(body), .next_path = std::move(next)});
    }
    ContextHarness context;
};

TEST_F(Api, PrintsTheAnswerAsItCame) {
    answer(R"({"a": 1})");
    EXPECT_EQ(context.run({"api", "/repos/{owner}/{repo}"}), kDone);
    EXPECT_EQ(context.stdout_text(), "{\"a\": 1}\n");
    EXPECT_EQ(context.calls.at(0).method, "GET");
    EXPECT_EQ(context.calls.at(0).path, "repos/{owner}/{repo}");
    EXPECT_EQ(context.calls.at(0).body, "");
}

TEST_F(Api, FieldsMakeAPostWithABody) {
    answer("{}");
    EXPECT_EQ(context.run({"api", "labels", "-f", "name=1=2", "-F", "number=7", "-F", "open=true", "-F",
                           "nothing=null", "-F", "text=seven"}),
              kDone);
    EXPECT_EQ(context.calls.at(0).method, "POST");
    EXPECT_EQ(
        json::parse(context.calls.at(0).body),
        (json{{"name", "1=2"}, {"number", 7}, {"open", true}, {"nothing", nullptr}, {"text", "seven"}}));
}

TEST_F(Api, ForAGetTheyBecomeTheQuery) {
    answer("[]");
    EXPECT_EQ(context.run({"api", "labels?a=b", "--method", "get", "-f", "q=a b&c", "-F", "page=2"}), kDone);
    EXPECT_EQ(context.calls.at(0).path, "labels?a=b&q=a%20b%26c&page=2");
    EXPECT_EQ(context.calls.at(0).body, "");
}

TEST_F(Api, GraphQlPutsTheFieldsIntoItsVariables) {
    answer("{}");
    EXPECT_EQ(context.run({"api", "graphql", "-f", "query={ viewer { login } }", "-F", "first=3"}), kDone);
    EXPECT_EQ(context.calls.at(0).method, "POST");
    EXPECT_EQ(json::parse(context.calls.at(0).body),
              (json{{"query", "{ viewer { login } }"}, {"variables", {{"first", 3}}}}));
}

TEST_F(Api, TheBodyCanComeFromAFile) {
    context.files["body.json"] = "{\"name\": \"bug\"}";
    answer("{}");
    EXPECT_EQ(context.run({"api", "labels", "--input", "body.json"}), kDone);
    EXPECT_EQ(context.calls.at(0).method, "POST");
    EXPECT_EQ(context.calls.at(0).body, "{\"name\": \"bug\"}");
    EXPECT_EQ(context.run({"api", "labels", "--input", "body.json", "-f", "a=b"}), kWrongUsage);
    EXPECT_EQ(context.run({"api", "labels", "--input", "nowhere.json"}), kFailed);
}

TEST_F(Api, PagesBecomeOneList) {
    answer("[{\"n\": 1}]", "/labels?page=2");
    answer("[]", "/labels?page=3");
    answer("[{\"n\": 2},{\"n\": 3}]");
    EXPECT_EQ(context.run({"api", "labels", "--paginate"}), kDone);
    EXPECT_EQ(json::parse(context.stdout_text()), json::parse(R"([{"n":1},{"n":2},{"n":3}])"));
    EXPECT_EQ(context.calls.at(2).path, "/labels?page=3");
    answer("[]");
    EXPECT_EQ(context.run({"api", "labels", "--paginate"}), kDone);
    EXPECT_EQ(context.stdout_text(), "[]\n");
}

TEST_F(Api, APageThatFailsIsNeverAShorterList) {
    answer("[1]", "/labels?page=2");
    context.answers_of_forge.push_back(
        {.status = 403, .body = "{}", .problem = Error::unauthorized("it says no")});
    EXPECT_EQ(context.run({"api", "labels", "--paginate"}), kNotAuthorized);
    EXPECT_EQ(context.stdout_text(), "{}\n");
}

TEST_F(Api, ARefusalIsPrintedAndTheExitCodeTellsItsKind) {
    context.answers_of_forge.push_back({.status = 404,
                                        .body = R"({"message":"Not Found"})",
                                        .problem = Error::not_found("it is not there")});
    EXPECT_EQ(context.run({"api", "nothing", "--include"}), kFailed);
    EXPECT_EQ(context.stdout_text(), "HTTP 404\n\n{\"message\":\"Not Found\"}\n");
    EXPECT_NE(context.stderr_text().find("it is not there"), std::string::npos);
}

TEST_F(Api, WhatMakesNoSenseIsRefusedBeforeAnythingIsSent) {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"api"},
                                               {"api", "labels", "-f", "name"},
                                               {"api", "labels", "-f", "=name"},
                                               {"api", "graphql", "--paginate"},
                                               {"api", "labels", "--paginate", "--method", "POST"}})
        EXPECT_EQ(context.run(words), kWrongUsage) << words.back();
    EXPECT_TRUE(context.calls.empty());
}

TEST(Auth, TellsWhatIsThereAndExits4WhenSomethingIsMissing) {
    ContextHarness context;
    context.who = {.host = "api.github.com",
                   .token_from = "GITHUB_TOKEN",
                   .unused = {"GH_TOKEN"},
                   .token_kind = "fine-grained personal access token",
                   .account = "ada",
                   .repository = "acme/shop",
                   .permission = "write"};
    EXPECT_EQ(context.run({"auth", "status"}), kDone);
    EXPECT_NE(context.stdout_text().find("account\tada\n"), std::string::npos) << context.stdout_text();
    EXPECT_NE(context.stdout_text().find("not used\tGH_TOKEN\n"), std::string::npos);
    context.who.missing = {"write access"};
    EXPECT_EQ(context.run({"auth", "status"}), kNotAuthorized);
    EXPECT_EQ(context.stderr_text(), "missing: write access\n");
    EXPECT_EQ(context.run({"auth", "status", "--json", "account,missing"}), kNotAuthorized);
    EXPECT_EQ(json::parse(context.stdout_text()), (json{{"account", "ada"}, {"missing", {"write access"}}}));
}

TEST(Auth, KnowsStatusOnly) {
    ContextHarness context;
    EXPECT_EQ(context.run({"auth"}), kWrongUsage);
    EXPECT_EQ(context.run({"auth", "login"}), kWrongUsage);
    EXPECT_NE(context.stderr_text().find("it is one of: status"), std::string::npos) << context.stderr_text();
}

}  // namespace
}  // namespace ringmaster::cli
