#include "adapters/aws/aws_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/recording_progress.h"
#include "testing/scripted_http.h"

namespace ringmaster::aws {
namespace {

using testing::FakeClock;
using ::testing::HasSubstr;
using testing::ScriptedHttp;

constexpr auto kExpired =
    R"({"__type":"ExpiredTokenException","message":"The security token included in the )"
    R"(request is expired"})";
constexpr auto kThrottled = R"({"__type":"ThrottlingException","message":"Rate exceeded"})";

/// Numbers the keys that it gives.
class Keys final : public CredentialSource {
 public:
    Result<Credentials> get(Progress&) override {
        return Credentials{.access_key_id = "AKID" + std::to_string(generation),
                           .secret_access_key = "secret"};
    }
    void forget(const Credentials& used) override {
        EXPECT_EQ(used.access_key_id, "AKID" + std::to_string(generation));
        ++generation;
    }
    int generation = 1;
};

class AwsClientTest : public ::testing::Test {
 protected:
    Result<support::JsonReader> call() {
        return client_.json(kEcs, "ListServices", "{}", "listing the services", progress_);
    }
    std::string header(std::size_t request, std::string_view name) {
        for (const auto& [key, value] : http_.requests().at(request).headers)
            if (key == name) return value;
        return "";
    }

    FakeClock clock_;
    testing::FakeEntropy entropy_;
    ScriptedHttp http_;
    Keys keys_;
    AwsClient client_{{.region = "us-west-2"}, keys_, http_, clock_, entropy_};
    testing::RecordingProgress progress_;
};

TEST_F(AwsClientTest, AJsonCallIsSignedForItsServiceAndRegion) {
    http_.expect("POST", "https://ecs.us-west-2.amazonaws.com/", {"{}"}).answers(200, R"({"a":"b"})");
    const auto answer = call();
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(answer->string("a").value(), "b");
    EXPECT_EQ(header(0, "X-Amz-Target"), "AmazonEC2ContainerServiceV20141113.ListServices");
    EXPECT_THAT(header(0, "Authorization"),
                HasSubstr("Credential=AKID1/20260105/us-west-2/ecs/aws4_request"));
}

TEST_F(AwsClientTest, AFormIsSentToThoseWhoAnswerInXml) {
    http_
        .expect("POST", "https://ec2.us-west-2.amazonaws.com/",
                {"Action=DescribeVpcs&Version=2016-11-15&Name.1=a%20b%26c"})
        .answers(200, "<R><x>y</x></R>");
    const auto answer =
        client_.query(kEc2, "DescribeVpcs", {{"Name.1", "a b&c"}}, "looking at networks", progress_);
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(answer->text_at("x"), "y");
}

TEST_F(AwsClientTest, AThrottledCallIsTriedAgainLaterAndLater) {
    for (int i = 0; i < 3; ++i) http_.expect("POST", "ecs").answers(400, kThrottled);
    http_.expect("POST", "ecs").answers(200, "{}");
    EXPECT_TRUE(call());
    EXPECT_GE(clock_.monotonic(), std::chrono::milliseconds(500 + 1000 + 2000));
    EXPECT_LT(clock_.monotonic(), std::chrono::milliseconds(5250));
}

TEST_F(AwsClientTest, PatienceHasAnEndAndSaysWhatIsWrong) {
    for (int i = 0; i < Wire::kPatience.attempts; ++i) http_.expect("POST", "ecs").answers(400, kThrottled);
    const auto answer = call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::RateLimited);
    EXPECT_THAT(answer.error().message(),
                HasSubstr("listing the services: Rate exceeded (ThrottlingException)"));
}

TEST_F(AwsClientTest, BrokenConnectionsAndBrokenServicesAreTriedAgain) {
    http_.expect("POST", "ecs").breaks(Error::unavailable("the connection broke"));
    http_.expect("POST", "ecs").answers(503, "");
    http_.expect("POST", "ecs").answers(500, R"({"__type":"ServerException"})");
    http_.expect("POST", "ecs").answers(200, "");
    EXPECT_TRUE(call());
}

TEST_F(AwsClientTest, WhatWasRefusedIsNotTriedAgain) {
    http_.expect("POST", "ecs")
        .answers(
            400,
            R"({"__type":"com.amazonaws.ecs#AccessDeniedException","Message":"User: x is not authorized"})");
    const auto answer = call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(answer.error().message(), HasSubstr("User: x is not authorized (AccessDeniedException)"));
}

TEST_F(AwsClientTest, ExpiredCredentialsAreReplacedOnce) {
    http_.expect("POST", "ecs").answers(400, kExpired);
    http_.expect("POST", "ecs").answers(200, "{}");
    EXPECT_TRUE(call());
    EXPECT_THAT(header(1, "Authorization"), HasSubstr("Credential=AKID2/"));
    http_.expect("POST", "ecs").answers(400, kExpired);
    http_.expect("POST", "ecs").answers(400, kExpired);
    const auto answer = call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(answer.error().message(), HasSubstr("credentials have expired"));
    EXPECT_THAT(answer.error().hint(), HasSubstr("aws sso login"));
}

TEST_F(AwsClientTest, AClockThatIsWrongIsCorrectedByAwssOwn) {
    clock_.set_now(FakeClock::kStart + std::chrono::minutes(20));
    const auto* skewed =
        R"({"__type":"InvalidSignatureException","message":"Signature expired: 20260105T121959Z is now earlier"})";
    http_.expect("POST", "ecs").answers(400, skewed);  // its Date is FakeClock's start
    http_.expect("POST", "ecs").answers(200, "{}");
    http_.expect("POST", "ecs").answers(200, "{}");
    EXPECT_TRUE(call());
    EXPECT_EQ(header(0, "X-Amz-Date"), "20260105T122000Z");
    EXPECT_EQ(header(1, "X-Amz-Date"), "20260105T120000Z");
    EXPECT_TRUE(call());
    EXPECT_EQ(header(2, "X-Amz-Date"), "20260105T120000Z") << "it is remembered";
}

TEST_F(AwsClientTest, ASkewThatIsNotOursIsAnError) {
    http_.expect("POST", "ecs").answers(403, R"({"__type":"RequestTimeTooSkewed","message":"no"})");
    const auto answer = call();
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message(), HasSubstr("clock is wrong"));
}

TEST_F(AwsClientTest, APulseEndsItBeforeTheNextTry) {
    progress_.stop_when([](const auto&) { return true; });
    const auto answer = call();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Interrupted);
}

TEST(AwsEndpoints, AreTheRegionsUnlessTheEnvironmentOrTheProfileSaysOtherwise) {
    const Profile profile{{"endpoint_url", "http://profile"}};
    EXPECT_EQ(service_url(kLogs, "eu-west-1", {}, nullptr), "https://logs.eu-west-1.amazonaws.com/");
    EXPECT_EQ(service_url(kEcs, "cn-north-1", {}, nullptr), "https://ecs.cn-north-1.amazonaws.com.cn/");
    EXPECT_EQ(service_url(kEcs, "us-east-1", {{"AWS_USE_FIPS_ENDPOINT", "true"}}, nullptr),
              "https://ecs-fips.us-east-1.amazonaws.com/");
    EXPECT_EQ(service_url(kEcs, "a", {}, &profile), "http://profile/");
    EXPECT_EQ(service_url(kEcs, "a", {{"AWS_ENDPOINT_URL", "http://all/"}}, &profile), "http://all/");
    const Variables both{{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_ECS", "http://ecs"}};
    EXPECT_EQ(service_url(kEcs, "a", both, nullptr), "http://ecs/");
    EXPECT_EQ(service_url(kEc2, "a", both, nullptr), "http://all/");
    EXPECT_EQ(
        service_url(kEc2, "a", {{"AWS_ENDPOINT_URL", "x"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
                    &profile),
        "https://ec2.a.amazonaws.com/");
}

TEST(AwsEndpoints, TheRegionIsTheConfiguredOneThenTheEnvironmentsThenTheProfiles) {
    const Profile profile{{"region", "from-profile-1"}};
    const Variables both{{"AWS_DEFAULT_REGION", "b-2"}, {"AWS_REGION", "a-1"}};
    EXPECT_EQ(region_of("configured-1", both, &profile).value(), "configured-1");
    EXPECT_EQ(region_of("", both, &profile).value(), "a-1");
    EXPECT_EQ(region_of("", {{"AWS_DEFAULT_REGION", "b-2"}}, &profile).value(), "b-2");
    EXPECT_EQ(region_of("", {}, &profile).value(), "from-profile-1");
    const auto none = region_of("", {}, nullptr);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message(), "no AWS region is set");
    EXPECT_THAT(none.error().hint(), HasSubstr("AWS_REGION"));
    for (const auto* wrong : {"us-west-2.evil.example", "a/b", "US-WEST-2", "a b"})
        EXPECT_FALSE(region_of(wrong, {}, nullptr)) << wrong;
}

}  // namespace
}  // namespace ringmaster::aws
