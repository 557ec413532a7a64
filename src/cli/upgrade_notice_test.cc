#include "cli/upgrade_notice.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::cli {
namespace {

const TimePoint kNow = *parse_iso8601("2026-11-22T12:00:00Z");
using std::chrono::hours;

UpgradeStep step(const UpgradeMemory& memory, TimePoint now = kNow,
                 Installation installation = Installation::Binary) {
    return next_upgrade_step(memory, now, "1.4.2", installation, "https://example.com/releases");
}

TEST(UpgradeNotice, TheFirstCommandAsksAndSaysNothing) {
    const auto first = step({});
    EXPECT_TRUE(first.ask);
    EXPECT_EQ(first.notice, "");
    EXPECT_EQ(first.memory, UpgradeMemory{.asked = kNow});
}

TEST(UpgradeNotice, ANewerVersionIsToldOnceADay) {
    const auto told = step({.asked = kNow, .latest = "1.10.0"});
    EXPECT_FALSE(told.ask);
    EXPECT_EQ(
        told.notice,
        "Ringmaster 1.10.0 is there; this is 1.4.2. To upgrade: get it from https://example.com/releases");
    EXPECT_EQ(step(told.memory, kNow + hours(23)).notice, "");
    EXPECT_NE(step(told.memory, kNow + hours(24)).notice, "");
    EXPECT_TRUE(step(told.memory, kNow + hours(24)).ask);
}

TEST(UpgradeNotice, AClockThatWasSetBackDoesNotSilenceIt) {
    const auto later = step({.asked = kNow + hours(1000), .told = kNow + hours(1000), .latest = "2.0.0"});
    EXPECT_TRUE(later.ask);
    EXPECT_NE(later.notice, "");
}

TEST(UpgradeNotice, OnlyAHigherReleaseIsNewer) {
    for (const char* newer : {"1.4.3", "1.10.0", "2.0.0"}) EXPECT_TRUE(is_newer(newer, "1.4.2")) << newer;
    for (const char* not_newer : {"1.4.2", "1.4.1", "0.9.9", "", "2", "2.0", "2.0.0-rc1", "2.0.x", "-2.0.0",
                                  "99999999999999999999.0.0"})
        EXPECT_FALSE(is_newer(not_newer, "1.4.2")) << not_newer;
}

TEST(UpgradeNotice, ATagIsAVersionWithOrWithoutItsV) {
    EXPECT_EQ(version_of_tag("v1.4.2"), "1.4.2");
    EXPECT_EQ(version_of_tag("1.4.2"), "1.4.2");
    for (const char* tag : {"", "v", "nightly", "v2.0.0-rc1", "v2.0.0\x1b[31m", "v1.2.3.4"})
        EXPECT_EQ(version_of_tag(tag), std::nullopt) << tag;
}

TEST(UpgradeNotice, IsForPeopleAtATerminalOnly) {
    const Traits terminal{.is_terminal = true};
    EXPECT_TRUE(may_tell_of_upgrades({}, terminal, false));
    EXPECT_FALSE(may_tell_of_upgrades({}, terminal, true)) << "--json";
    EXPECT_FALSE(may_tell_of_upgrades({}, {}, false)) << "piped";
    for (const char* variable : {"CI", "GITHUB_ACTIONS", "BUILD_NUMBER", "RUN_ID"})
        EXPECT_FALSE(may_tell_of_upgrades(Environment({{variable, "true"}}), terminal, false)) << variable;
}

TEST(UpgradeNotice, SaysHowByHowItWasInstalled) {
    EXPECT_EQ(installation_of("/usr/bin/ringmaster", true), Installation::Apt);
    EXPECT_EQ(installation_of("/usr/lib/python3/dist-packages/ringmaster/bin/ringmaster", false),
              Installation::Pip);
    EXPECT_EQ(installation_of("/srv/app/.venv/bin/ringmaster", false), Installation::Pip);
    EXPECT_EQ(installation_of("/usr/local/bin/ringmaster", false), Installation::Binary);
    const UpgradeMemory memory{.latest = "2.0.0"};
    EXPECT_NE(step(memory, kNow, Installation::Apt).notice.find("sudo apt"), std::string::npos);
    EXPECT_NE(step(memory, kNow, Installation::Pip).notice.find("pip install --upgrade"), std::string::npos);
}

TEST(UpgradeNotice, WhatIsRememberedReadsBack) {
    const UpgradeMemory memory{.asked = kNow, .told = kNow - hours(3), .latest = "1.5.0"};
    EXPECT_EQ(parse_upgrade_memory(print_upgrade_memory(memory)), memory);
    EXPECT_EQ(parse_upgrade_memory("asked yesterday\nlatest <b>\nlatest\n\ntold\n"), UpgradeMemory{});
}

RC_GTEST_PROP(UpgradeMemory, AnyTextReads, (const std::string& text)) {
    const auto memory = parse_upgrade_memory(text);
    RC_ASSERT(parse_upgrade_memory(print_upgrade_memory(memory)) == memory);
}

}  // namespace
}  // namespace ringmaster::cli
