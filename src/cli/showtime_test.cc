// The program under the name it replaces: what scripts and workflows of showtime rely on (contract §3).

#include <gtest/gtest.h>

#include "cli/context_harness.h"
#include "shows/labels.h"

namespace ringmaster::cli {
namespace {

class Showtime : public ::testing::Test {
 protected:
    explicit Showtime(Environment::Map variables = {}, Traits traits = {})
        : context(std::move(variables), showtime_program(), traits) {
        context.forge().open(12, "aaaaaaa");
    }
    ContextHarness context;
};

const std::string kFullSha = std::string(7, 'a') + std::string(33, '0');

TEST_F(Showtime, VersionIsACommandAndNotAnOption) {
    EXPECT_EQ(context.run({"version"}), kDone);
    EXPECT_EQ(context.stdout_text(), "🎪 Superset Showtime v0.7.1\n");
    EXPECT_EQ(context.run({"--version"}), kWrongUsage);
    EXPECT_EQ(context.stdout_text(), "");
    EXPECT_EQ(context.run({}), kWrongUsage);
    EXPECT_NE(context.stdout_text().find("Usage"), std::string::npos) << "the help is on stdout";
}

class ShowtimeInAWorkflow : public Showtime {
 protected:
    // B9: nothing about the terminal may change a byte of the answer.
    ShowtimeInAWorkflow()
        : Showtime({{"GITHUB_ACTIONS", "true"},
                    {"GITHUB_ACTOR", "x[bot]"},
                    {"COLUMNS", "40"},
                    {"CLICOLOR_FORCE", "1"},
                    {"TERM", "xterm"}},
                   Traits{.is_terminal = true,
                          .has_color = true,
                          .has_links = true,
                          .moves_cursor = true,
                          .width = 40}) {
        context.forge().permissions["x[bot]"] = {Permission::Write, "write"};
    }
};

TEST_F(ShowtimeInAWorkflow, CheckOnlyIsExactlyTheseLines) {
    std::string triggers;
    for (int i = 0; i < 9; ++i) {
        const auto name = fmt::format("🎪 {} showtime-trigger-x", i);
        context.forge().label(12, name);
        triggers += name + ",";
    }
    context.forge().label(12, std::string(shows::kStartTrigger));
    EXPECT_EQ(context.run({"sync", "12", "--check-only"}), kDone) << context.stderr_text();
    EXPECT_EQ(context.stdout_text(),
              "build_needed=true\nsync_needed=true\npr_number=12\ntarget_sha=" + kFullSha +
                  "\naction_needed=create_environment\ngithub_actor=x[bot]\n"
                  "permission_level=write\nauth_status=authorized\ntrigger_labels=" +
                  triggers + "🎪 ⚡ showtime-trigger-start\nhas_previous_shows=false\n" +
                  "action_reason=explicit_start_new_sha\n");
    EXPECT_EQ(context.stderr_text(), "🎪 Using latest SHA: aaaaaaa\n");
    EXPECT_EQ(context.forge().calls["apply"], 0) << "it writes nothing";
}

TEST_F(ShowtimeInAWorkflow, CheckOnlyOfABlockedPullRequestSaysWhy) {
    context.forge().permissions["x[bot]"] = {Permission::Read, "read"};
    context.forge().label(12, std::string(shows::kStartTrigger));
    EXPECT_EQ(context.run({"sync", "12", "--check-only", "--sha", "AAAAAAA"}), kDone);
    EXPECT_EQ(
        context.stdout_text(),
        "build_needed=false\nsync_needed=false\npr_number=12\ntarget_sha=aaaaaaa\naction_needed=blocked\n"
        "github_actor=x[bot]\npermission_level=read\nauth_status=denied_insufficient_perms\n"
        "blocked_reason=authorization_failed\ntrigger_labels=🎪 ⚡ showtime-trigger-start\n"
        "has_previous_shows=false\naction_reason=operation_blocked\n");
    EXPECT_EQ(context.run({"sync", "12"}), kFailed);
    EXPECT_TRUE(context.stdout_text().starts_with("🎪 ❌ Sync failed: ")) << context.stdout_text();
    EXPECT_FALSE(context.forge().has_label(12, std::string(shows::kBlocked))) << "contract D35, D36";
}

TEST_F(Showtime, SyncSaysWhatItDidInTheOriginalsWords) {
    EXPECT_EQ(context.run({"sync", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "🎪 ✅ Sync completed: no_action\n");
    context.forge().label(12, std::string(shows::kStartTrigger));
    EXPECT_EQ(context.run({"sync", "12"}), kDone) << context.stderr_text();
    EXPECT_TRUE(context.stdout_text().ends_with("🎪 ✅ Sync completed: create_environment\n"));
    context.forge().label(12, std::string(shows::kStopTrigger));
    EXPECT_EQ(context.run({"sync", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "🎪 ✅ Sync completed: destroy_environment\n");
}

TEST_F(Showtime, AFailureIsOneErrorLineAndExitCode1) {
    context.builder().failure = Error::failed("the build ended with exit code 3");
    context.forge().label(12, std::string(shows::kStartTrigger));
    EXPECT_EQ(context.run({"sync", "12"}), kFailed);
    const auto& text = context.stderr_text();
    const auto at = text.find("🎪 ❌ Sync failed: ");
    ASSERT_NE(at, std::string::npos) << text;
    EXPECT_EQ(text.find("❌", at + 10), std::string::npos) << "contract D45: one message";
}

TEST_F(Showtime, StartIsItselfTheTriggerAndDoesNotStartTwice) {
    EXPECT_EQ(context.run({"start", "12"}), kDone) << context.stderr_text();
    EXPECT_TRUE(context.stdout_text().starts_with("🎪 ✅ Environment created: aaaaaaa\n"))
        << context.stdout_text();
    EXPECT_EQ(context.run({"start", "12"}), kDone);
    EXPECT_EQ(context.builder().builds["pr-12-aaaaaaa"], 1);
    EXPECT_EQ(context.run({"start", "12", "--dry-run", "--force"}), kDone);
    EXPECT_EQ(context.builder().builds["pr-12-aaaaaaa"], 1);
}

TEST_F(Showtime, OptionsThatNeverDidAnythingAreRefusedUnlessTheySayTheDefault) {
    EXPECT_EQ(context.run({"start", "12", "--size", "standard", "--aws-sleep", "0"}), kDone);
    for (const auto& words : std::vector<std::vector<std::string>>{{"start", "12", "--size", "huge"},
                                                                   {"start", "12", "--image-tag", "x"},
                                                                   {"start", "12", "--aws-sleep", "5"},
                                                                   {"sync", "12", "--docker-tag=x"},
                                                                   {"stop", "12", "--aws-sleep=1"}}) {
        EXPECT_EQ(context.run(words), kWrongUsage) << words[2];
        EXPECT_NE(context.stderr_text().find("has no effect and never had"), std::string::npos);
    }
}

TEST_F(Showtime, StopAsksAndHearsAnAnswerThroughAPipe) {
    EXPECT_EQ(context.run({"stop", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "🎪 No active environment found for PR #12\n");
    ASSERT_EQ(context.run({"start", "12"}), kDone);
    EXPECT_EQ(context.run({"stop", "12"}), kFailed) << "nobody answers";
    EXPECT_EQ(context.stdout_text(), "Delete environment pr-12-aaaaaaa? [y/N]: ");
    context.answers().answers = {"n"};
    EXPECT_EQ(context.run({"stop", "12"}), kDone);
    EXPECT_EQ(context.runtime().services.size(), 1u);
    context.answers().answers = {"y"};
    EXPECT_EQ(context.run({"stop", "12"}), kDone) << context.stderr_text();
    EXPECT_TRUE(context.stdout_text().ends_with("🎪 ✅ Environment stopped and cleaned up!\n"));
    EXPECT_TRUE(context.runtime().services.empty());
}

TEST_F(Showtime, StatusAndListSeeWhatSyncMade) {
    EXPECT_EQ(context.run({"status", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "🎪 No environment found for PR #12\n");
    ASSERT_EQ(context.run({"start", "12"}), kDone);
    EXPECT_EQ(context.run({"status", "12", "-v"}), kDone);
    const auto& text = context.stdout_text();
    EXPECT_TRUE(text.starts_with("Status\t🟢 running\nEnvironment\taaaaaaa\nService Name\tpr-12-aaaaaaa\n"))
        << text;
    EXPECT_NE(text.find("TTL\t48h (1d 23h)\n"), std::string::npos) << text;
    EXPECT_NE(text.find("All Labels\t"), std::string::npos);
    EXPECT_EQ(context.run({"list", "--status", "running"}), kDone);
    EXPECT_TRUE(context.stdout_text().starts_with("12\tpr-12-aaaaaaa-service\t🎯\t🟢\taaaaaaa\t"))
        << context.stdout_text();
}

TEST_F(Showtime, CleanupWithoutForceAndWithoutAPersonOnlyListsWhatItWouldAskAbout) {
    ASSERT_EQ(context.run({"start", "12"}), kDone);
    context.forge().item(12).pull_request.state = PullRequestState::Closed;
    EXPECT_EQ(context.run({"cleanup"}), kDone) << context.stderr_text();
    EXPECT_NE(context.stderr_text().find("only listed"), std::string::npos) << context.stderr_text();
    EXPECT_EQ(context.runtime().services.size(), 1u);
    EXPECT_EQ(context.run({"cleanup", "--force"}), kDone) << context.stderr_text();
    EXPECT_NE(context.stdout_text().find("🎪 ✅ Cleanup completed"), std::string::npos);
    EXPECT_TRUE(context.runtime().services.empty());
}

TEST_F(Showtime, CleanupRefusesDurationsWithSomethingAfterThem) {
    for (const auto* bad : {"1d12h", "48hours", "close", ""})
        EXPECT_EQ(context.run({"cleanup", "--older-than", bad}), kWrongUsage) << bad;
    EXPECT_EQ(context.run({"cleanup", "--max-age", "1h"}), kWrongUsage);
}

TEST_F(Showtime, CleanupFollowsTtlLabelsOnlyIfAsked) {
    ASSERT_EQ(context.run({"start", "12", "--ttl", "1w"}), kDone);
    context.fake_clock().advance(std::chrono::hours(50));
    EXPECT_EQ(context.run({"cleanup", "--respect-ttl"}), kDone);
    EXPECT_EQ(context.runtime().services.size(), 1u);
    EXPECT_EQ(context.run({"cleanup"}), kDone) << "phase 1 never asks";
    EXPECT_TRUE(context.runtime().services.empty()) << context.stdout_text() << context.stderr_text();
}

TEST_F(Showtime, GitCheckHasAnExitCode) {
    context.git = {.required = kFullSha, .head = kFullSha, .verdict = shows::CommitVerdict::Invalid};
    EXPECT_EQ(context.run({"git-check"}), kFailed);
    EXPECT_NE(context.stdout_text().find("FAILED"), std::string::npos);
    context.git.verdict = shows::CommitVerdict::NotChecked;
    EXPECT_EQ(context.run({"git-check"}), kDone);
    EXPECT_NE(context.stdout_text().find("NOT CHECKED"), std::string::npos);
}

}  // namespace
}  // namespace ringmaster::cli
