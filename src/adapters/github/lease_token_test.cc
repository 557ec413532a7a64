#include "adapters/github/lease_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"

namespace ringmaster::github {
namespace {

TEST(LeaseToken, IsWrittenAsALabelThatPeopleCanRead) {
    EXPECT_EQ(token_label_name(12, 3), "🎪 🔑 12.3");
    EXPECT_EQ(token_description("abc123", *parse_iso8601("2026-11-22T14:09:00.250Z")).value(),
              "ringmaster lease abc123 until 2026-11-22T14:09:00.250Z");
}

RC_GTEST_PROP(LeaseToken, WhatIsWrittenIsReadBack, ()) {
    const auto digits = *rc::gen::inRange(1, 49);
    const auto holder = *rc::gen::container<std::string>(static_cast<std::size_t>(digits),
                                                         rc::gen::elementOf(std::string("0123456789abcdef")));
    const TimePoint expires(Duration(*rc::gen::inRange<long long>(0, 4'102'444'800'000)));
    const auto description = token_description(holder, expires);
    RC_ASSERT(description.has_value());
    RC_ASSERT(description->size() <= 100U);
    const auto token = parse_token(7, "LA_x", "🎪 🔑 12.7", *description);
    RC_ASSERT(token.has_value());
    RC_ASSERT(*token == (ClaimToken{7, "LA_x", holder, expires}));
}

TEST(LeaseToken, AHolderThatCouldBreakTheDescriptionIsRefused) {
    for (const std::string_view holder : {"", "ABC", "abc until", "🎪"})
        EXPECT_EQ(token_description(holder, {}).error().kind(), ErrorKind::InvalidInput) << holder;
    EXPECT_FALSE(token_description(std::string(49, 'a'), {}));
}

TEST(LeaseToken, ADescriptionOfSomebodyElseIsNeverTakenForAnExpiredLease) {
    for (const std::string_view description :
         {"", "my label", "ringmaster lease abc", "ringmaster lease  until 2026-11-22T14:09:00Z",
          "ringmaster lease XYZ until 2026-11-22T14:09:00Z", "ringmaster lease abc until tomorrow",
          "ringmaster lease abc until 2026-11-22T14:09:00Z!"}) {
        const auto token = parse_token(1, "LA_x", "🎪 🔑 12.1", description);
        ASSERT_FALSE(token) << description;
        EXPECT_EQ(token.error().kind(), ErrorKind::Corrupt);
        EXPECT_NE(token.error().hint(), "");
    }
}

}  // namespace
}  // namespace ringmaster::github
