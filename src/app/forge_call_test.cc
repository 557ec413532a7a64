#include "app/forge_call.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"

namespace ringmaster::app {
namespace {

class ForgeCall : public ::testing::Test {
 protected:
    Result<cli::ForgeAnswer> call(std::string method, std::string path, std::string body = "") {
        return call_forge(client_, {std::move(method), std::move(path), std::move(body)});
    }
    static github::GitHubSettings settings() {
        return {.api_url = "https://ghe.example.com/api/v3",
                .graphql_url = "https://ghe.example.com/api/graphql",
                .token = "secret",
                .repository = {"ada", "garden"},
                .retry = {.attempts = 3}};
    }
    testing::ScriptedHttp http_;
    testing::FakeClock clock_;
    testing::FakeEntropy entropy_;
    NoProgress progress_;
    github::GitHubClient client_{http_, clock_, entropy_, settings(), progress_};
};

TEST_F(ForgeCall, ThePathIsBelowTheApiWithOwnerAndNameFilledIn) {
    EXPECT_EQ(path_for("repos/{owner}/{repo}/labels?per_page=1", settings()).value(),
              "/repos/ada/garden/labels?per_page=1");
    EXPECT_EQ(path_for("///user", settings()).value(), "/user");
    EXPECT_EQ(path_for("https://ghe.example.com/api/v3/user", settings()).value(), "/user");
}

TEST_F(ForgeCall, AnotherServersAddressIsRefusedForItWouldGetTheToken) {
    for (const char* address : {"https://evil.example.com/user", "http://ghe.example.com/api/v3/user",
                                "https://ghe.example.com/api/v3.evil.example.com/user"})
        EXPECT_EQ(path_for(address, settings()).error().kind(), ErrorKind::InvalidInput) << address;
}

TEST_F(ForgeCall, TheNextPageIsFollowedOnTheSameServerOnly) {
    const auto next = [](std::string link) {
        return next_path({.headers = {{"link", std::move(link)}}}, "https://ghe.example.com/api/v3");
    };
    EXPECT_EQ(next("<https://ghe.example.com/api/v3/x?page=1>; rel=\"prev\", "
                   "<https://ghe.example.com/api/v3/x?page=3>; rel=\"next\""),
              "/x?page=3");
    EXPECT_EQ(next("<https://ghe.example.com/api/v3/x?page=3>; rel=\"last\""), "");
    EXPECT_EQ(next("<https://evil.example.com/x?page=3>; rel=\"next\""), "");
    EXPECT_EQ(next("<https://ghe.example.com/api/v3.evil.example.com/x>; rel=\"next\""), "");
    EXPECT_EQ(next(">; rel=\"next\"<"), "");
}

TEST_F(ForgeCall, ARefusalIsAnAnswerWithItsError) {
    http_.expect("GET", "/api/v3/repos/ada/garden/secrets").answers(404, R"({"message":"Not Found"})");
    const auto answer = call("GET", "repos/{owner}/{repo}/secrets");
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, R"({"message":"Not Found"})");
    EXPECT_EQ(answer->problem.value().kind(), ErrorKind::NotFound);
}

TEST_F(ForgeCall, GraphQlGoesToItsOwnAddressAndItsErrorsCount) {
    http_.expect("POST", "https://ghe.example.com/api/graphql", {"viewer"})
        .answers(200, R"({"errors":[{"message":"no such field"}]})");
    const auto answer = call("POST", "graphql", R"({"query":"{ viewer { nme } }"})");
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_NE(answer->problem.value().message().find("no such field"), std::string::npos);
}

TEST_F(ForgeCall, AWriteWhoseAnswerWasLostIsNotSentTwice) {
    http_.expect("POST", "/labels", {"bug"}).breaks(Error::unavailable("the line broke"));
    EXPECT_EQ(call("POST", "repos/{owner}/{repo}/labels", R"({"name":"bug"})").error().kind(),
              ErrorKind::Unavailable);
    EXPECT_EQ(http_.requests().size(), 1u);
}

}  // namespace
}  // namespace ringmaster::app
