#include "app/secrets.h"

#include <gtest/gtest.h>

#include "app/config_source.h"
#include "testing/temporary_folder.h"

namespace ringmaster::app {
namespace {

class SecretsTest : public ::testing::Test {
 protected:
    ShowSecrets find(const std::string& toml, cli::Environment::Map variables = {}) {
        folder_.write("project/ringmaster.toml", toml);
        const cli::Environment environment(std::move(variables));
        const auto loaded = load_config({.working_directory = folder_.path("project")}, environment);
        EXPECT_TRUE(loaded) << loaded.error().describe();
        return loaded ? find_secrets(loaded->config, environment) : ShowSecrets{};
    }
    std::string missing_with(const std::string& contents, unsigned mode) {
        folder_.write("project/key", contents, mode);
        const auto secrets = find("[shows.run]\nsecret_files = { KEY = \"key\" }");
        EXPECT_TRUE(secrets.values.empty());
        return secrets.missing.empty() ? "" : secrets.missing.front();
    }
    testing::TemporaryFolder folder_;
};

TEST_F(SecretsTest, ComeFromTheEnvironmentAndFromFilesBesideTheConfiguration) {
    folder_.write("project/keys/db", "hush\n", 0600);
    const auto secrets =
        find("[shows.run]\nsecrets = [\"API\"]\nsecret_files = { DB = \"keys/db\" }", {{"API", "quiet"}});
    EXPECT_EQ(secrets.values, (std::map<std::string, std::string>{{"API", "quiet"}, {"DB", "hush"}}));
    EXPECT_TRUE(secrets.missing.empty());
}

TEST_F(SecretsTest, ThoseThatAreNotThereAreNamedWithTheirFiles) {
    const auto secrets = find("[shows.run]\nsecrets = [\"API\"]\nsecret_files = { DB = \"/no/where\" }");
    EXPECT_TRUE(secrets.values.empty());
    ASSERT_EQ(secrets.missing.size(), 2u);
    EXPECT_EQ(secrets.missing[0], "API");
    EXPECT_EQ(secrets.missing[1], "DB (cannot read /no/where: No such file or directory)");
}

TEST_F(SecretsTest, AFileThatOthersMayReadOrChangeIsRefused) {
    for (const unsigned mode : {0604U, 0602U, 0620U, 0644U}) {
        const auto missing = missing_with("hush", mode);
        EXPECT_NE(missing.find("others may read or change"), std::string::npos) << missing;
        EXPECT_EQ(missing.find("hush"), std::string::npos);
    }
}

TEST_F(SecretsTest, AFileThatHoldsNoSecretIsRefused) {
    EXPECT_NE(missing_with("\n", 0600).find("is empty"), std::string::npos);
    EXPECT_NE(missing_with(std::string("a\0b", 3), 0600).find("zero byte"), std::string::npos);
    EXPECT_NE(missing_with(std::string(70'000, 'x'), 0600), "");
}

}  // namespace
}  // namespace ringmaster::app
