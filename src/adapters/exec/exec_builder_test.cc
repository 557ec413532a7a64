#include "adapters/exec/exec_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/exec/exec_harness_test.h"
#include "testing/contracts/builder_contract.h"
#include "testing/git_repository.h"

namespace ringmaster::testing {
namespace {

constexpr auto kExamples = RINGMASTER_SOURCE_DIR "/examples/plugins";

using exec::ExecBuilder;

// One of the examples; a version's build is its own build.sh.
class ExampleBuilderHarness {
 public:
    explicit ExampleBuilderHarness(std::string program)
        : program_(std::move(program)), builder_(make()), other_(make()) {}

    Builder& builder() { return builder_; }
    Builder& other_builder() { return other_; }
    BuildSpec succeeding() { return spec("echo building; echo $RINGMASTER_SHA > product"); }
    BuildSpec failing() { return spec("echo it is broken >&2; exit 3"); }
    BuildSpec endless() { return spec("echo building; sleep 1000"); }
    std::string commit_of(const Artifact& artifact) {
        const auto product =
            outside_.read(artifact.directory.substr(outside_.path().size() + 1) + "/product");
        return product.substr(0, product.find('\n'));
    }
    bool has_remains(const BuildSpec& spec) {
        const auto home = outside_.path("builds/acme/shop/" + spec.show.base_name());
        return file_exists(home) || file_exists(home + ".new");
    }
    int builds_begun() { return static_cast<int>(std::ranges::count(outside_.read("begun"), '\n')); }

 private:
    BuildSpec spec(const std::string& script) {
        repository_.write("build.sh", "echo begun >> '" + outside_.path("begun") + "'\n" + script + "\n");
        const auto commit = repository_.commit();
        return {{{"acme", "shop"}, 12, commit.short_sha()}, commit, std::chrono::minutes(1)};
    }
    ExecBuilder make() {
        return {{.command = {"sh", "./build.sh"}, .source = repository_.path()},
                exec::PluginProgram({.command = {program_},
                                     .folder = kExamples,
                                     .environment = {{"BUILDS", outside_.path("builds")}}},
                                    subprocess_)};
    }

    std::string program_;
    GitRepository repository_;
    TemporaryFolder outside_;
    support::PosixSubprocess subprocess_;
    ExecBuilder builder_;
    ExecBuilder other_;
};

struct ShellHarness : ExampleBuilderHarness {
    ShellHarness() : ExampleBuilderHarness("./builder.sh") {}
};
struct PythonHarness : ExampleBuilderHarness {
    PythonHarness() : ExampleBuilderHarness("./builder.py") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(ShellExample, BuilderContract, ShellHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(ShellExample, BuilderWorkContract, ShellHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(PythonExample, BuilderContract, PythonHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(PythonExample, BuilderWorkContract, PythonHarness);

class ExecBuilderTest : public ScriptedProgramTest {
 protected:
    Result<Artifact> build() {
        const auto commit = *CommitSha::parse(kCommit);
        return ExecBuilder({.command = {"make"}, .source = "/repo", .remote = "origin"}, program())
            .build({.show = show(), .commit = commit, .branch = "feature"}, progress_);
    }
};

TEST_F(ExecBuilderTest, TellsTheProgramWhatToBuild) {
    answers("cat > request; echo '{\"ok\":{\"artifact\":{\"image\":\"acme/shop:1\"}}}'");
    const auto artifact = build();
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_EQ(artifact->image, "acme/shop:1");
    EXPECT_EQ(folder_.read("request"),
              R"({"branch":"feature","command":["make"],"commit":"abc1234000000000000000000000000000000000",)"
              R"("environment":{},"is_from_fork":false,"operation":"build","protocol":1,"remote":"origin",)"
              R"("show":{"name":"pr-12-abc1234","pull_request":12,"repository":"acme/shop","sha":"abc1234"},)"
              R"("source":"/repo","timeout_seconds":3600.0})"
              "\n");
}

TEST_F(ExecBuilderTest, AnArtifactIsAnImageOrAnAbsoluteFolder) {
    answers("echo '{\"ok\":{\"artifact\":{}}}'");
    EXPECT_NE(build().error().message().find("/ok/artifact should be an object with an image or a directory"),
              std::string::npos);
    answers("echo '{\"ok\":{\"artifact\":{\"directory\":\"built\"}}}'");
    EXPECT_NE(build().error().message().find("/ok/artifact/directory should be an absolute path"),
              std::string::npos);
}

}  // namespace
}  // namespace ringmaster::testing
