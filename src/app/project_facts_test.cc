#include "app/project_facts.h"

#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace ringmaster::app {
namespace {

using ringmaster::testing::TemporaryFolder;

TEST(ProjectFacts, ARemoteNamesItsRepositoryInEveryFormGitKnows) {
    for (const auto* url : {"https://github.com/ada/garden.git", "https://github.com/ada/garden",
                            "git@github.com:ada/garden.git", "ssh://git@github.com/ada/garden.git/",
                            "https://x:token@ghe.example.com/ada/garden", "file:///srv/git/ada/garden.git"})
        EXPECT_EQ(repository_of_remote(url), "ada/garden") << url;
    for (const auto* url : {"", "garden", "/", "//", "https://", "git@host:garden"})
        EXPECT_EQ(repository_of_remote(url), "") << url;
}

TEST(ProjectFacts, AProcfileSaysHowTheProjectStarts) {
    TemporaryFolder folder;
    folder.write("package.json", "{}");
    folder.write("Procfile", "worker: ./work\nweb:  ./serve --port $PORT \n");
    folder.write("Dockerfile", "FROM scratch\n");
    const auto facts = look_at_folder(folder.path());
    EXPECT_EQ(facts.language, "Node.js");
    EXPECT_EQ(facts.start_command, "./serve --port $PORT");
    EXPECT_EQ(facts.start_command_from, "Procfile");
    EXPECT_EQ(facts.build_command, "npm ci");
    EXPECT_TRUE(facts.has_dockerfile);
    EXPECT_EQ(facts.exposed_port, 0);
}

TEST(ProjectFacts, ADockerfileMakesShowsOfImagesOnThePortThatItExposes) {
    TemporaryFolder folder;
    folder.write("Dockerfile",
                 "FROM scratch\n# EXPOSE 1\nEXPOSE $PORT\nexpose 70000\nExpose  3000/tcp 9000\n");
    const auto facts = look_at_folder(folder.path());
    EXPECT_TRUE(facts.runs_in_docker);
    EXPECT_EQ(facts.exposed_port, 3000);
}

TEST(ProjectFacts, AFolderThatSaysNothingGivesNothing) {
    TemporaryFolder folder;
    const auto facts = look_at_folder(folder.path());
    EXPECT_EQ(facts.language, "");
    EXPECT_EQ(facts.start_command, "");
    EXPECT_FALSE(facts.has_dockerfile);
}

}  // namespace
}  // namespace ringmaster::app
