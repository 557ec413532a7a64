#include "domain/show_status.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ringmaster {
namespace {

using enum ShowStatus;

const std::vector<ShowStatus> kAll = {Building, Built,  Deploying, Running,
                                      Updating, Failed, Stopping,  Unknown};

TEST(ShowStatus, IsReadBackFromItsName) {
    for (const auto status : kAll) EXPECT_EQ(parse_show_status(to_string(status)), status);
    EXPECT_EQ(parse_show_status("running extra words"), Unknown);
    EXPECT_EQ(parse_show_status("Running"), Unknown);
    EXPECT_EQ(parse_show_status(""), Unknown);
}

// Contract §2, each allowed move; every other one is refused.
TEST(ShowStatus, MovesOnlyAsTheTableSays) {
    using From = std::optional<ShowStatus>;
    const std::vector<std::pair<ShowStatus, std::vector<From>>> table = {
        {Building, {From(), Building, Built, Deploying, Running, Updating, Failed, Unknown}},
        {Built, {Building}},
        {Deploying, {Built}},
        {Running, {Deploying, Running}},
        {Updating, {}},
        {Failed, {Building, Built, Deploying, Running, Updating, Failed, Unknown}},
        {Stopping, {Building, Built, Deploying, Running, Updating, Failed, Stopping, Unknown}},
        {Unknown, {}},
    };
    for (const auto& [to, allowed] : table) {
        std::vector<From> every = {From()};
        every.insert(every.end(), kAll.begin(), kAll.end());
        for (const auto& from : every)
            EXPECT_EQ(can_move(from, to), std::ranges::find(allowed, from) != allowed.end())
                << (from ? to_string(*from) : "none") << " → " << to_string(to);
    }
}

TEST(ShowStatus, BelievesTheMostAdvancedOfTwoWhateverTheOrder) {
    const std::vector<ShowStatus> order = {Running,  Deploying, Built,  Building,
                                           Updating, Stopping,  Failed, Unknown};
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i; j < order.size(); ++j) {
            EXPECT_EQ(most_advanced(order[i], order[j]), order[i]);
            EXPECT_EQ(most_advanced(order[j], order[i]), order[i]);
        }
    }
}

TEST(ShowStatus, IsInProgressWhileAWorkerShouldBeBusy) {
    for (const auto status : kAll)
        EXPECT_EQ(is_in_progress(status), status == Building || status == Built || status == Deploying)
            << to_string(status);
}

}  // namespace
}  // namespace ringmaster
