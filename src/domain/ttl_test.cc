#include "domain/ttl.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace ringmaster {
namespace {

using namespace std::chrono_literals;

TEST(Ttl, IsReadAsTheContractsVectorsSay) {
    std::ifstream file(RINGMASTER_SOURCE_DIR "/tests/data/labels.json");
    for (const auto& vector : nlohmann::json::parse(file)["vectors"]["ttl"]) {
        const auto text = vector["ttl"].get<std::string>();
        const auto ttl = Ttl::parse(text);
        if (vector["hours"].is_number()) {
            ASSERT_TRUE(ttl) << text;
            EXPECT_EQ(ttl->lifetime(), std::chrono::hours(vector["hours"].get<int>())) << text;
        } else {
            // The original cannot tell "close" from nonsense; we can.
            EXPECT_EQ(ttl && ttl->is_until_closed(), text == "close" || text == "CLOSE") << text;
        }
    }
}

TEST(Ttl, RefusesWhatOverflowsOrHasASign) {
    for (const auto* bad :
         {"-1h", "+1h", "99999999999999999999h", "9223372036854775807w", "100000w", "1h1h", "hh", "48 h"})
        EXPECT_EQ(Ttl::parse(bad).error().kind(), ErrorKind::InvalidInput) << bad;
}

TEST(Ttl, SaysItselfNormalised) {
    EXPECT_EQ(Ttl::parse(" 1W ").value().text(), "1w");
    EXPECT_EQ(Ttl::hours(48), Ttl::parse("48h").value());
    EXPECT_EQ(Ttl::parse("048h").value(), Ttl::hours(48));
    EXPECT_EQ(Ttl::until_closed().text(), "close");
}

TEST(Ttl, ExpiresAfterItsLifetimeOrNever) {
    const TimePoint created(1'000'000ms);
    EXPECT_EQ(Ttl::hours(2).expiry(created), created + 2h);
    EXPECT_EQ(Ttl::hours(0).expiry(created), created);
    EXPECT_EQ(Ttl::until_closed().expiry(created), std::nullopt);
}

TEST(Ttl, TheShortestFiniteOneWins) {
    EXPECT_EQ(shorter(Ttl::hours(5), Ttl::until_closed()), Ttl::hours(5));
    EXPECT_EQ(shorter(Ttl::until_closed(), Ttl::hours(5)), Ttl::hours(5));
    EXPECT_EQ(shorter(Ttl::hours(5), Ttl::hours(3)), Ttl::hours(3));
    EXPECT_TRUE(shorter(Ttl::until_closed(), Ttl::until_closed()).is_until_closed());
}

RC_GTEST_PROP(Ttl, ReadsBackItsOwnText, ()) {
    const int count = *rc::gen::inRange(0, 500);
    const auto ttl = Ttl::parse(std::to_string(count) + *rc::gen::elementOf(std::string("hdwHDW"))).value();
    RC_ASSERT(Ttl::parse(ttl.text()).value() == ttl);
}

}  // namespace
}  // namespace ringmaster
