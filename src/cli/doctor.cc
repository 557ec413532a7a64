#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

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

Result<ExitCode> run_doctor(Context& context, const Arguments& arguments) {
    Value list = Value::array();
    int failures = 0, warnings = 0;
    for (const auto& check : context.checks(arguments.flag("write"))) {
        TRY(context.interruption().pulse());
        const auto outcome = check.look();
        failures += outcome.verdict == Verdict::Failed;
        warnings += outcome.verdict == Verdict::Warning;
        list.add(Value::object()
                     .set("check", check.name)
                     .set("verdict", look_of(outcome.verdict).word)
                     .set("detail", outcome.detail)
                     .set("mend", outcome.mend.empty() ? Value() : Value(outcome.mend)));
        if (!arguments.json()) print_outcome(context.out(), check, outcome);
    }
    const auto code = failures == 0 ? kDone : kFailed;
    if (print_json_if_asked(context, arguments, list)) return code;
    context.err().line(failures > 0   ? fmt::format("{} to mend.", failures)
                       : warnings > 0 ? fmt::format("Everything works; {} to look at.", warnings)
                                      : "Everything is as it should be.");
    return code;
}

}  // namespace

Command doctor_command() {
    return {
        .name = "doctor",
        .group = kSetUpGroup,
        .summary = "Check that everything works, and say how to mend what does not",
        .description =
            "Looks at the configuration, the repository, the token and what it may do, the clock, secrets, "
            "and "
            "tries what the engines need: the newest commit is checked out and removed again, a free port "
            "found, a file written. Nothing changes on the forge, unless --write is given: then a label is "
            "created and deleted again.",
        .options = {{.name = "write", .help = "Also try to create a label and delete it"}},
        .examples = {{"ringmaster doctor", ""}, {"ringmaster doctor --write --json check,verdict,mend", ""}},
        .json_fields = {"check", "verdict", "detail", "mend"},
        .run = run_doctor};
}

}  // namespace ringmaster::cli
