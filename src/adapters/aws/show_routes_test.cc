#include "adapters/aws/show_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/aws/fake_ecs_test.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"

namespace ringmaster::aws {
namespace {

using ::testing::HasSubstr;

constexpr auto kGroup = "arn:group";
constexpr auto kNotFound =
    "<ErrorResponse><Error><Code>TargetGroupNotFound</Code><Message>none</Message></Error></ErrorResponse>";

std::string groups(const std::string& action) {
    return "<R><" + action +
           "Result><TargetGroups><member><TargetGroupArn>arn:group</TargetGroupArn></member>" +
           "</TargetGroups></" + action + "Result></R>";
}
std::string tags(const std::string& repository) {
    return "<R><DescribeTagsResult><TagDescriptions><member><Tags><member><Key>ringmaster.repository</"
           "Key><Value>" +
           repository +
           "</Value></member><member><Key>ringmaster.show</Key><Value>pr-12-abc1234</Value></member></Tags></"
           "member>"
           "</TagDescriptions></DescribeTagsResult></R>";
}
std::string rule(const std::string& priority, const std::string& group) {
    return "<member><RuleArn>arn:rule-" + priority + "</RuleArn><Priority>" + priority +
           "</Priority><Actions><member><TargetGroupArn>" + group +
           "</TargetGroupArn></member></Actions></member>";
}
std::string rules(const std::string& members, const std::string& next = "") {
    return "<R><DescribeRulesResult><Rules>" + members + "</Rules><NextMarker>" + next +
           "</NextMarker></DescribeRulesResult></R>";
}

class ShowRoutesTest : public ::testing::Test {
 protected:
    ShowRoutesTest() {
        settings_.load_balancer = {
            .listener = "arn:listener", .host = "{show}.shows.example.org", .vpc = "vpc-1", .port = 443};
    }
    testing::ScriptedHttp::Exchange& expect(const std::string& action, std::vector<std::string> parts = {}) {
        parts.insert(parts.begin(), "Action=" + action + "&");
        return http_.expect("POST", "elasticloadbalancing", std::move(parts));
    }

    testing::FakeClock clock_;
    testing::FakeEntropy entropy_;
    testing::ScriptedHttp http_;
    FixedKeys keys_;
    AwsClient client_{{.region = "us-west-2"}, keys_, http_, clock_, entropy_};
    EcsSettings settings_{.repository = {"acme", "shop"}};
    ShowRoutes routes_{client_, settings_};
    ShowId show_{{"acme", "shop"}, 12, *ShortSha::parse("abc1234")};
    NoProgress quiet_;
};

TEST_F(ShowRoutesTest, AShowGetsATargetGroupAndTheFirstFreePriority) {
    expect("DescribeTargetGroups", {"Names.member.1=rm-pr-12-abc1234-"}).answers(400, kNotFound);
    expect("CreateTargetGroup", {"TargetType=ip", "VpcId=vpc-1", "Value=acme%2Fshop"})
        .answers(200, groups("CreateTargetGroup"));
    expect("DescribeRules").answers(200, rules(rule("1", "arn:other"), "more"));
    expect("DescribeRules", {"Marker=more"})
        .answers(200, rules(rule("3", "arn:other") + rule("default", "arn:d")));
    expect("CreateRule", {"Priority=2", "Values.member.1=pr-12-abc1234.shows.example.org",
                          "Actions.member.1.TargetGroupArn=arn%3Agroup"})
        .answers(200, "<R/>");
    const auto group = routes_.ensure(show_, quiet_);
    ASSERT_TRUE(group) << group.error().describe();
    EXPECT_EQ(*group, kGroup);
    EXPECT_EQ(route_endpoint(settings_, show_), (Endpoint{"pr-12-abc1234.shows.example.org", 443}));
}

TEST_F(ShowRoutesTest, WhatIsThereIsUsed) {
    expect("DescribeTargetGroups").answers(200, groups("DescribeTargetGroups"));
    expect("DescribeTags").answers(200, tags("acme/shop"));
    expect("DescribeRules").answers(200, rules(rule("7", kGroup)));
    EXPECT_EQ(routes_.ensure(show_, quiet_).value(), kGroup);
}

TEST_F(ShowRoutesTest, APriorityThatAnotherTookMeanwhileIsGivenUp) {
    expect("DescribeTargetGroups").answers(200, groups("DescribeTargetGroups"));
    expect("DescribeTags").answers(200, tags("acme/shop"));
    expect("DescribeRules").answers(200, rules(""));
    expect("CreateRule", {"Priority=1"})
        .answers(400, "<E><Error><Code>PriorityInUse</Code><Message>taken</Message></Error></E>");
    expect("DescribeRules").answers(200, rules(rule("1", "arn:other")));
    expect("CreateRule", {"Priority=2"}).answers(200, "<R/>");
    EXPECT_TRUE(routes_.ensure(show_, quiet_));
}

TEST_F(ShowRoutesTest, AStrangersTargetGroupIsNotTouched) {
    for (int i = 0; i < 2; ++i) {
        expect("DescribeTargetGroups").answers(200, groups("DescribeTargetGroups"));
        expect("DescribeTags").answers(200, tags("acme/other"));
    }
    EXPECT_EQ(routes_.ensure(show_, quiet_).error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(routes_.remove(show_, quiet_).error().kind(), ErrorKind::Conflict);
}

TEST_F(ShowRoutesTest, ARemovalTakesTheRuleThenTheGroupAndMayBeRepeated) {
    expect("DescribeTargetGroups").answers(200, groups("DescribeTargetGroups"));
    expect("DescribeTags").answers(200, tags("acme/shop"));
    expect("DescribeRules").answers(200, rules(rule("1", "arn:other") + rule("2", kGroup)));
    expect("DeleteRule", {"RuleArn=arn%3Arule-2"}).answers(200, "<R/>");
    expect("DeleteTargetGroup", {"TargetGroupArn=arn%3Agroup"}).answers(200, "<R/>");
    EXPECT_TRUE(routes_.remove(show_, quiet_));
    expect("DescribeTargetGroups").answers(400, kNotFound);
    EXPECT_TRUE(routes_.remove(show_, quiet_));
}

}  // namespace
}  // namespace ringmaster::aws
