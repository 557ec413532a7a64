#pragma once
// What every Subprocess does, proved with real programs of this machine. A suite's parameter is a type with a
// default constructor and `Subprocess& subprocess()`.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "ports/subprocess.h"
#include "testing/recording_progress.h"
#include "testing/temporary_folder.h"
#include "testing/wait.h"

namespace ringmaster::testing {

template <typename Harness>
class SubprocessContract : public ::testing::Test {
 protected:
    Subprocess& subprocess() { return harness_.subprocess(); }

    static ProcessSpec shell(const std::string& script) {
        ProcessSpec spec;
        spec.arguments = {"sh", "-c", script};
        spec.environment = {{"PATH", "/usr/bin:/bin"}};
        spec.timeout = std::chrono::seconds(60);
        return spec;
    }

    TemporaryFolder folder_;
    RecordingProgress progress_;

 private:
    Harness harness_;
};

TYPED_TEST_SUITE_P(SubprocessContract);

TYPED_TEST_P(SubprocessContract, GivesTheExitCodeAndBothStreams) {
    const auto result =
        this->subprocess().run(this->shell("echo out; echo err >&2; exit 3"), this->progress_);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->exit_code, 3);
    EXPECT_EQ(result->output, "out\n");
    EXPECT_EQ(result->error_output, "err\n");
}

TYPED_TEST_P(SubprocessContract, ASignalCountsAs128AndItsNumber) {
    const auto result = this->subprocess().run(this->shell("kill -9 $$"), this->progress_);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 137);
}

TYPED_TEST_P(SubprocessContract, HandsOutLinesIncludingALastOneWithoutNewline) {
    ASSERT_TRUE(this->subprocess().run(this->shell("printf 'one\\n\\ntwo'"), this->progress_));
    EXPECT_EQ(this->progress_.lines(), (std::vector<std::string>{"one", "", "two"}));
}

TYPED_TEST_P(SubprocessContract, CutsAVeryLongLineIntoPiecesAndLosesNothing) {
    const auto result =
        this->subprocess().run(this->shell("head -c 200000 /dev/zero | tr '\\0' x"), this->progress_);
    ASSERT_TRUE(result);
    const auto lines = this->progress_.lines();
    ASSERT_GE(lines.size(), 2u);
    std::size_t total = 0;
    for (const auto& line : lines) {
        EXPECT_LE(line.size(), 64u << 10);
        total += line.size();
    }
    EXPECT_EQ(total, 200000u);
}

TYPED_TEST_P(SubprocessContract, PassesBytesOnThatAreNotUtf8) {
    ASSERT_TRUE(this->subprocess().run(this->shell("printf 'a\\377b\\n'"), this->progress_));
    EXPECT_EQ(this->progress_.lines(), (std::vector<std::string>{"a\xff"
                                                                 "b"}));
}

TYPED_TEST_P(SubprocessContract, KeepsNoMoreOutputThanAskedButHandsOutAll) {
    auto spec = this->shell("seq 1 100000");
    spec.max_output_bytes = 1000;
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output.size(), 1000u);
    EXPECT_EQ(this->progress_.lines().size(), 100000u);
}

TYPED_TEST_P(SubprocessContract, GivesInputThatIsLargerThanAPipe) {
    auto spec = this->shell("wc -c");
    spec.input.assign(1 << 20, 'i');
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_TRUE(result);
    EXPECT_EQ(std::stol(result->output), 1 << 20);
}

TYPED_TEST_P(SubprocessContract, IgnoredInputIsNoProblem) {
    auto spec = this->shell("exit 0");
    spec.input.assign(1 << 20, 'i');
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->exit_code, 0);
}

TYPED_TEST_P(SubprocessContract, PassesOnlyTheGivenEnvironment) {
    ::setenv("RINGMASTER_TEST_SECRET", "leaked", 1);
    ProcessSpec spec;
    spec.arguments = {"env"};
    spec.environment = {{"ONLY", "this"}};
    const auto result = this->subprocess().run(spec, this->progress_);
    ::unsetenv("RINGMASTER_TEST_SECRET");
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->output, "ONLY=this\n");
}

TYPED_TEST_P(SubprocessContract, RunsInTheGivenFolder) {
    auto spec = this->shell("pwd -P");
    spec.directory = this->folder_.path();
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, this->folder_.path() + "\n");
}

TYPED_TEST_P(SubprocessContract, AProgramThatIsNotThereIsNotFoundAndNamed) {
    ProcessSpec spec;
    spec.arguments = {"no-such-program-here"};
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::NotFound);
    EXPECT_NE(result.error().message().find("no-such-program-here"), std::string::npos);
}

TYPED_TEST_P(SubprocessContract, AScriptWithoutItsInterpreterIsNotFound) {
    const auto script = this->folder_.write("script", "#!/no/such/interpreter\n", 0755);
    ProcessSpec spec;
    spec.arguments = {script};
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::NotFound);
}

TYPED_TEST_P(SubprocessContract, AFolderThatIsNotThereIsAnError) {
    auto spec = this->shell("true");
    spec.directory = this->folder_.path() + "/missing";
    EXPECT_FALSE(this->subprocess().run(spec, this->progress_));
}

TYPED_TEST_P(SubprocessContract, AnEmptyCommandIsInvalidInput) {
    const auto result = this->subprocess().run(ProcessSpec{}, this->progress_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::InvalidInput);
}

TYPED_TEST_P(SubprocessContract, StopsInTimeWhileOutputStreams) {
    auto spec = this->shell("while :; do echo more; done");
    spec.timeout = std::chrono::milliseconds(300);
    NoProgress quiet;
    const Stopwatch watch;
    const auto result = this->subprocess().run(spec, quiet);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::TimedOut);
    EXPECT_LT(watch.elapsed(), std::chrono::seconds(5));
}

TYPED_TEST_P(SubprocessContract, StopsInTimeWhenTheChildIgnoresTheRequest) {
    // The loop's own sleep is killed with TERM; the shell itself only goes with KILL.
    auto spec = this->shell("trap '' TERM; while :; do sleep 1; done");
    spec.timeout = std::chrono::milliseconds(200);
    const Stopwatch watch;
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::TimedOut);
    EXPECT_LT(watch.elapsed(), std::chrono::seconds(15));
}

TYPED_TEST_P(SubprocessContract, AGrandchildThatKeepsTheOutputOpenHoldsNothingUp) {
    const Stopwatch watch;
    const auto result = this->subprocess().run(this->shell("sleep 600 & echo $!; exit 0"), this->progress_);
    ASSERT_TRUE(result);
    EXPECT_LT(watch.elapsed(), std::chrono::seconds(10));
    EXPECT_FALSE(process_lives(std::stoi(result->output))) << "the grandchild outlived its group";
}

TYPED_TEST_P(SubprocessContract, AGrandchildThatLeftTheGroupHoldsNothingUp) {
    const Stopwatch watch;
    const auto result =
        this->subprocess().run(this->shell("setsid sleep 600 & echo $!; exit 0"), this->progress_);
    ASSERT_TRUE(result);
    EXPECT_LT(watch.elapsed(), std::chrono::seconds(10));
    ::kill(std::stoi(result->output), SIGKILL);
}

TYPED_TEST_P(SubprocessContract, AFailingPulseEndsTheWholeGroup) {
    this->progress_.stop_when([](const std::vector<std::string>& lines) { return !lines.empty(); });
    const auto result =
        this->subprocess().run(this->shell("sleep 600 & echo $!; sleep 600"), this->progress_);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::Interrupted);
    EXPECT_FALSE(process_lives(std::stoi(this->progress_.lines().front())));
}

TYPED_TEST_P(SubprocessContract, LetsTheChildCleanUpBeforeItIsKilled) {
    const auto done = this->folder_.path() + "/done";
    this->progress_.stop_when([](const std::vector<std::string>& lines) { return !lines.empty(); });
    const auto script = "trap 'echo > " + done + "; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    ASSERT_FALSE(this->subprocess().run(this->shell(script), this->progress_));
    EXPECT_TRUE(file_exists(done));
}

TYPED_TEST_P(SubprocessContract, PulsesWhileTheChildIsSilent) {
    const auto flag = this->folder_.path() + "/flag";
    // The child ends only after the third pulse has made the file.
    this->progress_.on_pulse([&](int count) {
        if (count == 3) this->folder_.write("flag", "");
    });
    const auto result = this->subprocess().run(this->shell("until test -e " + flag + "; do sleep 0.02; done"),
                                               this->progress_);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->exit_code, 0);
}

TYPED_TEST_P(SubprocessContract, KeepsOpenFilesOfOursFromTheChild) {
    const int ours = ::dup(0);  // dup() gives a descriptor that exec would keep
    const auto result = this->subprocess().run(this->shell("ls /proc/self/fd"), this->progress_);
    ::close(ours);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, "0\n1\n2\n3\n");  // 3 is the listing itself
}

TYPED_TEST_P(SubprocessContract, HoldsTheChildToItsLimits) {
    auto spec = this->shell("head -c 100000 /dev/zero > file; ulimit -v; nice");
    spec.directory = this->folder_.path();
    spec.limits = {.memory_bytes = 1 << 30, .file_bytes = 4096, .nice = 7};
    const auto result = this->subprocess().run(spec, this->progress_);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_EQ(result->output, "1048576\n7\n");
    EXPECT_EQ(this->folder_.read("file").size(), 4096u);
}

REGISTER_TYPED_TEST_SUITE_P(SubprocessContract, GivesTheExitCodeAndBothStreams,
                            ASignalCountsAs128AndItsNumber, HandsOutLinesIncludingALastOneWithoutNewline,
                            CutsAVeryLongLineIntoPiecesAndLosesNothing, PassesBytesOnThatAreNotUtf8,
                            KeepsNoMoreOutputThanAskedButHandsOutAll, GivesInputThatIsLargerThanAPipe,
                            IgnoredInputIsNoProblem, PassesOnlyTheGivenEnvironment, RunsInTheGivenFolder,
                            AProgramThatIsNotThereIsNotFoundAndNamed, AScriptWithoutItsInterpreterIsNotFound,
                            AFolderThatIsNotThereIsAnError, AnEmptyCommandIsInvalidInput,
                            StopsInTimeWhileOutputStreams, StopsInTimeWhenTheChildIgnoresTheRequest,
                            AGrandchildThatKeepsTheOutputOpenHoldsNothingUp,
                            AGrandchildThatLeftTheGroupHoldsNothingUp, AFailingPulseEndsTheWholeGroup,
                            LetsTheChildCleanUpBeforeItIsKilled, PulsesWhileTheChildIsSilent,
                            KeepsOpenFilesOfOursFromTheChild, HoldsTheChildToItsLimits);

}  // namespace ringmaster::testing
