#include "server/redirect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_clock.h"

namespace ringmaster::server {
namespace {

using ::testing::HasSubstr;

const RepositoryName kHello{"ada", "hello"};

TEST(ParseRedirect, TakesTheRepositoryWithOrWithoutItsOwner) {
    for (const char* path : {"/go/hello/12", "/go/ada/hello/12"}) {
        const auto target = parse_redirect(path, kHello);
        ASSERT_TRUE(target) << path;
        EXPECT_EQ(target->pull_request_number, 12);
        EXPECT_EQ(target->rest, "");
    }
    EXPECT_EQ(parse_redirect("/go/hello/12/a/b", kHello)->rest, "/a/b");
    EXPECT_EQ(parse_redirect("/go/ada/hello/7/", kHello)->rest, "/");
}

TEST(ParseRedirect, RefusesWhatNamesNoPullRequestOfOurs) {
    for (const char* path :
         {"/go/", "/go/hello", "/go/hello/", "/go/hello/x", "/go/hello/0", "/go/hello/-1", "/go/other/12",
          "/go/eve/hello/12", "/go/hello/99999999999", "/hello/12", "/go//12"})
        EXPECT_FALSE(parse_redirect(path, kHello)) << path;
}

TEST(ParseRedirect, UnderstandsARepositoryThatIsNamedAsItsOwner) {
    const RepositoryName same{"ada", "ada"};
    EXPECT_EQ(parse_redirect("/go/ada/ada/12", same)->pull_request_number, 12);
    EXPECT_EQ(parse_redirect("/go/ada/12", same)->pull_request_number, 12);
}

class RedirectsTest : public ::testing::Test {
 protected:
    http_server::Response get(std::string path, std::string query = "") {
        return redirects_.answer({.method = "GET", .path = std::move(path), .query = std::move(query)});
    }
    static std::string location(const http_server::Response& response) {
        for (const auto& [name, value] : response.headers)
            if (name == "Location") return value;
        return "";
    }

    Result<ShowAddress> answer_ = ShowAddress{.url = "http://10.0.0.1:8080"};
    int asked_ = 0;
    testing::FakeClock clock_;
    Redirects redirects_{kHello,
                         [this](int) {
                             ++asked_;
                             return answer_;
                         },
                         clock_};
};

TEST_F(RedirectsTest, SendsVisitorsToTheShowWithPathAndQuery) {
    const auto response = get("/go/hello/12/login", "next=%2F");
    EXPECT_EQ(response.status, 302);
    EXPECT_EQ(location(response), "http://10.0.0.1:8080/login?next=%2F");
}

TEST_F(RedirectsTest, AsksTheForgeOnceInAWhileHoweverManyVisit) {
    for (int visit = 0; visit < 50; ++visit) get("/go/hello/12");
    EXPECT_EQ(asked_, 1);
    answer_ = ShowAddress{.url = "http://10.0.0.2:8080"};
    clock_.advance(Redirects::kMemory);
    EXPECT_EQ(location(get("/go/hello/12")), "http://10.0.0.2:8080");
}

TEST_F(RedirectsTest, TriesAgainForVisitorsOfAShowThatIsComing) {
    answer_ = ShowAddress{.is_coming = true};
    const auto response = get("/go/hello/12");
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(response.body, HasSubstr("http-equiv=\"refresh\""));
}

TEST_F(RedirectsTest, SaysSoWhereThereIsNoShow) {
    answer_ = ShowAddress{};
    EXPECT_EQ(get("/go/hello/12").status, 404);
    answer_ = Fail(Error::not_found("there is no #12"));
    EXPECT_EQ(get("/go/hello/13").status, 404);
    EXPECT_EQ(get("/go/elsewhere/12").status, 404);
}

TEST_F(RedirectsTest, ASilentForgeIsNotAMissingShowAndIsAskedAgain) {
    answer_ = Fail(Error::unavailable("no answer"));
    EXPECT_EQ(get("/go/hello/12").status, 503);
    answer_ = ShowAddress{.url = "http://10.0.0.1:8080"};
    EXPECT_EQ(get("/go/hello/12").status, 302);
}

}  // namespace
}  // namespace ringmaster::server
