#include "adapters/aws/ecs_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ringmaster::aws {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

/// The superset preset's values (contract §6.5).
EcsSettings superset() {
    EcsSettings settings{.repository = {"apache", "superset"}, .cluster = "superset-ci"};
    settings.family = "superset-ci";
    settings.container = "superset-ci";
    settings.cpu = "512";
    settings.memory = "2048";
    settings.task_role = settings.execution_role = "ecsTaskExecutionRole";
    settings.environment = {{"SUPERSET_PORT", "8080"}};
    settings.secrets = {{"TOKEN", "s3cret"}};
    settings.stored_secrets = {{"PASSWORD", "arn:aws:ssm:us-west-2:1:parameter/p"}};
    settings.subnets = {"subnet-0e15a5034b4121710", "subnet-0e8efef4a72224974"};
    settings.security_groups = {"sg-092ff3a6ae0574d91"};
    settings.log_group = "/ecs/superset-ci";
    settings.log_region = "us-west-2";
    settings.tags = {{"showtime_managed", "true"}, {"pr", "{pr}"}};
    return settings;
}

ShowSpec a_show() {
    const auto commit = *CommitSha::parse("abc1234000000000000000000000000000000000");
    ShowSpec spec{.show = {{"apache", "superset"}, 12, commit.short_sha()}, .commit = commit};
    spec.artifact.image = "apache/superset:pr-12-abc1234-ci";
    spec.environment = {{"SUPERSET_FEATURE_X", "true"}};
    return spec;
}

Json definition(const EcsSettings& settings, const ShowSpec& spec) {
    const auto text = task_definition_of(settings, spec);
    EXPECT_TRUE(text) << text.error().describe();
    return text ? Json::parse(*text) : Json();
}

std::map<std::string, std::string> named(const Json& list, const char* value) {
    std::map<std::string, std::string> entries;
    for (const auto& entry : list) entries[entry.at("name")] = entry.at(value);
    return entries;
}

TEST(EcsDocuments, TheTaskDefinitionIsTheOriginalsWithTheShowsImageAndFlags) {
    const auto made = definition(superset(), a_show());
    EXPECT_EQ(made.at("family"), "superset-ci");
    EXPECT_EQ(made.at("networkMode"), "awsvpc");
    EXPECT_EQ(made.at("requiresCompatibilities"), Json::array({"FARGATE"}));
    EXPECT_EQ(made.at("cpu"), "512");
    EXPECT_EQ(made.at("memory"), "2048");
    EXPECT_EQ(made.at("taskRoleArn"), "ecsTaskExecutionRole");
    EXPECT_EQ(made.at("executionRoleArn"), "ecsTaskExecutionRole");
    ASSERT_EQ(made.at("containerDefinitions").size(), 1U);
    const auto& container = made["containerDefinitions"][0];
    EXPECT_EQ(container.at("name"), "superset-ci");
    EXPECT_EQ(container.at("image"), "apache/superset:pr-12-abc1234-ci");
    EXPECT_EQ(container.at("essential"), true);
    EXPECT_EQ(container.at("portMappings"),
              Json::parse(R"([{"containerPort":8080,"hostPort":8080,"protocol":"tcp"}])"));
    EXPECT_EQ(container.at("logConfiguration").at("logDriver"), "awslogs");
    EXPECT_EQ(container["logConfiguration"]["options"].at("awslogs-group"), "/ecs/superset-ci");
    const auto environment = named(container.at("environment"), "value");
    EXPECT_EQ(environment.at("SUPERSET_PORT"), "8080");
    EXPECT_EQ(environment.at("SUPERSET_FEATURE_X"), "true");
    EXPECT_EQ(environment.at("RINGMASTER_SHA"), a_show().commit.text());
    EXPECT_FALSE(container.contains("command"));
}

TEST(EcsDocuments, SecretsAreForShowsOfTheRepositoryOnly) {
    const auto own = definition(superset(), a_show())["containerDefinitions"][0];
    EXPECT_EQ(named(own.at("environment"), "value").at("TOKEN"), "s3cret");
    EXPECT_EQ(named(own.at("secrets"), "valueFrom").at("PASSWORD"), "arn:aws:ssm:us-west-2:1:parameter/p");
    auto spec = a_show();
    spec.is_from_fork = true;
    const auto forks = definition(superset(), spec)["containerDefinitions"][0];
    EXPECT_FALSE(named(forks.at("environment"), "value").contains("TOKEN"));
    EXPECT_FALSE(forks.contains("secrets"));
}

TEST(EcsDocuments, NobodyButUsSaysWhatPortAndShowItIs) {
    auto spec = a_show();
    spec.environment = {{"PORT", "1"}, {"RINGMASTER_PR", "99"}};
    const auto environment =
        named(definition(superset(), spec)["containerDefinitions"][0].at("environment"), "value");
    EXPECT_EQ(environment.at("PORT"), "8080");
    EXPECT_EQ(environment.at("RINGMASTER_PR"), "12");
}

TEST(EcsDocuments, TheServiceIsTheOriginals) {
    const auto made = Json::parse(new_service_of(superset(), a_show(), "superset-ci:7", "").value());
    EXPECT_EQ(made.at("cluster"), "superset-ci");
    EXPECT_EQ(made.at("serviceName"), "pr-12-abc1234-service");
    EXPECT_EQ(made.at("taskDefinition"), "superset-ci:7");
    EXPECT_EQ(made.at("launchType"), "FARGATE");
    EXPECT_EQ(made.at("platformVersion"), "LATEST");
    EXPECT_EQ(made.at("desiredCount"), 1);
    EXPECT_EQ(made.at("networkConfiguration"), Json::parse(R"({"awsvpcConfiguration":{
        "subnets":["subnet-0e15a5034b4121710","subnet-0e8efef4a72224974"],
        "securityGroups":["sg-092ff3a6ae0574d91"],"assignPublicIp":"ENABLED"}})"));
    EXPECT_FALSE(made.contains("loadBalancers"));
    EXPECT_THAT(made.at("tags").dump(), HasSubstr(R"({"key":"showtime_managed","value":"true"})"));
}

TEST(EcsDocuments, ACapacityProviderAndATargetGroupAreTakenAlong) {
    auto settings = superset();
    settings.capacity_provider = "FARGATE_SPOT";
    settings.assign_public_ip = false;
    const auto made = Json::parse(new_service_of(settings, a_show(), "d", "arn:group").value());
    EXPECT_FALSE(made.contains("launchType"));
    EXPECT_EQ(made.at("capacityProviderStrategy"),
              Json::parse(R"([{"capacityProvider":"FARGATE_SPOT","weight":1,"base":1}])"));
    EXPECT_EQ(made.at("loadBalancers"),
              Json::parse(
                  R"([{"targetGroupArn":"arn:group","containerName":"superset-ci","containerPort":8080}])"));
    EXPECT_EQ(made["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"], "DISABLED");
}

constexpr auto kTemplate = R"({"taskDefinition":{"taskDefinitionArn":"arn:x","revision":7,"status":"ACTIVE",
  "family":"old","cpu":"1024","ephemeralStorage":{"sizeInGiB":30},
  "containerDefinitions":[{"name":"proxy","image":"nginx:1"},
   {"name":"superset-ci","image":"old","environment":[{"name":"KEEP","value":"1"},{"name":"SUPERSET_PORT","value":"2"}],
    "secrets":[{"name":"OWN","valueFrom":"arn:own"}],
    "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/g","awslogs-stream-prefix":"p"}}}]}})";

TEST(EcsDocuments, ATemplateKeepsWhatIsItsOwn) {
    auto settings = superset();
    settings.task_definition = kTemplate;
    const auto made = definition(settings, a_show());
    EXPECT_EQ(made.at("family"), "superset-ci");
    EXPECT_EQ(made.at("cpu"), "1024");
    EXPECT_EQ(made.at("ephemeralStorage").at("sizeInGiB"), 30);
    for (const auto* only_aws : {"taskDefinitionArn", "revision", "status"})
        EXPECT_FALSE(made.contains(only_aws));
    const auto& proxy = made["containerDefinitions"][0];
    EXPECT_EQ(proxy.dump(), R"({"image":"nginx:1","name":"proxy"})");
    const auto& app = made["containerDefinitions"][1];
    EXPECT_EQ(app.at("image"), "apache/superset:pr-12-abc1234-ci");
    const auto environment = named(app.at("environment"), "value");
    EXPECT_EQ(environment.at("KEEP"), "1");
    EXPECT_EQ(environment.at("SUPERSET_PORT"), "8080");
    EXPECT_EQ(named(app.at("secrets"), "valueFrom").size(), 2U);
    auto fork = a_show();
    fork.is_from_fork = true;
    EXPECT_FALSE(definition(settings, fork)["containerDefinitions"][1].contains("secrets"));
    const auto place = log_place_of(settings).value();
    ASSERT_TRUE(place);
    EXPECT_EQ(place->group, "/g");
    EXPECT_EQ(place->stream_of("task7"), "p/superset-ci/task7");
}

TEST(EcsDocuments, AWrongTemplateIsNamed) {
    auto settings = superset();
    for (const auto* text :
         {"nonsense", "[]", "{}", R"({"containerDefinitions":[]})", R"({"containerDefinitions":[1]})",
          R"({"containerDefinitions":[{"name":"a"},{"name":"b"}]})"}) {
        settings.task_definition = text;
        const auto made = task_definition_of(settings, a_show());
        ASSERT_FALSE(made) << text;
        EXPECT_EQ(made.error().kind(), ErrorKind::InvalidInput);
        EXPECT_THAT(made.error().hint(), HasSubstr("task_definition"));
    }
}

TEST(EcsDocuments, FamiliesAreOfAwssAlphabet) {
    auto settings = superset();
    settings.family = "{repository}/{show} {pr}.{sha}";
    const ShowId show{{"acme.org", "my.shop"}, 12, a_show().show.sha};
    EXPECT_EQ(family_of(settings, show), "acme-org-my-shop-pr-12-abc1234-12-abc1234");
    settings.family = std::string(300, 'a');
    EXPECT_EQ(family_of(settings, show).size(), 255U);
}

}  // namespace
}  // namespace ringmaster::aws
