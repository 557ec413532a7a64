#include "local_forge/labels.h"

#include <gmock/gmock.h>

#include "local_forge/forge_fixture.h"

namespace ringmaster::local_forge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LabelsTest : public StoreTest {
 protected:
    Answer<Label> create(const std::string& name, std::optional<std::string> description = std::nullopt) {
        return store->labels().create(bob, repository, {name, "FF00aa", std::move(description)});
    }
    static std::string code_of(const Answer<Label>& answer) {
        return answer                          ? "created"
               : answer.error().errors.empty() ? answer.error().message
                                               : answer.error().errors.front().code;
    }
};

TEST_F(LabelsTest, NamesHaveAtMostFiftyCodePoints) {
    EXPECT_EQ(code_of(create("🎪" + std::string(49, 'x'))), "created");
    const auto refused = create("🎪" + std::string(50, 'x'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 422);
    EXPECT_EQ(refused.error().errors.front().message, "name is too long (maximum is 50 characters)");
}

TEST_F(LabelsTest, NamesNeedMoreThanEmoji) {
    EXPECT_EQ(create("🎪 🎯").error().errors.front().message, "name must contain more than native emoji");
    EXPECT_TRUE(create("🎪 a"));
}

TEST_F(LabelsTest, DescriptionsTakeNoFourByteCharactersAndAHundredOthers) {
    EXPECT_EQ(create("a", "about a 🎪").error().errors.front().message,
              "description doesn't accept 4-byte Unicode");
    EXPECT_EQ(code_of(create("a", std::string(101, 'x'))), "custom");
    EXPECT_EQ(code_of(create("a", std::string(100, 'x'))), "created");
}

TEST_F(LabelsTest, ColoursAreSixHexadecimalDigitsAndLowerCase) {
    EXPECT_EQ(create("a")->color, "ff00aa");
    EXPECT_EQ(code_of(store->labels().create(bob, repository, {"b", "#ff00aa"})), "invalid");
}

TEST_F(LabelsTest, NamesAreUniqueWithoutRegardToCase) {
    ASSERT_TRUE(create("MyLabel"));
    const auto refused = create("mylabel");
    ASSERT_FALSE(refused);
    ASSERT_EQ(refused.error().errors.size(), 1U);
    EXPECT_EQ(refused.error().errors.front().field, "name");
    EXPECT_EQ(refused.error().errors.front().code, "already_exists");
    EXPECT_TRUE(store->labels().find(repository, "MYLABEL").value());
}

TEST_F(LabelsTest, LabelsThatDifferInAnEmojiOnlyLiveSideBySide) {
    EXPECT_TRUE(create("🎪 🎯 abc1234"));
    EXPECT_TRUE(create("🎪 🏗️ abc1234"));
}

TEST_F(LabelsTest, DefiningNeedsWriteAndTheRightForIssues) {
    const auto reader = store->labels().create(carol, repository, {"a"});
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().status, 403);
    EXPECT_EQ(reader.error().errors.front().code, "unauthorized");
    const auto limited = store->labels().create(limited_to(bob, {Right::PullRequests}), repository, {"a"});
    ASSERT_FALSE(limited) << "pull-requests: write alone does not create labels (github-facts 1.22)";
    EXPECT_EQ(limited.error().message, "You do not have permission to create labels on this repository.");
    EXPECT_EQ(store->labels().create({}, repository, {"a"}).error().status, 401);
}

TEST_F(LabelsTest, AddingAnUnknownNameDefinesItInGrey) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"new one"};
    const auto labels = store->labels().add(bob, repository, issue, wanted);
    ASSERT_TRUE(labels);
    EXPECT_EQ(labels->front().color, "ededed");
    EXPECT_EQ(labels->front().description, std::nullopt);
    EXPECT_THAT(events, ElementsAre("push", "pull_request opened", "label created", "pull_request labeled"));
}

TEST_F(LabelsTest, AddingAnUnknownNameWithoutTheRightAttachesNothing) {
    const Issue issue = open_pull("feature").issue;
    ASSERT_TRUE(create("known"));
    const Viewer limited = limited_to(bob, {Right::PullRequests});
    const std::vector<std::string> known = {"known"};
    const std::vector<std::string> both = {"known", "unknown"};
    EXPECT_FALSE(store->labels().add(limited, repository, issue, both));
    EXPECT_THAT(names(issue), IsEmpty());
    EXPECT_TRUE(store->labels().add(limited, repository, issue, known))
        << "attaching needs either right (1.23)";
}

TEST_F(LabelsTest, WhatIsSentCountsTowardsTheHundredEvenWhenItIsThere) {
    const Issue issue = open_pull("feature").issue;
    std::vector<std::string> some;
    for (int i = 0; i < 51; ++i) some.push_back("label " + std::to_string(i));
    ASSERT_TRUE(store->labels().add(bob, repository, issue, some));
    const auto again = store->labels().add(bob, repository, issue, some);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().status, 422);
    some.resize(49);
    EXPECT_TRUE(store->labels().add(bob, repository, issue, some));
}

TEST_F(LabelsTest, AddingWhatIsThereMakesNoEvent) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"a"};
    ASSERT_TRUE(store->labels().add(bob, repository, issue, wanted));
    events.clear();
    ASSERT_TRUE(store->labels().add(bob, repository, issue, wanted));
    EXPECT_THAT(events, IsEmpty());
}

TEST_F(LabelsTest, AnEventCarriesAllLabelsOfItsMoment) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"a", "b"};
    std::vector<std::size_t> counts;
    store->core().on_event = [&](const Event& event) -> Result<void> {
        if (event.action == "labeled") counts.push_back(names(event.pull->issue).size());
        return {};
    };
    ASSERT_TRUE(store->labels().add(bob, repository, issue, wanted));
    EXPECT_THAT(counts, ElementsAre(1U, 2U));
}

TEST_F(LabelsTest, DeletingADefinitionTakesItOffEverywhere) {
    const Issue one = open_pull("one").issue;
    const Issue two = open_pull("two").issue;
    const std::vector<std::string> wanted = {"shared", "other"};
    ASSERT_TRUE(store->labels().add(bob, repository, one, wanted));
    ASSERT_TRUE(store->labels().add(bob, repository, two, wanted));
    const Label shared = *store->labels().find(repository, "shared").value();
    EXPECT_EQ(store->labels().attached_count(shared, true), 2);
    ASSERT_TRUE(store->labels().remove(bob, repository, shared));
    EXPECT_THAT(names(one), ElementsAre("other"));
    EXPECT_THAT(names(two), ElementsAre("other"));
    const auto again = create("shared");
    EXPECT_NE(again->id, shared.id) << "a node id must not name a successor (1.18)";
    EXPECT_EQ(store->labels().remove(bob, repository, shared).error().status, 404);
}

TEST_F(LabelsTest, RemovingWhatIsNotThereIsNotFound) {
    const Issue issue = open_pull("feature").issue;
    ASSERT_TRUE(create("defined"));
    const auto refused = store->labels().detach(bob, repository, issue, "defined");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 404);
    EXPECT_EQ(refused.error().message, "Label does not exist");
}

TEST_F(LabelsTest, RemovingGivesWhatRemains) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"a", "b"};
    ASSERT_TRUE(store->labels().add(bob, repository, issue, wanted));
    const auto left = store->labels().detach(bob, repository, issue, "A");
    ASSERT_TRUE(left);
    ASSERT_EQ(left->size(), 1U);
    EXPECT_EQ(left->front().name, "b");
}

TEST_F(LabelsTest, ReplacingKeepsWhatStays) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> before = {"a", "b"};
    const std::vector<std::string> after = {"B", "c"};
    ASSERT_TRUE(store->labels().add(bob, repository, issue, before));
    events.clear();
    ASSERT_TRUE(store->labels().replace(bob, repository, issue, after));
    EXPECT_THAT(names(issue), ElementsAre("b", "c"));
    EXPECT_THAT(events, ElementsAre("pull_request unlabeled", "label created", "pull_request labeled"));
}

TEST_F(LabelsTest, ARenameKeepsAttachmentsAndTheHistoryKeepsTheOldName) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"old"};
    ASSERT_TRUE(store->labels().add(bob, repository, issue, wanted));
    const Label label = *store->labels().find(repository, "old").value();
    ASSERT_TRUE(store->labels().update(bob, repository, label, {.name = "new"}));
    EXPECT_THAT(names(issue), ElementsAre("new"));
    EXPECT_EQ(store->issues().timeline(issue.id)->back().label_name, "old");
    EXPECT_EQ(store->issues().timeline(issue.id)->back().actor.login, "bob");
}

TEST_F(LabelsTest, ARenameByCaseAloneIsRefused) {
    const auto label = create("name");
    EXPECT_EQ(code_of(store->labels().update(bob, repository, *label, {.name = "Name"})), "already_exists");
}

TEST_F(LabelsTest, AReaderMayNotAttach) {
    const Issue issue = open_pull("feature").issue;
    const std::vector<std::string> wanted = {"a"};
    EXPECT_EQ(store->labels().add(carol, repository, issue, wanted).error().status, 403);
}

}  // namespace
}  // namespace ringmaster::local_forge
