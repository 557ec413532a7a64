// The runtime contract, and what is special about a swarm, on the one that tests/engines/docker/run made of
// the engine.

#include <gmock/gmock.h>

#include "adapters/docker/swarm_runtime.h"
#include "testing/contracts/runtime_contract.h"
#include "tests/engines/docker/docker_world.h"

namespace ringmaster::testing {
namespace {

using docker::SwarmRuntime;
using docker::SwarmSettings;
using ::testing::HasSubstr;

class SwarmHarness : public DockerScripts {
 public:
    ~SwarmHarness() {
        NoProgress quiet;
        if (const auto all = runtime_.list_managed())
            for (const auto& service : *all) (void)runtime_.remove(service.show, quiet);
    }
    SwarmRuntime& runtime() { return runtime_; }
    Runtime& other_runtime() { return other_; }
    void let_slow_begin() {
        const auto container = docker({"ps", "-q", "--filter", "label=ringmaster.repository=acme/shop"});
        docker({"exec", container, "touch", "/begin"});
    }
    bool has_remains(const ShowId& show) {
        const auto label = "label=ringmaster.show=" + show.base_name();
        return !docker({"service", "ls", "-q", "--filter", label}).empty() ||
               !docker({"ps", "-q", "--filter", label}).empty();
    }
    /// There is no IPVS on a machine like CI's, so ports are the node's own (contracts of the engines).
    static SwarmSettings settings() {
        SwarmSettings settings;
        settings.app.repository = {"acme", "shop"};
        settings.app.restart = docker::Restart::No;
        settings.app.stop_grace = std::chrono::seconds(1);
        settings.port_mode = docker::PortMode::Host;
        settings.endpoint_mode = docker::EndpointMode::RoundRobin;
        return settings;
    }
    std::unique_ptr<SwarmRuntime> with(const SwarmSettings& settings) {
        return std::make_unique<SwarmRuntime>(settings, client_.engine, client_.logins, client_.clock,
                                              client_.entropy);
    }

    DockerClient client_, other_client_;

 private:
    SwarmRuntime runtime_{settings(), client_.engine, client_.logins, client_.clock, client_.entropy};
    SwarmRuntime other_{settings(), other_client_.engine, other_client_.logins, other_client_.clock,
                        other_client_.entropy};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Swarm, RuntimeContract, SwarmHarness);

class SwarmRuntimeCheck : public ::testing::Test {
 protected:
    static ServiceState state_of(Runtime& runtime, const ShowSpec& spec) {
        return (*runtime.find(spec.show).value()).state;
    }
    std::vector<std::string> log_of(Runtime& runtime, const ShowSpec& spec) {
        RecordingProgress heard;
        EXPECT_TRUE(runtime.logs(spec.show, {.tail_lines = -1}, heard));
        return heard.lines();
    }

    SwarmHarness harness_;
    RecordingProgress progress_;
};

TEST_F(SwarmRuntimeCheck, SecretsAndConfigsOfTheSwarmAreFilesOfTheShowAndAForkGetsNoSecret) {
    docker({"secret", "create", "ringmaster-password", "-"}, "sesame");
    docker({"config", "create", "ringmaster-motd", "-"}, "welcome");
    auto settings = harness_.settings();
    settings.secrets = {"ringmaster-password"};
    settings.configs = {{"ringmaster-motd", "/tmp/motd"}};
    const auto runtime = harness_.with(settings);
    const auto script = "echo $(cat /run/secrets/ringmaster-password) and $(cat /tmp/motd); sleep 1000";
    const auto spec = harness_.spec(12, "files", script);
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    EXPECT_TRUE(
        eventually([&] { return log_of(*runtime, spec) == std::vector<std::string>{"sesame and welcome"}; }));
    auto fork = harness_.spec(13, "files-fork", script);
    fork.is_from_fork = true;
    ASSERT_TRUE(runtime->deploy(fork, progress_));
    EXPECT_TRUE(eventually([&] {
        const auto lines = log_of(*runtime, fork);
        return std::ranges::find(lines, "and welcome") != lines.end();
    }));
    NoProgress quiet;
    EXPECT_TRUE(runtime->remove(spec.show, quiet));
    EXPECT_TRUE(runtime->remove(fork.show, quiet));
    docker({"secret", "rm", "ringmaster-password"});
    docker({"config", "rm", "ringmaster-motd"});
}

TEST_F(SwarmRuntimeCheck, ASecretThatTheSwarmHasNotIsNamed) {
    auto settings = harness_.settings();
    settings.secrets = {"nobody-made-it"};
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(endpoint.error().message(), HasSubstr("nobody-made-it"));
    EXPECT_FALSE(harness_.has_remains(spec.show));
}

TEST_F(SwarmRuntimeCheck, AChangeInPlaceServesWithoutAGap) {
    const auto spec = harness_.serving(12);
    const auto before = harness_.runtime().deploy(spec, progress_);
    ASSERT_TRUE(before) << before.error().describe();
    ASSERT_TRUE(eventually([&] { return http_get(*before) == harness_.body_of(spec); }));
    const auto other = harness_.another_version(spec);
    int gaps = 0;
    RecordingProgress watching;
    watching.on_pulse([&](int) {
        gaps += !http_get(*before) && !http_get(*harness_.runtime().find(spec.show).value()->endpoint);
    });
    const auto after = harness_.runtime().deploy(other, watching);
    ASSERT_TRUE(after) << after.error().describe();
    EXPECT_TRUE(eventually([&] { return http_get(*after) == harness_.body_of(other); }));
    EXPECT_EQ(gaps, 0) << "the new task has to serve before the old one goes";
}

TEST_F(SwarmRuntimeCheck, AShowWithAVirtualAddressAnswersAtItsNodesPort) {
    auto settings = harness_.settings();
    settings.endpoint_mode = docker::EndpointMode::VirtualAddress;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(
        docker({"service", "inspect", "-f", "{{.Endpoint.Spec.Mode}}", docker::resource_name(spec.show)}),
        "vip");
    EXPECT_TRUE(eventually([&] { return http_get(*endpoint) == harness_.body_of(spec); }));
    ASSERT_TRUE(runtime->remove(spec.show, progress_));
    EXPECT_FALSE(harness_.has_remains(spec.show));
}

// Whether the swarm then leads visitors from that port to the task is its own matter, and the kernel's: it
// takes IPVS.
TEST_F(SwarmRuntimeCheck, APortOnEveryNodeIsTheOneThatTheSwarmChose) {
    auto settings = harness_.settings();
    settings.endpoint_mode = docker::EndpointMode::VirtualAddress;
    settings.port_mode = docker::PortMode::Ingress;
    settings.host = "127.0.0.1";
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(
        docker({"service", "inspect", "-f",
                "{{.Endpoint.Spec.Mode}} {{range .Endpoint.Ports}}{{.PublishMode}} {{.PublishedPort}}{{end}}",
                docker::resource_name(spec.show)}),
        fmt::format("vip ingress {}", endpoint->port));
    EXPECT_EQ(endpoint->host, "127.0.0.1");
    EXPECT_EQ(runtime->find(spec.show).value().value().endpoint, *endpoint);
    ASSERT_TRUE(runtime->remove(spec.show, progress_));
    EXPECT_FALSE(harness_.has_remains(spec.show));
}

TEST_F(SwarmRuntimeCheck, AShowThatNoNodeFitsSaysWhyAndLeavesNothing) {
    auto settings = harness_.settings();
    settings.constraints = {"node.labels.nowhere==yes"};
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_THAT(endpoint.error().describe(), HasSubstr("no suitable node"));
    EXPECT_THAT(endpoint.error().hint(), HasSubstr("[shows.swarm] constraints"));
    EXPECT_FALSE(harness_.has_remains(spec.show));
}

TEST_F(SwarmRuntimeCheck, ACrashLoopCountsAsAnEndAndSaysWhy) {
    auto settings = harness_.settings();
    settings.app.restart = docker::Restart::Always;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.crashing();
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    EXPECT_TRUE(eventually([&] { return state_of(*runtime, spec) == ServiceState::Exited; }));
}

TEST_F(SwarmRuntimeCheck, WhatIsNotOursIsNeitherSeenNorTouched) {
    const auto spec = harness_.serving(12);
    docker({"service", "create", "--detach", "--name", "foreign", "--label",
            "ringmaster.repository=acme/shop", "--endpoint-mode", "dnsrr", spec.artifact.image});
    EXPECT_TRUE(harness_.runtime().list_managed()->empty()) << "it lacks tags";
    EXPECT_TRUE(harness_.runtime().remove(spec.show, progress_));
    EXPECT_EQ(docker({"service", "ls", "-q", "--filter", "name=foreign"}).empty(), false);
    docker({"service", "rm", "foreign"});
}

}  // namespace
}  // namespace ringmaster::testing
