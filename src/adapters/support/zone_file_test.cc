#include "adapters/support/zone_file.h"

#include <gtest/gtest.h>

namespace ringmaster::support {
namespace {

TEST(ZoneFile, ZonesAreFoundByTheirNames) {
    const std::chrono::sys_seconds summer = std::chrono::sys_days{std::chrono::year{2026} / 7 / 1};
    for (const auto& [name, hours] :
         {std::pair{"", 0}, {"UTC", 0}, {"Europe/Warsaw", 2}, {"Etc/GMT+5", -5}}) {
        const auto zone = load_time_zone(name);
        ASSERT_TRUE(zone) << name << ": " << zone.error().describe();
        EXPECT_EQ(zone->offset_at(summer), std::chrono::hours(hours)) << name;
    }
}

TEST(ZoneFile, WhatIsNoZoneIsRefused) {
    for (const auto* name :
         {"Mars/Olympus", "Europe", "../../../etc/passwd", "/etc/passwd", "tzdata.zi x", "zone.tab"}) {
        const auto zone = load_time_zone(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_EQ(zone.error().kind(), ErrorKind::InvalidInput) << name;
    }
    EXPECT_EQ(load_time_zone("tzdata/zi").error().kind(), ErrorKind::InvalidInput);
}

}  // namespace
}  // namespace ringmaster::support
