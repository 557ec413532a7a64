#include "domain/show.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace ringmaster {
namespace {

nlohmann::json vectors(const char* name) {
    std::ifstream file(RINGMASTER_SOURCE_DIR "/tests/data/labels.json");
    return nlohmann::json::parse(file)["vectors"][name];
}

TEST(ShowId, NamesWhatTheShowOwns) {
    const ShowId show{{"apache", "superset"}, 12, ShortSha::parse("abc1234").value()};
    EXPECT_EQ(show.service_name(), "pr-12-abc1234-service");
    EXPECT_EQ(show.image_tag(), "pr-12-abc1234-ci");
}

TEST(ServiceName, IsReadAsTheContractsVectorsSay) {
    for (const auto& vector : vectors("service_name")) {
        const auto name = vector["name"].get<std::string>();
        const auto found = parse_service_name(name);
        const auto& wanted = vector["ringmaster"];
        ASSERT_EQ(found.has_value(), wanted.is_object()) << name;
        if (!found) continue;
        EXPECT_EQ(found->pull_request_number, wanted["pr"].get<int>()) << name;
        EXPECT_EQ(found->sha.has_value(), wanted["sha"].is_string()) << name;
        if (found->sha) EXPECT_EQ(*found->sha, wanted["sha"].get<std::string>()) << name;
    }
}

TEST(ServiceName, RefusesNumbersThatNoPullRequestHas) {
    for (const auto* bad : {"pr-0-service", "pr--1-service", "pr-99999999999-service", "pr--service",
                            "pr-service", "pr-12-abc1234-extra-service", "pr-12-abc123-service", ""})
        EXPECT_EQ(parse_service_name(bad), std::nullopt) << bad;
}

// "pr-012-…" read as 12 would let a sweep remove "pr-12-…", which is another's.
TEST(ServiceName, IsOursOnlyAsWeWriteIt) {
    EXPECT_EQ(parse_service_name("pr-012-abc1234-service"), std::nullopt);
}

RC_GTEST_PROP(ServiceName, ReadsBackWhatAShowIsCalled, ()) {
    const int number = *rc::gen::inRange(1, 1'000'000'000);
    const auto sha = *rc::gen::container<std::string>(7, rc::gen::elementOf(std::string("0123456789abcdef")));
    const ShowId show{{"o", "n"}, number, ShortSha::parse(sha).value()};
    RC_ASSERT(parse_service_name(show.service_name()) == (ServiceName{number, sha}));
}

}  // namespace
}  // namespace ringmaster
