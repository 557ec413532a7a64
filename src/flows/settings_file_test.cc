#include "flows/settings_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::flows {
namespace {

SettingsFile read(std::string_view text) {
    auto file = parse_settings(text, "flows.yaml");
    EXPECT_TRUE(file) << (file ? "" : file.error().describe());
    return file.value_or(SettingsFile());
}
Error problem(std::string_view text) {
    const auto file = parse_settings(text, "flows.yaml");
    EXPECT_FALSE(file);
    return file ? Error::failed("it was read") : file.error();
}

TEST(SettingsFile, SaysOfEachFlowWhatTheOriginalsKeysSay) {
    const auto file = read(R"(
hello_world:
  work_pool_name: ecs-pool
  work_queue_name: fast
  cron: "0 12 * * 1-5"
  paused: true
  concurrency_limit: 3
  description: Hello
  parameters: {name: bob, n: 3, ratio: 0.5, tags: [a, true, null], quoted: "3"}
)");
    const auto settings = file.of("hello_world", "dev");
    EXPECT_EQ(settings.work_pool, "ecs-pool");
    EXPECT_EQ(settings.work_queue, "fast");
    EXPECT_EQ(settings.cron, "0 12 * * 1-5");
    EXPECT_EQ(settings.is_paused, true);
    EXPECT_EQ(settings.concurrency_limit, 3);
    EXPECT_EQ(settings.parameters, (std::map<std::string, std::string>{{"name", R"("bob")"},
                                                                       {"n", "3"},
                                                                       {"ratio", "0.5"},
                                                                       {"tags", R"(["a",true,null])"},
                                                                       {"quoted", R"("3")"}}));
}

TEST(SettingsFile, HyphensAndUnderscoresInAFlowsNameAreTheSame) {
    EXPECT_EQ(read("hello-world: {cron: \"1 1 * * *\"}").of("hello_world", "dev").cron, "1 1 * * *");
    EXPECT_THAT(problem("a-b: {}\na_b: {}\n").message(), ::testing::HasSubstr("flows.yaml:2:"));
}

TEST(SettingsFile, AnEnvironmentMaySayItDifferently) {
    const auto file = read(R"(
load:
  cron: "0 1 * * *"
  parameters: {size: 1, mode: fast}
  environments:
    prod: {cron: "0 5 * * *", timezone: Europe/Warsaw, parameters: {size: 100}}
    dev: {cron: ""}
)");
    EXPECT_EQ(file.of("load", "tst").cron, "0 1 * * *");
    EXPECT_EQ(file.of("load", "prod").cron, "0 5 * * *");
    EXPECT_EQ(file.of("load", "prod").timezone, "Europe/Warsaw");
    EXPECT_EQ(file.of("load", "prod").parameters.at("size"), "100");
    EXPECT_EQ(file.of("load", "prod").parameters.at("mode"), R"("fast")");
    EXPECT_EQ(file.of("load", "dev").cron, "");
}

TEST(SettingsFile, EmptyFilesAndEmptyFlowsSayNothing) {
    EXPECT_TRUE(read("").flows.empty());
    EXPECT_TRUE(read("# nothing\n").flows.empty());
    EXPECT_EQ(read("hello_world:\n").of("hello_world", "dev"), FlowSettings());
    EXPECT_EQ(read("").of("unknown", "dev"), FlowSettings());
}

TEST(SettingsFile, AWrongKeyIsToldWithItsPlaceAndTheNearest) {
    const auto error = problem("hello:\n  cron: x\n  work_pol_name: a\n");
    EXPECT_THAT(error.message(), ::testing::HasSubstr("flows.yaml:3: unknown key work_pol_name"));
    EXPECT_EQ(error.hint(), "did you mean work_pool_name?");
}

TEST(SettingsFile, WrongKindsOfValuesAreToldWithTheirPlace) {
    for (const auto* text :
         {"- a\n- b\n", "hello: 3\n", "hello: {paused: perhaps}\n", "hello: {concurrency_limit: -1}\n",
          "hello: {cron: [a]}\n", "hello: {parameters: 3}\n", "hello: {environments: dev}\n",
          "hello: {cron: a, cron: b}\n", "hello: [\n", "hello: {triggers: {DeploymentEventTrigger: {}}}\n"})
        EXPECT_THAT(problem(text).message(), ::testing::StartsWith("flows.yaml:")) << text;
}

TEST(SettingsFile, TextThatIsNoUtf8IsRefused) {
    EXPECT_THAT(problem("a: \xff\n").message(), ::testing::HasSubstr("UTF-8"));
}

RC_GTEST_PROP(SettingsFileProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
    (void)parse_settings(text, "flows.yaml");
}

}  // namespace
}  // namespace ringmaster::flows
