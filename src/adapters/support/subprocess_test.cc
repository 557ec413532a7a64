#include "adapters/support/subprocess.h"

#include <filesystem>

#include "adapters/support/control_group.h"
#include "adapters/support/files.h"
#include "testing/contracts/subprocess_contract.h"

namespace ringmaster::testing {

struct PosixSubprocessHarness {
    Subprocess& subprocess() { return subprocess_; }
    support::PosixSubprocess subprocess_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Posix, SubprocessContract, PosixSubprocessHarness);

TEST(ControlGroup, AForkBombIsHeldToItsNumberOfProcessesAndItsGroupGoesWithIt) {
    const auto probe = support::make_control_group("probe", 1);
    if (!probe) GTEST_SKIP() << "no control group that counts processes can be made here";
    const auto parent = std::filesystem::path(*probe).parent_path();
    support::remove_control_group(*probe);
    EXPECT_FALSE(std::filesystem::exists(*probe));
    ProcessSpec spec{
        .arguments = {"/bin/sh", "-c", "bomb() { bomb | bomb & wait; }; bomb; sleep 0.2; echo over"},
        .environment = {{"PATH", "/usr/bin:/bin"}},
        .timeout = std::chrono::seconds(2)};
    spec.limits.processes = 20;
    int most = 0;
    RecordingProgress progress;
    progress.stop_when([&](const auto&) {
        for (const auto& entry : std::filesystem::directory_iterator(parent)) {
            if (!entry.path().filename().string().starts_with(fmt::format("ringmaster-{}-", ::getpid())))
                continue;
            const auto count = support::read_file((entry.path() / "pids.current").string(), 64);
            most = std::max(most, count ? std::stoi(*count) : 0);
        }
        return false;
    });
    const auto result = support::PosixSubprocess().run(spec, progress);
    EXPECT_GT(most, 0);
    EXPECT_LE(most, 20);
    for (const auto& entry : std::filesystem::directory_iterator(parent))
        EXPECT_FALSE(entry.path().filename().string().starts_with(fmt::format("ringmaster-{}-", ::getpid())))
            << entry.path() << " is left";
}

TEST(ControlGroup, TheProgramRunsInTheGroupThatItIsGiven) {
    const auto group = support::make_control_group("given", 10);
    if (!group) GTEST_SKIP() << "no control group that counts processes can be made here";
    ProcessSpec spec{.arguments = {"/bin/cat", "/proc/self/cgroup"}};
    spec.limits = {.processes = 10, .control_group = *group};
    RecordingProgress progress;
    const auto result = support::PosixSubprocess().run(spec, progress);
    EXPECT_TRUE(std::filesystem::exists(*group)) << "it is not the program's to remove";
    support::remove_control_group(*group);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_NE(result->output.find("/ringmaster-given"), std::string::npos) << result->output;
    spec.limits.control_group = *group;  // it is gone
    const auto refused = support::PosixSubprocess().run(spec, progress);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message().find("limits"), std::string::npos) << refused.error().describe();
}

}  // namespace ringmaster::testing
