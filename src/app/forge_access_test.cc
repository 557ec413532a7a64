#include "app/forge_access.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"

namespace ringmaster::app {
namespace {

class ForgeAccess : public ::testing::Test {
 protected:
    Result<cli::Access> who(cli::Environment::Map variables = {}) {
        return ask_who_we_are(client_, {"ghp_secret", "GITHUB_TOKEN"},
                              cli::Environment(std::move(variables)));
    }
    testing::ScriptedHttp http_;
    testing::FakeClock clock_;
    testing::FakeEntropy entropy_;
    NoProgress progress_;
    github::GitHubClient client_{
        http_, clock_, entropy_, {.token = "ghp_secret", .repository = {"ada", "garden"}}, progress_};
};

TEST_F(ForgeAccess, TellsWhoseTokenItIsAndWhatItMayDo) {
    http_.expect("GET", "/user").answers(200, R"({"login":"ada"})");
    http_.expect("GET", "/repos/ada/garden")
        .answers(200, R"({"full_name":"ada/garden","permissions":{"admin":false,"push":true,"pull":true}})",
                 {{"x-oauth-scopes", "repo, gist"},
                  {"x-ratelimit-remaining", "4987"},
                  {"x-ratelimit-limit", "5000"},
                  {"github-authentication-token-expiration", "2027-01-01 00:00:00 UTC"}});
    const auto access = who({{"GITHUB_TOKEN", "ghp_secret"}, {"GH_TOKEN", "other"}});
    ASSERT_TRUE(access) << access.error().describe();
    EXPECT_EQ(access->host, "api.github.com");
    EXPECT_EQ(access->account, "ada");
    EXPECT_EQ(access->token_kind, "personal access token (classic)");
    EXPECT_EQ(access->unused, std::vector<std::string>{"GH_TOKEN"});
    EXPECT_EQ(access->permission, "write");
    EXPECT_EQ(access->scopes, "repo, gist");
    EXPECT_EQ(access->requests_left, "4987 of 5000");
    EXPECT_EQ(access->expires, "2027-01-01 00:00:00 UTC");
    EXPECT_TRUE(access->missing.empty());
}

TEST_F(ForgeAccess, AnAppsTokenHasNoAccount) {
    http_.expect("GET", "/user").answers(403, R"({"message":"Resource not accessible by integration"})");
    http_.expect("GET", "/repos/ada/garden").answers(200, R"({"permissions":{"push":true}})");
    const auto access = who();
    ASSERT_TRUE(access) << access.error().describe();
    EXPECT_EQ(access->account, "");
    EXPECT_TRUE(access->missing.empty());
}

TEST_F(ForgeAccess, AWrongTokenIsAnError) {
    http_.expect("GET", "/user").answers(401, R"({"message":"Bad credentials"})");
    EXPECT_EQ(who().error().kind(), ErrorKind::Unauthorized);
}

TEST(MissingRights, AreSaidEachWithWhatToDo) {
    EXPECT_TRUE(missing_rights({.status = 200, .permission = "admin"}).empty());
    EXPECT_TRUE(missing_rights({.status = 200, .permission = "write", .scopes = "public_repo"}).empty());
    for (const char* permission : {"triage", "read", ""})
        EXPECT_EQ(missing_rights({.status = 200, .permission = permission}).size(), 1u) << permission;
    EXPECT_EQ(missing_rights({.status = 200, .permission = "read", .scopes = "gist"}).size(), 2u);
    EXPECT_EQ(missing_rights({.status = 404}).size(), 1u);
    EXPECT_EQ(missing_rights({.status = 401}).size(), 1u);
}

TEST(TokenKind, IsKnownByItsPrefix) {
    EXPECT_EQ(token_kind("github_pat_11"), "fine-grained personal access token");
    EXPECT_EQ(token_kind("ghs_1"), "token of a GitHub App or a workflow");
    EXPECT_EQ(token_kind("0123456789abcdef"), "");
}

TEST(HostOf, IsTheHostAlone) {
    EXPECT_EQ(host_of("https://api.github.com"), "api.github.com");
    EXPECT_EQ(host_of("http://127.0.0.1:8080/api/v3"), "127.0.0.1");
}

}  // namespace
}  // namespace ringmaster::app
