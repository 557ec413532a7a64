// The builder contracts on a real engine, with the packaged docker program.

#include <gmock/gmock.h>

#include "adapters/docker/docker_builder.h"
#include "adapters/docker/images.h"
#include "base/text.h"
#include "testing/contracts/builder_contract.h"
#include "testing/git_repository.h"
#include "tests/engines/docker/docker_world.h"

namespace ringmaster::testing {
namespace {

using docker::DockerBuilder;
using docker::DockerBuilderSettings;
using ::testing::HasSubstr;

// The Dockerfile's one step runs the commit's build.sh.
class DockerBuilderHarness {
 public:
    explicit DockerBuilderHarness(docker::BuildTool tool = docker::BuildTool::Docker) : tool_(tool) {
        repository_.write("Dockerfile", "FROM " + base_ + "\nCOPY build.sh /build.sh\nRUN sh /build.sh\n");
    }
    ~DockerBuilderHarness() {
        docker({"image", "rm", "-f", kImage});
        for (const auto& show : shows_) docker({"image", "rm", "-f", image_of(show)});
    }
    DockerBuilder& builder() { return builder_; }
    Builder& other_builder() { return other_; }
    BuildSpec succeeding() { return spec("echo building; echo made > /product"); }
    BuildSpec failing() { return spec("echo it is broken >&2; exit 3"); }
    BuildSpec endless() { return spec("echo building; sleep 1000"); }
    std::string commit_of(const Artifact& artifact) {
        return docker({"inspect", "-f", "{{index .Config.Labels \"org.opencontainers.image.revision\"}}",
                       artifact.image});
    }
    bool has_remains(const BuildSpec& spec) {
        return docker({"image", "ls", "-q", image_of(spec.show)}) != "" ||
               repository_.git("worktree list").find("/tree") != std::string::npos;
    }
    int builds_begun() { return begun_; }

    BuildSpec spec(const std::string& script) {
        repository_.write("build.sh", script);
        const auto commit = repository_.commit();
        shows_.push_back({{"acme", "shop"}, 12, commit.short_sha()});
        return {.show = shows_.back(),
                .commit = commit,
                .timeout = std::chrono::minutes(2),
                .branch = "feature/x"};
    }
    static std::string image_of(const ShowId& show) { return "ringmaster-test/built:" + show.image_tag(); }

    DockerBuilderSettings settings() {
        DockerBuilderSettings settings{.image = *support::ImagePattern::parse("ringmaster-test/built")};
        settings.workspace = {outside_.path("work"), {repository_.path(), ""}};
        settings.recipe.tool = tool_;
        settings.environment = {
            {"PATH", std::getenv("PATH")}, {"HOME", outside_.path()}, {"DOCKER_HOST", engine_host()}};
        if (tool_ == docker::BuildTool::Buildx)
            settings.environment["DOCKER_CONFIG"] = std::getenv("RINGMASTER_TEST_BUILDX_CONFIG");
        return settings;
    }
    std::unique_ptr<DockerBuilder> with(DockerBuilderSettings settings) {
        return std::make_unique<DockerBuilder>(std::move(settings), finder(), counting_, client_.clock);
    }
    docker::ImageFinder finder() {
        return [this](const std::string& image, Progress&) {
            return docker::Images(client_.engine, client_.logins, client_.clock).exists(image);
        };
    }

    // Notes each `docker build` and `docker buildx build` before it runs.
    class CountingSubprocess final : public Subprocess {
     public:
        CountingSubprocess(Subprocess& inner, std::atomic<int>& begun) : inner_(&inner), begun_(&begun) {}
        Result<ProcessResult> run(const ProcessSpec& spec, Progress& progress) override {
            const std::string command = join(spec.arguments, " ");
            if (command.starts_with("docker build ") || command.starts_with("docker buildx build "))
                ++*begun_;
            return inner_->run(spec, progress);
        }

     private:
        Subprocess* inner_;
        std::atomic<int>* begun_;
    };

    static constexpr auto kImage = "ringmaster-test/base-of-builds:1";
    docker::BuildTool tool_;
    DockerImages images_;
    std::string base_ = images_.with_script("base-of-builds", "true");
    GitRepository repository_;
    TemporaryFolder outside_;
    DockerClient client_;
    std::atomic<int> begun_ = 0;
    CountingSubprocess counting_{client_.subprocess, begun_};
    std::vector<ShowId> shows_;
    DockerBuilder builder_{settings(), finder(), counting_, client_.clock};
    DockerBuilder other_{settings(), finder(), counting_, client_.clock};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Docker, BuilderContract, DockerBuilderHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Docker, BuilderWorkContract, DockerBuilderHarness);

// The buildx plugin, which the suite puts into a configuration folder of its own.
class BuildxBuilderHarness : public DockerBuilderHarness {
 public:
    BuildxBuilderHarness() : DockerBuilderHarness(docker::BuildTool::Buildx) {}
};
INSTANTIATE_TYPED_TEST_SUITE_P(Buildx, BuilderContract, BuildxBuilderHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Buildx, BuilderWorkContract, BuildxBuilderHarness);

class DockerBuilderCheck : public ::testing::Test {
 protected:
    DockerBuilderHarness harness_;
    RecordingProgress progress_;
};

TEST_F(DockerBuilderCheck, TheImageSaysWhereItIsFrom) {
    auto settings = harness_.settings();
    settings.source_url = "https://forge.test/acme/shop";
    const auto spec = harness_.succeeding();
    const auto artifact = harness_.with(settings)->build(spec, progress_);
    ASSERT_TRUE(artifact) << artifact.error().describe() << artifact.error().hint();
    const auto labels = docker({"inspect", "-f", "{{json .Config.Labels}}", artifact->image});
    EXPECT_THAT(labels, HasSubstr("\"org.opencontainers.image.source\":\"https://forge.test/acme/shop\""));
    EXPECT_THAT(labels, HasSubstr("org.opencontainers.image.created"));
}

TEST_F(DockerBuilderCheck, ASecretIsMountedForItsStepAndIsNowhereInTheImage) {
    // The pattern is not the secret, or the history would hold it for the Dockerfile's own sake.
    harness_.repository_.write(
        "Dockerfile",
        "FROM " + harness_.base_ +
            "\nRUN --mount=type=secret,id=npm case $(cat /run/secrets/npm) in ses?me) true;; *) false;; "
            "esac\nCOPY build.sh /build.sh\n");
    auto settings = harness_.settings();
    settings.recipe.secrets = {{"npm", "env:NPM_TOKEN"}};
    settings.environment["NPM_TOKEN"] = "sesame";
    auto spec = harness_.succeeding();
    const auto builder = harness_.with(settings);
    const auto artifact = builder->build(spec, progress_);
    ASSERT_TRUE(artifact) << artifact.error().describe() << artifact.error().hint();
    EXPECT_EQ(docker({"history", "--no-trunc", artifact->image}).find("sesame"), std::string::npos);
    EXPECT_EQ(docker({"inspect", artifact->image}).find("sesame"), std::string::npos);
    ASSERT_TRUE(builder->remove(spec.show));
    docker({"builder", "prune", "-af"});
    spec.is_from_fork = true;
    EXPECT_FALSE(builder->build(spec, progress_)) << "a fork's build sees no secret";
}

TEST_F(DockerBuilderCheck, AnImageThatSomebodyRemovedIsBuiltAgain) {
    const auto spec = harness_.succeeding();
    ASSERT_TRUE(harness_.builder().build(spec, progress_));
    docker({"image", "rm", harness_.image_of(spec.show)});
    const auto again = harness_.builder().build(spec, progress_);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(harness_.commit_of(*again), spec.commit.text());
    EXPECT_EQ(harness_.builds_begun(), 2);
}

TEST_F(DockerBuilderCheck, ALinkCannotMakeDockerReadFilesOfThisMachine) {
    const auto secret = harness_.outside_.write("secret", "hunter2\n");
    std::filesystem::remove(harness_.repository_.path("Dockerfile"));
    std::filesystem::create_symlink(secret, harness_.repository_.path("Dockerfile"));
    const auto artifact = harness_.builder().build(harness_.succeeding(), progress_);
    ASSERT_FALSE(artifact);
    EXPECT_THAT(artifact.error().describe(), HasSubstr("leads out of the checkout"));
    for (const auto& line : progress_.lines()) EXPECT_EQ(line.find("hunter2"), std::string::npos);
}

TEST_F(DockerBuilderCheck, WithoutAnEngineOrAPluginItSaysWhatToDo) {
    auto settings = harness_.settings();
    settings.environment["DOCKER_HOST"] = "unix:///nonexistent.sock";
    const auto artifact = harness_.with(settings)->build(harness_.succeeding(), progress_);
    ASSERT_FALSE(artifact);
    EXPECT_THAT(artifact.error().hint(), HasSubstr("systemctl start docker"));
}

}  // namespace
}  // namespace ringmaster::testing
