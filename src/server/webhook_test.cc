#include "server/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

namespace ringmaster::server {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json pull_request_event(std::string action = "labeled", int number = 12) {
    return {{"action", action},
            {"number", number},
            {"pull_request", {{"number", number}, {"labels", json::array({{{"name", "🎪 🎯 abc1234"}}})}}},
            {"repository", {{"full_name", "ada/engine"}, {"owner", {{"full_name", "not/this"}}}}}};
}

json comment_event(std::string text, bool on_pull_request = true) {
    json issue = {{"number", 7}};
    if (on_pull_request) issue["pull_request"] = {{"url", "…"}};
    return {{"action", "created"},
            {"issue", issue},
            {"comment", {{"body", text}}},
            {"repository", {{"full_name", "ada/engine"}}}};
}

WebhookKind kind_of(std::string_view event, const json& payload) {
    return parse_webhook(event, payload.dump()).value().kind;
}

TEST(ParseWebhook, APullRequestEventIsAKeyToLookAt) {
    const auto event = parse_webhook("pull_request", pull_request_event().dump()).value();
    EXPECT_EQ(event.kind, WebhookKind::Look);
    EXPECT_EQ(event.repository, "ada/engine");
    EXPECT_EQ(event.pull_request_number, 12);
}

TEST(ParseWebhook, ActionsThatConcernPeopleOnlyAreIgnoredAndUnknownOnesLookedAt) {
    EXPECT_EQ(kind_of("pull_request", pull_request_event("assigned")), WebhookKind::Ignored);
    EXPECT_EQ(kind_of("pull_request", pull_request_event("closed")), WebhookKind::Look);
    EXPECT_EQ(kind_of("pull_request", pull_request_event("invented_in_2031")), WebhookKind::Look);
}

TEST(ParseWebhook, OnlyWhatMakesAVersionUnwantedMayWithdraw) {
    const auto may_withdraw = [](const json& payload) {
        return parse_webhook("pull_request", payload.dump()).value().may_withdraw;
    };
    const auto labelled = [](const std::string& name) {
        json payload = pull_request_event("labeled");
        payload["label"] = {{"name", name}};
        return payload;
    };
    EXPECT_TRUE(may_withdraw(pull_request_event("closed")));
    EXPECT_TRUE(may_withdraw(pull_request_event("synchronize")));
    EXPECT_TRUE(may_withdraw(labelled("🎪 🛑 showtime-trigger-stop")));
    EXPECT_TRUE(may_withdraw(labelled("🎪 🔒 showtime-blocked")));
    EXPECT_FALSE(may_withdraw(labelled("🎪 abc1234 🚦 building"))) << "our own";
    EXPECT_FALSE(may_withdraw(labelled("🎪 ⚡ showtime-trigger-start")));
    EXPECT_FALSE(may_withdraw(pull_request_event("edited")));
}

TEST(ParseWebhook, ACommandOnAPullRequestsFirstLineIsALook) {
    for (const char* text : {"/show start", "/show", "/show stop\r\nthanks", "/show\nplease"})
        EXPECT_EQ(kind_of("issue_comment", comment_event(text)), WebhookKind::Look) << text;
    for (const char* text : {"please /show start", "/shower", "hello\n/show start", ""})
        EXPECT_EQ(kind_of("issue_comment", comment_event(text)), WebhookKind::Ignored) << text;
    EXPECT_EQ(kind_of("issue_comment", comment_event("/show start", false)), WebhookKind::Ignored);
    json edited = comment_event("/show start");
    edited["action"] = "edited";
    EXPECT_EQ(kind_of("issue_comment", edited), WebhookKind::Ignored);
}

TEST(ParseWebhook, PingsAreAnsweredAndOtherEventsIgnored) {
    EXPECT_EQ(kind_of("ping", {{"zen", "Keep it logically awesome."}}), WebhookKind::Ping);
    EXPECT_EQ(kind_of("label", {{"action", "created"}}), WebhookKind::Ignored);
}

TEST(ParseWebhook, WhatIsMissingIsNamed) {
    json payload = pull_request_event();
    payload.erase("repository");
    EXPECT_THAT(parse_webhook("pull_request", payload.dump()).error().message(),
                HasSubstr("repository.full_name"));
    for (const json& number :
         {json(0), json(-1), json("12"), json(1.5), json(99999999999), json::array({12})}) {
        payload = pull_request_event();
        payload["number"] = payload["pull_request"]["number"] = number;
        const auto refused = parse_webhook("pull_request", payload.dump());
        ASSERT_FALSE(refused) << number;
        EXPECT_THAT(refused.error().message(), HasSubstr("number"));
    }
}

TEST(ParseWebhook, BrokenBodiesAreRefusedWithThePlace) {
    for (const char* body : {"", "{", "[]", "12", "{\"number\":12", "{\"number\":1,}", "\xff\xfe", "nul"})
        EXPECT_FALSE(parse_webhook("pull_request", body)) << body;
    EXPECT_THAT(parse_webhook("ping", "{\"a\":!").error().message(), HasSubstr("byte 6"));
}

TEST(ParseWebhook, DeepNestingIsReadWithoutHarm) {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    EXPECT_FALSE(parse_webhook("pull_request", deep));
    EXPECT_EQ(parse_webhook("ping", "{\"a\":" + deep + "}").value().kind, WebhookKind::Ping);
}

RC_GTEST_PROP(ParseWebhookProperty, AnyBytesAreAnsweredWithAnEventOrInvalidInput, (const std::string& body)) {
    for (const char* event : {"pull_request", "issue_comment", "ping", ""}) {
        const auto parsed = parse_webhook(event, body);
        RC_ASSERT(parsed || parsed.error().kind() == ErrorKind::InvalidInput);
        if (parsed) RC_ASSERT((parsed->kind == WebhookKind::Look) == (parsed->pull_request_number > 0));
    }
}

// GitHub's own example: docs.github.com, "Validating webhook deliveries", "Testing the webhook payload
// validation".
TEST(WebhookSignature, IsGitHubs) {
    EXPECT_EQ(sign_webhook("It's a Secret to Everybody", "Hello, World!"),
              "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

TEST(WebhookSignature, FitsOnlyItsOwnBodyAndSecret) {
    const std::string good = sign_webhook("s", "body");
    EXPECT_TRUE(is_signed(good, "s", "body"));
    EXPECT_FALSE(is_signed(good, "s", "body "));
    EXPECT_FALSE(is_signed(good, "t", "body"));
    EXPECT_FALSE(is_signed(good.substr(0, 70), "s", "body"));
    EXPECT_FALSE(is_signed("sha1=" + good.substr(7), "s", "body"));
    EXPECT_FALSE(is_signed("", "s", "body"));
}

TEST(QueueKey, IsReadBackForItsOwnRepositoryOnly) {
    const RepositoryName repository{"ada", "engine"};
    EXPECT_EQ(queue_key(repository, 12), "ada/engine#12");
    EXPECT_EQ(pull_request_of_key(repository, "ada/engine#12"), 12);
    EXPECT_EQ(pull_request_of_key(repository, "ada/engines#12"), std::nullopt);
    EXPECT_EQ(pull_request_of_key(repository, "ada/engine#0"), std::nullopt);
    EXPECT_EQ(pull_request_of_key(repository, "ada/engine#x"), std::nullopt);
}

class HandSetClock final : public Clock {
 public:
    Duration since_start{0};
    TimePoint now() override { return TimePoint(since_start); }
    Duration monotonic() override { return since_start; }
    Result<void> sleep(Duration length, Progress&) override {
        since_start += length;
        return {};
    }
};

struct WebhookIntakeTest : ::testing::Test {
    HandSetClock clock;
    std::vector<std::string> queued;
    Added answer = Added::Queued;
    WebhookIntake intake{{.repository = {"ada", "engine"}, .secret = "s3cret", .max_body_bytes = 10'000},
                         clock,
                         [this](const std::string& key) {
                             queued.push_back(key);
                             return answer;
                         }};

    static http_server::Request delivery(std::string body, std::string event = "pull_request",
                                         std::string id = "d1") {
        const std::string signature = sign_webhook("s3cret", body);
        return {.method = "POST",
                .path = "/webhooks",
                .headers = {{"content-type", "application/json"},
                            {"x-github-event", event},
                            {"x-github-delivery", id},
                            {"x-hub-signature-256", signature}},
                .body = std::move(body)};
    }
    static http_server::Request without(http_server::Request request, std::string_view header) {
        std::erase_if(request.headers, [&](const auto& one) { return one.first == header; });
        return request;
    }
};

TEST_F(WebhookIntakeTest, ASignedDeliveryIsQueuedByItsKey) {
    const auto said = intake.handle(delivery(pull_request_event().dump()));
    EXPECT_EQ(said.response.status, 202);
    EXPECT_EQ(said.result, "queued");
    EXPECT_THAT(queued, ::testing::ElementsAre("ada/engine#12"));
}

TEST_F(WebhookIntakeTest, TheSignatureIsCheckedBeforeAnythingElse) {
    auto forged = delivery("{broken");
    forged.headers.back().second = sign_webhook("guess", "{broken");
    EXPECT_EQ(intake.handle(forged).response.status, 401);
    EXPECT_EQ(intake.handle(without(forged, "x-hub-signature-256")).response.status, 401);
    EXPECT_EQ(intake.handle(without(forged, "x-github-event")).response.status, 401);
    EXPECT_TRUE(queued.empty());
}

TEST_F(WebhookIntakeTest, RefusalsAreProblemDocuments) {
    const auto said = intake.handle(delivery("{broken"));
    EXPECT_EQ(said.response.status, 400);
    EXPECT_EQ(said.response.headers.front().second, "application/problem+json");
    const json document = json::parse(said.response.body);
    EXPECT_EQ(document["status"], 400);
    EXPECT_EQ(document["title"], "Bad Request");
    EXPECT_THAT(document["detail"].get<std::string>(), HasSubstr("not JSON"));
}

TEST_F(WebhookIntakeTest, NeededHeadersAreAskedFor) {
    const auto good = delivery(pull_request_event().dump());
    EXPECT_EQ(intake.handle(without(good, "x-github-event")).response.status, 400);
    EXPECT_EQ(intake.handle(without(good, "x-github-delivery")).response.status, 400);
    EXPECT_EQ(intake.handle(without(good, "content-type")).response.status, 415);
    EXPECT_TRUE(queued.empty());
}

TEST_F(WebhookIntakeTest, TooLargeIs413) {
    EXPECT_EQ(intake.handle(delivery(std::string(10'001, ' '))).response.status, 413);
}

TEST_F(WebhookIntakeTest, AnotherRepositoryIsIgnoredAndCaseIsNot) {
    json payload = pull_request_event();
    payload["repository"]["full_name"] = "ada/other";
    EXPECT_EQ(intake.handle(delivery(payload.dump())).result, "other_repository");
    EXPECT_TRUE(queued.empty());
    payload["repository"]["full_name"] = "Ada/Engine";
    intake.handle(delivery(payload.dump()));
    EXPECT_THAT(queued, ::testing::ElementsAre("ada/engine#12"));
}

TEST_F(WebhookIntakeTest, ADeliveryThatComesTwiceIsQueuedOnceWithinTheWindow) {
    const auto request = delivery(pull_request_event().dump());
    intake.handle(request);
    EXPECT_EQ(intake.handle(request).result, "duplicate");
    EXPECT_EQ(intake.handle(request).response.status, 202);
    EXPECT_EQ(queued.size(), 1u);
    clock.since_start += std::chrono::minutes(3);
    EXPECT_EQ(intake.handle(request).result, "queued") << "redelivered by hand";
}

TEST_F(WebhookIntakeTest, AFullQueueSaysWhenToComeBackAndForgetsTheDelivery) {
    answer = Added::Full;
    const auto request = delivery(pull_request_event().dump());
    const auto said = intake.handle(request);
    EXPECT_EQ(said.response.status, 503);
    EXPECT_THAT(said.response.headers, ::testing::Contains(::testing::Pair("Retry-After", "30")));
    answer = Added::Queued;
    EXPECT_EQ(intake.handle(request).result, "queued");
}

TEST_F(WebhookIntakeTest, HeadersMakeNoNewMetricWords) {
    EXPECT_EQ(intake.handle(delivery("{}", "made_up_\"event")).event, "other");
}

TEST(RecentDeliveriesTest, ForgetsTheOldestBeyondItsNumber) {
    RecentDeliveries recent(2, std::chrono::minutes(1));
    for (const char* id : {"a", "b", "c"}) recent.remember(id, Duration{0});
    EXPECT_FALSE(recent.contains("a", Duration{0}));
    EXPECT_TRUE(recent.contains("b", Duration{0}));
    EXPECT_TRUE(recent.contains("c", Duration{0}));
}

}  // namespace
}  // namespace ringmaster::server
