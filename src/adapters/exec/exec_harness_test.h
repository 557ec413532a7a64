#pragma once
// Programs for tests: the examples, and scripts of the test's own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/exec/plugin_program.h"
#include "adapters/support/process_table.h"
#include "adapters/support/subprocess.h"
#include "domain/show.h"
#include "testing/recording_progress.h"
#include "testing/temporary_folder.h"
#include "testing/wait.h"

namespace ringmaster::testing {

constexpr auto kCommit = "abc1234000000000000000000000000000000000";

/// Processes whose working folder is below `folder`: an independent way to see what runs.
inline std::vector<int> processes_in(const std::string& folder) {
    std::vector<int> found;
    const auto processes = support::list_processes();
    for (const auto& process : processes.value()) {
        std::error_code failed;
        const auto at =
            std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", process.pid), failed).string();
        if (!failed && at.starts_with(folder)) found.push_back(process.pid);
    }
    return found;
}

/// "./program" is a shell script that the test writes.
class ScriptedProgramTest : public ::testing::Test {
 protected:
    void answers(const std::string& script) { folder_.write("program", "#!/bin/sh\n" + script + "\n", 0755); }
    exec::PluginProgram program() {
        return {{.command = {"./program"}, .folder = folder_.path()}, subprocess_};
    }
    static ShowId show() { return {{"acme", "shop"}, 12, *ShortSha::parse("abc1234")}; }

    TemporaryFolder folder_;
    support::PosixSubprocess subprocess_;
    RecordingProgress progress_;
};

}  // namespace ringmaster::testing
