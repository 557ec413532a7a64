#include "cli/registry.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "cli/command_reference.h"
#include "cli/context_harness.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/version.h"

namespace ringmaster::cli {
namespace {

std::string file_text(const std::string& path) {
    std::ifstream file(std::string(RINGMASTER_SOURCE_DIR) + path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Registry, TheNameTheProgramIsCalledByDecides) {
    EXPECT_EQ(program_called("/usr/bin/ringmaster").name, "ringmaster");
    EXPECT_EQ(program_called("anything").name, "ringmaster");
    EXPECT_EQ(program_called("showtime").name, "showtime");
    EXPECT_EQ(program_called("/opt/bin/superset-showtime").name, "showtime");
}

TEST(Registry, EveryCommandIsExplainedAndHasAnExample) {
    for (const auto& command : ringmaster_program().commands) {
        if (command.hidden) continue;
        EXPECT_FALSE(command.summary.empty() || command.summary.ends_with(".")) << command.name;
        EXPECT_FALSE(command.examples.empty()) << command.name;
        EXPECT_NE(command.run, nullptr) << command.name;
        for (const auto& option : command.options)
            EXPECT_FALSE(option.help.empty()) << command.name << option.name;
    }
}

TEST(Registry, NamesOfCommandsAndOptionsAreUnique) {
    for (const auto* program : {&ringmaster_program(), &showtime_program()}) {
        std::set<std::string> commands;
        for (const auto& command : program->commands) {
            EXPECT_TRUE(commands.insert(command.name).second) << command.name;
            std::set<std::string> options = {"help", "json"}, letters = {"h"};
            auto all = command.options;
            all.insert(all.end(), program->common_options.begin(), program->common_options.end());
            for (const auto& option : all) {
                EXPECT_TRUE(options.insert(option.name).second) << command.name << " --" << option.name;
                if (!option.short_name.empty())
                    EXPECT_TRUE(letters.insert(option.short_name).second)
                        << command.name << " -" << option.short_name;
            }
        }
    }
}

TEST(Registry, TheDocumentationIsMadeFromTheCommands) {
    EXPECT_EQ(file_text("/docs/commands.md"), commands_as_markdown(ringmaster_program()))
        << "run: ringmaster commands --docs > docs/commands.md";
}

TEST(Registry, TheVersionIsTheProjects) {
    std::smatch found;
    const auto text = file_text("/CMakeLists.txt");
    ASSERT_TRUE(std::regex_search(text, found, std::regex("project\\(ringmaster VERSION ([0-9.]+)")));
    EXPECT_EQ(found[1].str(), kVersion);
}

TEST(Registry, ShowtimeHasTheElevenCommandsOfTheOriginal) {
    std::set<std::string> names;
    for (const auto& command : showtime_program().commands)
        if (!command.hidden) names.insert(command.name);
    EXPECT_EQ(names, (std::set<std::string>{"version", "start", "status", "stop", "list", "labels", "sync",
                                            "setup-labels", "cleanup", "cleanup-labels", "git-check"}));
}

TEST(ExitCodes, EveryKindOfErrorHasItsCodeAndANextStep) {
    EXPECT_EQ(exit_code_for(ErrorKind::InvalidInput), 2);
    EXPECT_EQ(exit_code_for(ErrorKind::Unauthorized), 4);
    EXPECT_EQ(exit_code_for(ErrorKind::Busy), 75);
    EXPECT_EQ(exit_code_for(ErrorKind::RateLimited), 75);
    EXPECT_EQ(exit_code_for(ErrorKind::Interrupted), 130);
    EXPECT_EQ(exit_code_for(ErrorKind::Failed), 1);
    for (const auto kind :
         {ErrorKind::Unavailable, ErrorKind::RateLimited, ErrorKind::TimedOut, ErrorKind::Conflict,
          ErrorKind::Busy, ErrorKind::NotFound, ErrorKind::Unauthorized, ErrorKind::InvalidInput,
          ErrorKind::Corrupt, ErrorKind::Failed, ErrorKind::Interrupted})
        EXPECT_FALSE(next_step(Error(kind, "x")).empty()) << to_string(kind);
}

TEST(Help, EveryCommandPrintsItsUsageOptionsAndExamples) {
    for (const auto& command : ringmaster_program().commands) {
        if (command.takes_rest) continue;
        ContextHarness context;
        EXPECT_EQ(context.run({command.name, "--help"}), kDone);
        const auto& text = context.stdout_text();
        EXPECT_NE(text.find("Usage\n  ringmaster " + command.name), std::string::npos) << command.name;
        for (const auto& option : command.options)
            EXPECT_EQ(text.find(option.name + " ") != std::string::npos ||
                          text.find(option.name + "\n") != std::string::npos,
                      !option.hidden)
                << command.name << " --" << option.name;
        EXPECT_EQ(context.stderr_text(), "");
    }
}

}  // namespace
}  // namespace ringmaster::cli
