#include "adapters/aws/profile_files.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "testing/temporary_folder.h"

namespace ringmaster::aws {
namespace {

TEST(ProfileFiles, BothFilesMakeOneProfile) {
    ProfileFiles files;
    ASSERT_TRUE(
        add_profiles("[default]\naws_access_key_id = AKID\naws_secret_access_key=se=cret\nregion = a\n",
                     ProfileSyntax::Credentials, "credentials", files));
    ASSERT_TRUE(
        add_profiles("# mine\n[default]\nregion = us-west-2 ; not the other\n\n[profile \"ci runner\"]\n"
                     "role_arn = arn:aws:iam::1:role/x#y\nSource_Profile = default\ns3 =\n  nested = 1\n"
                     "[sso-session x]\nsso_region = b\n",
                     ProfileSyntax::Config, "config", files));
    ASSERT_NE(files.find("default"), nullptr);
    EXPECT_EQ(
        *files.find("default"),
        (Profile{{"aws_access_key_id", "AKID"}, {"aws_secret_access_key", "se=cret"}, {"region", "a"}}));
    ASSERT_NE(files.find("ci runner"), nullptr);
    EXPECT_EQ(files.find("ci runner")->at("source_profile"), "default");
    EXPECT_EQ(files.find("ci runner")->at("role_arn"), "arn:aws:iam::1:role/x#y");
    EXPECT_EQ(files.find("x"), nullptr);
    EXPECT_EQ(files.profiles.size(), 2U);
}

TEST(ProfileFiles, AWrongLineIsNamedWithItsPlace) {
    for (const auto* text : {"[a]\nx=1\nnonsense\n", "[a]\n\n[b\n", "[a]\ny=1\n=2\n"}) {
        ProfileFiles files;
        const auto read = add_profiles(text, ProfileSyntax::Config, "the/config", files);
        ASSERT_FALSE(read) << text;
        EXPECT_TRUE(read.error().message().starts_with("the/config:3: ")) << read.error().message();
        EXPECT_EQ(read.error().kind(), ErrorKind::InvalidInput);
    }
    ProfileFiles files;
    EXPECT_FALSE(add_profiles("x = 1\n", ProfileSyntax::Config, "the/config", files));
}

TEST(ProfileFiles, AreFoundWhereTheEnvironmentSays) {
    testing::TemporaryFolder folder;
    folder.write("home/.aws/config", "[profile a]\nregion = from-home\n");
    folder.write("elsewhere", "[a]\nregion = elsewhere\n");
    Variables environment{{"HOME", folder.path("home")}};
    EXPECT_EQ(read_profile_files(environment)->find("a")->at("region"), "from-home");
    environment["AWS_SHARED_CREDENTIALS_FILE"] = folder.path("elsewhere");
    EXPECT_EQ(read_profile_files(environment)->find("a")->at("region"), "elsewhere");
    environment = {{"HOME", folder.path("nowhere")}};
    EXPECT_FALSE(read_profile_files(environment)->found_any);
    EXPECT_FALSE(read_profile_files({})->found_any);
}

TEST(ProfileFiles, TheProfileIsNamedByTheEnvironment) {
    EXPECT_EQ(profile_name({}), "default");
    EXPECT_EQ(profile_name({{"AWS_DEFAULT_PROFILE", "b"}}), "b");
    EXPECT_EQ(profile_name({{"AWS_DEFAULT_PROFILE", "b"}, {"AWS_PROFILE", "a"}}), "a");
}

RC_GTEST_PROP(ProfileFiles, NoTextBreaksThem, (std::string text)) {
    ProfileFiles files;
    (void)add_profiles(text, ProfileSyntax::Config, "it", files);
    (void)add_profiles("[" + text, ProfileSyntax::Credentials, "it", files);
}

}  // namespace
}  // namespace ringmaster::aws
