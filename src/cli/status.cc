#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_listing.h"

namespace ringmaster::cli {

namespace {

using shows::PullRequestStatus;

constexpr auto kWatchInterval = std::chrono::seconds(3);  // one request each; GitHub allows 5,000 an hour

/// Whether nothing is asked for or under way any more.
bool is_settled(const shows::LabelState& labels) {
    if (labels.is_blocked) return true;
    const auto in_progress = [](const Show& show) {
        return is_in_progress(show.status) || show.status == ShowStatus::Stopping;
    };
    return !labels.start_requested && !labels.stop_requested && !labels.building &&
           std::ranges::none_of(labels.shows, in_progress);
}

/// A blocked request and a version that failed are failures, even while an older version serves.
ExitCode outcome_code(const shows::LabelState& labels) {
    const auto failed = [](const Show& show) {
        return show.status == ShowStatus::Failed || show.status == ShowStatus::Unknown;
    };
    const bool is_refused = labels.is_blocked && (labels.start_requested || labels.stop_requested);
    return is_refused || std::ranges::any_of(labels.shows, failed) ? kFailed : kDone;
}

std::string progress_of(const shows::LabelState& labels) {
    std::vector<std::string> parts;
    if (labels.start_requested) parts.emplace_back("a start was asked for");
    if (labels.stop_requested) parts.emplace_back("a stop was asked for");
    for (const auto& show : labels.shows)
        parts.push_back(fmt::format("{} {}", show.sha.text(), to_string(show.status)));
    return parts.empty() ? "no show" : join(parts, ", ");
}

/// Looks until it is settled, telling each change. Errors: TimedOut, and those of looking.
Result<PullRequestStatus> watch(Context& context, shows::ShowService& service, int number,
                                Duration patience) {
    const auto deadline = context.clock().monotonic() + patience;
    std::string told;
    for (;;) {
        auto status = TRY(service.status(number));
        const auto progress = progress_of(status.labels);
        if (progress != std::exchange(told, progress))
            context.err().line(fmt::format("#{}: {}", number, progress));
        if (is_settled(status.labels)) return status;
        if (context.clock().monotonic() >= deadline)
            return Fail(Error::timed_out("#{} was not settled after {}: {}", number,
                                         format_duration_for_people(patience), progress)
                            .hint("`ringmaster logs` shows what it says; --timeout waits longer"));
        TRY(context.clock().sleep(kWatchInterval, context.interruption()));
    }
}

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

/// The pull request's own page. Where there is no browser to open, its address.
Result<ExitCode> open_page(Context& context, const shows::Settings& settings, int number) {
    const auto url = fmt::format("{}/{}/pull/{}", settings.web_url, settings.repository.text(), number);
    if (!context.out().traits().is_terminal) {
        context.out().line(url);
        return kDone;
    }
    context.err().line("Opening " + url);
    TRY(context.open_url(url));
    return kDone;
}

Result<ExitCode> run_status(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    const int number = arguments.pull_request();
    if (arguments.flag("web")) return open_page(context, service->settings(), number);
    const bool watches = arguments.flag("watch");
    const auto patience = TRY(duration_option(arguments, "timeout"));
    const auto status = TRY(watches ? watch(context, *service, number, patience) : service->status(number));
    const auto code = watches ? outcome_code(status.labels) : kDone;
    Value list = Value::array();
    for (const auto& listing : status.shows)
        list.add(listing_value(listing, service->outside().runtime.engine()));
    if (print_json_if_asked(context, arguments, list)) return code;
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
    return code;
}

}  // namespace

Command status_command() {
    return {
        .name = "status",
        .group = kShowsGroup,
        .summary = "Show the shows of a pull request",
        .description =
            "With --watch, looks until nothing is under way any more, and the exit code is the outcome: 1 "
            "if a version failed.",
        .positionals = {pull_request_argument()},
        .options = {{.name = "labels", .help = "Also print every label of ours that it carries"},
                    {.name = "web", .help = "Open the pull request's page instead; piped: its address"},
                    {.name = "watch", .help = "Wait for the outcome", .short_name = "w"},
                    {.name = "timeout",
                     .kind = OptionKind::Text,
                     .help = "How long --watch waits",
                     .value_name = "TIME",
                     .default_value = "30m"}},
        .examples = {{"ringmaster status 1234", ""},
                     {"ringmaster status 1234 --watch && ringmaster open 1234", "when it is up"},
                     {"ringmaster status 1234 --json status,url,expires_at", ""}},
        .json_fields = listing_fields(),
        .run = run_status};
}

}  // namespace ringmaster::cli
