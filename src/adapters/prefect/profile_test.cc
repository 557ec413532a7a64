#include "adapters/prefect/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::prefect {
namespace {

// As `prefect cloud login` leaves it.
constexpr std::string_view kProfiles = R"(
active = "cloud"

[profiles.cloud]
PREFECT_API_URL = "https://api.prefect.cloud/api/accounts/a1/workspaces/w1"
PREFECT_API_KEY = "pnu_secret"

[profiles.office]
PREFECT_API_URL = "https://flows.example.org/api/"
PREFECT_API_AUTH_STRING = "admin:secret"
PREFECT_LOGGING_LEVEL = 20
)";

TEST(PrefectAccess, TheActiveProfileSaysWhereAndWho) {
    const auto access = find_access({}, kProfiles).value();
    EXPECT_EQ(access.api_url, "https://api.prefect.cloud/api/accounts/a1/workspaces/w1");
    EXPECT_EQ(access.api_key, "pnu_secret");
    EXPECT_EQ(access.profile, "cloud");
    EXPECT_EQ(access.source, "the Prefect profile cloud");
}

TEST(PrefectAccess, TheEnvironmentChoosesAnotherProfile) {
    const auto access = find_access({{"PREFECT_PROFILE", "office"}}, kProfiles).value();
    EXPECT_EQ(access.api_url, "https://flows.example.org/api");
    EXPECT_EQ(access.auth_string, "admin:secret");
    EXPECT_EQ(access.api_key, "");
}

TEST(PrefectAccess, TheEnvironmentWinsSettingBySetting) {
    const auto access =
        find_access({{"PREFECT_API_URL", "http://127.0.0.1:4200/api"}, {"PREFECT_API_KEY", " "}}, kProfiles)
            .value();
    EXPECT_EQ(access.api_url, "http://127.0.0.1:4200/api");
    EXPECT_EQ(access.source, "PREFECT_API_URL");
    EXPECT_EQ(access.api_key, "pnu_secret") << "an empty variable is none";
}

TEST(PrefectAccess, WithoutAnyWordThereIsNoAddress) {
    EXPECT_EQ(find_access({}, std::nullopt).value(), PrefectAccess());
    EXPECT_EQ(find_access({}, "").value(), PrefectAccess());
    EXPECT_EQ(find_access({}, "active = \"ephemeral\"").value().api_url, "");
}

TEST(PrefectAccess, PrefectsOwnLocalProfileNeedsNoFile) {
    EXPECT_EQ(find_access({{"PREFECT_PROFILE", "local"}}, std::nullopt).value().api_url,
              "http://127.0.0.1:4200/api");
}

TEST(PrefectAccess, AProfileThatIsNotThereIsAnError) {
    const auto chosen = find_access({{"PREFECT_PROFILE", "nowhere"}}, kProfiles);
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(chosen.error().message(), "there is no Prefect profile \"nowhere\"");
    EXPECT_FALSE(find_access({}, "active = \"gone\""));
}

TEST(PrefectAccess, ABrokenFileIsNamedWithItsLineAndWithoutItsWords) {
    const auto access =
        find_access({}, "active = \"cloud\"\n[profiles.cloud]\nPREFECT_API_KEY = pnu_secret\n");
    ASSERT_FALSE(access);
    EXPECT_EQ(access.error().message(), "Prefect's profiles.toml is not TOML, in line 3");
    EXPECT_THAT(access.error().describe(), ::testing::Not(::testing::HasSubstr("secret")));
}

TEST(PrefectAccess, AddressesThatAreNoApisAreRefused) {
    for (const std::string url : {"127.0.0.1:4200/api", "ftp://x/api", "https://app.prefect.cloud/account/a",
                                  "https://user:secret@flows.example.org/api"}) {
        const auto access = find_access({{"PREFECT_API_URL", url}}, std::nullopt);
        ASSERT_FALSE(access) << url;
        EXPECT_EQ(access.error().kind(), ErrorKind::InvalidInput);
        EXPECT_THAT(access.error().describe(), ::testing::Not(::testing::HasSubstr("secret")));
    }
}

TEST(PrefectAccess, TheProfilesAreWherePrefectKeepsThem) {
    EXPECT_EQ(profiles_path({{"HOME", "/h"}}), "/h/.prefect/profiles.toml");
    EXPECT_EQ(profiles_path({{"HOME", "/h"}, {"PREFECT_HOME", "~/p"}}), "/h/p/profiles.toml");
    EXPECT_EQ(profiles_path({{"PREFECT_HOME", "/p"}, {"PREFECT_PROFILES_PATH", "/x.toml"}}), "/x.toml");
    EXPECT_EQ(profiles_path({}), "");
}

RC_GTEST_PROP(PrefectAccess, AnyFileIsReadOrRefused, (const std::string& text)) {
    const auto access = find_access({}, text);
    RC_ASSERT(access || access.error().kind() == ErrorKind::InvalidInput);
}

}  // namespace
}  // namespace ringmaster::prefect
