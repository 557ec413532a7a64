#include "shows/decide.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow = *parse_iso8601("2026-11-22T14:00:00Z");
const CommitSha kTarget = *CommitSha::parse("abc1234" + std::string(33, '0'));
constexpr std::string_view kRecently = "2026-11-22T13-50";

Observation open_pull_request(std::vector<std::string> labels) {
    Observation seen{.pull_request = {.number = 12, .head = kTarget}, .labels = parse_labels(labels)};
    seen.authorization = {.allowed = true, .status = AuthStatus::Authorized, .permission_level = "write"};
    return seen;
}

Request sync_request() {
    return {.target = kTarget};
}

std::vector<std::string> target_show(std::string_view status) {
    return {fmt::format("🎪 abc1234 🚦 {}", status), fmt::format("🎪 abc1234 📅 {}", kRecently)};
}

std::vector<std::string> with(std::vector<std::string> labels, std::string_view more) {
    labels.emplace_back(more);
    return labels;
}

struct Row {
    std::string name;
    std::vector<std::string> labels;
    std::string action;
    std::string reason;
};

// Contract §4.2 with the required changes of §4.3 applied; the numbers are the contract's rows.
std::vector<Row> rows() {
    const std::vector<std::string> start = {std::string(kStartTrigger)};
    const auto started = [](std::string_view status) { return with(target_show(status), kStartTrigger); };
    const std::vector<std::string> other_show = {"🎪 fffffff 🚦 running", "🎪 fffffff 📅 2026-11-22T12-00"};
    return {
        {"2 blocked", with(start, kBlocked), "blocked", "operation_blocked"},
        {"4 start, new", start, "create_environment", "explicit_start_new_sha"},
        {"5 start, failed", started("failed"), "create_environment", "explicit_start_failed_sha"},
        {"6 start, building", started("building"), "no_action", "explicit_start_trigger"},
        {"6 start, built", started("built"), "no_action", "explicit_start_trigger"},
        {"6 start, deploying", started("deploying"), "no_action", "explicit_start_trigger"},
        {"7 start, running", started("running"), "create_environment", "explicit_start_force_rebuild"},
        {"8 start, updating", started("updating"), "create_environment", "explicit_start_trigger"},
        {"8 start, unknown", started("party"), "create_environment", "explicit_start_trigger"},
        {"9 stop", with(target_show("running"), kStopTrigger), "destroy_environment",
         "explicit_stop_trigger"},
        {"9 stop, no show", {std::string(kStopTrigger)}, "destroy_environment", "explicit_stop_trigger"},
        {"10 start and stop", with(started("running"), kStopTrigger), "destroy_environment",
         "explicit_stop_trigger"},
        {"11 another trigger", {"🎪 ⚡ showtime-trigger-dance"}, "no_action", "no_previous_environments"},
        {"12 nothing", {}, "no_action", "no_previous_environments"},
        {"13 a new commit", other_show, "create_environment", "auto_sync_new_commit"},
        {"13 frozen", with(other_show, kFreeze), "no_action", "frozen"},
        {"14 building", target_show("building"), "no_action", "in_progress"},
        {"14 deploying", target_show("deploying"), "no_action", "in_progress"},
        {"15 built", target_show("built"), "no_action", "in_progress"},
        {"16 running", target_show("running"), "no_action", "already_running"},
        {"17 failed once", target_show("failed"), "create_environment", "auto_rebuild_failed"},
        {"17 failed twice", with(target_show("failed"), "🎪 abc1234 🔁 2"), "no_action",
         "failed_awaiting_trigger"},
        {"17 failed, frozen", with(target_show("failed"), kFreeze), "no_action", "frozen"},
        {"17 unknown status counts as failed", target_show("party"), "create_environment",
         "auto_rebuild_failed"},
        {"18 updating", target_show("updating"), "no_action", "no_previous_environments"},
        {"start overrides freeze", with(with(other_show, kFreeze), kStartTrigger), "create_environment",
         "explicit_start_new_sha"},
        {"stop is unaffected by freeze", with(with(other_show, kFreeze), kStopTrigger), "destroy_environment",
         "explicit_stop_trigger"},
        {"a stop that was cut off goes on", target_show("stopping"), "destroy_environment",
         "explicit_stop_trigger"},
    };
}

TEST(Decide, FollowsTheContractsTruthTable) {
    for (const auto& row : rows()) {
        SCOPED_TRACE(row.name);
        const auto decision = decide(open_pull_request(row.labels), sync_request(), {}, kNow);
        EXPECT_EQ(to_string(decision.action), row.action);
        EXPECT_EQ(to_string(decision.reason), row.reason);
        EXPECT_EQ(decision.build_needed(), row.action == "create_environment");
        EXPECT_EQ(decision.sync_needed(),
                  row.action == "create_environment" || row.action == "destroy_environment");
    }
}

TEST(Decide, AClosedPullRequestIsTornDownWhateverElseIsTrue) {
    for (const auto& row : rows()) {
        auto seen = open_pull_request(with(row.labels, kBlocked));
        seen.pull_request.state = PullRequestState::Merged;
        seen.authorization.allowed = false;
        const auto decision = decide(seen, sync_request(), {}, kNow);
        EXPECT_EQ(to_string(decision.action), "destroy_environment") << row.name;
        EXPECT_TRUE(decision.sync_needed());
    }
}

TEST(Decide, AClosedPullRequestWithNothingLeftNeedsNoSync) {
    auto seen = open_pull_request({"bug"});
    seen.pull_request.state = PullRequestState::Closed;
    EXPECT_FALSE(decide(seen, sync_request(), {}, kNow).sync_needed());
    seen.services = std::vector<ServiceFact>{{*ShortSha::parse("abc1234"), true, {}}};
    EXPECT_TRUE(decide(seen, sync_request(), {}, kNow).sync_needed())
        << "a service without labels must not leak";
}

TEST(Decide, AnUnauthorizedAskerIsBlockedBeforeAnyTrigger) {
    for (const auto& row : rows()) {
        auto seen = open_pull_request(row.labels);
        seen.authorization.allowed = false;
        const auto decision = decide(seen, sync_request(), {}, kNow);
        EXPECT_EQ(to_string(decision.action), "blocked") << row.name;
    }
}

TEST(Decide, ATriggerThatIsAnsweredIsTakenOff) {
    const auto decision =
        decide(open_pull_request(with(target_show("building"), kStartTrigger)), sync_request(), {}, kNow);
    EXPECT_EQ(decision.consumed_labels, std::vector<std::string>{std::string(kStartTrigger)});
    EXPECT_FALSE(decision.sync_needed());
}

TEST(Decide, AShowInProgressIsAbandonedOnceNobodyHoldsItsClaim) {
    auto seen = open_pull_request(with(target_show("building"), "🎪 🏗️ abc1234"));
    seen.is_claimed_by_other = true;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::InProgress);
    seen.is_claimed_by_other = false;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::AutoRebuildFailed);
}

TEST(Decide, AnOriginalToolsShowInProgressIsAbandonedAfterTwoHours) {
    const auto seen = open_pull_request(target_show("deploying"));
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow + 109min).reason, Reason::InProgress);
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow + 111min).reason, Reason::AutoRebuildFailed);
    EXPECT_EQ(decide(open_pull_request({"🎪 abc1234 🚦 deploying"}), sync_request(), {}, kNow).reason,
              Reason::AutoRebuildFailed);
}

TEST(Decide, ALostServiceComesBackOnceAndNotForEver) {
    auto seen = open_pull_request(target_show("running"));
    seen.services = std::vector<ServiceFact>{};
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::ServiceLost);
    seen.labels = parse_labels(with(target_show("running"), "🎪 abc1234 🔁 1"));
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::FailedAwaitingTrigger);
    seen.services = std::nullopt;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::AlreadyRunning)
        << "an engine that cannot be asked proves nothing";
}

TEST(Decide, ForksNeedAnApprovalOfThisVeryVersion) {
    auto seen = open_pull_request({std::string(kStartTrigger)});
    seen.pull_request.is_from_fork = true;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::ForkNeedsApproval);
    seen.labels = parse_labels(std::vector<std::string>{std::string(kStartTrigger), "🎪 def5678 ✅ ada"});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::ForkNeedsApproval)
        << "another version was approved";
    seen.labels = parse_labels(std::vector<std::string>{std::string(kStartTrigger), "🎪 abc1234 ✅ ada"});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).action, Action::CreateEnvironment);
    EXPECT_EQ(decide(seen, sync_request(), {.forks = ForkPolicy::Never}, kNow).reason,
              Reason::ForkNotAllowed);
}

TEST(Decide, WhatAStopThatWasCutOffLeftDoesNotWaitForTheApprovalOfTheNextStart) {
    auto seen = open_pull_request({std::string(kStartTrigger), "🎪 fffffff 🚦 stopping"});
    seen.pull_request.is_from_fork = true;
    const Decision decision = decide(seen, sync_request(), {}, kNow);
    EXPECT_EQ(decision.reason, Reason::ForkNeedsApproval);
    ASSERT_EQ(decision.to_retire.size(), 1U);
    EXPECT_EQ(decision.to_retire.front().text(), "fffffff");
}

TEST(Decide, ADraftGetsAShowOnlyWhenAsked) {
    auto seen = open_pull_request({"🎪 fffffff 🚦 running"});
    seen.pull_request.is_draft = true;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::DraftSkipped);
    EXPECT_EQ(decide(seen, sync_request(), {.drafts = DraftPolicy::Always}, kNow).action,
              Action::CreateEnvironment);
    seen.labels = parse_labels(std::vector<std::string>{std::string(kStartTrigger)});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).action, Action::CreateEnvironment);
    EXPECT_EQ(decide(seen, sync_request(), {.drafts = DraftPolicy::Skip}, kNow).reason, Reason::DraftSkipped);
}

TEST(Decide, TheLimitHoldsNewShowsBackButNeverAReplacement) {
    auto seen = open_pull_request({std::string(kStartTrigger)});
    seen.shows_elsewhere = 20;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::LimitReached);
    seen.labels = parse_labels(std::vector<std::string>{"🎪 fffffff 🚦 running"});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).reason, Reason::AutoSyncNewCommit);
}

TEST(Decide, AVersionWithoutTheRequiredCommitIsBlockedButTeardownIsNot) {
    auto seen = open_pull_request({std::string(kStartTrigger)});
    seen.commit_verdict = CommitVerdict::Invalid;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).blocked_reason, BlockedReason::GitValidationFailed);
    seen.labels = parse_labels(std::vector<std::string>{std::string(kStopTrigger)});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).action, Action::DestroyEnvironment);
}

TEST(Decide, AShowExpiresAtItsLabelsTimeAndNotBefore) {
    Request request = sync_request();
    request.expiry = ExpiryRule{};
    const auto seen = open_pull_request(with(target_show("running"), "🎪 ⌛ 24h"));
    EXPECT_EQ(decide(seen, request, {}, kNow + 23h).reason, Reason::AlreadyRunning);
    EXPECT_EQ(decide(seen, request, {}, kNow + 24h).reason, Reason::Expired);
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow + 1000h).reason, Reason::AlreadyRunning)
        << "no rule, no expiry";
    const auto kept = open_pull_request(with(target_show("running"), "🎪 ⌛ close"));
    EXPECT_EQ(decide(kept, request, {}, kNow + 1000h).reason, Reason::AlreadyRunning);
}

TEST(Decide, AnExpiredShowThatIsAskedForAgainStarts) {
    Request request = sync_request();
    request.expiry = ExpiryRule{};
    const auto seen = open_pull_request(with(target_show("running"), kStartTrigger));
    EXPECT_EQ(decide(seen, request, {}, kNow + 100h).action, Action::CreateEnvironment);
}

TEST(Decide, ALateJobForAnOlderCommitNeverReplacesTheNewestShow) {
    auto seen = open_pull_request(target_show("running"));
    Request late = sync_request();
    late.target = *CommitSha::parse("fffffff" + std::string(33, '0'));
    EXPECT_EQ(decide(seen, late, {}, kNow).reason, Reason::Superseded);
    late.purpose = Purpose::Start;
    EXPECT_EQ(decide(seen, late, {}, kNow).action, Action::CreateEnvironment)
        << "a person who names it means it";
}

TEST(Decide, ALostPointerIsPutBackWithoutAnythingElse) {
    const auto decision =
        decide(open_pull_request(with(target_show("running"), "🎪 🏗️ fffffff")), sync_request(), {}, kNow);
    EXPECT_EQ(decision.action, Action::NoAction);
    EXPECT_EQ(decision.repair_add, std::vector{active_pointer(*ShortSha::parse("abc1234"))});
    EXPECT_EQ(decision.repair_remove, std::vector<std::string>{"🎪 🏗️ fffffff"});
    EXPECT_TRUE(decision.needs_upkeep());
}

RC_GTEST_PROP(DecideProperty, TheOrderOfLabelsNeverMatters, ()) {
    const auto all = rows();
    auto labels = all[*rc::gen::inRange<std::size_t>(0, all.size())].labels;
    const auto more = all[*rc::gen::inRange<std::size_t>(0, all.size())].labels;
    labels.insert(labels.end(), more.begin(), more.end());
    const auto expected = decide(open_pull_request(labels), sync_request(), {}, kNow);
    std::vector<std::string> shuffled;
    while (!labels.empty()) {
        const auto at = *rc::gen::inRange<std::size_t>(0, labels.size());
        shuffled.push_back(labels[at]);
        labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(at));
    }
    RC_ASSERT(decide(open_pull_request(shuffled), sync_request(), {}, kNow) == expected);
}

RC_GTEST_PROP(DecideProperty, AnyLabelsGetADecision,
              (const std::vector<std::string>& noise, bool closed, bool allowed)) {
    auto seen = open_pull_request(noise);
    seen.pull_request.state = closed ? PullRequestState::Closed : PullRequestState::Open;
    seen.authorization.allowed = allowed;
    const auto decision = decide(seen, sync_request(), {}, kNow);
    RC_ASSERT(decision.action != Action::CreateEnvironment);  // nothing in noise asks for a show
}

Observation with_services(Observation seen, std::vector<ServiceFact> services) {
    seen.services = std::move(services);
    return seen;
}

TEST(Decide, AShowThatNobodyPreparesAnyMoreAndNobodyRebuildsIsGivenUp) {
    for (const std::string_view status : {"building", "built", "deploying"}) {
        auto labels = with(target_show(status), "🎪 🏗️ abc1234");
        const auto again = decide(open_pull_request(labels), sync_request(), {}, kNow);
        EXPECT_EQ(again.reason, Reason::AutoRebuildFailed) << "the first time it is tried again";
        auto seen = open_pull_request(with(labels, "🎪 abc1234 🔁 1"));
        const auto decision = decide(seen, sync_request(), {}, kNow);
        EXPECT_EQ(decision.reason, Reason::FailedAwaitingTrigger);
        EXPECT_EQ(decision.given_up, std::vector{kTarget.short_sha()});
        EXPECT_TRUE(decision.needs_upkeep());
        seen.is_claimed_by_other = true;
        EXPECT_FALSE(decide(seen, sync_request(), {}, kNow).needs_upkeep()) << "somebody is at it";
    }
}

TEST(Decide, ARunningShowWhoseServiceIsGoneForGoodIsGivenUp) {
    const auto labels = with(with(target_show("running"), "🎪 🎯 abc1234"), "🎪 abc1234 🔁 1");
    const auto dead = with_services(open_pull_request(labels), {{kTarget.short_sha(), false, kNow}});
    EXPECT_EQ(decide(dead, sync_request(), {}, kNow).given_up, std::vector{kTarget.short_sha()});
    const auto alive = with_services(open_pull_request(labels), {{kTarget.short_sha(), true, kNow}});
    EXPECT_TRUE(decide(alive, sync_request(), {}, kNow).given_up.empty());
    EXPECT_TRUE(decide(open_pull_request(labels), sync_request(), {}, kNow).given_up.empty())
        << "an engine that does not answer says nothing";
}

TEST(Decide, WhatTheRunningVersionReplacedAndWasNotRemovedIsRetired) {
    const auto old = *ShortSha::parse("0000001");
    const auto unknown = *ShortSha::parse("0000002");
    auto labels = with(with(target_show("running"), "🎪 🎯 abc1234"), "🎪 0000001 🚦 running");
    auto seen = with_services(open_pull_request(labels),
                              {{kTarget.short_sha(), true, kNow}, {old, true, kNow}, {unknown, false, kNow}});
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).to_retire, (std::vector{old, unknown}));
    auto may_only_end = sync_request();
    may_only_end.may_create = false;
    EXPECT_TRUE(decide(seen, may_only_end, {}, kNow).to_retire.empty());
}

TEST(Decide, AStopThatWasCutOffGoesOnWhateverWasPushedSince) {
    const auto decision = decide(open_pull_request({"🎪 0000001 🚦 stopping"}), sync_request(), {}, kNow);
    EXPECT_EQ(decision.action, Action::DestroyEnvironment);
    EXPECT_EQ(decision.reason, Reason::ExplicitStopTrigger);
}

TEST(Decide, ACommentThatClaimsWhatIsNotSoIsPutRight) {
    struct Said {
        std::vector<std::string> labels;
        std::string state;
        bool is_wrong;
    };
    const auto running = with(target_show("running"), "🎪 🎯 abc1234");
    const auto failed = with(target_show("failed"), "🎪 abc1234 🔁 2");
    for (const auto& said : std::vector<Said>{{running, "running", false},
                                              {running, "failed", false},
                                              {running, "unknown", false},
                                              {running, "building", true},
                                              {running, "", true},
                                              {failed, "failed", false},
                                              {failed, "building", true},
                                              {{}, "stopped", false},
                                              {{}, "", false},
                                              {{}, "running", true}}) {
        auto seen = with_services(open_pull_request(said.labels), {{kTarget.short_sha(), true, kNow}});
        seen.comment_state = said.state;
        EXPECT_EQ(decide(seen, sync_request(), {}, kNow).comment_is_wrong, said.is_wrong)
            << said.state << " over " << said.labels.size();
        EXPECT_FALSE(decide(seen, sync_request(), {.comment = CommentMode::Off}, kNow).comment_is_wrong);
    }
}

TEST(Decide, AnEndThatCouldNotSayAllIsNotOver) {
    auto seen = open_pull_request({});
    seen.pull_request.state = PullRequestState::Closed;
    EXPECT_TRUE(decide(seen, sync_request(), {}, kNow).nothing_left);
    seen.comment_state = "running";
    EXPECT_FALSE(decide(seen, sync_request(), {}, kNow).nothing_left);
    seen.comment_state = "stopped";
    seen.recorded = {kTarget.short_sha()};
    EXPECT_FALSE(decide(seen, sync_request(), {}, kNow).nothing_left);
    seen.pull_request.state = PullRequestState::Open;
    EXPECT_EQ(decide(seen, sync_request(), {}, kNow).stale_records, std::vector{kTarget.short_sha()});
}

/// Found by the simulator (seed 44): the worker that had just taken the lease wrote its first label after the
/// stop had found nothing and gone.
TEST(Decide, AStopDoesNotTakeAnEmptyPullRequestThatSomebodyHasClaimedForStopped) {
    auto seen = open_pull_request({});
    const Request stop{.purpose = Purpose::Stop, .target = kTarget};
    EXPECT_TRUE(decide(seen, stop, {}, kNow).nothing_left);
    seen.is_claimed_by_other = true;
    EXPECT_FALSE(decide(seen, stop, {}, kNow).nothing_left);
    EXPECT_TRUE(decide(seen, stop, {}, kNow).sync_needed());
}

}  // namespace
}  // namespace ringmaster::shows
