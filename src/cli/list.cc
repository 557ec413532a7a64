#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"
#include "cli/show_listing.h"

namespace ringmaster::cli {

namespace {

struct ListOptions {
    std::optional<std::string> status;
    std::optional<std::string> user;
    bool wants(const shows::ShowListing& listing) const {
        return (!status || *status == to_string(listing.show.status)) &&
               (!user || listing.show.requested_by == *user);
    }
};

ListOptions parse(const Arguments& arguments) {
    return {.status = arguments.text("status"), .user = arguments.text("user")};
}

Result<ExitCode> run_list(Context& context, const Arguments& arguments) {
    const auto options = parse(arguments);
    auto* service = TRY(context.shows());
    auto listings = TRY(service->list());
    std::erase_if(listings, [&](const auto& listing) { return !options.wants(listing); });
    Value list = Value::array();
    for (const auto& listing : listings)
        list.add(listing_value(listing, service->outside().runtime.engine()));
    if (print_json_if_asked(context, arguments, list)) return kDone;
    if (listings.empty())
        context.err().line(options.status || options.user ? "No show fits." : "There are no shows.");
    else
        print_table(context.out(), listing_table(listings, context.clock().now()));
    return kDone;
}

}  // namespace

Command list_command() {
    return {.name = "list",
            .group = kShowsGroup,
            .summary = "List every show of the repository",
            .description = "Shows of open pull requests, and services that no pull request explains.",
            .options = {{.name = "status",
                         .kind = OptionKind::Text,
                         .help = "Only those in this state",
                         .value_name = "STATUS",
                         .choices = {"building", "built", "deploying", "running", "failed", "stopping",
                                     "unknown"}},
                        {.name = "user",
                         .kind = OptionKind::Text,
                         .help = "Only those that this person asked for",
                         .value_name = "LOGIN"}},
            .examples = {{"ringmaster list", ""},
                         {"ringmaster list --status failed --json pull_request,problems", ""}},
            .json_fields = listing_fields(),
            .run = run_list};
}

}  // namespace ringmaster::cli
