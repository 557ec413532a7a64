#include "shows/labels.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::shows {
namespace {

nlohmann::json contract() {
    std::ifstream file(RINGMASTER_SOURCE_DIR "/tests/data/labels.json");
    return nlohmann::json::parse(file);
}

/// What Ringmaster has to read: the reference's answer, with the contract's required differences laid over
/// it.
nlohmann::json required(const nlohmann::json& vector) {
    nlohmann::json result = vector["reference"];
    const auto ours = vector.value("ringmaster", nlohmann::json::object());
    for (const auto& [key, value] : ours.items()) {
        if (key == "shows" || key == "current")
            result[key] = value;
        else
            result["shows"][0][key] = value;
    }
    return result;
}

TEST(Labels, EveryParseVectorOfTheContractIsUnderstood) {
    for (const auto& vector : contract()["vectors"]["parse"]) {
        SCOPED_TRACE(vector["name"].get<std::string>());
        const auto state = parse_labels(vector["labels"].get<std::vector<std::string>>());
        const auto expected = required(vector);
        ASSERT_EQ(state.shows.size(), expected["shows"].size());
        for (std::size_t i = 0; i < state.shows.size(); ++i) {
            const auto& show = expected["shows"][i];
            EXPECT_EQ(nlohmann::json(state.shows[i].sha.text()), show["sha"]);
            if (show.contains("counts_as"))
                EXPECT_EQ(state.shows[i].status, ShowStatus::Unknown);
            else
                EXPECT_EQ(nlohmann::json(to_string(state.shows[i].status)), show["status"]);
            if (show.contains("ip") && show["ip"].is_string())
                EXPECT_EQ(nlohmann::json(state.shows[i].endpoint->host), show["ip"]);
            if (show.contains("port")) EXPECT_EQ(nlohmann::json(state.shows[i].endpoint->port), show["port"]);
            if (show.contains("created_at") && show["created_at"].is_string())
                EXPECT_EQ(nlohmann::json(format_label_time(*state.shows[i].created_at)), show["created_at"]);
            if (show.contains("requested_by") && show["requested_by"].is_string())
                EXPECT_EQ(state.shows[i].requested_by, show["requested_by"].get<std::string>());
        }
        if (expected["current"].is_string() && !vector.contains("ringmaster"))
            EXPECT_EQ(nlohmann::json(state.active->text()), expected["current"]);
    }
}

TEST(Labels, OnlyDefinitionsOfShowsMayBePruned) {
    for (const auto& vector : contract()["vectors"]["sha_definition"])
        EXPECT_EQ(nlohmann::json(is_show_definition(vector["label"].get<std::string>())),
                  vector["ringmaster"])
            << vector["label"];
}

TEST(Labels, ColoursAndDescriptionsAreTheContracts) {
    for (const auto& vector : contract()["vectors"]["color_and_description"]) {
        const auto label = define_label(vector["label"].get<std::string>());
        EXPECT_EQ(nlohmann::json(label.color), vector["color"]) << vector["label"];
        const bool keeps_the_glyph = vector["label"] == "🎪 ⌛ 96h";  // the original's slip, not ours (D65)
        EXPECT_EQ(nlohmann::json(label.description),
                  keeps_the_glyph ? nlohmann::json("Environment expires after 96h") : vector["description"]);
    }
}

TEST(Labels, SetupWritesTheNineDefinitionsOfTheContractInOrder) {
    std::vector<LabelDefinition> expected;
    for (const auto& label : contract()["labels"])
        if (label["static_definition"])
            expected.push_back({label["pattern"], label["color"], label["description"]});
    EXPECT_EQ(static_definitions(), expected);
}

TEST(Labels, TheShortestFiniteLifetimeWins) {
    const auto ttl = [](std::vector<std::string> labels) { return parse_labels(labels).ttl->text(); };
    EXPECT_EQ(ttl({"🎪 ⌛ 1w", "🎪 ⌛ 24h", "🎪 ⌛ close"}), "24h");
    EXPECT_EQ(ttl({"🎪 ⌛ close"}), "close");
    EXPECT_FALSE(parse_labels(std::vector<std::string>{"🎪 ⌛ soon"}).ttl);
}

TEST(Labels, TheNewestRunningShowIsActiveWhenPointersDisagree) {
    const std::vector<std::string> labels = {"🎪 aaaaaaa 🚦 running", "🎪 aaaaaaa 📅 2024-01-15T14-30",
                                             "🎪 bbbbbbb 🚦 running", "🎪 bbbbbbb 📅 2024-01-15T15-30",
                                             "🎪 🎯 aaaaaaa",         "🎪 🎯 bbbbbbb"};
    const auto state = parse_labels(labels);
    EXPECT_EQ(nlohmann::json(state.active->text()), "bbbbbbb");
    EXPECT_FALSE(state.problems.empty());
}

TEST(Labels, TheMostAdvancedStatusCounts) {
    const std::vector<std::string> labels = {"🎪 abc123f 🚦 failed", "🎪 abc123f 🚦 deploying",
                                             "🎪 abc123f 🚦 building"};
    EXPECT_EQ(parse_labels(labels).shows.at(0).status, ShowStatus::Deploying);
}

TEST(Labels, AShaWithoutAStatusIsARemnantAndNeverForgotten) {
    const std::vector<std::string> labels = {"🎪 🎯 abc123f", "🎪 def456a 📅 2024-01-15T14-30"};
    const auto state = parse_labels(labels);
    EXPECT_TRUE(state.shows.empty());
    ASSERT_EQ(state.remnants.size(), 2U);
    EXPECT_EQ(state.remnants[0].text(), "abc123f");
}

TEST(Labels, APreparationThatLostItsStatusIsStillOne) {
    // A sweep deleted the status's definition while it was put on (ringmaster-sim --claims refs --replay
    // 418).
    const std::vector<std::string> labels = {"🎪 🏗️ abc123f", "🎪 abc123f 📅 2024-01-15T14-30",
                                             "🎪 abc123f 🔁 1"};
    const auto state = parse_labels(labels);
    ASSERT_EQ(state.shows.size(), 1U);
    EXPECT_EQ(state.shows[0].status, ShowStatus::Building);
    EXPECT_EQ(state.shows[0].failed_attempts, 1);
    EXPECT_EQ(state.building->text(), "abc123f");
    EXPECT_TRUE(state.remnants.empty());
    EXPECT_EQ(state.problems.size(), 1U);
    const auto without_pointer = parse_labels(std::vector<std::string>{labels[1], labels[2]});
    EXPECT_EQ(without_pointer.remnants.size(), 1U);
    EXPECT_TRUE(without_pointer.shows.empty());
}

TEST(Labels, TriggersAreExactNames) {
    EXPECT_FALSE(parse_labels(std::vector<std::string>{"showtime-trigger-start"}).start_requested);
    EXPECT_FALSE(
        parse_labels(std::vector<std::string>{"🎪 ⚡ showtime-trigger-start-later"}).start_requested);
    EXPECT_TRUE(parse_labels(std::vector<std::string>{std::string(kStartTrigger)}).start_requested);
}

TEST(Labels, BothFormsOfTheBuildingPointerAreRead) {
    for (const std::string pointer : {"🎪 🏗️ abc123f", "🎪 🏗 abc123f"}) {
        const std::vector<std::string> labels = {"🎪 abc123f 🚦 building", pointer};
        EXPECT_EQ(parse_labels(labels).building->text(), "abc123f");
    }
}

TEST(Labels, ALoginTooLongForALabelIsLeftOut) {
    Show show{.sha = *ShortSha::parse("abc123f"),
              .status = ShowStatus::Running,
              .requested_by = std::string(39, 'a')};
    EXPECT_EQ(print_show(show).size(), 1U);
    show.requested_by = std::string(36, 'a');
    ASSERT_EQ(print_show(show).size(), 2U);
    EXPECT_EQ(utf16_length(print_show(show)[1].name), kMostLabelUnits);
    show.requested_by = std::string(37, 'a');
    EXPECT_EQ(print_show(show).size(), 1U);
}

/// What the tent, a sha and the requester's mark leave of the fifty units of a label's name. A longer login
/// is left out, as the test above says.
constexpr int kLongestLoginInALabel = 36;

rc::Gen<Show> any_show() {
    return rc::gen::exec([] {
        const auto digits =
            *rc::gen::container<std::string>(7, rc::gen::elementOf(std::string("0123456789abcdef")));
        Show show{.sha = *ShortSha::parse(digits)};
        show.status = *rc::gen::element(ShowStatus::Building, ShowStatus::Built, ShowStatus::Deploying,
                                        ShowStatus::Running, ShowStatus::Failed, ShowStatus::Stopping);
        if (*rc::gen::arbitrary<bool>())
            show.created_at = TimePoint(std::chrono::minutes(*rc::gen::inRange(0, 60'000'000)));
        if (*rc::gen::arbitrary<bool>())
            show.endpoint =
                Endpoint{fmt::format("{}.0.0.{}", *rc::gen::inRange(1, 256), *rc::gen::inRange(0, 256)),
                         static_cast<std::uint16_t>(*rc::gen::inRange(1, 65536))};
        if (*rc::gen::arbitrary<bool>())
            show.requested_by =
                *rc::gen::container<std::string>(*rc::gen::inRange(1, kLongestLoginInALabel + 1),
                                                 rc::gen::elementOf(std::string("abcXYZ019-[]")));
        show.failed_attempts = *rc::gen::inRange(show.status == ShowStatus::Failed ? 1 : 0, 20);
        return show;
    });
}

RC_GTEST_PROP(LabelsProperty, PrintingThenReadingGivesTheSameShow, ()) {
    const Show show = *any_show();
    std::vector<std::string> names;
    for (const auto& label : print_show(show)) names.push_back(label.name);
    const auto state = parse_labels(names);
    RC_ASSERT(state.shows.size() == 1U);
    RC_ASSERT(state.shows[0] == show);
}

RC_GTEST_PROP(LabelsProperty, AnyLabelsAreReadTheSameInAnyOrder, (std::vector<std::string> noise)) {
    for (auto& name : noise)
        if (*rc::gen::arbitrary<bool>()) name = std::string(kTent) + name;
    const Show show = *any_show();
    for (const auto& label : print_show(show)) noise.push_back(label.name);
    noise.push_back(active_pointer(show.sha).name);
    auto shuffled = noise;
    std::ranges::reverse(shuffled);
    const auto a = parse_labels(noise);
    const auto b = parse_labels(shuffled);
    RC_ASSERT(a.shows == b.shows);
    RC_ASSERT(a.active == b.active);
    RC_ASSERT(a.problems == b.problems);
    RC_ASSERT(a.active == std::optional(show.sha) || a.shows.size() > 1U);
}

}  // namespace
}  // namespace ringmaster::shows
