#include "adapters/github/github_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapters/github/github_world_test.h"

namespace ringmaster::github {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(GitHubSettings, TheGraphQlAddressIsDerivedAsOctokitDoes) {
    EXPECT_EQ(graphql_url_of("https://api.github.com"), "https://api.github.com/graphql");
    EXPECT_EQ(graphql_url_of("https://ghe.acme.dev/api/v3"), "https://ghe.acme.dev/api/graphql");
    EXPECT_EQ(graphql_url_of("https://ghe.acme.dev/api/v3/"), "https://ghe.acme.dev/api/graphql");
    EXPECT_EQ(graphql_url_of("http://127.0.0.1:8080/api"), "http://127.0.0.1:8080/api/graphql");
}

TEST(GitHubSettings, KnowsWhichServersAreGitHubsOwn) {
    EXPECT_TRUE(is_hosted_by_github("https://api.github.com"));
    EXPECT_TRUE(is_hosted_by_github("https://API.acme.ghe.com:443/x"));
    EXPECT_FALSE(is_hosted_by_github("http://127.0.0.1:8080/api/v3"));
    EXPECT_FALSE(is_hosted_by_github("https://api.github.com.evil.example"));
}

class GitHubClientTest : public GitHubTest {};

TEST_F(GitHubClientTest, SendsTheHeadersGitHubWants) {
    http_.expect("GET", "http://forge/api/v3/repos/acme/shop/labels");
    ASSERT_TRUE(client().rest({.path = client().repository_path() + "/labels", .doing = "x"}));
    const auto headers = http_.requests().at(0).headers;
    EXPECT_THAT(headers, Contains(Pair("Authorization", "Bearer sesame")));
    EXPECT_THAT(headers, Contains(Pair("X-GitHub-Api-Version", "2022-11-28")));
    EXPECT_THAT(headers, Contains(Pair("X-Github-Next-Global-ID", "1")));
    EXPECT_THAT(headers, Contains(Pair("User-Agent", "ringmaster/1.2.3")));
}

TEST_F(GitHubClientTest, GraphQlGoesToItsAddressWithThePreviewMediaType) {
    http_
        .expect("POST", "http://forge/api/graphql",
                {R"("query":"query{viewer{login}}")", R"("variables":{"a":1})"})
        .answers(200, R"({"data":{"viewer":{"login":"me"}}})");
    ASSERT_TRUE(client().graphql("query{viewer{login}}", R"({"a":1})", Effect::Read, "x"));
    EXPECT_THAT(http_.requests().at(0).headers,
                Contains(Pair("Accept", HasSubstr("application/vnd.github.bane-preview+json"))));
}

TEST_F(GitHubClientTest, ReadsAreTriedAgainAfterServerErrorsAndBrokenConnections) {
    http_.expect("GET", "/x").answers(502, "");
    http_.expect("GET", "/x").breaks(Error::unavailable("broke off"));
    http_.expect("GET", "/x").answers(200, "fine");
    EXPECT_EQ(client().rest({.path = "/x", .doing = "x"}).value().body, "fine");
}

TEST_F(GitHubClientTest, WhatMustNotHappenTwiceIsNotSentTwice) {
    http_.expect("POST", "/x").answers(502, "");
    const auto first =
        client().rest({.method = "POST", .path = "/x", .effect = Effect::WriteOnce, .doing = "x"});
    EXPECT_EQ(first.error().kind(), ErrorKind::Unavailable);
    http_.expect("POST", "/x").breaks(Error::timed_out("lost"));
    const auto second =
        client().rest({.method = "POST", .path = "/x", .effect = Effect::WriteOnce, .doing = "x"});
    EXPECT_EQ(second.error().kind(), ErrorKind::TimedOut);
}

TEST_F(GitHubClientTest, WhatIsTooLateIsNeitherSentNorTriedAgain) {
    const RestCall call{.method = "POST",
                        .path = "/x",
                        .effect = {Effect::RepeatableWrite, clock_.now() + seconds(30)},
                        .doing = "x"};
    http_.expect("POST", "/x").answers(429, "", {{"retry-after", "40"}});
    EXPECT_EQ(client().rest(call).error().kind(), ErrorKind::Conflict)
        << "its time was over when the wait was";
    EXPECT_EQ(client().rest(call).error().kind(), ErrorKind::Conflict);
}

TEST_F(GitHubClientTest, AShortRateLimitIsWaitedOutEvenForWritesThatMustNotHappenTwice) {
    http_.expect("POST", "/x").answers(429, "", {{"retry-after", "20"}});
    http_.expect("POST", "/x").answers(201, "");
    EXPECT_TRUE(client().rest({.method = "POST", .path = "/x", .effect = Effect::WriteOnce, .doing = "x"}));
    EXPECT_GE(clock_.monotonic(), seconds(20));
}

TEST_F(GitHubClientTest, ALongRateLimitIsReturnedAtOnce) {
    http_.expect("GET", "/x").answers(403, "", {{"retry-after", "600"}});
    const auto reply = client().rest({.path = "/x", .doing = "x"});
    EXPECT_EQ(reply.error().kind(), ErrorKind::RateLimited);
    EXPECT_EQ(reply.error().retry_after(), Duration(seconds(600)));
    EXPECT_EQ(clock_.monotonic(), seconds(0));
}

TEST_F(GitHubClientTest, GraphQlSaysLaterWithStatus200) {
    const std::string limited =
        R"({"data":null,"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]})";
    http_.expect("POST", "graphql")
        .answers(200, limited, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1767614410"}});
    http_.expect("POST", "graphql").answers(200, R"({"data":{}})");
    EXPECT_TRUE(client().graphql("query{x}", "{}", Effect::Read, "x"));
    EXPECT_GE(clock_.monotonic(), seconds(11));
}

TEST_F(GitHubClientTest, AGraphQlQueryThatGitHubGaveUpOnIsTriedAgain) {
    const std::string gave_up =
        R"({"data":null,"errors":[{"message":"Something went wrong while executing your query."}]})";
    http_.expect("POST", "graphql").answers(200, gave_up);
    http_.expect("POST", "graphql").answers(504, "<html>");
    http_.expect("POST", "graphql").answers(200, gave_up);
    EXPECT_EQ(client().graphql("query{x}", "{}", Effect::Read, "x").error().kind(), ErrorKind::Unavailable);
}

TEST_F(GitHubClientTest, ErrorsOfSingleFieldsAreForTheCaller) {
    http_.expect("POST", "graphql")
        .answers(
            200,
            R"({"data":{"a":null,"b":{"x":1}},"errors":[{"type":"NOT_FOUND","path":["a","y",0],"message":"gone"}]})");
    const auto reply = client().graphql("query{x}", "{}", Effect::Read, "x").value();
    ASSERT_NE(reply.error_of("a"), nullptr);
    EXPECT_TRUE(reply.error_of("a")->is_not_found());
    EXPECT_EQ(reply.error_of("b"), nullptr);
    EXPECT_EQ(reply.complete(client().context("x")).error().kind(), ErrorKind::NotFound);
}

TEST_F(GitHubClientTest, ALimitThatHitsOneOfSeveralMutationsIsNotAReasonToSendThemAllAgain) {
    http_.expect("POST", "graphql")
        .answers(
            200,
            R"({"data":{"a":{"x":1},"b":null},"errors":[{"type":"RATE_LIMITED","path":["b"],"message":"wait"}]})");
    const auto reply = client().graphql("mutation{x}", "{}", Effect::WriteOnce, "x").value();
    EXPECT_EQ(reply.error_of("a"), nullptr);
    ASSERT_NE(reply.error_of("b"), nullptr);
    EXPECT_EQ(error_of_graphql(*reply.error_of("b"), client().context("x")).kind(), ErrorKind::RateLimited);
}

TEST_F(GitHubClientTest, AnAnswerThatIsNoGraphQlIsCorrupt) {
    for (const std::string body :
         {"", "<html>", "[]", "{}", R"({"data":[]})", R"({"errors":{}})", R"({"data":null,"errors":[]})"}) {
        http_.expect("POST", "graphql").answers(200, body);
        EXPECT_EQ(client().graphql("query{x}", "{}", Effect::Read, "x").error().kind(), ErrorKind::Corrupt)
            << body;
    }
}

TEST_F(GitHubClientTest, WritesArePacedWhereAskedAndReadsAreNot) {
    settings_.write_pause = seconds(1);
    for (int i = 0; i < 3; ++i) http_.expect("POST", "/x");
    http_.expect("GET", "/x");
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(
            client().rest({.method = "POST", .path = "/x", .effect = Effect::RepeatableWrite, .doing = "x"}));
    ASSERT_TRUE(client().rest({.path = "/x", .doing = "x"}));
    EXPECT_EQ(clock_.monotonic(), seconds(2));
}

TEST_F(GitHubClientTest, AnInterruptionDoesNotKeepPacedWritesFromBeingSent) {
    class Interrupted final : public Progress {
        void line(std::string_view) override {}
        Result<void> pulse() override { return Fail(Error::interrupted("Ctrl-C")); }
    };
    Interrupted interrupted;
    settings_.write_pause = seconds(1);
    GitHubClient stopping(http_, clock_, entropy_, settings_, interrupted);
    for (int i = 0; i < 2; ++i) http_.expect("DELETE", "/x");
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(stopping.rest(
            {.method = "DELETE", .path = "/x", .effect = Effect::RepeatableWrite, .doing = "releasing"}));
}

TEST_F(GitHubClientTest, OnlyGitHubsOwnServersArePacedUnlessAsked) {
    settings_.api_url = "https://api.github.com";
    for (int i = 0; i < 2; ++i) http_.expect("POST", "https://api.github.com/x");
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(
            client().rest({.method = "POST", .path = "/x", .effect = Effect::RepeatableWrite, .doing = "x"}));
    EXPECT_EQ(clock_.monotonic(), seconds(1));
}

class EtagTest : public GitHubTest {
 protected:
    EtagTest() {
        folder_ = std::filesystem::temp_directory_path() /
                  fmt::format("rm-etag-{}-{}", ::getpid(),
                              ::testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::remove_all(folder_);
        settings_.cache_folder = folder_.string();
    }
    ~EtagTest() override { std::filesystem::remove_all(folder_); }
    bool asked_conditionally() {
        const auto headers = http_.requests().back().headers;
        return std::ranges::any_of(headers,
                                   [](const auto& header) { return header.first == "If-None-Match"; });
    }
    std::filesystem::path only_file() { return std::filesystem::directory_iterator(folder_)->path(); }

    std::filesystem::path folder_;
};

TEST_F(EtagTest, AnUnchangedAnswerComesFromDisk) {
    http_.expect("GET", "/x").answers(200, "body", {{"etag", "\"1\""}});
    http_.expect("GET", "/x").answers(304, "");
    EXPECT_EQ(client().rest({.path = "/x", .doing = "x"}).value().body, "body");
    EXPECT_FALSE(asked_conditionally());
    const auto again = client().rest({.path = "/x", .doing = "x"}).value();
    EXPECT_TRUE(asked_conditionally());
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, "body");
}

TEST_F(EtagTest, IsPrivateAndWithoutTheToken) {
    http_.expect("GET", "/x").answers(200, "body", {{"etag", "\"1\""}});
    ASSERT_TRUE(client().rest({.path = "/x", .doing = "x"}));
    struct stat status{};
    ASSERT_EQ(::stat(folder_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat(only_file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    std::ifstream file(only_file());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_THAT(text, Not(HasSubstr("sesame")));
    EXPECT_THAT(only_file().string(), Not(HasSubstr("sesame")));
}

TEST_F(EtagTest, BelongsToOneToken) {
    http_.expect("GET", "/x").answers(200, "mine", {{"etag", "\"1\""}});
    ASSERT_TRUE(client().rest({.path = "/x", .doing = "x"}));
    settings_.token = "other";
    http_.expect("GET", "/x").answers(200, "theirs");
    EXPECT_EQ(client().rest({.path = "/x", .doing = "x"}).value().body, "theirs");
    EXPECT_FALSE(asked_conditionally());
}

TEST_F(EtagTest, NothingButA200IsKept) {
    http_.expect("GET", "/x").answers(404, "", {{"etag", "\"1\""}});
    http_.expect("GET", "/x").answers(404, "");
    EXPECT_FALSE(client().rest({.path = "/x", .doing = "x"}));
    EXPECT_FALSE(client().rest({.path = "/x", .doing = "x"}));
    EXPECT_FALSE(asked_conditionally());
}

TEST_F(EtagTest, ADamagedFileIsAsIfItWereNotThere) {
    http_.expect("GET", "/x").answers(200, "the long body", {{"etag", "\"1\""}});
    ASSERT_TRUE(client().rest({.path = "/x", .doing = "x"}));
    std::ifstream file(only_file());
    const std::string whole((std::istreambuf_iterator<char>(file)), {});
    std::string changed = whole;
    changed.replace(changed.find("long"), 4, "lOng");
    for (const std::string& damaged :
         {std::string(), whole.substr(0, whole.size() / 2), std::string("null"), changed}) {
        std::ofstream(only_file()) << damaged;
        http_.expect("GET", "/x").answers(200, "fresh");
        EXPECT_EQ(client().rest({.path = "/x", .doing = "x"}).value().body, "fresh");
        EXPECT_FALSE(asked_conditionally()) << damaged;
    }
}

TEST_F(EtagTest, AFolderThatCannotBeMadeOnlyCostsTheSaving) {
    settings_.cache_folder = "/proc/nowhere/cache";
    http_.expect("GET", "/x").answers(200, "body", {{"etag", "\"1\""}});
    EXPECT_EQ(client().rest({.path = "/x", .doing = "x"}).value().body, "body");
}

}  // namespace
}  // namespace ringmaster::github
