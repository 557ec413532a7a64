#include "domain/deployment_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/flow_version.h"

namespace ringmaster {
namespace {

TEST(DeploymentName, IsMadeOfItsPartsAsTheOriginalDid) {
    EXPECT_EQ(DeploymentName::of("acme_demo", "feat_x", "hello_world", "dev").text(),
              "acme-demo--feat-x--hello-world--dev");
}

TEST(DeploymentName, KeepsWhatOrchestratorsForbidOutOfProjectAndBranch) {
    EXPECT_EQ(DeploymentName::of("a%b", "feature/x&y><z", "f", "dev").text(), "a-b--feature-x-y--z--f--dev");
}

TEST(DeploymentName, IsReadByItsTagsWhereTheBranchHoldsTheSeparator) {
    const std::vector<std::string> tags = {"PROJECT_NAME=q", "BRANCH_NAME=a--b"};
    const auto name = DeploymentName::parse("q--a--b--flow--dev", tags);
    ASSERT_TRUE(name);
    EXPECT_EQ(*name, (DeploymentName{"q", "a--b", "flow", "dev"}));
}

TEST(DeploymentName, IsReadFromTheRightWithoutTags) {
    EXPECT_EQ(DeploymentName::parse("p--main--load--raw--dev", {}),
              (DeploymentName{"p", "main", "load--raw", "dev"}));
    EXPECT_EQ(DeploymentName::parse("p--main--tail---dev", {}),
              (DeploymentName{"p", "main", "tail-", "dev"}));
}

TEST(DeploymentName, TagsThatContradictTheNameDoNotCount) {
    const std::vector<std::string> tags = {"PROJECT_NAME=other", "BRANCH_NAME=main"};
    EXPECT_EQ(DeploymentName::parse("p--main--f--dev", tags), (DeploymentName{"p", "main", "f", "dev"}));
}

TEST(DeploymentName, WithTooFewPartsIsNone) {
    for (const auto* text : {"", "nightly", "a--b", "a--b--c", "----f--dev", "a--b--c--"})
        EXPECT_FALSE(DeploymentName::parse(text, {})) << text;
}

TEST(TagValue, IsThatOfExactlyTheKey) {
    const std::vector<std::string> tags = {"SOURCE_COMMIT_HASH=zzz", "COMMIT_HASH", "COMMIT_HASH=a=b"};
    EXPECT_EQ(tag_value(tags, "COMMIT_HASH"), "a=b");
    EXPECT_FALSE(tag_value(tags, "COMMIT"));
}

TEST(FlowVersion, WritesTheOriginalsTagsInOrder) {
    const FlowVersion version{
        .commit = "abc1234", .branch = "feat-x", .package_version = "0.0.1", .image = "repo/app:1"};
    EXPECT_EQ(version.tags("acme_demo"),
              (std::vector<std::string>{"PROJECT_NAME=acme-demo", "BRANCH_NAME=feat-x", "COMMIT_HASH=abc1234",
                                        "PACKAGE_VERSION=0.0.1"}));
    EXPECT_EQ(version.text(), "feat-x-abc1234");
}

TEST(FlowVersion, KeepsTheTrueNameOfABranchInATagOfItsOwn) {
    const FlowVersion version{.commit = "abc1234", .branch = "feature/x", .package_version = "", .image = ""};
    const auto tags = version.tags("p");
    EXPECT_EQ(tags.back(), "GIT_REF=feature/x");
    EXPECT_EQ(FlowVersion::of_tags(tags), version);
}

TEST(FlowVersion, IsTheSameCodeWhenCommitAndImageAre) {
    const FlowVersion full{.commit = "abc1234def", .branch = "a", .package_version = "1", .image = "i"};
    const FlowVersion brief{.commit = "abc1234", .branch = "b", .package_version = "2", .image = "i"};
    EXPECT_TRUE(full.is_same_code(brief));
    EXPECT_FALSE(full.is_same_code({.commit = "abc1234", .branch = "", .package_version = "", .image = "j"}));
    EXPECT_FALSE(FlowVersion{}.is_same_code(FlowVersion{}));
}

RC_GTEST_PROP(DeploymentNameProperty, WhatWasMadeIsReadBackByItsTags, ()) {
    const auto word = [] {
        return *rc::gen::nonEmpty(
            rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1-_/%&><."))));
    };
    const auto environment = *rc::gen::element<std::string>("dev", "tst", "uat", "prod");
    const FlowVersion version{.commit = "abc1234", .branch = word(), .package_version = "", .image = ""};
    const auto project = word();
    const auto name = DeploymentName::of(project, version.branch, "some_flow", environment);
    const auto read = DeploymentName::parse(name.text(), version.tags(project));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == name);
}

RC_GTEST_PROP(DeploymentNameProperty, AnyTextIsReadOrIsNone,
              (std::string text, std::vector<std::string> tags)) {
    if (const auto name = DeploymentName::parse(text, tags)) RC_ASSERT(!name->environment.empty());
}

}  // namespace
}  // namespace ringmaster
