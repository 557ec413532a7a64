// The commands of the shows half, run as the program runs them, on a forge and engines in memory.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cli/context_harness.h"
#include "shows/labels.h"

namespace ringmaster::cli {
namespace {

using nlohmann::json;

const std::string kSha = std::string(7, 'a') + std::string(33, '0');

class ShowCommands : public ::testing::Test {
 protected:
    ShowCommands() { context.forge().open(12, "aaaaaaa").pull_request.title = "Fix login"; }

    void start() { ASSERT_EQ(context.run({"start", "12"}), kDone) << context.stderr_text(); }
    json printed() { return json::parse(context.stdout_text()); }

    ContextHarness context;
};

TEST_F(ShowCommands, StartBringsAShowUpAndSaysWhereItAnswers) {
    start();
    EXPECT_EQ(context.stdout_text(), "#12 runs at http://10.0.0.1:8080 (version aaaaaaa).\n");
    EXPECT_TRUE(context.forge().has_label(12, "🎪 aaaaaaa 🚦 running"));
    EXPECT_NE(context.stderr_text().find("Build"), std::string::npos) << context.stderr_text();
}

TEST_F(ShowCommands, TheNameOfTheHolderIsKeptWhileTheRunLasts) {
    start();
    EXPECT_EQ(context.files_ever.count("/state/pr-12"), 1u);
    EXPECT_EQ(context.files.count("/state/pr-12"), 0u);
}

TEST_F(ShowCommands, StartTakesATtlAndRefusesABadOne) {
    EXPECT_EQ(context.run({"start", "12", "--ttl", "soon"}), kWrongUsage);
    EXPECT_TRUE(context.forge().item(12).labels.empty());
    EXPECT_EQ(context.run({"start", "12", "--ttl", "1w"}), kDone);
    EXPECT_TRUE(context.forge().has_label(12, "🎪 ⌛ 1w"));
}

TEST_F(ShowCommands, ADetachedStartOnlyPutsTheLabelOn) {
    EXPECT_EQ(context.run({"start", "12", "--detach", "--ttl", "1w"}), kDone) << context.stderr_text();
    EXPECT_EQ(context.stdout_text(), "A start of #12 is asked for.\n");
    EXPECT_EQ(context.forge().item(12).labels.size(), 2u);
    EXPECT_TRUE(context.forge().has_label(12, "🎪 ⚡ showtime-trigger-start"));
    EXPECT_TRUE(context.forge().has_label(12, "🎪 ⌛ 1w"));
    EXPECT_TRUE(context.runtime().services.empty());
    EXPECT_EQ(context.run({"sync", "12"}), kDone);
    EXPECT_FALSE(context.runtime().services.empty());
    EXPECT_EQ(context.run({"stop", "12", "--detach", "--yes", "--json", "action_taken"}), kDone);
    EXPECT_EQ(printed(), (json{{"action_taken", "stop_requested"}}));
    EXPECT_FALSE(context.runtime().services.empty());
}

TEST_F(ShowCommands, WhatALabelCannotCarryIsRefusedWithDetach) {
    for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
             {"--sha", "aaaaaaa"}, {"--force"}, {"--wait", "5m"}, {"--description", "x"}, {"--dry-run"}}) {
        std::vector<std::string> words = {"start", "12", "--detach"};
        words.insert(words.end(), more.begin(), more.end());
        EXPECT_EQ(context.run(words), kWrongUsage) << more[0];
    }
    EXPECT_TRUE(context.forge().item(12).labels.empty());
}

TEST_F(ShowCommands, StatusCanOpenThePullRequestsPage) {
    EXPECT_EQ(context.run({"status", "12", "--web"}), kDone);
    EXPECT_EQ(context.stdout_text(), "https://github.com/acme/shop/pull/12\n");
    EXPECT_TRUE(context.opened.empty()) << "without a terminal there is nobody to open it for";
}

TEST_F(ShowCommands, WatchingEndsWithTheOutcome) {
    EXPECT_EQ(context.run({"status", "12", "--watch"}), kDone) << "nothing is under way";
    start();
    EXPECT_EQ(context.run({"status", "12", "--watch"}), kDone);
    context.builder().failure = Error::failed("the compiler is unhappy");
    EXPECT_EQ(context.run({"start", "12", "--force"}), kFailed);
    context.forge().item(12).labels.emplace_back("🎪 bbbbbbb 🚦 failed");
    EXPECT_EQ(context.run({"status", "12", "--watch"}), kFailed);
}

TEST_F(ShowCommands, WatchingWaitsAndGivesUpWhenItsTimeIsOver) {
    ASSERT_EQ(context.run({"start", "12", "--detach"}), kDone);
    const auto before = context.fake_clock().monotonic();
    EXPECT_EQ(context.run({"status", "12", "--watch", "--timeout", "1m"}), kFailed);
    EXPECT_GE(context.fake_clock().monotonic() - before, std::chrono::minutes(1));
    EXPECT_EQ(context.stderr_text().find("#12: a start was asked for\n"), 0u) << context.stderr_text();
    EXPECT_NE(context.stderr_text().find("was not settled after"), std::string::npos);
}

TEST_F(ShowCommands, TheDescriptionIsKeptInTheHistory) {
    ASSERT_EQ(context.run({"start", "12", "--description", "for the demo on Friday"}), kDone);
    ASSERT_EQ(context.run({"history", "12", "--json", "description"}), kDone);
    EXPECT_EQ(printed(), json::parse(R"([{"description": "for the demo on Friday"}])"));
    EXPECT_EQ(context.run({"start", "12", "--description", std::string(501, 'x')}), kWrongUsage);
    EXPECT_EQ(context.run({"start", "12", "--description", "two\nlines"}), kWrongUsage);
}

TEST_F(ShowCommands, LogsSinceATimeThatIsNoneAreRefused) {
    start();
    EXPECT_EQ(context.run({"logs", "12", "--since", "yesterday"}), kWrongUsage);
    EXPECT_EQ(context.run({"logs", "12", "--since", "10m", "--tail", "3"}), kDone) << context.stderr_text();
    EXPECT_EQ(context.runtime().asked_logs.tail_lines, 3);
    EXPECT_EQ(context.runtime().asked_logs.since, context.fake_clock().now() - std::chrono::minutes(10));
    EXPECT_EQ(context.run({"logs", "12", "--since", "2026-01-05T11:00:00Z"}), kDone);
    EXPECT_EQ(context.runtime().asked_logs.tail_lines, -1) << "all of them, unless --tail says otherwise";
}

TEST_F(ShowCommands, OptionsOfEveryCommandMayComeBeforeIt) {
    EXPECT_EQ(context.run({"--set", "shows.ttl=1h", "-v", "status", "12", "--set=shows.limit=3"}), kDone)
        << context.stderr_text();
    EXPECT_EQ(context.assignments, (std::vector<std::string>{"shows.ttl=1h", "shows.limit=3"}));
    EXPECT_EQ(context.run({"-Racme/shop", "--help"}), kDone);
    EXPECT_EQ(context.run({"--set", "shows.ttl=1h"}), kWrongUsage) << "there is no command";
    EXPECT_EQ(context.run({"--jsn", "status", "12"}), kWrongUsage);
    EXPECT_NE(context.stderr_text().find("options of one command come after it"), std::string::npos);
}

TEST_F(ShowCommands, EveryCommandEndsOnce) {
    (void)context.run({"list"});
    (void)context.run({"status"});  // which number?
    EXPECT_EQ(context.ended, (std::vector<std::string>{"list", "status"}));
}

TEST_F(ShowCommands, SyncWithoutARequestDoesNothingAndSaysWhy) {
    EXPECT_EQ(context.run({"sync", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "Nothing to do for #12: nobody asked for a show.\n");
    EXPECT_EQ(context.stderr_text(), "hint:  `ringmaster start` gives it a show\n");
}

TEST_F(ShowCommands, ADryRunWritesNothing) {
    EXPECT_EQ(context.run({"start", "12", "--dry-run"}), kDone);
    EXPECT_EQ(context.stdout_text(), "Would give #12 a show of aaaaaaa: a start was asked for.\n");
    EXPECT_TRUE(context.forge().item(12).labels.empty());
    EXPECT_TRUE(context.forge().item(12).tokens.empty());
    EXPECT_TRUE(context.runtime().services.empty());
}

TEST_F(ShowCommands, JsonHasExactlyTheFieldsItPromises) {
    start();
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"sync", "12"}, {"start", "12"}, {"status", "12"}, {"list"}}) {
        auto with_json = words;
        with_json.emplace_back("--json");
        ASSERT_EQ(context.run(with_json), kDone) << words[0];
        const auto value = printed();
        std::set<std::string> names;
        for (const auto& [name, field] : (value.is_array() ? value.at(0) : value).items()) names.insert(name);
        const auto& promised = ringmaster_program().find(words[0])->json_fields;
        const std::set<std::string> wanted(promised.begin(), promised.end());
        for (const auto& name : names) EXPECT_TRUE(wanted.contains(name)) << words[0] << " " << name;
        if (words[0] != "sync") EXPECT_EQ(names, wanted) << words[0];
    }
}

TEST_F(ShowCommands, StatusAndListTellTheShow) {
    start();
    EXPECT_EQ(context.run({"status", "12", "--json", "sha,status,kind,url,ttl,engine"}), kDone);
    EXPECT_EQ(printed(), json::parse(R"([{"sha":"aaaaaaa","status":"running","kind":"active",
        "url":"http://10.0.0.1:8080","ttl":"48h","engine":"fake"}])"));
    EXPECT_EQ(context.run({"list"}), kDone);
    EXPECT_TRUE(context.stdout_text().starts_with("12\taaaaaaa\trunning\tactive\t")) << context.stdout_text();
    EXPECT_EQ(context.run({"list", "--status", "failed"}), kDone);
    EXPECT_EQ(context.stdout_text(), "");
    EXPECT_EQ(context.stderr_text(), "No show fits.\n");
}

TEST_F(ShowCommands, StopAsksOnATerminalAndOnlyThere) {
    start();
    EXPECT_EQ(context.run({"stop", "12"}), kWrongUsage) << "nobody to ask";
    EXPECT_NE(context.stderr_text().find("add --yes to do it"), std::string::npos);
    context.answers() = {};
    context.answers().has_terminal = true;
    context.answers().answers = {"n"};
    EXPECT_EQ(context.run({"stop", "12"}), kDone);
    EXPECT_TRUE(context.forge().has_label(12, "🎪 🎯 aaaaaaa"));
    context.answers().answers = {"y"};
    EXPECT_EQ(context.run({"stop", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "Every show of #12 is gone.\n");
    EXPECT_TRUE(context.runtime().services.empty());
}

TEST_F(ShowCommands, AnEngineThatRefusesToRemoveIsAFailureAndTheLabelsStay) {
    start();
    context.runtime().remove_failure = Error::unavailable("the engine does not answer");
    EXPECT_EQ(context.run({"stop", "12", "--yes"}), kFailed);
    EXPECT_NE(context.stderr_text().find("the engine does not answer"), std::string::npos);
    EXPECT_TRUE(context.forge().has_label(12, "🎪 🎯 aaaaaaa"));
}

TEST_F(ShowCommands, AFailedBuildIsAFailureWithItsCause) {
    context.builder().failure = Error::failed("the build ended with exit code 3");
    EXPECT_EQ(context.run({"start", "12", "--json"}), kFailed);
    EXPECT_NE(context.stderr_text().find("exit code 3"), std::string::npos);
    EXPECT_EQ(printed().at("error").at("code"), "failed");
    EXPECT_NE(printed().at("error").at("hint"), "");
}

TEST_F(ShowCommands, OpenPrintsTheAddressWhereThereIsNoTerminal) {
    EXPECT_EQ(context.run({"open", "12"}), kFailed);
    EXPECT_NE(context.stderr_text().find("`ringmaster start` gives it one"), std::string::npos);
    start();
    EXPECT_EQ(context.run({"open", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "http://10.0.0.1:8080\n");
    EXPECT_TRUE(context.opened.empty());
}

TEST_F(ShowCommands, CleanupPlansFirstAndRemovesOnlyWhatWasConfirmed) {
    start();
    context.fake_clock().advance(std::chrono::hours(49));
    EXPECT_EQ(context.run({"cleanup", "--dry-run"}), kDone);
    EXPECT_TRUE(context.stdout_text().starts_with("expired\t12\t")) << context.stdout_text();
    EXPECT_EQ(context.runtime().services.size(), 1u);
    EXPECT_EQ(context.run({"cleanup"}), kWrongUsage) << "nobody to ask";
    EXPECT_EQ(context.runtime().services.size(), 1u);
    EXPECT_EQ(context.run({"cleanup", "--yes", "--json"}), kDone) << context.stderr_text();
    EXPECT_EQ(printed().at("expired"), 1);
    EXPECT_TRUE(context.runtime().services.empty());
}

TEST_F(ShowCommands, AListingThatFailsCleansNothing) {
    start();
    context.fake_clock().advance(std::chrono::hours(49));
    context.runtime().list_failure = Error::corrupt("half a listing");
    EXPECT_EQ(context.run({"cleanup", "--yes"}), kFailed);
    EXPECT_EQ(context.runtime().services.size(), 1u);
}

TEST_F(ShowCommands, SetupLabelsCreatesTheNineAndThenHasNothingToDo) {
    EXPECT_EQ(context.run({"setup-labels", "--dry-run"}), kDone);
    EXPECT_TRUE(context.forge().definitions.empty());
    EXPECT_EQ(context.run({"setup-labels", "--json", "outcome"}), kDone);
    EXPECT_EQ(printed().size(), 9u);
    EXPECT_EQ(printed().at(0).at("outcome"), "created");
    EXPECT_EQ(context.run({"setup-labels", "--json", "outcome"}), kDone);
    EXPECT_EQ(printed().at(0).at("outcome"), "unchanged");
}

TEST_F(ShowCommands, ReleaseGivesUpTheClaimThatTheFileNames) {
    EXPECT_EQ(context.run({"release", "12"}), kDone);
    EXPECT_EQ(context.stdout_text(), "No run of this machine holds #12.\n");
    const std::string holder = "0123456789abcdef";
    ASSERT_TRUE(context.forge().create(12, 1, holder, context.clock().now() + std::chrono::minutes(5)));
    context.files["/state/pr-12"] = holder + "\n";
    EXPECT_EQ(context.run({"release", "12"}), kDone) << context.stderr_text();
    EXPECT_TRUE(context.forge().item(12).tokens.empty());
    EXPECT_FALSE(context.files.contains("/state/pr-12"));
    EXPECT_EQ(context.run({"release", "12", "--holder", "not hex"}), kWrongUsage);
}

TEST_F(ShowCommands, AnotherWorkerIsExitCode75) {
    ASSERT_TRUE(
        context.forge().create(12, 1, "0123456789abcdef", context.clock().now() + std::chrono::minutes(5)));
    EXPECT_EQ(context.run({"start", "12"}), kTryAgainLater) << context.stderr_text();
}

TEST_F(ShowCommands, WithoutATokenTheExitCodeIs4AndTheCommandToRunIsNamed) {
    context.no_service = Error::unauthorized("there is no token").hint("run `gh auth login`");
    EXPECT_EQ(context.run({"status", "12"}), kNotAuthorized);
    EXPECT_EQ(context.stderr_text(), "error: there is no token\nhint:  run `gh auth login`\n");
}

TEST_F(ShowCommands, HistoryTellsWhatHappened) {
    EXPECT_EQ(context.run({"history"}), kDone);
    EXPECT_EQ(context.stderr_text(), "Nothing has been recorded on this machine yet.\n");
    start();
    EXPECT_EQ(context.run({"history", "12", "--json"}), kDone);
    EXPECT_GT(printed().size(), 0u);
    EXPECT_EQ(printed().at(0).at("pull_request"), 12);
}

TEST(WorkflowCommands, OutputsAnnotationsAndASummaryAreWritten) {
    ContextHarness context({{"GITHUB_ACTIONS", "true"},
                            {"GITHUB_ACTOR", "ada"},
                            {"GITHUB_OUTPUT", "/out"},
                            {"GITHUB_STEP_SUMMARY", "/summary"}});
    context.forge().open(12, "aaaaaaa");
    context.forge().permissions["ada"] = {Permission::Write, "write"};
    EXPECT_EQ(context.run({"start", "12"}), kDone) << context.stderr_text();
    const std::string delimiter = "ringmaster-" + std::string(32, 'a');
    EXPECT_NE(context.files["/out"].find("url<<" + delimiter + "\nhttp://10.0.0.1:8080\n" + delimiter + "\n"),
              std::string::npos)
        << context.files["/out"];
    EXPECT_EQ(context.files["/summary"],
              "[#12 runs at http://10.0.0.1:8080 (version aaaaaaa).](http://10.0.0.1:8080)\n");
    EXPECT_NE(context.stderr_text().find("::group::Build"), std::string::npos);
    context.forge().permissions["ada"] = {Permission::Read, "read"};
    EXPECT_EQ(context.run({"start", "12", "--force"}), kFailed);
    EXPECT_NE(
        context.stderr_text().find("::error title=Ringmaster::#12 gets no show: ada may not ask for one."),
        std::string::npos)
        << context.stderr_text();
}

}  // namespace
}  // namespace ringmaster::cli
