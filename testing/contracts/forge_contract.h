#pragma once
// What every Forge does, as ports/forge.h promises it. A suite's parameter is a ForgeWorld with a default
// constructor.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "testing/contracts/forge_world.h"

namespace ringmaster::testing {

template <typename World>
class ForgeContract : public ::testing::Test {
 protected:
    Forge& forge() { return world_.forge(); }
    /// A failure ends the case.
    PullRequestView observe(int number) { return must(forge().observe(number)); }
    ChangeOutcome apply(const PullRequestView& view, const PullRequestChange& change) {
        return must(forge().apply(view, change));
    }
    template <typename T>
    static T must(Result<T> result) {
        if (!result) throw std::runtime_error(result.error().describe());
        return std::move(*result);
    }
    std::vector<int> numbers_of(const std::vector<PullRequestSummary>& summaries) {
        std::vector<int> numbers;
        for (const auto& summary : summaries) numbers.push_back(summary.pull_request.number);
        return numbers;
    }
    /// The definition of that name; nullopt: there is none.
    std::optional<StoredLabel> definition(const std::string& name) {
        for (auto& label : must(forge().list_definitions(name)))
            if (label.definition.name == name) return label;
        return std::nullopt;
    }
    static PullRequestChange adding(std::vector<LabelDefinition> labels,
                                    std::vector<std::string> removed = {}) {
        PullRequestChange change;
        change.add_labels = std::move(labels);
        change.remove_labels = std::move(removed);
        return change;
    }

    const LabelDefinition building_{"🎪 abc1234 🚦 building", "ffd700",
                                    "Environment abc1234 status: building"};
    const LabelDefinition running_{"🎪 abc1234 🚦 running", "28a745", "Environment abc1234 status: running"};
    const LabelDefinition pointer_{"🎪 🎯 abc1234", "fff9c4", "Active environment pointer"};
    World world_;
};

TYPED_TEST_SUITE_P(ForgeContract);

TYPED_TEST_P(ForgeContract, ShowsAnOpenPullRequestAsItIs) {
    const int number = this->world_.open_pull_request();
    const auto head = this->world_.push(number);
    const auto view = this->observe(number);
    EXPECT_EQ(view.pull_request.number, number);
    EXPECT_TRUE(view.pull_request.is_open());
    EXPECT_FALSE(view.pull_request.is_from_fork);
    EXPECT_EQ(view.pull_request.head, head);
    EXPECT_NE(view.id, "");
    EXPECT_NE(view.viewer, "");
    EXPECT_TRUE(view.viewer_permission == Permission::Write || view.viewer_permission == Permission::Admin);
    EXPECT_THAT(view.labels, ::testing::IsEmpty());
    EXPECT_THAT(view.claim_tokens, ::testing::IsEmpty());
    EXPECT_FALSE(view.comment);
    EXPECT_THAT(view.deployments, ::testing::IsEmpty());
    EXPECT_LT(std::chrono::abs(view.server_time - this->world_.now()), std::chrono::minutes(1));
}

TYPED_TEST_P(ForgeContract, WhatDoesNotExistIsNotFound) {
    EXPECT_EQ(this->forge().observe(4711).error().kind(), ErrorKind::NotFound);
}

TYPED_TEST_P(ForgeContract, FollowsThePushes) {
    const int number = this->world_.open_pull_request();
    const auto first = this->observe(number).pull_request.head;
    const auto second = this->world_.push(number);
    EXPECT_NE(first, second);
    EXPECT_EQ(this->observe(number).pull_request.head, second);
}

TYPED_TEST_P(ForgeContract, TellsThatAPullRequestWasClosed) {
    const int number = this->world_.open_pull_request();
    this->world_.close(number);
    EXPECT_FALSE(this->observe(number).pull_request.is_open());
}

TYPED_TEST_P(ForgeContract, ShowsLabelsSortedAndWhoPutThemOn) {
    const int number = this->world_.open_pull_request();
    this->world_.label(number, "🎪 ⚡ showtime-trigger-start", "ada");
    this->world_.label(number, "bug", "bob");
    const auto view = this->observe(number);
    EXPECT_THAT(view.labels, ::testing::ElementsAre("bug", "🎪 ⚡ showtime-trigger-start"));
    EXPECT_THAT(view.labelled_by,
                ::testing::IsSupersetOf(
                    {::testing::Pair("bug", "bob"), ::testing::Pair("🎪 ⚡ showtime-trigger-start", "ada")}));
}

TYPED_TEST_P(ForgeContract, ATransitionAddsAndRemovesLabels) {
    const int number = this->world_.open_pull_request();
    const auto before = this->apply(this->observe(number), this->adding({this->building_}));
    EXPECT_THAT(before.view.labels, ::testing::ElementsAre(this->building_.name));
    const auto after =
        this->apply(before.view, this->adding({this->running_, this->pointer_}, {this->building_.name}));
    EXPECT_THAT(after.view.labels, ::testing::UnorderedElementsAre(this->running_.name, this->pointer_.name));
    EXPECT_EQ(this->observe(number).labels, after.view.labels);
    EXPECT_THAT(after.warnings, ::testing::IsEmpty());
}

TYPED_TEST_P(ForgeContract, TheSameTransitionTwiceIsOnce) {
    const int number = this->world_.open_pull_request();
    const auto view = this->observe(number);
    auto change = this->adding({this->building_}, {"never there"});
    change.comment = "Hello";
    change.deployment = DeploymentUpdate{DeploymentState::InProgress, view.pull_request.head, "", "", ""};
    this->apply(view, change);
    this->apply(view, change);
    const auto seen = this->observe(number);
    EXPECT_THAT(seen.labels, ::testing::ElementsAre(this->building_.name));
    ASSERT_TRUE(seen.comment);
    EXPECT_THAT(seen.comment->body, ::testing::StartsWith("Hello"));
    const auto again = this->apply(seen, change);
    EXPECT_EQ(again.view.comment->id, seen.comment->id);
}

TYPED_TEST_P(ForgeContract, WhatAPersonDidMeanwhileStays) {
    const int number = this->world_.open_pull_request();
    const auto old_view = this->observe(number);
    this->world_.label(number, "bug", "ada");
    this->apply(old_view, this->adding({this->building_}));
    EXPECT_THAT(this->observe(number).labels, ::testing::UnorderedElementsAre("bug", this->building_.name));
}

TYPED_TEST_P(ForgeContract, DefinitionsThatAreMissingAreCreatedAndOthersLeftAsTheyAre) {
    const int number = this->world_.open_pull_request();
    const std::vector<LabelDefinition> theirs = {{this->running_.name, "123456", "ours"}};
    ASSERT_TRUE(this->forge().put_definitions(theirs, Existing::Keep));
    this->apply(this->observe(number), this->adding({this->building_, this->running_}));
    ASSERT_TRUE(this->definition(this->building_.name));
    EXPECT_EQ(this->definition(this->building_.name)->definition, this->building_);
    EXPECT_EQ(this->definition(this->running_.name)->definition, theirs[0]);
}

TYPED_TEST_P(ForgeContract, AnImpossibleLabelIsRefusedAndNothingIsDone) {
    const int number = this->world_.open_pull_request();
    const auto view = this->observe(number);
    const auto outcome = this->forge().apply(
        view, this->adding({this->building_, {"🎪 " + std::string(60, 'x'), "ffffff", ""}}));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(this->observe(number).labels, ::testing::IsEmpty());
}

TYPED_TEST_P(ForgeContract, HasOneCommentThatIsRewrittenInPlace) {
    const int number = this->world_.open_pull_request();
    PullRequestChange change;
    change.comment = fmt::format("First {}", kStickyMarker);
    const auto first = this->apply(this->observe(number), change);
    ASSERT_TRUE(first.view.comment);
    EXPECT_EQ(this->observe(number).comment->id, first.view.comment->id);
    change.comment = fmt::format("Second {}", kStickyMarker);
    this->apply(first.view, change);
    const auto second = this->observe(number).comment;
    ASSERT_TRUE(second);
    EXPECT_EQ(second->id, first.view.comment->id);
    EXPECT_EQ(second->body, *change.comment);
}

TYPED_TEST_P(ForgeContract, RecordsADeploymentUpdatesItAndEndsIt) {
    const int number = this->world_.open_pull_request();
    auto view = this->observe(number);
    PullRequestChange change;
    change.deployment =
        DeploymentUpdate{DeploymentState::InProgress, view.pull_request.head, "", "", "building"};
    view = this->apply(view, change).view;
    ASSERT_EQ(view.deployments.size(), 1U);
    EXPECT_EQ(view.deployments[0].state, DeploymentState::InProgress);
    change.deployment->state = DeploymentState::Success;
    change.deployment->environment_url = "http://127.0.0.1:8080/";
    this->apply(view, change);
    view = this->observe(number);
    ASSERT_EQ(view.deployments.size(), 1U);
    EXPECT_EQ(view.deployments[0].sha, view.pull_request.head);
    EXPECT_EQ(view.deployments[0].state, DeploymentState::Success);

    PullRequestChange end;
    end.end_deployments = view.deployments;
    const auto outcome = this->apply(view, end);
    EXPECT_THAT(outcome.warnings, ::testing::IsEmpty());
    EXPECT_THAT(this->observe(number).deployments, ::testing::IsEmpty());
}

TYPED_TEST_P(ForgeContract, DeploymentsOfSeveralVersionsComeNewestFirst) {
    const int number = this->world_.open_pull_request();
    auto view = this->observe(number);
    PullRequestChange change;
    change.deployment =
        DeploymentUpdate{DeploymentState::Success, view.pull_request.head, "http://a/", "", ""};
    const auto old_head = view.pull_request.head;
    this->apply(view, change);
    change.deployment->sha = this->world_.push(number);
    this->apply(this->observe(number), change);
    view = this->observe(number);
    ASSERT_EQ(view.deployments.size(), 2U);
    EXPECT_EQ(view.deployments[0].sha, view.pull_request.head);
    EXPECT_EQ(view.deployments[1].sha, old_head);
}

TYPED_TEST_P(ForgeContract, ListsOpenPullRequestsByNumberWithTheirLabels) {
    std::vector<int> opened;
    for (int i = 0; i < 3; ++i) opened.push_back(this->world_.open_pull_request());
    this->world_.label(opened[2], "bug", "ada");
    this->world_.close(opened[1]);
    const auto listed = this->must(this->forge().list_open());
    EXPECT_THAT(this->numbers_of(listed), ::testing::ElementsAre(opened[0], opened[2]));
    EXPECT_THAT(listed[1].labels, ::testing::ElementsAre("bug"));
    EXPECT_EQ(listed[1].pull_request.head, this->observe(opened[2]).pull_request.head);
}

TYPED_TEST_P(ForgeContract, FindsWhatCarriesOurLabelsOpenOrClosed) {
    const int plain = this->world_.open_pull_request();
    const int open = this->world_.open_pull_request();
    const int closed = this->world_.open_pull_request();
    this->world_.label(plain, "bug", "ada");
    for (const int number : {open, closed})
        this->apply(this->observe(number), this->adding({this->pointer_}));
    this->world_.close(closed);
    this->world_.close(plain);
    const auto listed = this->must(this->forge().list_labelled());
    EXPECT_THAT(this->numbers_of(listed), ::testing::ElementsAre(open, closed));
    EXPECT_FALSE(listed[1].pull_request.is_open());
    EXPECT_THAT(listed[1].labels, ::testing::ElementsAre(this->pointer_.name));
}

TYPED_TEST_P(ForgeContract, AnOpenPullRequestWithoutOurLabelsIsNotListedAsLabelled) {
    this->world_.label(this->world_.open_pull_request(), "bug", "ada");
    EXPECT_THAT(this->must(this->forge().list_labelled()), ::testing::IsEmpty());
}

TYPED_TEST_P(ForgeContract, SaysWhatBecameOfEachDefinition) {
    const std::vector<LabelDefinition> wanted = {this->building_, this->running_, this->pointer_};
    const auto put = [&](Existing existing, std::vector<LabelDefinition> definitions) {
        return this->must(this->forge().put_definitions(definitions, existing));
    };
    using enum DefinitionOutcome;
    EXPECT_THAT(put(Existing::Keep, {this->building_}), ::testing::ElementsAre(Created));
    auto repainted = this->building_;
    repainted.color = "000000";
    EXPECT_THAT(put(Existing::Keep, {repainted}), ::testing::ElementsAre(Unchanged));
    EXPECT_EQ(this->definition(repainted.name)->definition, this->building_);
    EXPECT_THAT(put(Existing::Overwrite, {repainted, this->running_}),
                ::testing::ElementsAre(Updated, Created));
    EXPECT_EQ(this->definition(repainted.name)->definition, repainted);
    EXPECT_THAT(put(Existing::Overwrite, {repainted, this->running_}),
                ::testing::ElementsAre(Unchanged, Unchanged));
}

TYPED_TEST_P(ForgeContract, CountsWhatCarriesADefinition) {
    const int first = this->world_.open_pull_request();
    const int second = this->world_.open_pull_request();
    for (const int number : {first, second})
        this->apply(this->observe(number), this->adding({this->pointer_}));
    this->world_.close(second);
    EXPECT_EQ(this->definition(this->pointer_.name)->attached_to, 2);
}

TYPED_TEST_P(ForgeContract, DeletesOnlyDefinitionsThatNothingCarriesAtThatMoment) {
    const int number = this->world_.open_pull_request();
    const std::vector<LabelDefinition> wanted = {this->building_, this->running_};
    ASSERT_TRUE(this->forge().put_definitions(wanted, Existing::Keep));
    const auto listed = this->must(this->forge().list_definitions("🎪 abc1234"));
    ASSERT_EQ(listed.size(), 2U);
    this->apply(this->observe(number), this->adding({this->running_}));
    EXPECT_THAT(this->must(this->forge().delete_unattached(listed)),
                ::testing::ElementsAre(this->building_.name));
    EXPECT_FALSE(this->definition(this->building_.name));
    EXPECT_TRUE(this->definition(this->running_.name));
    EXPECT_THAT(this->must(this->forge().delete_unattached(listed)), ::testing::IsEmpty());
    EXPECT_THAT(this->observe(number).labels, ::testing::ElementsAre(this->running_.name));
}

TYPED_TEST_P(ForgeContract, ADefinitionThatCameBackIsAnotherOneAndIsUsed) {
    const int number = this->world_.open_pull_request();
    auto view = this->apply(this->observe(number), this->adding({this->pointer_})).view;
    view = this->apply(view, this->adding({}, {this->pointer_.name})).view;
    const auto old = *this->definition(this->pointer_.name);
    const std::vector<StoredLabel> gone = {old};
    ASSERT_EQ(this->must(this->forge().delete_unattached(gone)).size(), 1U);
    view = this->apply(view, this->adding({this->pointer_})).view;
    EXPECT_THAT(this->observe(number).labels, ::testing::ElementsAre(this->pointer_.name));
    EXPECT_NE(this->definition(this->pointer_.name)->id, old.id);
}

TYPED_TEST_P(ForgeContract, KnowsWhatCollaboratorsMayDo) {
    this->world_.add_collaborator("writer", Permission::Write);
    this->world_.add_collaborator("admin", Permission::Admin);
    this->world_.add_collaborator("reader", Permission::Read);
    const auto ask = [&](const std::string& login) { return this->must(this->forge().permission(login)); };
    EXPECT_EQ(ask("writer").permission, Permission::Write);
    EXPECT_EQ(ask("writer").level, "write");
    EXPECT_TRUE(ask("admin").may_write());
    EXPECT_FALSE(ask("reader").may_write());
    EXPECT_EQ(ask("nobody-here").permission, Permission::None);
    EXPECT_EQ(ask("nobody-here").level, "not_collaborator");
}

TYPED_TEST_P(ForgeContract, ResolvesCommitsOfThePullRequestOnly) {
    const int number = this->world_.open_pull_request();
    const auto first = this->observe(number).pull_request.head;
    const auto second = this->world_.push(number);
    const auto resolve = [&](const std::string& prefix) {
        return this->forge().resolve_commit(number, prefix);
    };
    EXPECT_EQ(this->must(resolve(second.short_sha().text())), second);
    EXPECT_EQ(this->must(resolve(first.text())), first);
    EXPECT_EQ(resolve(this->world_.base().text()).error().kind(), ErrorKind::NotFound);
    EXPECT_EQ(resolve("0123456789abcdef").error().kind(), ErrorKind::NotFound);
}

TYPED_TEST_P(ForgeContract, KnowsWhichVersionContainsWhich) {
    const int number = this->world_.open_pull_request();
    const auto head = this->observe(number).pull_request.head;
    const auto base = this->world_.base();
    EXPECT_EQ(this->must(this->forge().contains(head, base)), Ancestry::Contained);
    EXPECT_EQ(this->must(this->forge().contains(head, head)), Ancestry::Contained);
    EXPECT_EQ(this->must(this->forge().contains(base, head)), Ancestry::NotContained);
}

REGISTER_TYPED_TEST_SUITE_P(
    ForgeContract, ShowsAnOpenPullRequestAsItIs, WhatDoesNotExistIsNotFound, FollowsThePushes,
    TellsThatAPullRequestWasClosed, ShowsLabelsSortedAndWhoPutThemOn, ATransitionAddsAndRemovesLabels,
    TheSameTransitionTwiceIsOnce, WhatAPersonDidMeanwhileStays,
    DefinitionsThatAreMissingAreCreatedAndOthersLeftAsTheyAre, AnImpossibleLabelIsRefusedAndNothingIsDone,
    HasOneCommentThatIsRewrittenInPlace, RecordsADeploymentUpdatesItAndEndsIt,
    DeploymentsOfSeveralVersionsComeNewestFirst, ListsOpenPullRequestsByNumberWithTheirLabels,
    FindsWhatCarriesOurLabelsOpenOrClosed, AnOpenPullRequestWithoutOurLabelsIsNotListedAsLabelled,
    SaysWhatBecameOfEachDefinition, CountsWhatCarriesADefinition,
    DeletesOnlyDefinitionsThatNothingCarriesAtThatMoment, ADefinitionThatCameBackIsAnotherOneAndIsUsed,
    KnowsWhatCollaboratorsMayDo, ResolvesCommitsOfThePullRequestOnly, KnowsWhichVersionContainsWhich);

}  // namespace ringmaster::testing
