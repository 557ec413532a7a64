#include "adapters/exec/exec_runtime.h"

#include <gtest/gtest.h>

#include "adapters/exec/exec_harness_test.h"
#include "base/text.h"
#include "testing/contracts/runtime_contract.h"

namespace ringmaster::testing {
namespace {

constexpr auto kExamples = RINGMASTER_SOURCE_DIR "/examples/plugins";

using exec::ExecRuntime;

// examples/plugins/runtime.py, with small scripts as shows.
class PythonRuntimeHarness {
 public:
    PythonRuntimeHarness() : runtime_(make()), other_(make()) {}
    ~PythonRuntimeHarness() {
        NoProgress quiet;
        if (const auto all = runtime_.list_managed())
            for (const auto& service : *all) (void)runtime_.remove(service.show, quiet);
    }
    Runtime& runtime() { return runtime_; }
    Runtime& other_runtime() { return other_; }
    ShowSpec serving(int number) { return spec(number, kServer); }
    ShowSpec slow() {
        return spec(12, "until test -e " + folder_.path("begin") + "; do sleep 0.02; done; " + kServer);
    }
    void let_slow_begin() { folder_.write("begin", ""); }
    ShowSpec crashing() { return spec(12, "echo going down; exit 3"); }
    ShowSpec stubborn() { return spec(12, "trap '' TERM; echo here; while :; do sleep 1; done"); }
    ShowSpec counting() { return spec(12, "for i in $(seq 1 1000); do echo line $i; done; exec sleep 1000"); }
    ShowSpec impossible() {
        auto spec = serving(12);
        spec.artifact.directory = folder_.path("nowhere");
        return spec;
    }
    ShowSpec another_version(const ShowSpec& spec) {
        auto other = spec;
        other.artifact = serving(spec.show.pull_request_number).artifact;
        return other;
    }
    std::string body_of(const ShowSpec& spec) {
        return "app " + std::filesystem::path(spec.artifact.directory).filename().string();
    }
    bool has_remains(const ShowId& show) {
        return file_exists(folder_.path("state/acme--shop/" + show.base_name())) ||
               !processes_in(folder_.path("apps")).empty();
    }

 private:
    ShowSpec spec(int number, const std::string& script) {
        const auto name = std::to_string(++made_);
        folder_.write("apps/" + name + "/run.sh", script);
        folder_.write("apps/" + name + "/body", "app " + name);
        const auto commit = *CommitSha::parse(fmt::format("{:07x}{:033x}", 0xabc0000 + made_, made_));
        ShowSpec spec{.show = {{"acme", "shop"}, number, commit.short_sha()}, .commit = commit};
        spec.artifact.directory = folder_.path("apps/" + name);
        spec.requested_by = "ada";
        spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
        spec.expires_at = *parse_iso8601("2026-11-24T14:09:00Z");
        return spec;
    }
    ExecRuntime make() {
        exec::ExecRuntimeSettings settings{.repository = {"acme", "shop"}, .command = {"sh", "./run.sh"}};
        settings.stop_grace = std::chrono::milliseconds(1500);  // many pulses, also on a busy machine
        return {settings, exec::PluginProgram({.command = {"./runtime.py"},
                                               .folder = kExamples,
                                               .environment = {{"SHOWS", folder_.path("state")}}},
                                              subprocess_)};
    }
    // Answers every request with what its folder holds.
    static constexpr auto kServer =
        "exec python3 -c '\n"
        "import http.server, os\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200)\n"
        "        self.end_headers()\n"
        "        self.wfile.write(open(\"body\").read().encode())\n"
        "http.server.ThreadingHTTPServer((os.environ[\"HOST\"], int(os.environ[\"PORT\"])), "
        "Handler).serve_forever()\n"
        "'";

    TemporaryFolder folder_;
    support::PosixSubprocess subprocess_;
    int made_ = 0;
    ExecRuntime runtime_;
    ExecRuntime other_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(PythonExample, RuntimeContract, PythonRuntimeHarness);

class ExecRuntimeTest : public ScriptedProgramTest {
 protected:
    ExecRuntime runtime(exec::ExecRuntimeSettings settings = {}) {
        settings.repository = {"acme", "shop"};
        return {settings, program()};
    }
    ShowSpec spec() const {
        ShowSpec spec{.show = show(), .commit = *CommitSha::parse(kCommit)};
        spec.artifact.image = "acme/shop:1";
        spec.requested_by = "ada";
        spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
        return spec;
    }
    static constexpr auto kService =
        R"({"show":{"repository":"acme/shop","pull_request":12,"sha":"abc1234"},"name":"box",)"
        R"("state":"running","endpoint":{"host":"10.0.0.1","port":80},"created_at":"2026-11-22T14:09:00Z"})";
};

TEST_F(ExecRuntimeTest, TellsTheProgramEverythingAndGivesItNothingOfOurs) {
    ::setenv("GITHUB_TOKEN", "secret", 1);
    answers(
        "env > env; cat > request; echo '{\"line\":\"going\"}'; echo also going >&2; "
        "echo '{\"ok\":{\"endpoint\":{\"host\":\"10.0.0.1\",\"port\":8080},\"more\":1}}'");
    const auto endpoint =
        runtime({.command = {"serve", "it"}, .secrets = {{"KEY", "k"}}}).deploy(spec(), progress_);
    ::unsetenv("GITHUB_TOKEN");
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(endpoint->text(), "10.0.0.1:8080");
    EXPECT_THAT(progress_.lines(), ::testing::UnorderedElementsAre("going", "also going"));
    EXPECT_EQ(folder_.read("env").find("secret"), std::string::npos);
    EXPECT_NE(folder_.read("env").find("RINGMASTER_SHOW=pr-12-abc1234\n"), std::string::npos);
    EXPECT_EQ(
        folder_.read("request"),
        R"({"address":"127.0.0.1","artifact":{"directory":"","image":"acme/shop:1"},"command":["serve","it"],)"
        R"("commit":"abc1234000000000000000000000000000000000","created_at":"2026-11-22T14:09:00Z",)"
        R"("environment":{"KEY":"k"},"expires_at":null,"host":"127.0.0.1","is_from_fork":false,)"
        R"("memory_megabytes":0,"operation":"deploy","port":8080,"processes":0,"protocol":1,"requested_by":"ada",)"
        R"("show":{"name":"pr-12-abc1234","pull_request":12,"repository":"acme/shop","sha":"abc1234"},)"
        R"("stop_grace_seconds":10.0})"
        "\n");
}

TEST_F(ExecRuntimeTest, GivesSecretsToNoFork) {
    answers("cat > request; echo '{\"ok\":{\"endpoint\":{\"host\":\"h\",\"port\":1}}}'");
    auto fork = spec();
    fork.is_from_fork = true;
    ASSERT_TRUE(runtime({.secrets = {{"KEY", "hush"}}}).deploy(fork, progress_));
    EXPECT_EQ(folder_.read("request").find("hush"), std::string::npos);
}

TEST_F(ExecRuntimeTest, AnAnswerThatMakesNoSenseIsNamedAndWhatItMayHaveStartedIsRemoved) {
    answers("echo $1 >> calls; echo '{\"ok\":{\"endpoint\":{\"host\":\"h\",\"port\":\"80\"}}}'");
    const auto endpoint = runtime().deploy(spec(), progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Corrupt);
    EXPECT_EQ(endpoint.error().message(),
              "./program deploy, line 1 of its output: /ok/endpoint/port should be a whole number");
    EXPECT_EQ(folder_.read("calls"), "deploy\nremove\n");
}

TEST_F(ExecRuntimeTest, ARefusalIsPassedOnAsItIs) {
    answers(
        "echo $1 >> calls; echo '{\"error\":{\"kind\":\"unauthorized\",\"message\":\"no \\u001b[1mway\","
        "\"hint\":\"log in\"}}'; exit 9");
    const auto endpoint = runtime().deploy(spec(), progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Unauthorized);
    EXPECT_EQ(endpoint.error().message().find('\x1b'), std::string::npos);
    EXPECT_EQ(endpoint.error().hint(), "log in");
    EXPECT_EQ(folder_.read("calls"), "deploy\n") << "it has put its things away itself";
}

TEST_F(ExecRuntimeTest, FindTellsNoneFromAnAnswerWithoutTheField) {
    answers("echo '{\"ok\":{\"show\":null}}'");
    EXPECT_EQ(runtime().find(show()).value(), std::nullopt);
    answers("echo '{\"error\":{\"kind\":\"not_found\",\"message\":\"none\"}}'");
    EXPECT_EQ(runtime().find(show()).value(), std::nullopt);
    answers("echo '{\"ok\":{}}'");
    ASSERT_FALSE(runtime().find(show()));
    EXPECT_NE(runtime().find(show()).error().message().find("a field show"), std::string::npos);
}

TEST_F(ExecRuntimeTest, AnotherShowThanTheOneAskedForIsNoAnswer) {
    answers(fmt::format("echo '{{\"ok\":{{\"show\":{}}}}}'", kService));
    EXPECT_TRUE(runtime().find(show()).value());
    auto other = show();
    other.pull_request_number = 13;
    ASSERT_FALSE(runtime().find(other));
    EXPECT_EQ(runtime().find(other).error().kind(), ErrorKind::Corrupt);
}

TEST_F(ExecRuntimeTest, AListingWithOneBadEntryIsAnErrorAndNeverAShorterList) {
    answers(fmt::format("echo '{{\"ok\":{{\"shows\":[{},{{\"name\":\"x\"}}]}}}}'", kService));
    const auto all = runtime().list_managed();
    ASSERT_FALSE(all);
    EXPECT_NE(all.error().message().find("/ok/shows/1/show should be there"), std::string::npos);
}

TEST_F(ExecRuntimeTest, ShowsOfAnotherRepositoryDoNotExist) {
    answers(fmt::format("echo '{{\"ok\":{{\"shows\":[{}]}}}}'",
                        replace_all(kService, "acme/shop", "acme/other")));
    EXPECT_TRUE(runtime().list_managed().value().empty());
}

TEST_F(ExecRuntimeTest, WhatTheProgramSaysOnStderrIsNoLineOfTheLog) {
    answers("echo '{\"line\":\"of the app\"}'; echo of the program >&2; echo '{\"ok\":{}}'");
    ASSERT_TRUE(runtime().logs(show(), {}, progress_));
    EXPECT_EQ(progress_.lines(), std::vector<std::string>{"of the app"});
}

}  // namespace
}  // namespace ringmaster::testing
