#include "shows/comment.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::shows {
namespace {

constexpr std::string_view kMarker = "<!-- showtime-comment -->";
constexpr std::string_view kRevisionKey = "<!-- ringmaster pr=";
constexpr std::size_t kMostLogLines = 30;
constexpr std::size_t kMostLogBytes = 8 << 10;
constexpr std::size_t kMostSubject = 80;
constexpr std::string_view kShowtimeLink = "🎪 [Showtime](https://github.com/mistercrunch/superset-showtime)";

std::string_view state_word(CommentState state) {
    switch (state) {
        case CommentState::Queued:
            return "queued";
        case CommentState::Approval:
            return "approval";
        case CommentState::Building:
            return "building";
        case CommentState::Updating:
            return "updating";
        case CommentState::Running:
            return "running";
        case CommentState::Failed:
        case CommentState::FailedOldServes:
            return "failed";
        case CommentState::Stopped:
            return "stopped";
        case CommentState::NotRemovable:
            return "not_removable";
    }
    return "";
}

/// Drops colour and cursor sequences (ECMA-48 CSI and OSC), then makes every other control character visible.
std::string plain_line(std::string_view line) {
    std::string kept;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\x1b') {
            kept += line[i];
        } else if (i + 1 < line.size() && line[i + 1] == '[') {
            for (i += 2; i < line.size() && (line[i] < '@' || line[i] > '~');) ++i;
        } else if (i + 1 < line.size() && line[i + 1] == ']') {
            while (i < line.size() && line[i] != '\a') ++i;
        }
    }
    return sanitize_for_terminal(kept);
}

/// The log's last lines in a code block whose fence is longer than any run of backticks inside.
std::string fold_log(const std::vector<std::string>& lines, std::string_view step) {
    if (lines.empty()) return {};
    std::vector<std::string> shown;
    std::size_t bytes = 0;
    for (auto line = lines.rbegin(); line != lines.rend() && shown.size() < kMostLogLines; ++line) {
        shown.push_back(plain_line(truncate_utf8(*line, 1000)));
        bytes += shown.back().size() + 1;
        if (bytes > kMostLogBytes) {
            shown.pop_back();
            break;
        }
    }
    std::ranges::reverse(shown);
    const std::string text = join(shown, "\n");
    std::string fence = "```";
    while (text.find(fence) != std::string::npos) fence += '`';
    return fmt::format(
        "\n<details><summary>Last {} lines of the {}</summary>\n\n{}text\n{}\n{}\n</details>\n", shown.size(),
        step, fence, text, fence);
}

std::string version_link(const CommentFacts& facts) {
    const std::string link = fmt::format("[`{}`]({}/commit/{})", facts.version.short_sha().text(),
                                         facts.repository_url, facts.version.text());
    if (facts.subject.empty()) return link;
    return link + " " + escape_markdown(truncate_utf8(facts.subject, kMostSubject));
}

std::string title(const CommentFacts& facts) {
    const int n = facts.pull_request_number;
    const std::string sha = facts.version.short_sha().text();
    const std::string serving = facts.serving ? facts.serving->text() : "";
    switch (facts.state) {
        case CommentState::Queued:
            return fmt::format("🕓 Show #{} waits its turn", n);
        case CommentState::Approval:
            return fmt::format("✋ Show #{} needs an approval", n);
        case CommentState::Building:
            return fmt::format("🟡 Show #{} is being built", n);
        case CommentState::Updating:
            return fmt::format("🔵 Show #{} moves to {}", n, sha);
        case CommentState::Running:
            return fmt::format("🟢 Show #{} is running", n);
        case CommentState::Failed:
            return fmt::format("🔴 Show #{} failed: {}", n, facts.failed_step);
        case CommentState::FailedOldServes:
            return fmt::format("🟠 Show #{} still serves {}; {} failed", n, serving, sha);
        case CommentState::Stopped:
            return fmt::format("⚫ Show #{} is stopped", n);
        case CommentState::NotRemovable:
            return fmt::format("🔴 Show #{} could not be removed", n);
    }
    return {};
}

std::string log_link(const CommentFacts& facts, std::string_view text) {
    return facts.run_url.empty() ? std::string() : fmt::format(" · [{}]({})", text, facts.run_url);
}

std::string cause_and_next(const CommentFacts& facts) {
    return fmt::format("**Cause:** {}  **Next:** {}", escape_markdown(facts.cause),
                       escape_markdown(facts.next));
}

std::string under_title(const CommentFacts& facts) {
    const std::string open = facts.url.empty() ? "" : fmt::format("**[Open the show]({})**", facts.url);
    switch (facts.state) {
        case CommentState::Queued:
            return fmt::format("All {} shows of this repository are in use. It starts when one ends.",
                               facts.limit);
        case CommentState::Approval:
            return fmt::format(
                "It comes from a fork. Having read this commit, a maintainer runs `ringmaster start {} --sha "
                "{}`. "
                "A later commit needs its own approval.",
                facts.pull_request_number, facts.version.short_sha().text());
        case CommentState::Building:
            return fmt::format("Since {}{}", format_for_people(facts.now), log_link(facts, "live log"));
        case CommentState::Updating:
            return fmt::format("{} still serves {}{}", open, facts.serving ? facts.serving->text() : "",
                               log_link(facts, "live log"));
        case CommentState::Running:
            return open + log_link(facts, "timeline and logs");
        case CommentState::Failed:
            return cause_and_next(facts);
        case CommentState::FailedOldServes:
            return fmt::format("{}{}\n\n{}", open, log_link(facts, "log"), cause_and_next(facts));
        case CommentState::Stopped:
            return fmt::format(
                "{}. All it used is gone, checked {}. Again: label `🎪 ⚡ showtime-trigger-start`.",
                escape_markdown(facts.end_reason), format_for_people(facts.now));
        case CommentState::NotRemovable:
            return fmt::format("Left: {}. {}", escape_markdown(join(facts.left, ", ")),
                               cause_and_next(facts));
    }
    return {};
}

std::string table(const CommentFacts& facts) {
    if (facts.state == CommentState::Stopped) return {};
    std::string rows;
    const auto row = [&](std::string_view name, const std::string& value) {
        rows += fmt::format("| {} | {} |\n", name, value);
    };
    if (facts.state == CommentState::Updating && facts.serving) {
        row("Version", fmt::format("`{}` → {}", facts.serving->text(), version_link(facts)));
    } else if (facts.state == CommentState::FailedOldServes && facts.serving) {
        row("Serving", fmt::format("`{}`", facts.serving->text()));
        row("Failed", version_link(facts));
    } else {
        row("Version", version_link(facts));
    }
    if (!facts.failed_step.empty()) row("Failed step", escape_markdown(facts.failed_step));
    const bool is_serving = facts.state == CommentState::Running || facts.state == CommentState::Updating ||
                            facts.state == CommentState::FailedOldServes;
    if (is_serving && facts.lasts_until)
        row("Lasts until", fmt::format("{} ({})", format_for_people(*facts.lasts_until), facts.lifetime));
    if (is_serving && !facts.lasts_until && facts.lifetime == "close")
        row("Lasts until", "the pull request is closed");
    if (is_serving && !facts.credentials_hint.empty())
        row("Sign in", fmt::format("`{}`", facts.credentials_hint));
    if (is_serving && !facts.version_url.empty())
        row(facts.state == CommentState::Running ? "Only this version" : "Only the version that serves",
            facts.version_url);
    if (!facts.requested_by.empty()) row("Asked for by", escape_markdown(facts.requested_by));
    return "\n| | |\n|---|---|\n" + rows;
}

std::string footer(const CommentFacts& facts) {
    std::string text = format_for_people(facts.now);
    if (facts.took) text += " · ready in " + format_duration_for_people(*facts.took);
    if (facts.state == CommentState::Running) text += " · a push replaces it without a gap";
    return fmt::format("\n<sub>{}</sub>\n", text);
}

std::string render_table(const CommentFacts& facts) {
    return fmt::format("### {}\n{}\n{}{}{}", title(facts), under_title(facts), table(facts),
                       fold_log(facts.log_tail, facts.failed_step), footer(facts));
}

std::string superset_verb(CommentState state) {
    switch (state) {
        case CommentState::Queued:
            return "waits to deploy environment on";
        case CommentState::Approval:
            return "needs an approval to deploy environment on";
        case CommentState::Building:
            return "is building environment on";
        case CommentState::Updating:
            return "is updating environment on";
        case CommentState::Running:
            return "deployed environment on";
        case CommentState::Failed:
        case CommentState::FailedOldServes:
            return "failed to deploy environment on";
        case CommentState::Stopped:
            return "cleaned up environment on";
        case CommentState::NotRemovable:
            return "could not clean up environment on";
    }
    return {};
}

/// The original's header and bullets (contract §5.9), with the same content as the table.
std::string render_superset(const CommentFacts& facts) {
    const std::string run = facts.run_url.empty() ? "GHA" : fmt::format("[GHA]({})", facts.run_url);
    std::string text =
        fmt::format("{} {} {} for [{}]({}/commit/{})\n\n", kShowtimeLink, superset_verb(facts.state), run,
                    facts.version.short_sha().text(), facts.repository_url, facts.version.text());
    const auto bullet = [&](std::string_view field, const std::string& value) {
        text += fmt::format("• **{}:** {}\n", field, value);
    };
    const std::string sign_in =
        facts.credentials_hint.empty() ? "" : fmt::format(" (`{}`)", facts.credentials_hint);
    const bool old_serves = facts.serving && (facts.state == CommentState::Updating ||
                                              facts.state == CommentState::FailedOldServes);
    if (old_serves)
        bullet("Current", fmt::format("{} at {} is still active", facts.serving->text(), facts.url));
    if (facts.state == CommentState::Running) {
        bullet("Environment", facts.url + sign_in);
        if (!facts.version_url.empty()) bullet("Only this version", facts.version_url);
        bullet("Lifetime", facts.lifetime == "close" ? "until the PR is closed"
                                                     : fmt::format("{} auto-cleanup", facts.lifetime));
        bullet("Updates", "New commits redeploy automatically");
    }
    if (facts.state == CommentState::Updating)
        bullet("Update", "Blue-green: the current environment stays until the new one is ready");
    if (!facts.cause.empty()) bullet("Error", escape_markdown(facts.cause));
    if (!facts.next.empty()) bullet("Action", escape_markdown(facts.next));
    if (facts.state == CommentState::Stopped) {
        bullet("Resources", fmt::format("{}. All it used is gone", escape_markdown(facts.end_reason)));
        bullet("Action", "Add the `🎪 ⚡ showtime-trigger-start` label to create a new environment");
    }
    if (facts.state == CommentState::Queued || facts.state == CommentState::Approval)
        bullet("Waiting", under_title(facts));
    if (!facts.left.empty()) bullet("Left", escape_markdown(join(facts.left, ", ")));
    return text + fold_log(facts.log_tail, facts.failed_step);
}

/// A body without its revision and without the small print that only tells the time.
std::string substance(std::string_view body) {
    std::string kept;
    for (const auto line : split_lines(body)) {
        if (line.find(kRevisionKey) != std::string_view::npos || line.starts_with("<sub>")) continue;
        kept += line;
        kept += '\n';
    }
    return kept;
}

}  // namespace

std::string render_comment(const CommentFacts& facts, CommentStyle style, int revision) {
    const std::string body = style == CommentStyle::Superset ? render_superset(facts) : render_table(facts);
    return fmt::format("{}{}{} rev={} state={} -->\n{}", kMarker, kRevisionKey, facts.pull_request_number,
                       revision, state_word(facts.state), body);
}

int comment_revision(std::string_view body) {
    constexpr std::string_view kKey = " rev=";
    const auto marker = body.find(kRevisionKey);
    if (marker == std::string_view::npos) return 0;
    const auto at = body.find(kKey, marker);
    if (at == std::string_view::npos) return 0;
    const auto rest = body.substr(at + kKey.size());
    const auto number = parse_integer(rest.substr(0, rest.find(' ')));
    return number && *number > 0 && *number < 1'000'000 ? static_cast<int>(*number) : 0;
}

std::string comment_state_word(std::string_view body) {
    constexpr std::string_view kKey = " state=";
    const auto marker = body.find(kRevisionKey);
    const auto at = marker == std::string_view::npos ? marker : body.find(kKey, marker);
    if (at == std::string_view::npos) return "unknown";
    const auto rest = body.substr(at + kKey.size());
    return std::string(rest.substr(0, rest.find(' ')));
}

bool says_the_same(std::string_view a, std::string_view b) {
    return substance(a) == substance(b);
}

}  // namespace ringmaster::shows
