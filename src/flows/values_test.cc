// Small pure parts: schema of parameters, windows, differences, values that were typed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flows/diff.h"
#include "flows/json_text.h"
#include "flows/parameter_schema.h"
#include "flows/window.h"

namespace ringmaster::flows {
namespace {

using ::testing::HasSubstr;

TEST(ParameterSchema, IsWhatPrefectsClientMakesOfASignature) {
    EXPECT_EQ(
        parameter_schema({{.name = "n", .annotation = "int", .default_value = "3", .default_json = "3"}}),
        R"({"properties":{"n":{"default":3,"position":0,"title":"n","type":"integer"}},"title":"Parameters",)"
        R"("type":"object"})");
}

TEST(ParameterSchema, NamesWhatMustBeGiven) {
    EXPECT_EQ(
        parameter_schema({{.name = "day", .annotation = "str"}, {.name = "n", .default_value = "f()"}}),
        R"({"properties":{"day":{"position":0,"title":"day","type":"string"},"n":{"position":1,"title":"n"}},)"
        R"("required":["day"],"title":"Parameters","type":"object"})");
}

TEST(ParameterSchema, TakesTypesApart) {
    const auto type = [](std::string annotation) {
        return parameter_schema({{.name = "x", .annotation = std::move(annotation)}});
    };
    EXPECT_THAT(type("str | None"), HasSubstr(R"("anyOf":[{"type":"string"},{"type":"null"}])"));
    EXPECT_THAT(type("Optional[int]"), HasSubstr(R"("anyOf":[{"type":"integer"},{"type":"null"}])"));
    EXPECT_THAT(type("list[float]"), HasSubstr(R"("items":{"type":"number"})"));
    EXPECT_THAT(type("dict[str, int]"), HasSubstr(R"("x":{"position":0,"title":"x","type":"object"})"));
    for (const auto* unknown : {"Order", "list[Order]", "Order | None", "Callable[[int], str]", "list[", ""})
        EXPECT_THAT(type(unknown), HasSubstr(R"("x":{"position":0,"title":"x"})")) << unknown;
}

TEST(JsonOrText, TakesWhatIsJsonForJson) {
    EXPECT_EQ(json_or_text("3"), "3");
    EXPECT_EQ(json_or_text("[1, 2]"), "[1,2]");
    EXPECT_EQ(json_or_text("2024-01-01"), R"("2024-01-01")");
    EXPECT_EQ(json_or_text("\"3\""), R"("3")");
    EXPECT_EQ(json_or_text(""), R"("")");
}

bool is_open(std::string_view window, const char* time, Duration offset = {}) {
    const auto parsed = Window::parse(window);
    EXPECT_TRUE(parsed) << window;
    return parsed && parsed->contains(*parse_iso8601(time), offset);
}

TEST(Window, IsOpenOnItsDaysAndInItsHours) {
    EXPECT_TRUE(is_open("Mon-Thu 09:00-17:00", "2026-11-19T09:00:00Z"));  // a Thursday
    EXPECT_FALSE(is_open("Mon-Thu 09:00-17:00", "2026-11-19T17:00:00Z"));
    EXPECT_FALSE(is_open("Mon-Thu 09:00-17:00", "2026-11-20T10:00:00Z"));  // a Friday
    EXPECT_TRUE(is_open("Fri-Mon", "2026-11-22T23:59:59Z"));               // a Sunday
    EXPECT_TRUE(is_open("tue,sat 00:00-24:00", "2026-11-24T00:00:00Z"));
}

TEST(Window, CountsByTheClocksOfItsZone) {
    EXPECT_EQ(Window::parse("Mon 09:00-17:00 Europe/Warsaw")->zone, "Europe/Warsaw");
    EXPECT_TRUE(is_open("Mon 00:00-01:00 X", "2026-11-22T23:30:00Z", std::chrono::hours(1)));
    EXPECT_FALSE(is_open("Mon 00:00-01:00 X", "2026-11-22T23:30:00Z"));
}

TEST(Window, WhatIsNoWindowIsRefused) {
    for (const auto* text : {"", "always", "Mon-", "Mon 9-17", "Mon 17:00-09:00", "Mon 09:00-25:00",
                             "Mon 09:00-17:00 A B", "Mon 09:60-10:00", "09:00-17:00"})
        EXPECT_FALSE(Window::parse(text)) << text;
}

TEST(Diff, NamesEachFieldThatDiffers) {
    DeploymentSpec before{.name = "d", .version = "main-1", .tags = {"COMMIT_HASH=1", "mine"}};
    before.schedules.push_back({.cron = "1 1 * * *"});
    before.parameters = {{"n", "3"}};
    before.concurrency_limit = 1;
    DeploymentSpec after = before;
    EXPECT_TRUE(diff(before, after).empty());
    after.version = "main-2";
    after.tags = {"COMMIT_HASH=2"};
    after.schedules.clear();
    after.parameters = {{"n", "4"}, {"m", "1"}};
    after.concurrency_limit.reset();
    EXPECT_EQ(diff(before, after), (std::vector<FieldChange>{{"version", "main-1", "main-2"},
                                                             {"schedule", "1 1 * * *", ""},
                                                             {"concurrency limit", "1", "none"},
                                                             {"parameter n", "3", "4"},
                                                             {"parameter m", "", "1"},
                                                             {"tag COMMIT_HASH", "1", "2"},
                                                             {"tag mine", "set", ""}}));
}

TEST(Diff, NeverShowsASecret) {
    DeploymentSpec before{.name = "d"};
    before.environment = {{"DB_PASSWORD", "hush1"}, {"DB_URL", "postgres://u:hush2@host/db"}, {"PLAIN", "a"}};
    DeploymentSpec after = before;
    after.environment = {{"DB_PASSWORD", "hush3"}, {"DB_URL", "postgres://u:hush4@host/db"}, {"PLAIN", "b"}};
    const auto changes = diff(before, after);
    ASSERT_EQ(changes.size(), 3U);
    for (const auto& change : changes)
        EXPECT_THAT(change.before + change.after, ::testing::Not(HasSubstr("hush"))) << change.field;
    EXPECT_EQ(changes[2], (FieldChange{"variable PLAIN", "a", "b"}));
}

TEST(Diff, AQueueThatNobodyNamesStays) {
    const DeploymentSpec before{.name = "d", .work_queue = "default"};
    const DeploymentSpec after{.name = "d"};
    EXPECT_TRUE(diff(before, after).empty());
}

}  // namespace
}  // namespace ringmaster::flows
