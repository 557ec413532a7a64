// The runtime contract, and what is special about Docker, on a real engine.

#include <gmock/gmock.h>

#include "adapters/docker/docker_runtime.h"
#include "testing/contracts/runtime_contract.h"
#include "tests/engines/docker/docker_world.h"

namespace ringmaster::testing {
namespace {

using docker::DockerRuntime;
using docker::DockerSettings;
using ::testing::Contains;
using ::testing::HasSubstr;

class DockerHarness : public DockerScripts {
 public:
    ~DockerHarness() {
        NoProgress quiet;
        if (const auto all = runtime_.list_managed())
            for (const auto& service : *all) (void)runtime_.remove(service.show, quiet);
    }
    DockerRuntime& runtime() { return runtime_; }
    Runtime& other_runtime() { return other_; }
    void let_slow_begin() {
        const auto all = runtime_.list_managed().value();
        docker({"exec", all.at(0).name, "touch", "/begin"});
    }
    bool has_remains(const ShowId& show) {
        return !docker({"ps", "-aq", "--filter", "label=ringmaster.show=" + show.base_name()}).empty();
    }
    static DockerSettings settings() {
        DockerSettings settings;
        settings.app.repository = {"acme", "shop"};
        settings.app.restart = docker::Restart::No;
        settings.app.stop_grace = std::chrono::seconds(1);
        // Another machine's loopback would be of no use; here it is the same.
        if (!address_under_test().is_local()) settings.address = "0.0.0.0";
        return settings;
    }
    std::unique_ptr<DockerRuntime> with(const DockerSettings& settings) {
        return std::make_unique<DockerRuntime>(settings, client_.engine, client_.logins, client_.clock,
                                               client_.entropy);
    }

    DockerClient client_, other_client_;

 private:
    DockerRuntime runtime_{settings(), client_.engine, client_.logins, client_.clock, client_.entropy};
    DockerRuntime other_{settings(), other_client_.engine, other_client_.logins, other_client_.clock,
                         other_client_.entropy};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Docker, RuntimeContract, DockerHarness);

class DockerRuntimeCheck : public ::testing::Test {
 protected:
    std::vector<std::string> log_of(Runtime& runtime, const ShowSpec& spec) {
        RecordingProgress heard;
        EXPECT_TRUE(runtime.logs(spec.show, {.tail_lines = -1}, heard));
        return heard.lines();
    }
    static bool ends(Runtime& runtime, const ShowSpec& spec) {
        return eventually([&] { return (*runtime.find(spec.show).value()).state == ServiceState::Exited; });
    }

    DockerHarness harness_;
    RecordingProgress progress_;
};

TEST_F(DockerRuntimeCheck, GivesTheAppItsVariablesAndAForkNoSecret) {
    auto settings = harness_.settings();
    settings.app.environment = {{"CONFIGURED", "yes"}, {"FLAG", "off"}, {"PORT", "1"}};
    settings.app.secrets = {{"PASSWORD", "sesame"}};
    settings.app.port = 9000;
    const auto runtime = harness_.with(settings);
    auto spec = harness_.spec(12, "env", "env");
    spec.environment = {{"FLAG", "on"}};
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    ASSERT_TRUE(ends(*runtime, spec));
    const auto lines = log_of(*runtime, spec);
    for (const char* line : {"CONFIGURED=yes", "FLAG=on", "PORT=9000", "PASSWORD=sesame", "RINGMASTER_PR=12"})
        EXPECT_THAT(lines, Contains(line));
    auto fork = harness_.spec(13, "env-fork", "env");
    fork.is_from_fork = true;
    ASSERT_TRUE(runtime->deploy(fork, progress_));
    ASSERT_TRUE(ends(*runtime, fork));
    for (const auto& line : log_of(*runtime, fork)) EXPECT_THAT(line, ::testing::Not(HasSubstr("sesame")));
}

TEST_F(DockerRuntimeCheck, WhatIsNotOursIsNeitherSeenNorTouched) {
    const auto spec = harness_.serving(12);
    const auto foreign =
        docker({"run", "-d", "--label", "ringmaster.repository=acme/shop", "--label",
                "ringmaster.show=" + spec.show.base_name(), spec.artifact.image, "sleep", "1000"});
    EXPECT_TRUE(harness_.runtime().list_managed()->empty()) << "it lacks tags";
    EXPECT_TRUE(harness_.runtime().remove(spec.show, progress_));
    auto settings = harness_.settings();
    settings.app.repository = {"acme", "other"};
    const auto other = harness_.with(settings);
    ASSERT_TRUE(harness_.runtime().deploy(spec, progress_));
    EXPECT_TRUE(other->list_managed()->empty()) << "it is another repository's";
    EXPECT_EQ(docker({"inspect", "-f", "{{.State.Running}}", foreign}), "true");
    docker({"rm", "-f", foreign});
}

TEST_F(DockerRuntimeCheck, AForeignContainerWithTheNameIsLeftAlone) {
    const auto spec = harness_.serving(12);
    const auto name = docker::resource_name(spec.show);
    docker({"run", "-d", "--name", name, spec.artifact.image, "sleep", "1000"});
    const auto endpoint = harness_.runtime().deploy(spec, progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_THAT(endpoint.error().describe(), HasSubstr("not Ringmaster's"));
    EXPECT_EQ(docker({"inspect", "-f", "{{.State.Running}}", name}), "true");
    docker({"rm", "-f", name});
}

TEST_F(DockerRuntimeCheck, APortThatAnotherProgramHasIsPassedOver) {
    auto settings = harness_.settings();
    settings.first_port = 21000;
    settings.last_port = 21001;
    const auto runtime = harness_.with(settings);
    const auto holder = docker({"run", "-d", "--net", "host", harness_.serving(99).artifact.image, "httpd",
                                "-f", "-p", "127.0.0.1:21000", "-h", "/www"});
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(endpoint->port, 21001);
    const auto another = harness_.serving(13);
    const auto refused = runtime->deploy(another, progress_);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().describe(), HasSubstr("21000"));
    EXPECT_THAT(refused.error().hint(), HasSubstr("[shows.run] ports"));
    EXPECT_FALSE(harness_.has_remains(another.show));
    docker({"rm", "-f", holder});
}

TEST_F(DockerRuntimeCheck, ACrashLoopCountsAsAnEndAndSaysWhy) {
    auto settings = harness_.settings();
    settings.app.restart = docker::Restart::Always;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.crashing();
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    ASSERT_TRUE(ends(*runtime, spec));
    const auto service = runtime->find(spec.show).value().value();
    EXPECT_THAT(service.detail, HasSubstr("times; the last time: exit 3"));
}

TEST_F(DockerRuntimeCheck, AnAppThatNeedsTooMuchMemorySaysSo) {
    auto settings = harness_.settings();
    settings.app.memory_bytes = 8 << 20;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.spec(12, "hungry", "exec dd if=/dev/zero of=/dev/null bs=64M count=2");
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    ASSERT_TRUE(ends(*runtime, spec));
    EXPECT_THAT(runtime->find(spec.show).value().value().detail, HasSubstr("more memory than its 8 MB"));
}

TEST_F(DockerRuntimeCheck, ItsBoundsReachTheEngine) {
    auto settings = harness_.settings();
    settings.app.memory_bytes = 64 << 20;
    settings.app.nano_cpus = 500'000'000;
    settings.app.pids = 100;
    settings.app.restart = docker::Restart::OnFailure;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    EXPECT_EQ(docker({"inspect", "-f",
                      "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} "
                      "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.SecurityOpt}}",
                      docker::resource_name(spec.show)}),
              "67108864 500000000 100 on-failure [no-new-privileges]");
}

TEST_F(DockerRuntimeCheck, AShowInANetworkIsReachedAtItsAddressThere) {
    docker({"network", "create", "ringmaster-test"});
    auto settings = harness_.settings();
    settings.reach = docker::Reach::Network;
    settings.network = "ringmaster-test";
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(endpoint->port, 8080);
    EXPECT_TRUE(eventually([&] { return http_get(*endpoint) == harness_.body_of(spec); }));
    ASSERT_TRUE(runtime->remove(spec.show, progress_));
    docker({"network", "rm", "ringmaster-test"});
}

TEST_F(DockerRuntimeCheck, AWrongCommandIsNamedAndLeavesNothing) {
    auto settings = harness_.settings();
    settings.app.command = {"/no/such/program"};
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Failed);
    EXPECT_THAT(endpoint.error().describe(), HasSubstr("/no/such/program"));
    EXPECT_THAT(endpoint.error().hint(), HasSubstr("[shows.run] command"));
    EXPECT_FALSE(harness_.has_remains(spec.show));
}

TEST_F(DockerRuntimeCheck, AShowSurvivesARestartOfTheEngineAtTheSameAddress) {
    auto settings = harness_.settings();
    settings.app.restart = docker::Restart::Always;
    const auto runtime = harness_.with(settings);
    const auto spec = harness_.serving(12);
    const auto endpoint = runtime->deploy(spec, progress_);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    docker({"restart", "-t", "0", docker::resource_name(spec.show)});
    EXPECT_EQ(runtime->find(spec.show).value().value().endpoint, *endpoint);
    EXPECT_TRUE(eventually([&] { return http_get(*endpoint) == harness_.body_of(spec); }));
}

TEST_F(DockerRuntimeCheck, FollowedLogsGoOnWithAnAppThatTheEngineStartsAgain) {
    auto settings = harness_.settings();
    settings.app.restart = docker::Restart::Always;
    const auto runtime = harness_.with(settings);
    const auto spec =
        harness_.spec(12, "twice",
                      "if test -e /lived; then echo second life; exec sleep 1000; fi; echo first "
                      "life; touch /lived; sleep 0.5; exit 1");
    ASSERT_TRUE(runtime->deploy(spec, progress_));
    RecordingProgress heard;
    heard.stop_when([](const auto& lines) { return lines.size() >= 2; });
    const auto followed = runtime->logs(spec.show, {.follow = true}, heard);
    ASSERT_FALSE(followed);
    EXPECT_EQ(followed.error().kind(), ErrorKind::Interrupted) << followed.error().describe();
    EXPECT_EQ(heard.lines(), (std::vector<std::string>{"first life", "second life"}));
}

TEST_F(DockerRuntimeCheck, LogsSinceATimeLeaveOutWhatWasBefore) {
    const auto spec = harness_.spec(12, "since", "echo early; sleep 2; echo late; exec sleep 1000");
    ASSERT_TRUE(harness_.runtime().deploy(spec, progress_));
    ASSERT_TRUE(eventually([&] { return log_of(harness_.runtime(), spec).size() == 2; }));
    const auto second = docker({"logs", "-t", docker::resource_name(spec.show)});
    const auto late = second.substr(second.find('\n') + 1);
    RecordingProgress heard;
    ASSERT_TRUE(harness_.runtime().logs(
        spec.show, {.tail_lines = -1, .since = parse_iso8601(late.substr(0, late.find(' ')))}, heard));
    EXPECT_EQ(heard.lines(), std::vector<std::string>{"late"});
}

}  // namespace
}  // namespace ringmaster::testing
