#include "adapters/docker/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/docker/image_waiter.h"
#include "adapters/support/base64.h"
#include "adapters/support/subprocess.h"
#include "testing/fake_clock.h"
#include "testing/scripted_http.h"
#include "testing/temporary_folder.h"

namespace ringmaster::docker {
namespace {

using ringmaster::testing::ScriptedHttp;
using ringmaster::testing::TemporaryFolder;
using ::testing::HasSubstr;

TEST(ImageReference, IsTakenApart) {
    EXPECT_EQ(parse_image("nginx"), (ImageReference{"docker.io", "library/nginx", "latest"}));
    EXPECT_EQ(parse_image("acme/shop:1"), (ImageReference{"docker.io", "acme/shop", "1"}));
    EXPECT_EQ(parse_image("ghcr.io/acme/shop"), (ImageReference{"ghcr.io", "acme/shop", "latest"}));
    EXPECT_EQ(parse_image("localhost:5000/shop:1"), (ImageReference{"localhost:5000", "shop", "1"}));
    EXPECT_EQ(parse_image("r.test/a/b@sha256:00"), (ImageReference{"r.test", "a/b", "sha256:00"}));
    EXPECT_EQ(parse_image("docker.io/acme/shop"), (ImageReference{"docker.io", "acme/shop", "latest"}));
    EXPECT_EQ(parse_image("localhost:5000/shop").base_url(), "http://localhost:5000");
    EXPECT_EQ(parse_image("ghcr.io/a/b").base_url(), "https://ghcr.io");
    EXPECT_EQ(parse_image("a/b").base_url(), "https://registry-1.docker.io");
}

class RegistryTest : public ::testing::Test {
 protected:
    void log_in(const std::string& config) { folder_.write("config.json", config); }
    Result<bool> has(const std::string& image) { return registry_.has(image, quiet_); }
    static std::string bearer() {
        return R"(Bearer realm="https://auth.test/token",service="r.test",scope="repository:acme/shop:pull")";
    }

    ScriptedHttp http_;
    TemporaryFolder folder_;
    support::PosixSubprocess subprocess_;
    RegistryLogins logins_{folder_.path(), {{"PATH", folder_.path() + ":/usr/bin:/bin"}}, subprocess_};
    Registry registry_{http_, logins_};
    NoProgress quiet_;
};

TEST_F(RegistryTest, SaysWhetherAnImageIsThere) {
    http_.expect("HEAD", "https://r.test/v2/acme/shop/manifests/1");
    EXPECT_EQ(has("r.test/acme/shop:1"), true);
    http_.expect("HEAD", "/manifests/2").answers(404, "");
    EXPECT_EQ(has("r.test/acme/shop:2"), false);
}

TEST_F(RegistryTest, GetsATokenWhereOneIsWanted) {
    http_.expect("HEAD", "/manifests/1").answers(401, "", {{"www-authenticate", bearer()}});
    http_.expect("GET", "https://auth.test/token?service=r.test&scope=repository%3Aacme%2Fshop%3Apull")
        .answers(200, R"({"token":"t0k"})");
    http_.expect("HEAD", "/manifests/1");
    EXPECT_EQ(has("r.test/acme/shop:1"), true);
    EXPECT_EQ(http_.requests().back().headers.back().second, "Bearer t0k");
}

TEST_F(RegistryTest, ShowsTheLoginThatDockerKeeps) {
    log_in(R"({"auths":{"r.test":{"auth":")" + support::base64_encode("ada:sesame") + R"("}}})");
    http_.expect("HEAD", "/manifests/1").answers(401, "", {{"www-authenticate", "Basic realm=\"x\""}});
    http_.expect("HEAD", "/manifests/1");
    EXPECT_EQ(has("r.test/acme/shop:1"), true);
    EXPECT_EQ(http_.requests().back().headers.back().second, "Basic " + support::base64_encode("ada:sesame"));
}

TEST_F(RegistryTest, AsksTheCredentialHelperThatDockerWouldAsk) {
    log_in(R"({"auths":{"r.test":{}},"credsStore":"fake"})");
    const auto helper =
        folder_.write("docker-credential-fake",
                      "#!/bin/sh\nread name\necho \"{\\\"Username\\\":\\\"ada\\\",\\\"Secret\\\":\\\"for "
                      "$name\\\"}\"\n");
    ::chmod(helper.c_str(), 0755);
    const auto login = logins_.find("r.test");
    ASSERT_TRUE(login && *login) << login.error().describe();
    EXPECT_EQ((*login)->user, "ada");
    EXPECT_EQ((*login)->password, "for r.test");
    EXPECT_FALSE(*logins_.find("other.test"));
}

TEST_F(RegistryTest, ARefusedLoginSaysWhichCommandMendsIt) {
    http_.expect("HEAD", "/manifests/1").answers(401, "", {{"www-authenticate", "Basic realm=\"x\""}});
    const auto answer = has("r.test/acme/shop:1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(answer.error().hint(), HasSubstr("docker login r.test"));
}

TEST_F(RegistryTest, TheEngineIsGivenTheLoginInItsHeader) {
    log_in(R"({"auths":{"https://index.docker.io/v1/":{"auth":")" + support::base64_encode("ada:s:x") +
           R"("}}})");
    const auto header = support::base64_decode(logins_.engine_header("acme/shop:1").value());
    EXPECT_EQ(header, R"({"password":"s:x","serveraddress":"https://index.docker.io/v1/","username":"ada"})");
    EXPECT_EQ(logins_.engine_header("ghcr.io/acme/shop:1").value(), "");
}

// -- waiting -----------------------------------------------------------------------------------------------

class NamingBuilder final : public Builder {
 public:
    Result<Artifact> build(const BuildSpec&, Progress&) override {
        return Artifact{.image = "r.test/shop:1"};
    }
    Result<void> remove(const ShowId&) override { return {}; }
};

class ImageWaiterTest : public ::testing::Test {
 protected:
    Result<Artifact> wait(const ImageFinder& finder, Duration patience) {
        ImageWaiter waiter(std::make_unique<NamingBuilder>(), finder, patience, clock_);
        const auto commit = *CommitSha::parse(std::string(40, 'a'));
        return waiter.build({.show = {{"acme", "shop"}, 12, commit.short_sha()}, .commit = commit}, quiet_);
    }
    ringmaster::testing::FakeClock clock_;
    NoProgress quiet_;
    int looks_ = 0;
};

TEST_F(ImageWaiterTest, LooksUntilTheImageIsThereThroughARegistrysMoods) {
    const auto artifact = wait(
        [&](const std::string&, Progress&) -> Result<bool> {
            ++looks_;
            if (looks_ == 2) return Fail(Error::unavailable("the registry is restarted"));
            return looks_ == 4;
        },
        std::chrono::minutes(5));
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_EQ(artifact->image, "r.test/shop:1");
    EXPECT_EQ(looks_, 4);
}

TEST_F(ImageWaiterTest, GivesUpAfterItsTimeAndAtOnceWhenALoginIsMissing) {
    const auto late = wait([](const std::string&, Progress&) { return false; }, std::chrono::minutes(5));
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().message(), HasSubstr("has not appeared within 5 min"));
    const auto refused = wait(
        [&](const std::string&, Progress&) -> Result<bool> {
            ++looks_;
            return Fail(Error::unauthorized("no"));
        },
        std::chrono::minutes(5));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Unauthorized);
    EXPECT_EQ(looks_, 1);
}

TEST_F(ImageWaiterTest, SaysAtOnceThatNobodyCanBeAsked) {
    const auto start = clock_.monotonic();
    const auto artifact =
        wait([](const std::string&,
                Progress&) -> Result<bool> { return Fail(Error::unavailable("there is no engine")); },
             std::chrono::minutes(5));
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().message(), "there is no engine");
    EXPECT_EQ(clock_.monotonic(), start);
}

TEST_F(ImageWaiterTest, DoesNotLookWithoutPatience) {
    EXPECT_TRUE(wait([&](const std::string&, Progress&) { return ++looks_ > 0; }, Duration::zero()));
    EXPECT_EQ(looks_, 0);
}

}  // namespace
}  // namespace ringmaster::docker
