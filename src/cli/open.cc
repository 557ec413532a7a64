#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<std::string> address_of(shows::ShowService& service, int number) {
    const auto status = TRY(service.status(number));
    for (const auto& listing : status.shows)
        if (listing.kind == "active" && listing.show.endpoint)
            return listing.stable_url.empty() ? listing.show.endpoint->url() : listing.stable_url;
    return Fail(Error::not_found("#{} has no show that can be visited", number)
                    .hint(status.shows.empty() ? "`ringmaster start` gives it one"
                                               : "`ringmaster status` says what state it is in"));
}

Result<ExitCode> run_open(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    const auto url = TRY(address_of(*service, arguments.pull_request()));
    const auto value = Value::object().set("pull_request", arguments.pull_request()).set("url", url);
    if (print_json_if_asked(context, arguments, value)) return kDone;
    const bool only_print = arguments.flag("print") || !context.out().traits().is_terminal;
    if (only_print) {
        context.out().line(url);
        return kDone;
    }
    context.err().line("Opening " + url);
    TRY(context.open_url(url));
    return kDone;
}

}  // namespace

Command open_command() {
    return {
        .name = "open",
        .group = kShowsGroup,
        .summary = "Open the show of a pull request in a browser",
        .description = "Without a terminal, prints the address instead.",
        .positionals = {pull_request_argument()},
        .options = {{.name = "print", .help = "Print the address instead", .short_name = "p"}},
        .examples = {{"ringmaster open 1234", ""}, {"curl \"$(ringmaster open 1234 --print)/health\"", ""}},
        .json_fields = {"pull_request", "url"},
        .run = run_open};
}

}  // namespace ringmaster::cli
