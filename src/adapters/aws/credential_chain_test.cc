#include "adapters/aws/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/support/subprocess.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"
#include "testing/temporary_folder.h"

namespace ringmaster::aws {
namespace {

using testing::FakeClock;
using ::testing::HasSubstr;
using testing::ScriptedHttp;

std::string sts_answer(const std::string& action, const std::string& key, const std::string& expiration) {
    return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
           "Result><Credentials><AccessKeyId>" + key +
           "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
           expiration + "</Expiration></Credentials></" + action + "Result></" + action + "Response>";
}

class CredentialChainTest : public ::testing::Test {
 protected:
    CredentialChain chain(Variables environment, std::string_view credentials = "",
                          std::string_view config = "") {
        environment.try_emplace("AWS_EC2_METADATA_DISABLED", "true");
        ChainSettings settings{.region = "us-west-2", .sts_url = "https://sts.example/"};
        settings.profile = profile_name(environment);
        settings.is_profile_chosen = environment.contains("AWS_PROFILE");
        settings.files.credentials_path = "the/credentials";
        settings.files.config_path = "the/config";
        settings.files.found_any = !credentials.empty() || !config.empty();
        EXPECT_TRUE(add_profiles(credentials, ProfileSyntax::Credentials, "the/credentials", settings.files));
        EXPECT_TRUE(add_profiles(config, ProfileSyntax::Config, "the/config", settings.files));
        settings.environment = std::move(environment);
        return {std::move(settings), http_, subprocess_, clock_, entropy_};
    }
    std::string key_of(CredentialChain& chain) {
        const auto credentials = chain.get(quiet_);
        return credentials ? credentials->access_key_id : credentials.error().describe();
    }
    Error failure_of(CredentialChain chain) {
        auto credentials = chain.get(quiet_);
        EXPECT_FALSE(credentials);
        return credentials ? Error::failed("it was found") : credentials.error();
    }

    FakeClock clock_;
    testing::FakeEntropy entropy_;
    ScriptedHttp http_;
    support::PosixSubprocess subprocess_;
    testing::TemporaryFolder folder_;
    NoProgress quiet_;
};

TEST_F(CredentialChainTest, TheEnvironmentComesFirst) {
    auto keys = chain({{"AWS_ACCESS_KEY_ID", "ENV"},
                       {"AWS_SECRET_ACCESS_KEY", "secret"},
                       {"AWS_SESSION_TOKEN", "token"},
                       {"AWS_ROLE_ARN", "arn"}},
                      "[default]\naws_access_key_id = FILE\naws_secret_access_key = x\n");
    EXPECT_EQ(*keys.get(quiet_), (Credentials{"ENV", "secret", "token", std::nullopt}));
    EXPECT_EQ(keys.origin(), "the environment");
}

TEST_F(CredentialChainTest, HalfAKeyIsSaid) {
    EXPECT_THAT(failure_of(chain({{"AWS_ACCESS_KEY_ID", "ENV"}})).message(),
                HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
}

TEST_F(CredentialChainTest, AProfilesKeysAreRead) {
    auto keys = chain({{"AWS_PROFILE", "ci"}},
                      "[ci]\naws_access_key_id = FILE\naws_secret_access_key = x\naws_session_token = t\n");
    EXPECT_EQ(*keys.get(quiet_), (Credentials{"FILE", "x", "t", std::nullopt}));
    EXPECT_EQ(keys.origin(), "the profile ci");
}

TEST_F(CredentialChainTest, NothingFoundSaysWhatWasTried) {
    const auto error = failure_of(chain({}));
    EXPECT_EQ(error.kind(), ErrorKind::Unauthorized);
    for (const auto* place :
         {"AWS_ACCESS_KEY_ID is not set", "AWS_ROLE_ARN is not set", "the profile default",
          "AWS_CONTAINER_CREDENTIALS", "AWS_EC2_METADATA_DISABLED"})
        EXPECT_THAT(error.message(), HasSubstr(place));
    EXPECT_EQ(error.message().find('\n'), std::string::npos);
    EXPECT_THAT(error.hint(), HasSubstr("AWS_PROFILE"));
}

TEST_F(CredentialChainTest, AChosenProfileHasToBeThere) {
    EXPECT_THAT(failure_of(chain({{"AWS_PROFILE", "typo"}}, "[default]\na=b\n")).message(),
                HasSubstr("no AWS profile \"typo\" in the/credentials or the/config"));
}

TEST_F(CredentialChainTest, SsoAndMfaAreNamedWithAWayRound) {
    EXPECT_THAT(failure_of(chain({}, "", "[default]\nsso_session = x\n")).message(),
                HasSubstr("aws configure export-credentials"));
    EXPECT_THAT(
        failure_of(chain({}, "", "[default]\nrole_arn = r\nsource_profile = x\nmfa_serial = m\n")).hint(),
        HasSubstr("aws configure export-credentials"));
}

TEST_F(CredentialChainTest, AWebIdentityOfAFileIsChangedForARole) {
    auto keys = chain({{"AWS_ROLE_ARN", "arn:aws:iam::1:role/shows"},
                       {"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.write("token", "jwt.of.github\n")},
                       {"AWS_ROLE_SESSION_NAME", "run-7"}});
    http_
        .expect("POST", "https://sts.example/",
                {"Action=AssumeRoleWithWebIdentity", "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fshows",
                 "RoleSessionName=run-7", "WebIdentityToken=jwt.of.github"})
        .answers(200, sts_answer("AssumeRoleWithWebIdentity", "ROLE", "2026-01-05T13:00:00Z"));
    EXPECT_EQ(key_of(keys), "ROLE");
    EXPECT_EQ(key_of(keys), "ROLE") << "kept, not asked for again";
    for (const auto& [name, value] : http_.requests().at(0).headers)
        EXPECT_NE(name, "Authorization") << "there is nothing to sign with";
}

TEST_F(CredentialChainTest, AJobOfGitHubActionsNeedsNoTokenFile) {
    auto keys = chain({{"AWS_ROLE_ARN", "arn"},
                       {"ACTIONS_ID_TOKEN_REQUEST_URL", "https://actions.example/token?api=2"},
                       {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner"}});
    http_.expect("GET", "https://actions.example/token?api=2&audience=sts.amazonaws.com")
        .answers(200, R"({"value":"jwt"})");
    http_.expect("POST", "https://sts.example/", {"WebIdentityToken=jwt"})
        .answers(200, sts_answer("AssumeRoleWithWebIdentity", "ROLE", "2026-01-05T13:00:00Z"));
    EXPECT_EQ(key_of(keys), "ROLE");
    EXPECT_EQ(http_.requests().at(0).headers.at(0).second, "bearer runner");
}

TEST_F(CredentialChainTest, ATrustPolicyThatSaysNoIsToldWithAwssWords) {
    auto keys =
        chain({{"AWS_ROLE_ARN", "arn"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.write("token", "jwt")}});
    http_.expect("POST", "https://sts.example/")
        .answers(403,
                 "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform "
                 "sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>");
    const auto credentials = keys.get(quiet_);
    ASSERT_FALSE(credentials);
    EXPECT_EQ(credentials.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(credentials.error().message(), HasSubstr("sts:AssumeRoleWithWebIdentity"));
}

TEST_F(CredentialChainTest, ARoleIsTakenWithTheKeysOfItsSourceProfile) {
    auto keys =
        chain({{"AWS_PROFILE", "deploy"}}, "[base]\naws_access_key_id = BASE\naws_secret_access_key = x\n",
              "[profile deploy]\nrole_arn = arn:r\nsource_profile = base\nexternal_id = e\n");
    http_.expect("POST", "https://sts.example/", {"Action=AssumeRole&", "ExternalId=e"})
        .answers(200, sts_answer("AssumeRole", "ROLE", "2026-01-05T13:00:00Z"));
    EXPECT_EQ(key_of(keys), "ROLE");
    EXPECT_THAT(http_.requests().at(0).headers.back().second, HasSubstr("Credential=BASE/"));
}

TEST_F(CredentialChainTest, ProfilesThatAreEachOthersSourceAreAnError) {
    const auto error = failure_of(chain({{"AWS_PROFILE", "a"}}, "",
                                        "[profile a]\nrole_arn = r\nsource_profile = b\n"
                                        "[profile b]\nrole_arn = r\nsource_profile = a\n"));
    EXPECT_THAT(error.message(), HasSubstr("a, b are each other's source_profile"));
}

TEST_F(CredentialChainTest, AProgramMayGiveThemAndItsOutputIsKeptSecret) {
    auto keys = chain({{"AWS_PROFILE", "p"}, {"PATH", "/usr/bin:/bin"}}, "",
                      "[profile p]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"PROC\","
                      "\"SecretAccessKey\":\"s\",\"Expiration\":\"2026-01-05T13:00:00Z\"}'\n");
    EXPECT_EQ(key_of(keys), "PROC");
    const auto error = failure_of(chain({{"AWS_PROFILE", "p"}, {"PATH", "/usr/bin:/bin"}}, "",
                                        "[profile p]\ncredential_process = echo log in first >&2; exit 3\n"));
    EXPECT_THAT(error.message(), HasSubstr("exit code 3: log in first"));
}

TEST_F(CredentialChainTest, AContainersRoleIsAskedForWithItsToken) {
    auto keys = chain({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
                       {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder_.write("token", "pod\n")}});
    http_.expect("GET", "http://169.254.170.23/v1/credentials")
        .answers(
            200,
            R"({"AccessKeyId":"POD","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-05T13:00:00Z"})");
    EXPECT_EQ(key_of(keys), "POD");
    EXPECT_EQ(http_.requests().at(0).headers.at(0).second, "pod");
}

TEST_F(CredentialChainTest, AContainersTokenIsNotSentThroughTheNetwork) {
    for (const auto* url : {"http://example.org/", "http://127.0.0.1.example.org/", "ftp://127.0.0.1/",
                            "http://169.254.170.2@example.org/", "http://127.0.0.1:80@example.org/"}) {
        const auto error = failure_of(chain({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}));
        EXPECT_EQ(error.kind(), ErrorKind::InvalidInput) << url;
    }
}

TEST_F(CredentialChainTest, AnInstancesRoleIsAskedForByVersionTwoOnly) {
    auto keys = chain({{"AWS_EC2_METADATA_DISABLED", "false"}});
    http_.expect("PUT", "http://169.254.169.254/latest/api/token").answers(200, "imds");
    http_.expect("GET", "/latest/meta-data/iam/security-credentials/").answers(200, "shows\n");
    http_.expect("GET", "/latest/meta-data/iam/security-credentials/shows")
        .answers(200, R"({"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t",)"
                      R"("Expiration":"2026-01-05T13:00:00Z"})");
    EXPECT_EQ(key_of(keys), "EC2");
    EXPECT_EQ(http_.requests().at(2).headers.at(0).second, "imds");
}

TEST_F(CredentialChainTest, WhereNoInstanceAnswersTheSearchIsOver) {
    http_.expect("PUT", "http://169.254.169.254/latest/api/token").breaks(Error::timed_out("nobody"));
    EXPECT_THAT(failure_of(chain({{"AWS_EC2_METADATA_DISABLED", "false"}})).message(),
                HasSubstr("no instance metadata here"));
}

TEST_F(CredentialChainTest, NewOnesAreGotBeforeTheOldOnesEnd) {
    auto keys =
        chain({{"AWS_ROLE_ARN", "arn"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.write("token", "jwt")}});
    const auto answer = [&](const std::string& key, const std::string& expiration) {
        http_.expect("POST", "sts").answers(200, sts_answer("AssumeRoleWithWebIdentity", key, expiration));
    };
    answer("ONE", "2026-01-05T13:00:00Z");
    EXPECT_EQ(key_of(keys), "ONE");
    clock_.advance(std::chrono::minutes(54));
    EXPECT_EQ(key_of(keys), "ONE");
    clock_.advance(std::chrono::minutes(2));
    answer("TWO", "2026-01-05T14:00:00Z");
    EXPECT_EQ(key_of(keys), "TWO");
}

TEST_F(CredentialChainTest, OldOnesServeWhileNewOnesCannotBeGot) {
    auto keys =
        chain({{"AWS_ROLE_ARN", "arn"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.write("token", "jwt")}});
    http_.expect("POST", "sts")
        .answers(200, sts_answer("AssumeRoleWithWebIdentity", "ONE", "2026-01-05T13:00:00Z"));
    EXPECT_EQ(key_of(keys), "ONE");
    clock_.advance(std::chrono::minutes(56));
    http_.expect("POST", "sts").answers(400, "<E><Error><Code>ExpiredTokenException</Code></Error></E>");
    EXPECT_EQ(key_of(keys), "ONE");
    clock_.advance(std::chrono::minutes(5));
    http_.expect("POST", "sts").answers(400, "<E><Error><Code>ExpiredTokenException</Code></Error></E>");
    EXPECT_THAT(key_of(keys), HasSubstr("expired"));
}

TEST_F(CredentialChainTest, WhatAwsRefusedAsExpiredIsNotGivenAgain) {
    auto keys =
        chain({{"AWS_ROLE_ARN", "arn"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.write("token", "jwt")}});
    for (const auto* key : {"ONE", "TWO"})
        http_.expect("POST", "sts")
            .answers(200, sts_answer("AssumeRoleWithWebIdentity", key, "2026-01-05T13:00:00Z"));
    const auto first = *keys.get(quiet_);
    keys.forget(first);
    EXPECT_EQ(key_of(keys), "TWO");
    keys.forget(first);
    EXPECT_EQ(key_of(keys), "TWO") << "only what was refused is forgotten";
}

}  // namespace
}  // namespace ringmaster::aws
