#include "cli/display.h"

#include <deque>

#include "base/text.h"
#include "cli/github_actions.h"

namespace ringmaster::cli {

using shows::Step;

std::string_view title_of(Step step) {
    switch (step) {
        case Step::Observe:
            return "Look";
        case Step::Claim:
            return "Take the lease";
        case Step::Build:
            return "Build";
        case Step::Deploy:
            return "Deploy";
        case Step::Health:
            return "Wait until it answers";
        case Step::Seed:
            return "Seed";
        case Step::Switch:
            return "Switch visitors";
        case Step::Retire:
            return "Retire the old show";
        case Step::Remove:
            return "Remove";
        case Step::Record:
            return "Record";
        case Step::Release:
            return "Give the lease back";
    }
    return "Step";
}

void Display::note(std::string_view sentence) {
    clear();
    stream().line(sanitize_for_terminal(sentence));
}

void Display::warning(std::string_view sentence) {
    clear();
    const auto safe = sanitize_for_terminal(sentence);
    stream().line(stream().paint(Style::Yellow, "warning:") + " " + safe);
    annotate_warning(context_, safe);
}

Result<void> Display::pulse() {
    tick();
    return context_.interruption().pulse();
}

namespace {

std::string step_text(Step step, std::string_view what) {
    std::string text(title_of(step));
    if (!what.empty()) text += ": " + sanitize_for_terminal(what);
    return text;
}

std::string finished_text(Stream& stream, const std::string& text, bool succeeded, Duration took) {
    const auto sign = succeeded ? stream.paint(Style::Green, "✓") : stream.paint(Style::Red, "✗");
    return fmt::format("{} {} {}", sign, text, stream.paint(Style::Dim, format_duration_for_people(took)));
}

// What a build or a program said last usually names the cause; more is in `ringmaster logs` and build.log.
constexpr std::size_t kTailLines = 20;

/// The last lines of a step's output, for when it fails.
class Tail {
 public:
    void begin() { lines_.clear(); }
    void add(std::string safe_line) {
        if (lines_.size() == kTailLines) lines_.pop_front();
        lines_.push_back(std::move(safe_line));
    }
    void print(Stream& stream) const {
        for (const auto& line : lines_) stream.line(stream.paint(Style::Dim, "  │ " + line));
    }

 private:
    std::deque<std::string> lines_;
};

/// One line a step, when it is over: in a log, "started" lines only double it.
class LineDisplay final : public Display {
 public:
    using Display::Display;
    void step_started(Step step, std::string_view what) override {
        text_ = step_text(step, what);
        tail_.begin();
    }
    void step_finished(Step, bool succeeded, Duration took) override {
        stream().line(finished_text(stream(), text_, succeeded, took));
        if (!succeeded) tail_.print(stream());
    }
    void log_line(std::string_view line) override { tail_.add(sanitize_for_terminal(line)); }

 private:
    std::string text_;
    Tail tail_;
};

/// Groups hold the output of a step, so that the log stays short and nothing is lost.
class ActionsDisplay final : public Display {
 public:
    using Display::Display;
    void step_started(Step step, std::string_view what) override {
        text_ = step_text(step, what);
        stream().line("::group::" + escape_workflow_data(text_));
    }
    void step_finished(Step, bool succeeded, Duration took) override {
        stream().line("::endgroup::");
        stream().line(finished_text(stream(), text_, succeeded, took));
    }
    void log_line(std::string_view line) override {
        // "::" at a line's start would be a command to the runner, and the line comes from a pull request.
        stream().line("  " + sanitize_for_terminal(line));
    }

 private:
    std::string text_;
};

/// Redraws two lines: the step with its time, and the newest line of its output.
class TerminalDisplay final : public Display {
 public:
    using Display::Display;
    ~TerminalDisplay() override { clear(); }

    void step_started(Step step, std::string_view what) override {
        text_ = step_text(step, what);
        started_ = context().clock().monotonic();
        last_line_.clear();
        tail_.begin();
        draw();
    }
    void step_finished(Step, bool succeeded, Duration took) override {
        clear();
        text_.clear();
        const bool is_worth_a_line = took >= std::chrono::milliseconds(200) || !succeeded;
        if (is_worth_a_line) stream().line(finished_text(stream(), finished_name_, succeeded, took));
        if (!succeeded) tail_.print(stream());
    }
    void log_line(std::string_view line) override {
        last_line_ = sanitize_for_terminal(line);
        tail_.add(last_line_);
        draw();
    }
    void clear() override {
        if (drawn_lines_ == 2) stream().write("\x1b[1A\r\x1b[2K\x1b[1B\r\x1b[2K\x1b[1A\r");
        if (drawn_lines_ == 1) stream().write("\r\x1b[2K");
        drawn_lines_ = 0;
    }

 protected:
    void tick() override { draw(); }

 private:
    std::string fitting(const std::string& text) const {
        std::string fitted = text;
        while (display_width(fitted) > width_ - 1) fitted = truncate_utf8(fitted, fitted.size() - 8);
        return fitted;
    }
    void draw() {
        if (text_.empty()) return;
        finished_name_ = text_;
        width_ = stream().traits().width;
        const auto elapsed = context().clock().monotonic() - started_;
        clear();
        stream().write(fitting(
            fmt::format("… {} {}", text_,
                        format_duration_for_people(std::chrono::floor<std::chrono::seconds>(elapsed)))));
        drawn_lines_ = 1;
        if (last_line_.empty()) return;
        stream().write("\n" + stream().paint(Style::Dim, fitting("  " + last_line_)));
        drawn_lines_ = 2;
    }

    std::string text_;
    std::string finished_name_;
    std::string last_line_;
    Tail tail_;
    Duration started_{0};
    int drawn_lines_ = 0;
    int width_ = 80;
};

}  // namespace

std::unique_ptr<Display> make_display(Context& context) {
    if (context.environment().in_github_actions()) return std::make_unique<ActionsDisplay>(context);
    if (context.err().traits().moves_cursor) return std::make_unique<TerminalDisplay>(context);
    return std::make_unique<LineDisplay>(context);
}

}  // namespace ringmaster::cli
