#include "adapters/support/image_pattern.h"

#include <gtest/gtest.h>

namespace ringmaster::support {
namespace {

BuildSpec spec(std::string branch = "feature/x y") {
    const auto commit = *CommitSha::parse("abc1234" + std::string(33, '0'));
    return {
        .show = {{"acme", "shop"}, 12, commit.short_sha()}, .commit = commit, .branch = std::move(branch)};
}
std::string filled(std::string_view pattern) {
    return ImagePattern::parse(pattern).value().fill(spec()).value();
}

TEST(ImagePattern, FillsInTheVersion) {
    EXPECT_EQ(filled("acme/shop:pr-{pr}-{sha}-ci"), "acme/shop:pr-12-abc1234-ci");
    EXPECT_EQ(filled("acme/shop:{full_sha}"), "acme/shop:abc1234" + std::string(33, '0'));
    EXPECT_EQ(filled("reg:5000/acme-{branch}:latest"), "reg:5000/acme-feature-x-y:latest");
}

TEST(ImagePattern, ABareNameGetsATagOfItsOwnForEachVersion) {
    EXPECT_EQ(filled("acme/shop"), "acme/shop:pr-12-abc1234-ci");
    EXPECT_EQ(filled("localhost:5000/shop"), "localhost:5000/shop:pr-12-abc1234-ci");
    EXPECT_EQ(filled("acme/shop:stable"), "acme/shop:stable") << "somebody meant that one image";
}

TEST(ImagePattern, RefusesWhatIsNoPattern) {
    for (const char* text : {"", "acme shop", "acme:{sha", "acme:{commit}"})
        EXPECT_FALSE(ImagePattern::parse(text)) << text;
    EXPECT_FALSE(ImagePattern::parse("acme:{branch}").value().fill(spec("")));
    EXPECT_FALSE(ImagePattern::parse("acme:{full_sha}{full_sha}{full_sha}{full_sha}").value().fill(spec()));
}

}  // namespace
}  // namespace ringmaster::support
