#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

using shows::CommitVerdict;

namespace {

const char* to_word(CommitVerdict verdict) {
    switch (verdict) {
        case CommitVerdict::NotRequired:
            return "not required";
        case CommitVerdict::Valid:
            return "passed";
        case CommitVerdict::Invalid:
            return "failed";
        case CommitVerdict::NotChecked:
            return "not checked";
    }
    return "not checked";
}

Result<ExitCode> run_git_check(Context& context, const Arguments& arguments) {
    const auto check = TRY(context.git_check());
    const auto code = check.verdict == CommitVerdict::Invalid ? kFailed : kDone;
    const auto value = Value::object()
                           .set("verdict", to_word(check.verdict))
                           .set("required", check.required.empty() ? Value() : Value(check.required))
                           .set("head", check.head.empty() ? Value() : Value(check.head))
                           .set("why", check.why.empty() ? Value() : Value(check.why));
    if (print_json_if_asked(context, arguments, value)) return code;
    context.out().line(fmt::format("{}", to_word(check.verdict)));
    if (!check.required.empty()) context.err().line("required commit: " + check.required);
    if (!check.head.empty()) context.err().line("checked out:     " + check.head);
    if (!check.why.empty()) context.err().line(check.why);
    if (code == kFailed)
        context.err().line("hint:  rebase the branch so that it contains the required commit");
    return code;
}

}  // namespace

Command git_check_command() {
    return {.name = "git-check",
            .group = kShowsGroup,
            .summary = "Check that what is checked out contains the required commit",
            .description =
                "The commit is [shows] required_commit. Exit code 1 if it is missing; \"not checked\" and 0 "
                "where neither the history here nor the forge can tell.",
            .examples = {{"ringmaster git-check", ""}},
            .json_fields = {"verdict", "required", "head", "why"},
            .run = run_git_check};
}

}  // namespace ringmaster::cli
