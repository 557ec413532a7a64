// The runtime's contract on ministack, an ECS whose tasks are real containers. tests/engines/ecs_world.py
// starts it and says where it is.

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/ecs_runtime.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "base/text.h"
#include "testing/contracts/runtime_contract.h"

namespace ringmaster::testing {
namespace {

using aws::EcsRuntime;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

class TestKeys final : public aws::CredentialSource {
 public:
    Result<aws::Credentials> get(Progress&) override {
        return aws::Credentials{.access_key_id = "test", .secret_access_key = "test"};
    }
    void forget(const aws::Credentials&) override {}
};

/// Shows are containers of one small image (tests/engines/ecs/image), which does what MODE says. Each harness
/// has a cluster of its own.
class EcsHarness {
 public:
    static constexpr bool kRunsNoCommands = true;
    EcsHarness() : client_(client_settings(), keys_, http_, clock_, entropy_) {
        NoProgress quiet;
        cluster_ = "contract-" + entropy_.hex(4);
        EXPECT_TRUE(client_.json(aws::kEcs, "CreateCluster", R"({"clusterName":")" + cluster_ + "\"}",
                                 "making a cluster", quiet));
        runtime_.emplace(settings(), client_, clock_);
        other_.emplace(settings(), client_, clock_);
    }
    ~EcsHarness() {
        NoProgress quiet;
        if (const auto all = runtime_->list_managed())
            for (const auto& service : *all) (void)runtime_->remove(service.show, quiet);
    }

    Runtime& runtime() { return *runtime_; }
    Runtime& other_runtime() { return *other_; }
    ShowSpec serving(int number) { return spec(number, "serve"); }
    ShowSpec slow() { return spec(12, "slow"); }
    void let_slow_begin() {
        for (const auto& service : *runtime_->list_managed())
            if (service.endpoint) http_get({service.endpoint->host, kStartPort});
    }
    ShowSpec crashing() { return spec(12, "crash"); }
    ShowSpec stubborn() { return spec(12, "stubborn"); }
    ShowSpec counting() { return spec(12, "count"); }
    ShowSpec impossible() {
        auto impossible = spec(12, "serve");
        impossible.artifact.image = variable("RINGMASTER_TEST_ECS_IMAGE") + "-that-nobody-pushed:1";
        return impossible;
    }
    ShowSpec another_version(const ShowSpec& spec) {
        auto other = spec;
        other.artifact.image = variable("RINGMASTER_TEST_ECS_IMAGE") + ":2";
        other.environment["BODY"] = "app " + std::to_string(++made_);
        return other;
    }
    std::string body_of(const ShowSpec& spec) { return spec.environment.at("BODY"); }

    /// A runtime that leads visitors through a new load balancer.
    std::unique_ptr<EcsRuntime> with_load_balancer() {
        auto balanced = settings();
        balanced.address = aws::AddressKind::LoadBalancer;
        const auto vpc = text(aws::kEc2, "CreateVpc", {{"CidrBlock", "10.9.0.0/16"}}, "vpc/vpcId");
        const auto subnet = text(aws::kEc2, "CreateSubnet", {{"VpcId", vpc}, {"CidrBlock", "10.9.1.0/24"}},
                                 "subnet/subnetId");
        const auto balancer = text(aws::kLoadBalancing, "CreateLoadBalancer",
                                   {{"Name", cluster_}, {"Subnets.member.1", subnet}},
                                   "CreateLoadBalancerResult/LoadBalancers/member/LoadBalancerArn");
        listener_ = text(aws::kLoadBalancing, "CreateListener",
                         {{"LoadBalancerArn", balancer},
                          {"Protocol", "HTTP"},
                          {"Port", "80"},
                          {"DefaultActions.member.1.Type", "fixed-response"},
                          {"DefaultActions.member.1.FixedResponseConfig.StatusCode", "404"}},
                         "CreateListenerResult/Listeners/member/ListenerArn");
        balanced.load_balancer = {
            .listener = listener_, .host = "{show}.shows.example.org", .vpc = vpc, .port = 80};
        return std::make_unique<EcsRuntime>(balanced, client_, clock_);
    }
    /// Target groups that the listener's rules lead to, its default one aside.
    std::vector<std::string> target_groups() {
        NoProgress quiet;
        std::vector<std::string> groups;
        const auto rules = client_.query(aws::kLoadBalancing, "DescribeRules", {{"ListenerArn", listener_}},
                                         "looking at rules", quiet);
        for (const auto* rule : rules.value().items("DescribeRulesResult/Rules", "member"))
            if (const auto group = rule->text_at("Actions/member/TargetGroupArn"); !group.empty())
                groups.push_back(group);
        return groups;
    }
    std::string text(const aws::AwsService& service, std::string_view action, aws::AwsClient::Fields fields,
                     std::string_view path) {
        NoProgress quiet;
        const auto answer = client_.query(service, action, std::move(fields), "preparing a check", quiet);
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().describe());
        return answer ? answer->text_at(path) : "";
    }

    /// Asked of ECS and of Docker directly.
    bool has_remains(const ShowId& show) {
        NoProgress quiet;
        aws::EcsApi api(client_, cluster_);
        if (api.describe_service(show.service_name(), quiet).value()) return true;
        for (const auto& task : api.tasks("", aws::TaskWish::Stopped, quiet).value())
            if (task.service_name == show.service_name() && !task.is_stopped()) return true;
        for (const auto& task : api.tasks("", aws::TaskWish::Running, quiet).value())
            if (task.service_name == show.service_name()) return true;
        const auto family = aws::family_of(settings(), show);
        if (!api.list_task_definitions(family, 100, quiet)->empty()) return true;
        // ministack ends a container that it was just starting a moment after it calls its task stopped, and
        // sweeps up those that ended by themselves later: only what runs counts.
        return !eventually([&] { return containers_of(family).empty(); });
    }

 private:
    static constexpr std::uint16_t kStartPort = 8081;  // a slow one begins when somebody calls here

    static aws::ClientSettings client_settings() {
        return {.region = "us-west-2",
                .environment = {{"AWS_ENDPOINT_URL", variable("RINGMASTER_TEST_ECS")}}};
    }

    aws::EcsSettings settings() const {
        aws::EcsSettings settings{.repository = {"acme", "shop"}, .cluster = cluster_};
        settings.family = cluster_ + "-{show}";
        settings.container = "app";
        settings.cpu = "256";
        settings.memory = "512";
        settings.subnets = {"subnet-1"};
        settings.address = aws::AddressKind::Private;
        settings.log_group = "/ecs/" + cluster_;
        settings.log_region = "us-west-2";
        settings.poll_interval = std::chrono::milliseconds(100);
        return settings;
    }

    ShowSpec spec(int number, const std::string& mode) {
        ++made_;
        const auto commit = *CommitSha::parse(fmt::format("{:07x}{:033x}", 0xabc0000 + made_, made_));
        ShowSpec spec{.show = {{"acme", "shop"}, number, commit.short_sha()}, .commit = commit};
        spec.artifact.image = variable("RINGMASTER_TEST_ECS_IMAGE") + ":1";
        spec.requested_by = "ada[bot]";
        spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
        spec.expires_at = *parse_iso8601("2026-11-24T14:09:00Z");
        spec.environment = {{"MODE", mode}, {"BODY", "app " + std::to_string(made_)}};
        return spec;
    }

    static std::string containers_of(const std::string& family) {
        support::PosixSubprocess subprocess;
        NoProgress quiet;
        ProcessSpec list{.arguments = {"docker", "ps", "--quiet", "--filter",
                                       "label=com.amazonaws.ecs.task-definition-family=" + family}};
        list.environment = {{"PATH", variable("PATH")}, {"DOCKER_HOST", variable("DOCKER_HOST")}};
        const auto listed = subprocess.run(list, quiet);
        EXPECT_TRUE(listed && listed->exit_code == 0) << "docker ps does not work";
        return listed ? std::string(trim(listed->output)) : "";
    }

    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    support::CurlHttpClient http_;
    TestKeys keys_;
    aws::AwsClient client_;
    std::string cluster_;
    std::string listener_;
    std::optional<EcsRuntime> runtime_;
    std::optional<EcsRuntime> other_;
    int made_ = 0;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ecs, RuntimeContract, EcsHarness);

TEST(EcsRuntimeContract, AShowHasAHostNameOfItsOwnAtALoadBalancerThatSendsItsVisitorsToItsTask) {
    EcsHarness harness;
    const auto runtime = harness.with_load_balancer();
    NoProgress quiet;
    const auto first = harness.serving(12), second = harness.serving(13);
    const auto endpoint = runtime->deploy(first, quiet);
    ASSERT_TRUE(endpoint) << endpoint.error().describe();
    EXPECT_EQ(endpoint->text(), first.show.base_name() + ".shows.example.org:80");
    ASSERT_TRUE(runtime->deploy(second, quiet));
    EXPECT_EQ(runtime->find(first.show).value()->endpoint, *endpoint);
    const auto groups = harness.target_groups();
    ASSERT_EQ(groups.size(), 2U);
    const auto target = [&](const std::string& group) {
        return harness.text(aws::kLoadBalancing, "DescribeTargetHealth", {{"TargetGroupArn", group}},
                            "DescribeTargetHealthResult/TargetHealthDescriptions/member/Target/Id");
    };
    // What the balancer has as target answers with the show's page.
    ASSERT_TRUE(eventually([&] { return !target(groups[0]).empty(); }));
    EXPECT_EQ(http_get({target(groups[0]), 8080}), harness.body_of(first));
    ASSERT_TRUE(runtime->remove(first.show, quiet));
    EXPECT_EQ(harness.target_groups(), (std::vector<std::string>{groups[1]}));
    EXPECT_FALSE(harness.has_remains(first.show));
    ASSERT_TRUE(runtime->remove(second.show, quiet));
    EXPECT_TRUE(harness.target_groups().empty());
}

}  // namespace
}  // namespace ringmaster::testing
