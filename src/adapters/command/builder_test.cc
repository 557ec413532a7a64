#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "adapters/command/command_builder.h"
#include "adapters/command/none_builder.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "testing/contracts/builder_contract.h"
#include "testing/git_repository.h"

namespace ringmaster::testing {
namespace {

using command::CommandBuilder;
using command::CommandBuilderSettings;
using command::NoneBuilder;
using command::shell_command;

// The build of a version is its own build.sh, after the fact was noted outside.
class CommandHarness {
 public:
    CommandHarness() : builder_(settings(), subprocess_, clock_), other_(settings(), subprocess_, clock_) {}

    CommandBuilder& builder() { return builder_; }
    Builder& other_builder() { return other_; }
    BuildSpec succeeding() { return spec("echo building; echo made > product"); }
    BuildSpec failing() { return spec("echo it is broken >&2; exit 3"); }
    BuildSpec endless() { return spec("echo building; sleep 1000"); }
    std::string commit_of(const Artifact& artifact) {
        return repository_.git("-C '" + artifact.directory + "' rev-parse HEAD");
    }
    bool has_remains(const BuildSpec& spec) {
        return file_exists(tree(spec)) || repository_.git("worktree list").find("/tree") != std::string::npos;
    }
    int builds_begun() {
        const auto noted = outside_.read("begun");
        return static_cast<int>(std::ranges::count(noted, '\n'));
    }

    BuildSpec spec(const std::string& script) {
        repository_.write("build.sh", script);
        return spec_of(repository_.commit());
    }
    BuildSpec spec_of(const CommitSha& commit) {
        return {{{"acme", "shop"}, 12, commit.short_sha()}, commit, std::chrono::minutes(1)};
    }
    CommandBuilderSettings settings() const {
        CommandBuilderSettings settings;
        settings.workspace = {outside_.path("work"), {repository_.path(), ""}};
        settings.command = shell_command("echo begun >> '" + outside_.path("begun") + "'; sh ./build.sh");
        return settings;
    }
    std::string folder(const BuildSpec& spec) const {
        return outside_.path("work/acme/shop/" + spec.show.base_name());
    }
    std::string tree(const BuildSpec& spec) const { return folder(spec) + "/tree"; }

    GitRepository repository_;
    TemporaryFolder outside_;
    support::PosixSubprocess subprocess_;
    support::SystemClock clock_;

 private:
    CommandBuilder builder_;
    CommandBuilder other_;
};

class CheckoutHarness {
 public:
    Builder& builder() { return builder_; }
    Builder& other_builder() { return other_; }
    BuildSpec succeeding() {
        const auto commit = repository_.commit();
        return {{{"acme", "shop"}, 12, commit.short_sha()}, commit, std::chrono::minutes(1)};
    }
    std::string commit_of(const Artifact& artifact) {
        return repository_.git("-C '" + artifact.directory + "' rev-parse HEAD");
    }
    bool has_remains(const BuildSpec& spec) {
        return file_exists(outside_.path("acme/shop/" + spec.show.base_name() + "/tree"));
    }

 private:
    NoneBuilder make() {
        return *NoneBuilder::create(
            {.checkout = command::Workspace::Settings{outside_.path(), {repository_.path(), ""}}},
            subprocess_, clock_);
    }
    GitRepository repository_;
    TemporaryFolder outside_;
    support::PosixSubprocess subprocess_;
    support::SystemClock clock_;
    NoneBuilder builder_ = make();
    NoneBuilder other_ = make();
};

INSTANTIATE_TYPED_TEST_SUITE_P(Command, BuilderContract, CommandHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Command, BuilderWorkContract, CommandHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Checkout, BuilderContract, CheckoutHarness);

class CommandBuilderTest : public ::testing::Test {
 protected:
    Result<Artifact> build(const BuildSpec& spec) { return harness_.builder().build(spec, progress_); }
    CommandHarness harness_;
    RecordingProgress progress_;
};

TEST_F(CommandBuilderTest, GivesTheBuildItsEnvironmentAndNothingOfOurs) {
    ::setenv("GITHUB_TOKEN", "secret", 1);
    const auto spec = harness_.spec("env | cut -d= -f1 | sort > names; env > values");
    const auto artifact = build(spec);
    ::unsetenv("GITHUB_TOKEN");
    ASSERT_TRUE(artifact) << artifact.error().describe();
    const auto values = harness_.outside_.read("work/acme/shop/" + spec.show.base_name() + "/tree/values");
    EXPECT_EQ(values.find("secret"), std::string::npos);
    EXPECT_NE(values.find("RINGMASTER_SHA=" + spec.commit.text() + "\n"), std::string::npos);
    EXPECT_NE(values.find("RINGMASTER_PR=12\n"), std::string::npos);
    EXPECT_NE(values.find("RINGMASTER_REPOSITORY=acme/shop\n"), std::string::npos);
}

TEST_F(CommandBuilderTest, SaysTheExitCodeAndKeepsTheLogOfAFailure) {
    const auto spec = harness_.failing();
    const auto artifact = build(spec);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().message(), "the build command ended with exit code 3");
    EXPECT_NE(
        harness_.outside_.read("work/acme/shop/" + spec.show.base_name() + "/build.log").find("it is broken"),
        std::string::npos);
}

TEST_F(CommandBuilderTest, KeepsTheLogBounded) {
    auto settings = harness_.settings();
    settings.workspace.max_log_bytes = 10000;
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto spec = harness_.spec("seq 1 20000");
    ASSERT_TRUE(builder.build(spec, progress_));
    const auto newest = harness_.outside_.read("work/acme/shop/" + spec.show.base_name() + "/build.log");
    const auto older = harness_.outside_.read("work/acme/shop/" + spec.show.base_name() + "/build.log.1");
    EXPECT_LE(newest.size() + older.size(), 10000u);
    EXPECT_TRUE(newest.ends_with("20000\n"));
    EXPECT_EQ(older.size(), 5000u);
}

TEST_F(CommandBuilderTest, RunsNoHookOfTheRepository) {
    harness_.repository_.write(".git/hooks/post-checkout",
                               "#!/bin/sh\ntouch '" + harness_.outside_.path("hook") + "'\n", 0755);
    ASSERT_TRUE(build(harness_.succeeding()));
    EXPECT_FALSE(file_exists(harness_.outside_.path("hook")));
}

TEST_F(CommandBuilderTest, ALinkInTheRepositoryCannotRedirectLogOrMark) {
    const auto target = harness_.outside_.write("precious", "untouched");
    for (const char* name : {"build.log", "made.json", "product"})
        std::filesystem::create_symlink(target, harness_.repository_.path(name));
    const auto spec = harness_.spec("echo building");
    ASSERT_TRUE(build(spec));
    EXPECT_EQ(harness_.outside_.read("precious"), "untouched");
    ASSERT_TRUE(harness_.builder().remove(spec.show));
    EXPECT_EQ(harness_.outside_.read("precious"), "untouched");
}

TEST_F(CommandBuilderTest, ADifferentCommandBuildsAgain) {
    const auto spec = harness_.succeeding();
    ASSERT_TRUE(build(spec));
    auto settings = harness_.settings();
    settings.command = shell_command("echo other > other");
    CommandBuilder other(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = other.build(spec, progress_);
    ASSERT_TRUE(artifact);
    EXPECT_TRUE(file_exists(artifact->directory + "/other"));
    EXPECT_FALSE(file_exists(artifact->directory + "/product"));
}

TEST_F(CommandBuilderTest, AHalfMadeCheckoutOfACrashedRunIsMadeAnew) {
    const auto spec = harness_.succeeding();
    harness_.outside_.write("work/acme/shop/" + spec.show.base_name() + "/tree/rubbish", "half");
    const auto artifact = build(spec);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_FALSE(file_exists(artifact->directory + "/rubbish"));
}

TEST_F(CommandBuilderTest, ACheckoutThatSomebodyDeletedIsMadeAnew) {
    const auto spec = harness_.succeeding();
    ASSERT_TRUE(build(spec));
    std::filesystem::remove_all(harness_.tree(spec));
    const auto artifact = build(spec);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_EQ(harness_.commit_of(*artifact), spec.commit.text());
}

TEST_F(CommandBuilderTest, EndsWhatTheBuildLeftRunningOutsideItsGroup) {
    const auto spec = harness_.spec("setsid sleep 1000 >/dev/null 2>&1 & echo $! > pid");
    const auto artifact = build(spec);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    const auto pid = harness_.outside_.read("work/acme/shop/" + spec.show.base_name() + "/tree/pid");
    EXPECT_FALSE(process_lives(std::stoi(pid)));
}

TEST_F(CommandBuilderTest, ManyVersionsOfOneRepositoryAreBuiltAtOnce) {
    constexpr int kAtOnce = 8;
    constexpr int kRounds = 2;
    std::vector<BuildSpec> specs;
    for (int i = 0; i < kAtOnce; ++i) {
        specs.push_back(harness_.spec(fmt::format("echo {}", i)));
        specs.back().show.pull_request_number = 100 + i;
    }
    for (int round = 0; round < kRounds; ++round) {
        std::vector<std::thread> workers;
        for (const auto& spec : specs)
            workers.emplace_back([&] {
                NoProgress quiet;
                const auto built = harness_.builder().build(spec, quiet);
                EXPECT_TRUE(built) << built.error().describe();
                const auto removed = harness_.builder().remove(spec.show);
                EXPECT_TRUE(removed) << removed.error().describe();
            });
        for (auto& worker : workers) worker.join();
        EXPECT_FALSE(harness_.has_remains(specs.front()));
    }
}

TEST_F(CommandBuilderTest, FetchesAMissingCommitFromTheRemote) {
    GitRepository upstream;
    upstream.write("build.sh", "echo from upstream");
    const auto commit = upstream.commit();
    upstream.git("update-ref refs/pull/12/head " + commit.text());
    upstream.commit("Main goes on");
    harness_.repository_.commit();
    auto settings = harness_.settings();
    settings.workspace.source.remote = upstream.path();
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = builder.build(harness_.spec_of(commit), progress_);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_EQ(harness_.commit_of(*artifact), commit.text());
}

TEST_F(CommandBuilderTest, ARemoteThatCannotBeAskedIsUnavailableNotNotFound) {
    harness_.repository_.commit();
    auto settings = harness_.settings();
    settings.workspace.source.remote = harness_.outside_.path("no-such-remote");
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = builder.build(harness_.spec_of(*CommitSha::parse(std::string(40, 'e'))), progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::Unavailable);
}

TEST_F(CommandBuilderTest, WorksFromABareRepository) {
    const auto spec = harness_.succeeding();
    GitRepository other;
    other.git("clone --quiet --bare '" + harness_.repository_.path() + "' '" +
              harness_.outside_.path("bare") + "'");
    auto settings = harness_.settings();
    settings.workspace.source.repository = harness_.outside_.path("bare");
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = builder.build(spec, progress_);
    ASSERT_TRUE(artifact) << artifact.error().describe();
    EXPECT_TRUE(file_exists(artifact->directory + "/product"));
}

TEST_F(CommandBuilderTest, AWorkFolderThatCannotBeMadeIsNamed) {
    auto settings = harness_.settings();
    settings.workspace.work_folder = harness_.outside_.write("in-the-way", "") + "/work";
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = builder.build(harness_.succeeding(), progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(artifact.error().message().find("in-the-way"), std::string::npos);
}

TEST_F(CommandBuilderTest, ASourceThatIsNoRepositoryIsNamed) {
    auto settings = harness_.settings();
    settings.workspace.source.repository = harness_.outside_.path();
    CommandBuilder builder(settings, harness_.subprocess_, harness_.clock_);
    const auto artifact = builder.build(harness_.succeeding(), progress_);
    ASSERT_FALSE(artifact);
    EXPECT_EQ(artifact.error().kind(), ErrorKind::NotFound);
    EXPECT_NE(artifact.error().message().find(harness_.outside_.path()), std::string::npos);
}

TEST(NoneBuilder, FillsTheImagePattern) {
    support::PosixSubprocess subprocess;
    support::SystemClock clock;
    NoProgress quiet;
    auto builder = NoneBuilder::create({.image = "acme/shop:pr-{pr}-{sha}-{full_sha}"}, subprocess, clock);
    ASSERT_TRUE(builder);
    const auto commit = *CommitSha::parse(std::string(40, 'a'));
    const auto artifact = builder->build({{{"acme", "shop"}, 12, commit.short_sha()}, commit}, quiet);
    ASSERT_TRUE(artifact);
    EXPECT_EQ(artifact->image, "acme/shop:pr-12-aaaaaaa-" + commit.text());
}

TEST(NoneBuilder, RefusesAnUnknownWordAtOnce) {
    support::PosixSubprocess subprocess;
    support::SystemClock clock;
    for (const char* image : {"acme:{brunch}", "acme:{sha"}) {
        const auto builder = NoneBuilder::create({.image = image}, subprocess, clock);
        ASSERT_FALSE(builder);
        EXPECT_EQ(builder.error().kind(), ErrorKind::InvalidInput);
    }
}

}  // namespace
}  // namespace ringmaster::testing
