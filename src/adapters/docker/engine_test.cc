#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/docker/engine_address.h"
#include "adapters/docker/engine_client.h"
#include "testing/scripted_http.h"

namespace ringmaster::docker {
namespace {

using ringmaster::testing::ScriptedHttp;
using ::testing::HasSubstr;

Result<EngineAddress> found(const std::string& configured,
                            std::map<std::string, std::string> variables = {}) {
    return find_engine(configured, [&](std::string_view name) -> std::optional<std::string> {
        const auto it = variables.find(std::string(name));
        return it == variables.end() ? std::nullopt : std::optional(it->second);
    });
}

TEST(EngineAddress, IsTheUsualSocketUnlessSomebodySaysOtherwise) {
    EXPECT_EQ(found("")->unix_socket, "/var/run/docker.sock");
    EXPECT_EQ(found("", {{"DOCKER_HOST", "unix:///run/user/1000/docker.sock"}})->unix_socket,
              "/run/user/1000/docker.sock");
    const auto tcp = found("tcp://build.test:2375", {{"DOCKER_HOST", "unix:///x"}});
    ASSERT_TRUE(tcp);
    EXPECT_EQ(tcp->base_url, "http://build.test:2375");
    EXPECT_EQ(tcp->host, "build.test");
    EXPECT_FALSE(tcp->is_local());
}

TEST(EngineAddress, TlsIsAskedForByTheSchemeOrTheVariable) {
    const auto verified = found("tcp://h:2376", {{"DOCKER_TLS_VERIFY", "1"}, {"DOCKER_CERT_PATH", "/certs"}});
    EXPECT_EQ(verified->base_url, "https://h:2376");
    EXPECT_EQ(verified->certificate_folder, "/certs");
    EXPECT_EQ(found("https://h:2376", {{"HOME", "/ada"}})->certificate_folder, "/ada/.docker");
    EXPECT_EQ(found("tcp://h:2375")->certificate_folder, "");
}

TEST(EngineAddress, WhatIsNoAddressIsRefusedWithAHint) {
    for (const char* text : {"docker", "unix://relative", "tcp://nohost", "tcp://h:0", "tcp://h:x",
                             "npipe:////x", "tcp://u@h:1"}) {
        const auto address = found(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().kind(), ErrorKind::InvalidInput);
        EXPECT_THAT(address.error().hint(), HasSubstr("tcp://HOST:PORT"));
    }
    EXPECT_THAT(found("ssh://host").error().hint(), HasSubstr("ssh -L"));
}

class EngineClientTest : public ::testing::Test {
 protected:
    void expect_version(const char* newest, const char* oldest) {
        http_.expect("GET", "/version")
            .answers(200, fmt::format(R"({{"Version":"99","ApiVersion":"{}","MinAPIVersion":"{}"}})", newest,
                                      oldest));
    }
    ScriptedHttp http_;
    EngineClient engine_{found("tcp://engine.test:2375").value(), http_};
};

TEST_F(EngineClientTest, SpeaksTheNewestVersionThatBothKnowAndAsksOnce) {
    expect_version("1.41", "1.12");
    http_.expect("GET", "http://engine.test:2375/v1.41/info").answers(200, R"({"a":1})");
    http_.expect("GET", "/v1.41/info").answers(200, R"({"a":1})");
    EXPECT_TRUE(engine_.json({.path = "/info"}));
    EXPECT_TRUE(engine_.json({.path = "/info"}));
}

TEST_F(EngineClientTest, FollowsAnEngineThatGaveUpOldVersions) {
    expect_version("1.90", "1.60");
    EXPECT_EQ(engine_.version()->api, "1.60");
}

TEST_F(EngineClientTest, AnEngineNewerThanUsIsSpokenToAsWeKnowIt) {
    expect_version("1.90", "1.24");
    EXPECT_EQ(engine_.version()->api, "1.47");
}

TEST_F(EngineClientTest, AnEngineThatIsTooOldIsNamed) {
    expect_version("1.24", "1.12");
    const auto version = engine_.version();
    ASSERT_FALSE(version);
    EXPECT_THAT(version.error().message(), HasSubstr("too old"));
}

TEST_F(EngineClientTest, ARefusalHoldsTheEnginesWordsAndWhatWasBeingDone) {
    expect_version("1.41", "1.12");
    http_.expect("POST", "/containers/create").answers(409, R"({"message":"Conflict. The name is taken"})");
    const auto answer =
        engine_.call({.method = "POST", .path = "/containers/create", .doing = "creating pr-1"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(answer.error().describe(),
              "the Docker engine says: Conflict. The name is taken (while creating pr-1)");
}

TEST(EngineRefusal, AnEngineThatIsNotThereIsNamedOnceWhenUndoingMeetsTheSame) {
    const auto gone = Error::unavailable("there is no Docker engine").while_doing("creating pr-1");
    const auto still = Error::unavailable("it broke off in another way").while_doing("removing pr-1");
    EXPECT_EQ(also_not_undone(gone, still).describe(), gone.describe());
    const auto other = Error::failed("the disk is full");
    EXPECT_EQ(also_not_undone(gone, other).describe(),
              "there is no Docker engine (while creating pr-1, while the disk is full)");
}

TEST(EngineRefusal, IsReadForItsMeaningAndNotForItsStatus) {
    struct Case {
        int status;
        const char* text;
        ErrorKind kind;
        const char* hint;
    };
    const Case cases[] = {
        {500, "driver failed: Bind for 127.0.0.1:20000 failed: port is already allocated",
         ErrorKind::Conflict, "[shows.run] ports"},
        {500, "write /var/lib/docker/tmp: no space left on device", ErrorKind::Failed, "docker system prune"},
        {500, "Get \"https://r.test/v2/\": unauthorized: authentication required", ErrorKind::Unauthorized,
         "docker login"},
        {404, "pull access denied for acme/shop, repository does not exist or may require 'docker login'",
         ErrorKind::Unauthorized, "docker login"},
        {404, "manifest for acme/shop:1 not found: manifest unknown: manifest unknown", ErrorKind::NotFound,
         "[shows.build] image"},
        {400, "Minimum memory limit allowed is 6MB", ErrorKind::InvalidInput, "memory_mb"},
        {503, "This node is not a swarm manager.", ErrorKind::InvalidInput, "docker swarm init"},
        {404, "No such container: x", ErrorKind::NotFound, ""},
        {500, "something new", ErrorKind::Failed, ""},
        {500, "", ErrorKind::Failed, ""},
    };
    for (const auto& [status, text, kind, hint] : cases) {
        const auto error = engine_refusal(status, text, "x");
        EXPECT_EQ(error.kind(), kind) << text;
        EXPECT_THAT(error.hint(), HasSubstr(hint)) << text;
    }
}

}  // namespace
}  // namespace ringmaster::docker
