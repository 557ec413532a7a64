#include "cli/check_report.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::cli {

namespace {

struct VerdictLook {
    const char* word;
    const char* sign;
    Style style;
};
VerdictLook look_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Passed:
            return {"passed", "✓", Style::Green};
        case Verdict::Failed:
            return {"failed", "✗", Style::Red};
        case Verdict::Warning:
            return {"warning", "!", Style::Yellow};
        case Verdict::Skipped:
            return {"skipped", "-", Style::Dim};
    }
    return {"skipped", "-", Style::Dim};
}

void print_outcome(Stream& stream, const Check& check, const Check::Outcome& outcome) {
    const auto look = look_of(outcome.verdict);
    if (!stream.traits().is_terminal) {
        stream.line(fmt::format("{}\t{}\t{}\t{}", look.word, check.name,
                                sanitize_for_terminal(outcome.detail), sanitize_for_terminal(outcome.mend)));
        return;
    }
    constexpr std::size_t kColumn = 17;
    const int width = std::min(stream.traits().width, 100);
    const auto detail =
        wrap(sanitize_for_terminal(outcome.detail), width, std::string(kColumn, ' ')).substr(kColumn);
    stream.write(fmt::format("{} {:<14} {}", stream.paint(look.style, look.sign), check.name, detail));
    if (!outcome.mend.empty()) stream.write(wrap(outcome.mend, width, "    → "));
}

}  // namespace

Result<CheckTally> look_at_all(Context& context, const Arguments& arguments,
                               const std::vector<Check>& checks) {
    CheckTally tally{.list = Value::array()};
    for (const auto& check : checks) {
        TRY(context.interruption().pulse());
        const auto outcome = check.look();
        tally.failures += outcome.verdict == Verdict::Failed;
        tally.warnings += outcome.verdict == Verdict::Warning;
        tally.list.add(Value::object()
                           .set("check", check.name)
                           .set("verdict", look_of(outcome.verdict).word)
                           .set("detail", outcome.detail)
                           .set("mend", outcome.mend.empty() ? Value() : Value(outcome.mend)));
        if (arguments.json()) continue;
        print_outcome(context.out(), check, outcome);
        context.out().flush();  // the next one may take a while
    }
    return tally;
}

}  // namespace ringmaster::cli
