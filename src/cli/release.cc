#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

/// --holder, else what a run wrote into its state file; empty: no run holds anything here.
Result<std::string> find_holder(Context& context, const Arguments& arguments) {
    if (const auto typed = arguments.text("holder")) return *typed;
    const auto file = TRY(context.holder_file(arguments.pull_request()));
    const auto text = context.read_file(file);
    if (text) return std::string(trim(*text));
    if (text.error().kind() == ErrorKind::NotFound) return std::string();
    return Fail(text.error());
}

Result<void> check_holder(const std::string& holder) {
    const bool is_right = holder.size() >= 8 && holder.size() <= 64 && is_lower_hex(holder);
    if (is_right) return {};
    return Fail(
        Error::invalid_input("\"{}\" is not the name of a claim's holder", sanitize_for_terminal(holder))
            .hint("it is 8 to 64 hexadecimal digits, as a run's state file has it"));
}

Result<ExitCode> run_release(Context& context, const Arguments& arguments) {
    const int number = arguments.pull_request();
    const auto holder = TRY(find_holder(context, arguments));
    if (!holder.empty()) {
        TRY(check_holder(holder));
        auto* service = TRY(context.shows());
        TRY_WHILE(service->outside().claims.release_holder(number, holder), "giving up the claim on #{}",
                  number);
        if (!arguments.was_given("holder")) TRY(context.remove_file(TRY(context.holder_file(number))));
    }
    const auto value = Value::object().set("pull_request", number).set("released", !holder.empty());
    if (print_json_if_asked(context, arguments, value)) return kDone;
    context.out().line(holder.empty() ? fmt::format("No run of this machine holds #{}.", number)
                                      : fmt::format("The claim on #{} is given up.", number));
    return kDone;
}

}  // namespace

Command release_command() {
    return {.name = "release",
            .group = kUpkeepGroup,
            .summary = "Give up the claim of a run that was cancelled",
            .description =
                "A workflow job that is cancelled leaves its claim to expire, which takes minutes. As the "
                "job's last "
                "step (if: always()) this gives it up at once, by the name that the run wrote down. Claims "
                "of others "
                "are not touched.",
            .positionals = {pull_request_argument()},
            .options = {{.name = "holder",
                         .kind = OptionKind::Text,
                         .help = "Name of the holder, if the run was on another machine",
                         .value_name = "HEX"}},
            .examples = {{"ringmaster release 1234", ""}},
            .json_fields = {"pull_request", "released"},
            .run = run_release};
}

}  // namespace ringmaster::cli
