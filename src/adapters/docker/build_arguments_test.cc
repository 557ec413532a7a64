#include "adapters/docker/build_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BuildFacts facts() {
    return {.image = "apache/superset:pr-12-abc1234-ci",
            .commit = *CommitSha::parse("abc1234" + std::string(33, '0')),
            .source_url = "https://github.com/apache/superset",
            .now = *parse_iso8601("2026-11-22T14:09:00Z")};
}
std::string line(const BuildRecipe& recipe, const BuildFacts& of = facts()) {
    return join(build_command(recipe, of).value(), " ");
}

BuildRecipe superset() {
    BuildRecipe recipe;
    recipe.output = Output::Push;
    recipe.target = "showtime";
    recipe.platforms = {"linux/amd64"};
    recipe.arguments = {{"INCLUDE_CHROMIUM", "false"}, {"LOAD_EXAMPLES_DUCKDB", "true"}};
    recipe.cache_from = {"type=registry,ref=apache/superset-cache:showtime"};
    recipe.labels = ImageLabels::None;
    return recipe;
}

// Contract §5.5, word by word.
constexpr auto kOriginal =
    "docker buildx build --push --platform linux/amd64 --target showtime --build-arg INCLUDE_CHROMIUM=false "
    "--build-arg LOAD_EXAMPLES_DUCKDB=true -t apache/superset:pr-12-abc1234-ci --cache-from "
    "type=registry,ref=apache/superset-cache:showtime";

TEST(BuildCommand, OfSupersetIsTheOriginalsOnALaptop) {
    EXPECT_EQ(line(superset()), std::string(kOriginal) + " .");
}

TEST(BuildCommand, OfSupersetIsTheOriginalsInCiWithALoad) {
    auto recipe = superset();
    recipe.cache_to = {"type=registry,mode=max,ref=apache/superset-cache:showtime"};
    recipe.output = Output::Both;
    EXPECT_EQ(line(recipe),
              std::string(kOriginal) +
                  " --cache-to type=registry,mode=max,ref=apache/superset-cache:showtime --load .");
}

TEST(BuildCommand, SaysInTheImageWhereItIsFrom) {
    EXPECT_EQ(
        line({}),
        "docker buildx build --label "
        "org.opencontainers.image.revision=abc1234000000000000000000000000000000000 "
        "--label org.opencontainers.image.source=https://github.com/apache/superset --label "
        "org.opencontainers.image.created=2026-11-22T14:09:00Z -t apache/superset:pr-12-abc1234-ci --load .");
}

TEST(BuildCommand, SecretsAreMountsAndNothingForAFork) {
    BuildRecipe recipe;
    recipe.secrets = {{"npm", "env:NPM_TOKEN"}, {"netrc", "file:/etc/netrc"}};
    EXPECT_THAT(line(recipe), HasSubstr("--secret id=netrc,src=/etc/netrc --secret id=npm,env=NPM_TOKEN"));
    auto fork = facts();
    fork.is_from_fork = true;
    EXPECT_THAT(line(recipe, fork), Not(HasSubstr("--secret")));
    for (const char* source : {"NPM_TOKEN", "env:", "vault:x", "env:A,src=/etc/shadow"}) {
        recipe.secrets = {{"npm", source}};
        EXPECT_FALSE(build_command(recipe, facts())) << source;
    }
}

TEST(BuildCommand, TheClassicToolPushesByItselfAndSaysWhatItCannot) {
    BuildRecipe recipe{
        .tool = BuildTool::Docker, .output = Output::Push, .file = "docker/Dockerfile", .context = "app"};
    recipe.labels = ImageLabels::None;
    EXPECT_EQ(line(recipe), "docker build --file docker/Dockerfile -t apache/superset:pr-12-abc1234-ci app");
    EXPECT_EQ(join(push_command(recipe, "a:1"), " "), "docker push a:1");
    EXPECT_TRUE(push_command(superset(), "a:1").empty());
    recipe.cache_to = {"type=inline"};
    EXPECT_THAT(build_command(recipe, facts()).error().hint(), HasSubstr("buildx"));
    recipe.cache_to = {};
    recipe.platforms = {"linux/amd64", "linux/arm64"};
    EXPECT_FALSE(build_command(recipe, facts()));
}

}  // namespace
}  // namespace ringmaster::docker
