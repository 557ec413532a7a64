#include "adapters/process/process_runtime.h"

#include <sys/wait.h>

#include <csignal>

#include "adapters/process/process_runtime_harness.h"
#include "adapters/process/supervisor.h"
#include "adapters/support/files.h"
#include "base/text.h"
#include "testing/contracts/runtime_contract.h"
#include "testing/small_disk.h"

namespace ringmaster::testing {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Process, RuntimeContract, ProcessRuntimeHarness);

class ProcessRuntimeTest : public ::testing::Test {
 protected:
    process::ProcessRuntime& runtime() { return harness_.runtime(); }
    Result<Endpoint> deploy(const ShowSpec& spec) { return runtime().deploy(spec, progress_); }
    Service found(const ShowSpec& spec) { return runtime().find(spec.show).value().value(); }
    bool ends(const ShowSpec& spec) {
        return eventually([&] { return found(spec).state == ServiceState::Exited; });
    }
    std::vector<std::string> log(const ShowSpec& spec) {
        RecordingProgress heard;
        EXPECT_TRUE(runtime().logs(spec.show, {.tail_lines = -1}, heard));
        return heard.lines();
    }
    /// The log of an app that ends by itself.
    std::vector<std::string> run(process::ProcessRuntimeSettings settings, const ShowSpec& spec) {
        process::ProcessRuntime other(std::move(settings), harness_.clock_, harness_.entropy_);
        const auto endpoint = other.deploy(spec, progress_);
        EXPECT_TRUE(endpoint) << endpoint.error().describe();
        EXPECT_TRUE(ends(spec));
        return log(spec);
    }
    static bool has(const std::vector<std::string>& lines, const std::string& line) {
        return std::ranges::find(lines, line) != lines.end();
    }
    process::StateFolder state() { return process::StateFolder(harness_.settings().state_folder); }

    ProcessRuntimeHarness harness_;
    RecordingProgress progress_;
};

TEST_F(ProcessRuntimeTest, AnotherStateFoldersShowThatDoesNotListenYetHasAPortOfItsOwn) {
    ProcessRuntimeHarness elsewhere;
    const auto mine = deploy(harness_.slow());
    const auto theirs = elsewhere.runtime().deploy(elsewhere.slow(), progress_);
    ASSERT_TRUE(mine && theirs);
    EXPECT_NE(mine->port, theirs->port);
}

TEST_F(ProcessRuntimeTest, GivesTheAppItsEnvironmentAndNothingOfOurs) {
    ::setenv("GITHUB_TOKEN", "leaked", 1);
    auto settings = harness_.settings();
    settings.environment = {{"CONFIGURED", "yes"}, {"FLAG", "off"}, {"PORT", "1"}};
    auto spec = harness_.spec(12, "env");
    spec.environment = {{"FLAG", "on"}};
    const auto lines = run(settings, spec);
    ::unsetenv("GITHUB_TOKEN");
    EXPECT_TRUE(has(lines, "CONFIGURED=yes"));
    EXPECT_TRUE(has(lines, "FLAG=on"));
    EXPECT_TRUE(has(lines, "HOST=127.0.0.1"));
    EXPECT_TRUE(has(lines, "PORT=" + std::to_string(found(spec).endpoint->port)));
    EXPECT_TRUE(has(lines, "RINGMASTER_PR=12"));
    EXPECT_TRUE(has(lines, "RINGMASTER_SHA=" + spec.commit.text()));
    EXPECT_TRUE(has(lines, "RINGMASTER_REPOSITORY=acme/shop"));
    EXPECT_FALSE(has(lines, "GITHUB_TOKEN=leaked"));
}

TEST_F(ProcessRuntimeTest, GivesSecretsButNotToForks) {
    auto settings = harness_.settings();
    settings.secrets = {{"PASSWORD", "hunter2"}};
    auto spec = harness_.spec(12, "env");
    EXPECT_TRUE(has(run(settings, spec), "PASSWORD=hunter2"));
    spec.is_from_fork = true;
    EXPECT_FALSE(has(run(settings, spec), "PASSWORD=hunter2"));
}

TEST_F(ProcessRuntimeTest, KeepsNoSecretOnDisk) {
    auto settings = harness_.settings();
    settings.secrets = {{"PASSWORD", "hunter2"}};
    const auto spec = harness_.spec(12, "true");
    run(settings, spec);
    const auto record =
        harness_.folder_.read("state/acme/shop/" + spec.show.service_name() + "/identity.json");
    EXPECT_FALSE(record.empty());
    EXPECT_EQ(record.find("hunter2"), std::string::npos);
}

TEST_F(ProcessRuntimeTest, AShowOutlivesTheProcessThatDeployedIt) {
    const auto spec = harness_.serving(12);
    const pid_t deployer = ::fork();
    if (deployer == 0) {
        ::setsid();
        const auto endpoint = deploy(spec);
        ::kill(0, SIGTERM);  // with all that a terminal or a job runner would end with it
        ::_exit(endpoint ? 0 : 1);
    }
    int status = 0;
    ::waitpid(deployer, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it could not deploy";
    const auto service = found(spec);
    EXPECT_EQ(service.state, ServiceState::Running);
    EXPECT_TRUE(eventually([&] { return http_get(*service.endpoint) == harness_.body_of(spec); }));
}

TEST_F(ProcessRuntimeTest, HoldsNothingOpenOfTheProcessThatDeployedIt) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);  // without close-on-exec, as a careless library might leave it
    ASSERT_TRUE(deploy(harness_.spec(12, "exec sleep 1000")));
    ::close(ends[1]);
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "somebody still has the other end";
    ::close(ends[0]);
}

TEST_F(ProcessRuntimeTest, WhatACrashLeftRunningBeforeItWasOnRecordIsFoundAndRemoved) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    auto record = state().read(spec.show).value().value();
    const auto app = record.app.pid;
    record.app = {};
    record.supervisor = {};
    ASSERT_TRUE(state().write(record));
    EXPECT_EQ(found(spec).state, ServiceState::Starting);
    const auto removed = runtime().remove(spec.show, progress_);
    ASSERT_TRUE(removed) << removed.error().describe();
    EXPECT_FALSE(process_lives(app));
}

TEST_F(ProcessRuntimeTest, ARecordWithoutAnyProcessIsAnAppThatNeverStarted) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    auto record = state().read(spec.show).value().value();
    ASSERT_TRUE(runtime().remove(spec.show, progress_));
    std::filesystem::create_directories(harness_.state_folder(spec.show));
    record.app = {};
    record.supervisor = {};
    ASSERT_TRUE(state().write(record));
    EXPECT_EQ(found(spec).state, ServiceState::Exited);
    EXPECT_EQ(found(spec).detail, "it was never started");
    EXPECT_TRUE(deploy(spec));
    EXPECT_EQ(found(spec).state, ServiceState::Running);
}

TEST_F(ProcessRuntimeTest, ASupervisorThatIsNeverToldToGoStartsNothing) {
    ProcessSpec process;
    process.arguments = {"/bin/sh", "-c", "echo > started"};
    process.directory = harness_.folder_.path();
    pid_t pid = 0;
    {
        auto program = support::ChildProgram::prepare(process).value();
        const auto supervisor =
            process::Supervisor::start(std::move(program), harness_.folder_.path(), 1000).value();
        pid = supervisor.identity().pid;
        EXPECT_TRUE(process_lives(pid));
    }
    EXPECT_TRUE(eventually([&] { return !process_lives(pid); }));
    EXPECT_FALSE(file_exists(harness_.folder_.path("started")));
}

TEST_F(ProcessRuntimeTest, AProcessIdThatWasUsedAgainFoolsNobody) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    const pid_t stranger = ::fork();
    if (stranger == 0) {
        ::setsid();
        ::pause();
        ::_exit(0);
    }
    const auto ours = state().read(spec.show).value().value();
    auto record = ours;
    record.app = support::identify(stranger).value().value();
    record.app.start_ticks -= 1;  // as if the id had belonged to an earlier process
    record.supervisor = record.app;
    record.instance = "00";
    ASSERT_TRUE(state().write(record));
    EXPECT_EQ(found(spec).state, ServiceState::Exited);
    EXPECT_TRUE(runtime().remove(spec.show, progress_));
    EXPECT_TRUE(process_lives(stranger));
    ::kill(stranger, SIGKILL);
    ::waitpid(stranger, nullptr, 0);
    ::kill(ours.app.pid, SIGKILL);
}

TEST_F(ProcessRuntimeTest, AfterARestartOfTheMachineNothingIsTakenForRunning) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    const auto ours = state().read(spec.show).value().value();
    auto record = ours;
    record.app.boot_id = record.supervisor.boot_id = "another boot";
    record.instance = "00";
    ASSERT_TRUE(state().write(record));
    EXPECT_EQ(found(spec).state, ServiceState::Exited);
    ASSERT_TRUE(state().write(ours));
}

TEST_F(ProcessRuntimeTest, ARecordThatMakesNoSenseIsAnErrorEverywhereAndNeverAShorterList) {
    const auto good = harness_.spec(12, "exec sleep 1000"), bad = harness_.spec(13, "exec sleep 1000");
    ASSERT_TRUE(deploy(good));
    ASSERT_TRUE(deploy(bad));
    const auto path = "state/acme/shop/" + bad.show.service_name() + "/identity.json";
    const auto text = harness_.folder_.read(path);
    for (const std::string& broken :
         {std::string("{"), std::string("[]"), std::string("{}"), std::string(),
          replace_all(text, "acme/shop", "acme"), replace_all(text, "\"pid\"", "\"p\"")}) {
        harness_.folder_.write(path, broken);
        const auto all = runtime().list_managed();
        ASSERT_FALSE(all) << broken;
        EXPECT_EQ(all.error().kind(), ErrorKind::Corrupt);
        EXPECT_NE(all.error().message().find(path), std::string::npos);
        EXPECT_FALSE(runtime().find(bad.show));
        EXPECT_FALSE(runtime().remove(bad.show, progress_));
        EXPECT_FALSE(deploy(bad));
        EXPECT_TRUE(runtime().find(good.show));
    }
    harness_.folder_.write(path, text);
    EXPECT_EQ(runtime().list_managed()->size(), 2u);
}

TEST_F(ProcessRuntimeTest, ShowsOfAnotherRepositoryDoNotExist) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    auto settings = harness_.settings();
    settings.repository = {"acme", "other"};
    process::ProcessRuntime other(settings, harness_.clock_, harness_.entropy_);
    EXPECT_TRUE(other.list_managed()->empty());
    const auto refused = other.deploy(spec, progress_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(found(spec).state, ServiceState::Running);
}

TEST_F(ProcessRuntimeTest, RemovesWhatHidFromItsSessionAndEmptiedItsEnvironment) {
    const auto spec = harness_.spec(12, "(setsid env -i sleep 1000 & echo $!); exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    ASSERT_TRUE(eventually([&] { return !log(spec).empty(); }));
    const int hidden = std::stoi(log(spec).front());
    ASSERT_TRUE(process_lives(hidden));
    const auto removed = runtime().remove(spec.show, progress_);
    ASSERT_TRUE(removed) << removed.error().describe();
    EXPECT_FALSE(process_lives(hidden));
}

TEST_F(ProcessRuntimeTest, RemovesWhatLivesOnInAnotherSessionAfterTheAppEnded) {
    const auto spec = harness_.spec(12,
                                    "setsid sh -c 'echo > moved; exec sleep 1000' & echo $!\n"
                                    "until test -e moved; do sleep 0.01; done");
    ASSERT_TRUE(deploy(spec));
    ASSERT_TRUE(ends(spec));
    const int left = std::stoi(log(spec).front());
    ASSERT_TRUE(process_lives(left));
    ASSERT_TRUE(runtime().remove(spec.show, progress_));
    EXPECT_FALSE(process_lives(left));
}

TEST_F(ProcessRuntimeTest, WhenTheAppEndsItsGroupEndsWithIt) {
    const auto spec = harness_.spec(12, "sleep 1000 & echo $!; exit 0");
    ASSERT_TRUE(deploy(spec));
    ASSERT_TRUE(ends(spec));
    const int left = std::stoi(log(spec).front());
    EXPECT_TRUE(eventually([&] { return !process_lives(left); }));
}

TEST_F(ProcessRuntimeTest, AnAppThatWasKilledSaysByWhat) {
    const auto spec = harness_.spec(12, "kill -KILL $$");
    ASSERT_TRUE(deploy(spec));
    ASSERT_TRUE(ends(spec));
    EXPECT_NE(found(spec).detail.find("signal 9"), std::string::npos) << found(spec).detail;
}

TEST_F(ProcessRuntimeTest, WithoutItsSupervisorAShowIsStillFoundAndRemoved) {
    const auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    const auto record = state().read(spec.show).value().value();
    ::kill(record.supervisor.pid, SIGKILL);
    ASSERT_TRUE(eventually([&] { return !process_lives(record.supervisor.pid); }));
    EXPECT_EQ(found(spec).state, ServiceState::Running);
    ::kill(record.app.pid, SIGKILL);
    ASSERT_TRUE(ends(spec));
    EXPECT_FALSE(found(spec).detail.empty());
    EXPECT_TRUE(runtime().remove(spec.show, progress_));
    EXPECT_FALSE(file_exists(harness_.state_folder(spec.show)));
}

TEST_F(ProcessRuntimeTest, AnInterruptedRemovalIsFinishedByTheNextDeploy) {
    const auto spec = harness_.stubborn();
    ASSERT_TRUE(deploy(spec));
    ASSERT_TRUE(eventually([&] { return has(log(spec), "here"); }));
    const auto app = state().read(spec.show).value().value().app.pid;
    RecordingProgress impatient;
    impatient.stop_when([&](const auto&) { return impatient.pulses() >= 2; });
    ASSERT_FALSE(runtime().remove(spec.show, impatient));
    EXPECT_EQ(found(spec).state, ServiceState::Removing);
    ASSERT_TRUE(deploy(spec));
    EXPECT_FALSE(process_lives(app));
    EXPECT_EQ(found(spec).state, ServiceState::Running);
}

TEST_F(ProcessRuntimeTest, DeployingAgainBringsTheExpiryUpToDate) {
    auto spec = harness_.spec(12, "exec sleep 1000");
    ASSERT_TRUE(deploy(spec));
    spec.expires_at = std::nullopt;
    ASSERT_TRUE(deploy(spec));
    EXPECT_EQ(found(spec).expires_at, std::nullopt);
}

TEST_F(ProcessRuntimeTest, KeepsTheLogBounded) {
    auto settings = harness_.settings();
    settings.max_log_bytes = 10000;
    const auto spec = harness_.spec(12, "seq 1 20000");
    const auto lines = run(settings, spec);
    EXPECT_EQ(lines.back(), "20000");
    std::size_t total = 0;
    for (const char* name : {"/log", "/log.1"})
        total += std::filesystem::file_size(harness_.state_folder(spec.show) + name);
    EXPECT_LE(total, 10000u);
}

TEST_F(ProcessRuntimeTest, AStateFolderThatCannotBeMadeIsNamed) {
    auto settings = harness_.settings();
    settings.state_folder = harness_.folder_.write("in-the-way", "") + "/state";
    process::ProcessRuntime other(settings, harness_.clock_, harness_.entropy_);
    const auto endpoint = other.deploy(harness_.spec(12, "true"), progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(endpoint.error().message().find("in-the-way"), std::string::npos);
    EXPECT_FALSE(other.list_managed()) << "what cannot be looked at is not empty";
}

TEST_F(ProcessRuntimeTest, AnArtifactWithoutAFolderIsRefused) {
    auto spec = harness_.spec(12, "true");
    spec.artifact = {.image = "acme/shop:pr-12"};
    const auto endpoint = deploy(spec);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::InvalidInput);
}

TEST_F(ProcessRuntimeTest, RunsInARelativeFolderToo) {
    auto spec = harness_.spec(12, "pwd -P");
    const auto folder = spec.artifact.directory;
    spec.artifact.directory = std::filesystem::relative(folder).string();
    EXPECT_EQ(run(harness_.settings(), spec), std::vector<std::string>{folder});
}

TEST_F(ProcessRuntimeTest, AFullDiskIsSaidAndNothingIsStarted) {
    SmallDisk disk;
    if (!disk.is_there()) GTEST_SKIP() << "this user may not mount a disk";
    disk.fill();
    auto settings = harness_.settings();
    settings.state_folder = disk.path();
    process::ProcessRuntime other(settings, harness_.clock_, harness_.entropy_);
    const auto spec = harness_.spec(12, "exec sleep 1000");
    const auto endpoint = other.deploy(spec, progress_);
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(endpoint.error().hint().find("disk space"), std::string::npos) << endpoint.error().describe();
    EXPECT_TRUE(ProcessRuntimeHarness::processes_in(spec.artifact.directory).empty());
}

TEST_F(ProcessRuntimeTest, AnAppThatFillsTheDiskWithItsLogGoesOn) {
    SmallDisk disk;
    if (!disk.is_there()) GTEST_SKIP() << "this user may not mount a disk";
    auto settings = harness_.settings();
    settings.state_folder = disk.path();
    process::ProcessRuntime other(settings, harness_.clock_, harness_.entropy_);
    const auto flag = harness_.folder_.path("flag");
    const auto spec = harness_.spec(12, "seq 1 500000; echo > '" + flag + "'; exec sleep 1000");
    ASSERT_TRUE(other.deploy(spec, progress_));
    EXPECT_TRUE(eventually([&] { return file_exists(flag); }));
    EXPECT_EQ(other.find(spec.show).value().value().state, ServiceState::Running);
    const auto removed = other.remove(spec.show, progress_);
    EXPECT_TRUE(removed) << removed.error().describe();
    EXPECT_TRUE(other.list_managed()->empty());
}

TEST_F(ProcessRuntimeTest, HoldsTheAppToItsLimits) {
    auto settings = harness_.settings();
    settings.limits = {.memory_bytes = 1 << 30, .nice = 5};
    EXPECT_EQ(run(settings, harness_.spec(12, "ulimit -v; nice")),
              (std::vector<std::string>{"1048576", "5"}));
}

TEST_F(ProcessRuntimeTest, HoldsAShowToItsNumberOfProcessesAsLongAsItLives) {
    auto settings = harness_.settings();
    settings.limits.processes = 20;
    process::ProcessRuntime bounded(settings, harness_.clock_, harness_.entropy_);
    const auto spec = harness_.spec(12, "sleep 1000 & wait");
    ASSERT_TRUE(bounded.deploy(spec, progress_));
    const auto group = state().read(spec.show).value()->control_group;
    if (group.empty()) {
        ASSERT_TRUE(bounded.remove(spec.show, progress_));
        GTEST_SKIP() << "no control group that counts processes can be made here";
    }
    EXPECT_EQ(support::read_file(group + "/pids.max", 64), "20\n");
    const ShowCommand look{.arguments = {"/bin/cat", group + "/cgroup.procs"}};
    RecordingProgress heard;
    ASSERT_TRUE(bounded.run_in(spec.show, look, heard));
    EXPECT_GE(heard.lines().size(), 2U) << "the app, and the command that looks";
    ASSERT_TRUE(bounded.remove(spec.show, progress_));
    EXPECT_FALSE(file_exists(group));
}

}  // namespace
}  // namespace ringmaster::testing
