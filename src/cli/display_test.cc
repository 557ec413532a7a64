#include "cli/display.h"

#include <gtest/gtest.h>

#include "cli/context_harness.h"

namespace ringmaster::cli {
namespace {

using namespace std::chrono_literals;
using shows::Step;

TEST(Display, PipedItIsOneLineAStep) {
    ContextHarness context;
    const auto display = make_display(context);
    display->step_started(Step::Build, "aaaaaaa");
    display->log_line("compiling");
    ASSERT_TRUE(display->pulse());
    display->step_finished(Step::Build, true, 3s);
    EXPECT_EQ(context.stderr_text(), "✓ Build: aaaaaaa 3.0 s\n");
}

TEST(Display, AFailedStepShowsItsLastLines) {
    for (const bool is_terminal : {false, true}) {
        ContextHarness context({}, ringmaster_program(),
                               {.is_terminal = is_terminal, .moves_cursor = is_terminal});
        {
            const auto display = make_display(context);
            display->step_started(Step::Build, "");
            for (int i = 1; i <= 100; ++i) display->log_line(fmt::format("line {}", i));
            display->step_finished(Step::Build, false, 1s);
        }
        EXPECT_NE(context.stderr_text().find("✗ Build 1.0 s\n  │ line 81\n"), std::string::npos)
            << context.stderr_text();
        EXPECT_TRUE(context.stderr_text().ends_with("  │ line 100\n")) << context.stderr_text();
    }
}

TEST(Display, WhatAStepSaysIsMadeHarmless) {
    ContextHarness context;
    const auto display = make_display(context);
    display->step_started(Step::Build, "");
    display->log_line("\x1b[31mcannot find the frobnicator");
    display->step_finished(Step::Build, false, 1s);
    EXPECT_EQ(context.stderr_text().find('\x1b'), std::string::npos)
        << "output from outside is made harmless";
    EXPECT_NE(context.stderr_text().find("✗ Build 1.0 s\n  │ "), std::string::npos) << context.stderr_text();
}

TEST(Display, OnATerminalItUpdatesInPlaceAndCleansUpBehindItself) {
    ContextHarness context({}, ringmaster_program(),
                           {.is_terminal = true, .moves_cursor = true, .width = 30});
    {
        const auto display = make_display(context);
        display->step_started(Step::Build, "aaaaaaa");
        context.fake_clock().advance(12s);
        display->log_line("a line that is much longer than the terminal is wide");
        EXPECT_NE(context.stderr_text().find("… Build: aaaaaaa 12 s\n"), std::string::npos)
            << context.stderr_text();
        EXPECT_EQ(context.stderr_text().find("terminal is wide"), std::string::npos) << "it must not wrap";
        display->step_finished(Step::Build, true, 12s);
    }
    EXPECT_TRUE(context.stderr_text().ends_with("✓ Build: aaaaaaa 12 s\n")) << context.stderr_text();
}

TEST(Display, InAWorkflowOutputStandsInGroupsAndCannotGiveCommands) {
    ContextHarness context({{"GITHUB_ACTIONS", "true"}});
    const auto display = make_display(context);
    display->step_started(Step::Build, "50% of\n::error::x");
    display->log_line("::set-output name=url::http://evil");
    display->step_finished(Step::Build, true, 1s);
    display->warning("two\nlines");
    EXPECT_EQ(context.stderr_text().find("\n::set-output"), std::string::npos);
    EXPECT_EQ(context.stderr_text().find("\n::error"), std::string::npos);
    EXPECT_TRUE(context.stderr_text().starts_with("::group::Build: 50%25 of")) << context.stderr_text();
    EXPECT_NE(context.stderr_text().find("::warning title=Ringmaster::"), std::string::npos);
}

}  // namespace
}  // namespace ringmaster::cli
