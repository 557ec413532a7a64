#include "adapters/exec/plugin_program.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/exec/exec_harness_test.h"

namespace ringmaster::testing {
namespace {

class PluginProgramTest : public ScriptedProgramTest {
 protected:
    Error refused(const std::string& script) {
        answers(script);
        const auto answer = program().ask({.operation = "find", .timeout = std::chrono::minutes(2)},
                                          nlohmann::json::object(), progress_);
        EXPECT_FALSE(answer) << "it was believed";
        return answer ? Error::failed("it was believed") : answer.error();
    }
};

TEST_F(PluginProgramTest, SaysHelloInOurProtocol) {
    answers(R"(echo '{"ok":{"protocol":1,"name":"mine","operations":["hello","list"]}}')");
    const auto hello = program().hello(progress_);
    ASSERT_TRUE(hello) << hello.error().describe();
    EXPECT_EQ(hello->name, "mine");
    EXPECT_EQ(hello->operations, (std::vector<std::string>{"hello", "list"}));
}

TEST_F(PluginProgramTest, AnotherProtocolIsRefused) {
    answers(R"(echo '{"ok":{"protocol":2,"name":"mine","operations":[]}}')");
    const auto hello = program().hello(progress_);
    ASSERT_FALSE(hello);
    EXPECT_EQ(hello.error().message(), "./program speaks protocol 2, and this program 1");
}

TEST_F(PluginProgramTest, AMissingFieldIsNamedWithTheProgram) {
    answers(R"(echo '{"ok":{"protocol":1}}')");
    EXPECT_EQ(program().hello(progress_).error().message(),
              "./program hello, line 1 of its output: /ok/name should be there");
}

TEST_F(PluginProgramTest, AnExitCodeWithoutAnAnswerIsAFailureWithItsLastWords) {
    const auto error = refused("for i in 1 2 3 4 5 6; do echo word $i >&2; done; exit 4");
    EXPECT_EQ(error.kind(), ErrorKind::Failed);
    EXPECT_EQ(error.message(),
              "./program find ended with exit code 4: word 2 / word 3 / word 4 / word 5 / word 6");
}

TEST_F(PluginProgramTest, SuccessWithAnotherExitCodeIsNotBelieved) {
    EXPECT_EQ(refused("echo '{\"ok\":{}}'; exit 1").kind(), ErrorKind::Failed);
}

TEST_F(PluginProgramTest, SilenceIsNoAnswer) {
    EXPECT_EQ(refused("exit 0").message(), "./program find ended without an answer");
}

TEST_F(PluginProgramTest, WhatIsNoJsonIsQuoted) {
    const auto error = refused("echo Hello there; echo '{\"ok\":{}}'");
    EXPECT_EQ(error.message(), "./program find, line 1 of its output is not JSON: \"Hello there\"");
}

TEST_F(PluginProgramTest, TheAnswerHasToBeTheLast) {
    const auto error = refused("echo '{\"ok\":{}}'; echo '{\"line\":\"late\"}'");
    EXPECT_NE(error.message().find("line 2"), std::string::npos) << error.message();
}

TEST_F(PluginProgramTest, AnErrorOfAnUnknownKindIsAFailure) {
    const auto error = refused(R"(echo '{"error":{"kind":"weather","message":"it rains"}}')");
    EXPECT_EQ(error.kind(), ErrorKind::Failed);
    EXPECT_EQ(error.message(), "./program find: it rains");
}

TEST_F(PluginProgramTest, UnknownMessagesAndFieldsAreIgnored) {
    answers(R"(echo '{"step":3}'; echo; echo '{"ok":{"a":1},"cost":2}')");
    EXPECT_TRUE(program().ask({.operation = "find", .timeout = std::chrono::minutes(2)},
                              nlohmann::json::object(), progress_));
}

TEST_F(PluginProgramTest, ALineThatNeverEndsStopsTheProgram) {
    const auto error = refused("head -c 3000000 /dev/zero | tr '\\0' x; sleep 1000");
    EXPECT_EQ(error.kind(), ErrorKind::Corrupt);
    EXPECT_EQ(error.message(), "./program find wrote a line longer than 1 MB");
}

TEST_F(PluginProgramTest, OutputWithoutEndStopsTheProgram) {
    const auto error = refused(R"(yes "{\"step\":\"$(head -c 100000 /dev/zero | tr '\0' x)\"}")");
    EXPECT_EQ(error.message(), "./program find wrote more than 64 MB");
}

TEST_F(PluginProgramTest, EndsWithAllItStartedWhenItsTimeIsOver) {
    answers("sleep 1000 & echo begun >&2; wait");
    const auto answer = program().ask({.operation = "find", .timeout = std::chrono::milliseconds(300)},
                                      nlohmann::json::object(), progress_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::TimedOut);
    EXPECT_TRUE(processes_in(folder_.path()).empty());
}

TEST_F(PluginProgramTest, EndsWhenThePulseSaysSo) {
    answers("echo '{\"line\":\"begun\"}'; sleep 1000");
    progress_.stop_when([](const auto& lines) { return !lines.empty(); });
    const auto answer = program().ask({.operation = "find"}, nlohmann::json::object(), progress_);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Interrupted);
    EXPECT_TRUE(processes_in(folder_.path()).empty());
}

TEST_F(PluginProgramTest, AProgramThatIsNotThereIsNamed) {
    const auto error = program().hello(progress_).error();
    EXPECT_EQ(error.kind(), ErrorKind::NotFound);
    EXPECT_NE(error.message().find("./program"), std::string::npos);
}

}  // namespace
}  // namespace ringmaster::testing
