#include "base/text.h"
#include "cli/commands.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_request.h"

namespace ringmaster::cli {

namespace {

struct LogsOptions {
    int number = 0;
    std::optional<std::string> sha;
    LogOptions log;
};

/// "10m" before now, or an instant.
Result<TimePoint> parse_since(const std::string& typed, TimePoint now) {
    if (const auto age = parse_duration(typed)) return now - *age;
    if (const auto time = parse_iso8601(typed)) return *time;
    return Fail(
        Error::invalid_input("--since: \"{}\" is neither a duration nor a time", sanitize_for_terminal(typed))
            .hint("write 10m, 1h30m, or 2026-11-22T14:09:00Z"));
}

Result<LogsOptions> parse(const Arguments& arguments, TimePoint now) {
    LogsOptions options{.number = arguments.pull_request()};
    options.sha = TRY(sha_option(arguments));
    options.log.follow = arguments.flag("follow");
    if (const auto since = arguments.text("since")) options.log.since = TRY(parse_since(*since, now));
    const auto tail = *arguments.text("tail");
    if (tail == "all" || (options.log.since && !arguments.was_given("tail"))) {
        options.log.tail_lines = -1;
        return options;
    }
    const auto lines = parse_integer(tail);
    if (!lines || *lines < 0 || *lines > 1'000'000'000)
        return Fail(Error::invalid_input("--tail must be a number of lines, or all, but is \"{}\"",
                                         sanitize_for_terminal(tail)));
    options.log.tail_lines = static_cast<int>(*lines);
    return options;
}

/// The show that is meant: the one named, else the one visitors get, else the one being prepared or the last.
Result<ShowId> find_show(shows::ShowService& service, const LogsOptions& options) {
    const auto status = TRY(service.status(options.number));
    const auto& repository = service.settings().repository;
    if (options.sha) {
        for (const auto& listing : status.shows)
            if (options.sha->starts_with(listing.show.sha.text()))
                return ShowId{repository, options.number, listing.show.sha};
        return Fail(Error::not_found("#{} has no show of {}", options.number, *options.sha)
                        .hint("`ringmaster status` lists its shows"));
    }
    const auto& labels = status.labels;
    if (labels.active) return ShowId{repository, options.number, *labels.active};
    if (labels.building) return ShowId{repository, options.number, *labels.building};
    if (!status.shows.empty()) return ShowId{repository, options.number, status.shows.front().show.sha};
    return Fail(Error::not_found("#{} has no show", options.number).hint("`ringmaster start` gives it one"));
}

/// Prints what a show says: control characters are made harmless where a person looks.
class LinePrinter final : public Progress {
 public:
    explicit LinePrinter(Context& context) : context_(context) {}
    void line(std::string_view text) override {
        auto& out = context_.out();
        out.line(out.traits().is_terminal ? sanitize_for_terminal(text) : std::string(text));
    }
    Result<void> pulse() override {
        context_.out().flush();  // who follows through a pipe waits for these lines
        return context_.interruption().pulse();
    }

 private:
    Context& context_;
};

Result<ExitCode> run_logs(Context& context, const Arguments& arguments) {
    const auto options = TRY(parse(arguments, context.clock().now()));
    auto* service = TRY(context.shows());
    const auto show = TRY(find_show(*service, options));
    LinePrinter printer(context);
    TRY_WHILE(service->outside().runtime.logs(show, options.log, printer), "reading the logs of {}",
              show.base_name());
    return kDone;
}

}  // namespace

Command logs_command() {
    return {
        .name = "logs",
        .group = kShowsGroup,
        .summary = "Print what a show writes",
        .description =
            "The engine notes when each line came, whatever the show itself prints: --since goes by that. "
            "The process engine keeps the newest 8 MB, in the state folder.",
        .positionals = {pull_request_argument()},
        .options = {{.name = "follow",
                     .help = "Go on as it writes, until Ctrl-C or its end",
                     .short_name = "f"},
                    {.name = "tail",
                     .kind = OptionKind::Text,
                     .help = "How many of the last lines, or all",
                     .value_name = "LINES",
                     .default_value = "200",
                     .short_name = "n"},
                    {.name = "since",
                     .kind = OptionKind::Text,
                     .help = "Only lines since then: how long ago (10m), or when "
                             "(2026-11-22T14:09:00Z); all of them unless --tail says otherwise",
                     .value_name = "TIME"},
                    {.name = "sha",
                     .kind = OptionKind::Text,
                     .help = "Which show (default: the one visitors get)",
                     .value_name = "SHA"}},
        .examples = {{"ringmaster logs 1234 -f", ""},
                     {"ringmaster logs 1234 --since 10m", ""},
                     {"ringmaster logs 1234 --tail all > show.log", ""}},
        .run = run_logs};
}

}  // namespace ringmaster::cli
