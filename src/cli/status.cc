#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_listing.h"

namespace ringmaster::cli {

namespace {

std::string_view state_word(PullRequestState state) {
    return state == PullRequestState::Open ? "open" : state == PullRequestState::Merged ? "merged" : "closed";
}

void print_switches(Stream& stream, const shows::LabelState& labels) {
    if (labels.start_requested) stream.line("A start was asked for; the next sync answers it.");
    if (labels.stop_requested) stream.line("A stop was asked for; the next sync answers it.");
    if (labels.is_frozen) stream.line("Frozen: new commits are not followed.");
    if (labels.is_blocked) stream.line("Blocked: nothing is done until its label is taken off.");
}

void print_problems(Stream& stream, const shows::LabelState& labels) {
    for (const auto& problem : labels.problems)
        stream.line(stream.paint(Style::Yellow, "warning:") + " " + sanitize_for_terminal(problem));
}

Result<ExitCode> run_status(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    const auto status = TRY(service->status(arguments.pull_request()));
    Value list = Value::array();
    for (const auto& listing : status.shows)
        list.add(listing_value(listing, service->outside().runtime.engine()));
    if (print_json_if_asked(context, arguments, list)) return kDone;
    const auto& pull_request = status.view.pull_request;
    context.err().line(fmt::format("#{} {} ({}, newest commit {})", pull_request.number,
                                   sanitize_for_terminal(pull_request.title), state_word(pull_request.state),
                                   pull_request.head.short_sha().text()));
    if (status.shows.empty()) context.err().line("It has no show. `ringmaster start` gives it one.");
    if (!status.shows.empty()) print_table(context.out(), listing_table(status.shows, context.clock().now()));
    print_switches(context.err(), status.labels);
    print_problems(context.err(), status.labels);
    if (arguments.flag("labels"))
        for (const auto& label : status.labels.tent_labels)
            context.err().line("  " + sanitize_for_terminal(label));
    return kDone;
}

}  // namespace

Command status_command() {
    return {.name = "status",
            .group = kShowsGroup,
            .summary = "Show the shows of a pull request",
            .positionals = {pull_request_argument()},
            .options = {{.name = "labels", .help = "Also print every label of ours that it carries"}},
            .examples = {{"ringmaster status 1234", ""},
                         {"ringmaster status 1234 --json status,url,expires_at", ""}},
            .json_fields = listing_fields(),
            .run = run_status};
}

}  // namespace ringmaster::cli
