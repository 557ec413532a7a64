// Webhooks of a running forge, as a receiver gets them.

#include "local_forge/forge_server_fixture.h"

namespace ringmaster::local_forge {
namespace {

// What receives webhooks in these tests.
class Receiver {
 public:
    Receiver() {
        auto started = http_server::Listener::start({}, [this](const http_server::Request& request) {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
            return http_server::Response{status_, {}, "thanks"};
        });
        listener_ = std::move(*started);
    }
    std::string url() const { return listener_->url() + "/hook"; }
    std::vector<http_server::Request> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    void answer_with(int status) {
        const std::lock_guard lock(mutex_);
        status_ = status;
    }

 private:
    std::mutex mutex_;
    int status_ = 200;
    std::vector<http_server::Request> requests_;
    std::unique_ptr<http_server::Listener> listener_;
};

class ForgeWebhooksTest : public ForgeTest {};

TEST_F(ForgeWebhooksTest, WebhooksAreSignedAndInOrder) {
    start();
    Receiver receiver;
    ASSERT_TRUE(forge->add_hook("demo", "app", {.url = receiver.url(), .secret = "s3cret", .events = {"*"}}));
    push_feature();
    send("POST", "/repos/demo/app/issues/1/labels", R"(["a"])");
    ASSERT_TRUE(forge->wait_for_deliveries(std::chrono::seconds(20)));
    std::vector<std::string> seen;
    for (const auto& request : receiver.requests()) {
        const json payload = json::parse(request.body);
        seen.push_back(std::string(*request.header("x-github-event")) + " " + payload.value("action", ""));
        EXPECT_EQ(request.header("x-hub-signature-256"), "sha256=" + hmac_sha256_hex("s3cret", request.body));
        EXPECT_TRUE(request.header("user-agent")->starts_with("GitHub-Hookshot/"));
        EXPECT_EQ(request.header("content-type"), "application/json");
        EXPECT_EQ(payload["repository"]["full_name"], "demo/app");
    }
    EXPECT_THAT(seen, testing::ElementsAre("ping ", "push ", "push ", "pull_request opened", "label created",
                                           "pull_request labeled"));
}

TEST_F(ForgeWebhooksTest, AFailedDeliveryIsRecordedAndSentAgainOnlyWhenAsked) {
    start();
    Receiver receiver;
    receiver.answer_with(500);
    const auto hook = forge->add_hook("demo", "app", {.url = receiver.url(), .events = {"label"}});
    ASSERT_TRUE(hook);
    send("POST", "/repos/demo/app/labels", R"({"name":"a"})");
    ASSERT_TRUE(forge->wait_for_deliveries(std::chrono::seconds(20)));
    EXPECT_EQ(receiver.requests().size(), 2U) << "the ping and the label";
    const std::string path = fmt::format("/repos/demo/app/hooks/{}/deliveries", hook->id);
    const auto failed = send("GET", path).body[0];
    EXPECT_EQ(failed["status_code"], 500);
    EXPECT_EQ(failed["event"], "label");
    receiver.answer_with(200);
    EXPECT_EQ(send("POST", fmt::format("{}/{}/attempts", path, failed["id"].get<int>())).status, 202);
    ASSERT_TRUE(forge->wait_for_deliveries(std::chrono::seconds(20)));
    const auto again = send("GET", path).body[0];
    EXPECT_EQ(again["status"], "OK");
    EXPECT_EQ(again["redelivery"], true);
    EXPECT_EQ(again["guid"], failed["guid"]);
    EXPECT_EQ(send("GET", path, "", "carol-token").status, 404);
}

}  // namespace
}  // namespace ringmaster::local_forge
