#include "base/text.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/show_listing.h"
#include "cli/showtime.h"

namespace ringmaster::cli::showtime {

namespace {

/// Contract §2, "status glyph"; built and deploying are building to a reader (D48).
const char* glyph_of(ShowStatus status) {
    switch (status) {
        case ShowStatus::Building:
        case ShowStatus::Built:
        case ShowStatus::Deploying:
            return "🏗️";
        case ShowStatus::Running:
            return "🟢";
        case ShowStatus::Updating:
            return "🔄";
        case ShowStatus::Stopping:
            return "🛑";
        case ShowStatus::Failed:
            return "❌";
        case ShowStatus::Unknown:
            return "❓";
    }
    return "❓";
}

const char* type_of(const std::string& kind) {
    if (kind == "active") return "🎯";
    if (kind == "building") return "🔨";
    return kind == "legacy" ? "⚠️" : "👻";
}

const shows::ShowListing* current_of(const shows::PullRequestStatus& status) {
    for (const auto& listing : status.shows)
        if (listing.kind == "active") return &listing;
    return status.shows.empty() ? nullptr : &status.shows.front();
}

std::vector<std::string> triggers_of(const shows::PullRequestStatus& status) {
    std::vector<std::string> triggers;
    for (const auto& label : status.view.labels)
        if (label.find("showtime-trigger-") != std::string::npos) triggers.push_back(label);
    return triggers;
}

Table status_table(const shows::PullRequestStatus& status, const shows::ShowListing& listing, TimePoint now,
                   bool verbose) {
    Table table{.headings = {"PROPERTY", "VALUE"}};
    const auto add = [&](const char* name, const std::string& value) {
        table.rows.push_back({{name, Style::Bold}, value});
    };
    const auto& show = listing.show;
    add("Status", fmt::format("{} {}", glyph_of(show.status), to_string(show.status)));
    add("Environment", show.sha.text());
    add("Service Name", fmt::format("pr-{}-{}", listing.pull_request_number, show.sha.text()));
    if (show.endpoint) add("Superset URL", show.endpoint->url());
    if (show.created_at)
        add("Created", fmt::format("{} ({} ago)", format_for_people(*show.created_at),
                                   format_age(now - *show.created_at)));
    add("TTL",
        listing.expires_at ? fmt::format("{} ({})", listing.ttl, time_left(listing, now)) : listing.ttl);
    if (show.requested_by) add("Requested by", *show.requested_by);
    if (const auto triggers = triggers_of(status); !triggers.empty())
        add("Active Triggers", join(triggers, ", "));
    if (verbose) add("All Labels", join(status.labels.tent_labels, ", "));
    return table;
}

Result<ExitCode> print_status(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    const auto status = TRY(service->status(arguments.pull_request()));
    const auto* current = current_of(status);
    if (current == nullptr) {
        context.out().line(fmt::format("🎪 No environment found for PR #{}", arguments.pull_request()));
        return kDone;
    }
    print_table(context.out(),
                status_table(status, *current, context.clock().now(), arguments.flag("verbose")));
    for (const auto& listing : status.shows)
        if (listing.kind == "building" && &listing != current)
            context.out().line(fmt::format("🏗️ Building new environment: {}", listing.show.sha.text()));
    return kDone;
}

Result<ExitCode> print_list(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    auto listings = TRY(service->list());
    const auto status = arguments.text("status");
    const auto user = arguments.text("user");
    std::erase_if(listings, [&](const auto& listing) {
        return (status && *status != to_string(listing.show.status)) ||
               (user && listing.show.requested_by != *user);
    });
    if (listings.empty()) {
        context.out().line("🎪 No environments found");
        return kDone;
    }
    const auto now = context.clock().now();
    const auto& settings = service->settings();
    Table table{.headings = {"PR", "SERVICE NAME", "", "", "SHA", "AGE", "SUPERSET URL", "TTL", "USER"}};
    for (const auto& listing : listings) {
        const auto& show = listing.show;
        const auto page = fmt::format("{}/{}/pull/{}", settings.web_url, settings.repository.text(),
                                      listing.pull_request_number);
        const auto url = show.endpoint ? show.endpoint->url() : std::string("-");
        table.rows.push_back({{std::to_string(listing.pull_request_number), Style::Plain, page},
                              listing.service_name,
                              type_of(listing.kind),
                              glyph_of(show.status),
                              show.sha.text(),
                              show.created_at ? format_age(now - *show.created_at) : std::string("-"),
                              url,
                              listing.ttl.empty() ? "-" : listing.ttl,
                              show.requested_by.value_or("-")});
    }
    print_table(context.out(), table);
    return kDone;
}

template <Result<ExitCode> (*body)(Context&, const Arguments&)>
Result<ExitCode> guarded(Context& context, const Arguments& arguments) {
    const auto code = body(context, arguments);
    return code ? *code : fail(context, code.error());
}

}  // namespace

Command status_command() {
    return {.name = "status",
            .group = kShowsGroup,
            .summary = "Show the environment of a pull request",
            .positionals = {pull_request_argument()},
            .options = {{.name = "verbose", .help = "Also every label", .short_name = "v"}},
            .examples = {{"showtime status 1234", ""}},
            .run = guarded<print_status>};
}

Command list_command() {
    return {.name = "list",
            .group = kShowsGroup,
            .summary = "List all environments",
            .options = {{.name = "status",
                         .kind = OptionKind::Text,
                         .help = "Only those in this state",
                         .value_name = "TEXT"},
                        {.name = "user",
                         .kind = OptionKind::Text,
                         .help = "Only those that this person asked for",
                         .value_name = "TEXT"}},
            .examples = {{"showtime list --status running", ""}},
            .run = guarded<print_list>};
}

}  // namespace ringmaster::cli::showtime
