#include "shows/comment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::shows {
namespace {

using namespace std::chrono_literals;

CommentFacts facts(CommentState state) {
    CommentFacts facts{.state = state,
                       .pull_request_number = 1234,
                       .version = *CommitSha::parse("abc1234" + std::string(33, '0'))};
    facts.subject = "Fix login redirect";
    facts.repository_url = "https://github.com/o/r";
    facts.requested_by = "ada";
    facts.lifetime = "48h";
    facts.now = *parse_iso8601("2026-11-21T14:09:00Z");
    return facts;
}

TEST(Comment, ARunningShowIsLaidOutAsDesigned) {
    CommentFacts running = facts(CommentState::Running);
    running.url = "http://52.1.2.3:8080";
    running.run_url = "https://ci.example.com/7";
    running.lasts_until = running.now + 48h;
    running.took = 3min + 40s;
    EXPECT_EQ(
        render_comment(running, CommentStyle::Table, 7),
        "<!-- showtime-comment --><!-- ringmaster pr=1234 rev=7 state=running -->\n"
        "### 🟢 Show #1234 is running\n"
        "**[Open the show](http://52.1.2.3:8080)** · [timeline and logs](https://ci.example.com/7)\n"
        "\n| | |\n|---|---|\n"
        "| Version | [`abc1234`](https://github.com/o/r/commit/abc1234000000000000000000000000000000000) Fix "
        "login redirect |\n"
        "| Lasts until | 23 Nov 2026 14:09 UTC (48h) |\n"
        "| Asked for by | ada |\n"
        "\n<sub>21 Nov 2026 14:09 UTC · ready in 3 min 40 s · a push replaces it without a gap</sub>\n");
}

TEST(Comment, TheSupersetStyleKeepsTheOriginalsHeaderAndBullets) {
    CommentFacts running = facts(CommentState::Running);
    running.url = "http://52.1.2.3:8080";
    running.credentials_hint = "admin/admin";
    const auto body = render_comment(running, CommentStyle::Superset, 1);
    EXPECT_NE(body.find("🎪 [Showtime](https://github.com/mistercrunch/superset-showtime) deployed "
                        "environment on GHA for [abc1234]("),
              std::string::npos);
    EXPECT_NE(body.find("\n• **Environment:** http://52.1.2.3:8080 (`admin/admin`)\n"), std::string::npos);
    EXPECT_NE(body.find("\n• **Lifetime:** 48h auto-cleanup\n"), std::string::npos);
}

TEST(Comment, WhileAnotherVersionServesBothAreNamedAndNothingIsGreen) {
    CommentFacts updating = facts(CommentState::Updating);
    updating.serving = *ShortSha::parse("fffffff");
    updating.url = "http://52.1.2.3:8080";
    for (const auto style : {CommentStyle::Table, CommentStyle::Superset}) {
        const auto body = render_comment(updating, style, 1);
        EXPECT_NE(body.find("fffffff"), std::string::npos);
        EXPECT_NE(body.find("abc1234"), std::string::npos);
        EXPECT_EQ(body.find("🟢"), std::string::npos);
    }
}

TEST(Comment, AFailureNamesStepCauseAndNextAndFoldsItsLog) {
    CommentFacts failed = facts(CommentState::Failed);
    failed.failed_step = "build";
    failed.cause = "exit code 2";
    failed.next = "push a fix";
    failed.log_tail = {"\x1b[31mred\x1b[0m", "```", "last"};
    const auto body = render_comment(failed, CommentStyle::Table, 1);
    EXPECT_NE(body.find("### 🔴 Show #1234 failed: build"), std::string::npos);
    EXPECT_NE(body.find("**Cause:** exit code 2  **Next:** push a fix"), std::string::npos);
    EXPECT_NE(body.find("````text\nred\n```\nlast\n````\n"), std::string::npos)
        << "the fence is longer than any inside";
}

TEST(Comment, NothingFromOutsideIsMarkup) {
    CommentFacts failed = facts(CommentState::Failed);
    failed.subject = "@everyone <img src=x onerror=alert(1)> [x](http://evil) | `a` #7";
    failed.requested_by = "eve[bot]";
    failed.cause = "</details> @ada --> <!-- showtime-comment -->";
    failed.failed_step = "build";
    const auto body = render_comment(failed, CommentStyle::Table, 1);
    EXPECT_EQ(body.find("@everyone"), std::string::npos);
    EXPECT_EQ(body.find("<img"), std::string::npos);
    EXPECT_EQ(body.find("](http://evil)"), std::string::npos);
    EXPECT_EQ(body.find("@ada"), std::string::npos);
    EXPECT_EQ(body.rfind("<!-- showtime-comment -->"), 0U) << "only our own marker is one";
}

TEST(Comment, TheRevisionIsReadBackAndOnlySubstanceCounts) {
    CommentFacts running = facts(CommentState::Running);
    running.url = "http://52.1.2.3:8080";
    const auto first = render_comment(running, CommentStyle::Table, 7);
    running.now += 5min;
    const auto second = render_comment(running, CommentStyle::Table, 8);
    EXPECT_EQ(comment_revision(second), 8);
    EXPECT_TRUE(says_the_same(first, second));
    running.url = "http://52.1.2.4:8080";
    EXPECT_FALSE(says_the_same(first, render_comment(running, CommentStyle::Table, 8)));
    EXPECT_EQ(comment_revision("no marker"), 0);
    EXPECT_EQ(comment_revision("<!-- ringmaster pr=1 rev=-3 -->"), 0);
}

RC_GTEST_PROP(CommentProperty, ALogOfAnySizeStaysWithinBounds, (const std::vector<std::string>& lines)) {
    CommentFacts failed = facts(CommentState::Failed);
    failed.failed_step = "build";
    failed.log_tail = lines;
    failed.log_tail.resize(lines.size() + 60, std::string(5000, 'x'));
    RC_ASSERT(render_comment(failed, CommentStyle::Table, 1).size() < 12'000U);
}

}  // namespace
}  // namespace ringmaster::shows
