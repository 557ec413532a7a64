#include "adapters/github/github_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace ringmaster::github {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

const RequestContext kContext{"observing #12", "acme/shop", "sesame"};
const TimePoint kNow = *parse_iso8601("2026-01-05T12:00:00Z");

HttpResponse response(int status, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers = {}) {
    HttpResponse made;
    made.status = status;
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

Error error_of(const HttpResponse& given) {
    return error_of_response(given, kContext, kNow);
}

struct Row {
    int status;
    std::string_view body;
    ErrorKind kind;
    std::string_view message_has;
    std::string_view hint_has;
};

class StatusTable : public ::testing::TestWithParam<Row> {};

TEST_P(StatusTable, EachRefusalHasItsKindSentenceAndHint) {
    const auto& row = GetParam();
    const Error error = error_of(response(row.status, std::string(row.body)));
    EXPECT_EQ(error.kind(), row.kind) << error.describe();
    EXPECT_THAT(error.describe(), HasSubstr(row.message_has));
    EXPECT_THAT(error.describe(), HasSubstr("(while observing #12)"));
    EXPECT_THAT(error.hint(), HasSubstr(row.hint_has));
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, StatusTable,
    ::testing::Values(
        Row{401, R"({"message":"Bad credentials"})", ErrorKind::Unauthorized, "401: Bad credentials",
            "GITHUB_TOKEN"},
        Row{403, R"({"message":"Resource not accessible by integration"})", ErrorKind::Unauthorized,
            "Resource not accessible", "issues: write"},
        Row{403, R"({"message":"You do not have permission to create labels on this repository."})",
            ErrorKind::Unauthorized, "create labels", "label definitions need the right `issues: write`"},
        Row{403, R"({"message":"Unable to create comment because issue is locked."})",
            ErrorKind::Unauthorized, "locked", "unlock"},
        Row{403, "", ErrorKind::Unauthorized, "no reason given", "permissions"},
        Row{404, R"({"message":"Not Found"})", ErrorKind::NotFound, "acme/shop", "has access"},
        Row{409, R"({"message":"Conflict"})", ErrorKind::Conflict, "409", ""},
        Row{410, R"({"message":"Issues are disabled for this repo"})", ErrorKind::NotFound,
            "Issues are disabled", "settings"},
        Row{422,
            R"({"message":"Validation Failed","errors":[{"resource":"Label","field":"name","code":"invalid"}]})",
            ErrorKind::InvalidInput, "Validation Failed: name invalid", ""},
        Row{422, R"({"message":"Validation Failed","errors":["first","second"]})", ErrorKind::InvalidInput,
            "first; second", ""},
        Row{301, "", ErrorKind::NotFound, "moved", "new name"},
        Row{418, "<html>", ErrorKind::Failed, "418", ""},
        Row{500, "", ErrorKind::Unavailable, "500", "githubstatus"},
        Row{502, "<html>Bad gateway", ErrorKind::Unavailable, "502", "githubstatus"},
        Row{503, "", ErrorKind::Unavailable, "503", ""}));

TEST(GitHubErrors, ARefusalForRightsNamesThoseThatWouldDo) {
    const Error error =
        error_of(response(403, R"({"message":"Resource not accessible by integration"})",
                          {{"x-accepted-github-permissions", "issues=write; pull_requests=write"}}));
    EXPECT_THAT(error.hint(), HasSubstr("issues=write; pull_requests=write"));
}

TEST(GitHubErrors, ATokenThatAServerEchoesIsNotShown) {
    const Error error = error_of(response(401, R"({"message":"bad token sesame\u001b[31m"})"));
    EXPECT_THAT(error.describe(), Not(HasSubstr("sesame")));
    EXPECT_THAT(error.describe(), Not(HasSubstr("\x1b")));
}

struct LimitRow {
    int status;
    std::string_view body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<seconds> wait;  ///< nullopt: it is no rate limit
};

class LimitTable : public ::testing::TestWithParam<LimitRow> {};

TEST_P(LimitTable, TellsLimitsFromMissingRights) {
    const auto& row = GetParam();
    const Error error = error_of(response(row.status, std::string(row.body), row.headers));
    if (!row.wait) {
        EXPECT_EQ(error.kind(), ErrorKind::Unauthorized);
        return;
    }
    EXPECT_EQ(error.kind(), ErrorKind::RateLimited);
    EXPECT_EQ(error.retry_after(), Duration(*row.wait));
}

// 1767614400 is 2026-01-05T12:00:00Z.
INSTANTIATE_TEST_SUITE_P(
    Limits, LimitTable,
    ::testing::Values(
        LimitRow{429, "", {{"retry-after", "7"}}, seconds(7)},
        LimitRow{403,
                 R"({"message":"You have exceeded a secondary rate limit"})",
                 {{"retry-after", "1"}},
                 seconds(1)},
        LimitRow{403, "", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1767614430"}}, seconds(31)},
        LimitRow{403,
                 "",
                 {{"x-ratelimit-remaining", "0"},
                  {"x-ratelimit-reset", "1767614430"},
                  {"date", "Mon, 05 Jan 2026 12:00:20 GMT"}},
                 seconds(11)},
        LimitRow{403, "", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1767000000"}}, seconds(1)},
        LimitRow{403, "", {{"x-ratelimit-remaining", "0"}}, seconds(60)},
        LimitRow{403,
                 "",
                 {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "99999999999999999999"}},
                 seconds(60)},
        LimitRow{403, R"({"message":"You have exceeded a secondary rate limit."})", {}, seconds(60)},
        LimitRow{403, R"({"message":"You have triggered an abuse detection mechanism."})", {}, seconds(60)},
        LimitRow{429, "", {{"retry-after", "-5"}}, seconds(60)},
        LimitRow{429, "", {{"retry-after", "999999999999"}}, seconds(86'400)},
        LimitRow{403,
                 R"({"message":"Resource not accessible by integration"})",
                 {{"x-ratelimit-remaining", "4999"}},
                 std::nullopt}));

TEST(GitHubErrors, GraphQlErrorsByTheirType) {
    const auto kind = [](std::string type, std::string message = "x") {
        return error_of_graphql({std::move(type), "", {}, std::move(message)}, kContext).kind();
    };
    EXPECT_EQ(kind("NOT_FOUND"), ErrorKind::NotFound);
    EXPECT_EQ(kind("FORBIDDEN"), ErrorKind::Unauthorized);
    EXPECT_EQ(kind("INSUFFICIENT_SCOPES"), ErrorKind::Unauthorized);
    EXPECT_EQ(kind("UNPROCESSABLE"), ErrorKind::InvalidInput);
    EXPECT_EQ(kind("RATE_LIMITED"), ErrorKind::RateLimited);
    EXPECT_EQ(kind("STALE_DATA"), ErrorKind::Conflict);
    EXPECT_EQ(kind("RESOURCE_LIMITS_EXCEEDED"), ErrorKind::Unavailable);
    EXPECT_EQ(kind("SOMETHING_NEW"), ErrorKind::Failed);
    EXPECT_EQ(kind("", "Something went wrong while executing your query."), ErrorKind::Unavailable);
    EXPECT_EQ(kind("", "was submitted too quickly"), ErrorKind::RateLimited);
    EXPECT_EQ(kind("", "Field 'createLabel' doesn't exist on type 'Mutation'"), ErrorKind::Failed);
}

TEST(GitHubErrors, ExistsAlreadyIsToldApartExactly) {
    EXPECT_TRUE(is_already_exists(response(
        422,
        R"({"message":"Validation Failed","errors":[{"resource":"Label","code":"already_exists","field":"name"}],"status":"422"})")));
    for (const std::string_view body :
         {R"({"errors":[{"code":"already_exists","field":"color"}]})",
          R"({"errors":[{"code":"invalid","field":"name"}]})",
          R"({"errors":[{"code":"already_exists","field":"name"},{"code":"invalid","field":"name"}]})",
          R"({"errors":["already_exists"]})", R"({"message":"already_exists"})", "already_exists", ""})
        EXPECT_FALSE(is_already_exists(response(422, std::string(body)))) << body;
    EXPECT_FALSE(
        is_already_exists(response(400, R"({"errors":[{"code":"already_exists","field":"name"}]})")));
}

}  // namespace
}  // namespace ringmaster::github
