#include "shows/feature_flags.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace ringmaster::shows {
namespace {

TEST(FeatureFlags, EveryVectorOfTheContractIsReadWithTheLastOfANameWinning) {
    std::ifstream file(RINGMASTER_SOURCE_DIR "/tests/data/labels.json");
    for (const auto& vector : nlohmann::json::parse(file)["vectors"]["feature_flags"]) {
        std::map<std::string, std::string> expected;
        for (const auto& flag : vector["reference"]) expected[flag["name"]] = flag["value"];
        const std::string body = vector["body"].is_string() ? vector["body"] : "";
        EXPECT_EQ(parse_feature_flags(body, "SUPERSET_FEATURE_"), expected) << body;
    }
}

TEST(FeatureFlags, WithoutAPrefixATextSetsNothing) {
    EXPECT_TRUE(parse_feature_flags("FEATURE_A=1", "").empty());
}

}  // namespace
}  // namespace ringmaster::shows
