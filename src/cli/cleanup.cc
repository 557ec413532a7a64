#include "cli/commands.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/sweep_run.h"

namespace ringmaster::cli {

namespace {

Result<shows::SweepOptions> parse(const Arguments& arguments) {
    shows::SweepOptions options;
    auto older_than = Ttl::parse(*arguments.text("older-than"));
    if (!older_than || older_than->is_until_closed())
        return Fail(Error::invalid_input("--older-than must be a number with h, d or w")
                        .hint("for instance: --older-than 48h"));
    options.expiry = {.respect_ttl_labels = arguments.switched("respect-ttl").value_or(true),
                      .older_than = *older_than};
    if (arguments.was_given("max-age")) {
        options.expiry.max_age = TRY(duration_option(arguments, "max-age"));
        if (*options.expiry.max_age <= Duration::zero())
            return Fail(Error::invalid_input("--max-age must be longer than nothing"));
        if (!options.expiry.respect_ttl_labels)
            return Fail(
                Error::invalid_input("--max-age caps TTL labels, which --no-respect-ttl does not look at")
                    .hint("use --older-than alone"));
    }
    options.remove_expired = arguments.switched("expired").value_or(true);
    options.remove_orphans = arguments.switched("orphans").value_or(true);
    options.clean_closed = arguments.switched("closed").value_or(true);
    options.prune_definitions = arguments.switched("labels").value_or(true);
    options.most_definitions = static_cast<int>(*arguments.integer("label-limit"));
    return options;
}

Result<ExitCode> run_cleanup(Context& context, const Arguments& arguments) {
    return run_sweep(context, arguments, TRY(parse(arguments)), arguments.flag("dry-run"));
}

}  // namespace

Command cleanup_command() {
    return {.name = "cleanup",
            .group = kUpkeepGroup,
            .summary = "Remove what is no longer needed",
            .description =
                "Looks at everything: shows whose time is over, services that no pull request explains, "
                "leftovers of "
                "closed pull requests, labels that nothing carries. Shows the plan and asks. After a listing "
                "that "
                "failed or is not complete, nothing is removed.",
            .options = {{.name = "dry-run", .help = "Only print the plan"},
                        {.name = "yes", .help = "Do not ask", .short_name = "y"},
                        {.name = "force", .help = "The same as --yes"},
                        {.name = "older-than",
                         .kind = OptionKind::Text,
                         .help = "Age at which shows without a TTL label end",
                         .value_name = "AGE",
                         .default_value = "48h"},
                        {.name = "respect-ttl",
                         .kind = OptionKind::Switch,
                         .help = "Follow TTL labels (default: yes)"},
                        {.name = "max-age",
                         .kind = OptionKind::Text,
                         .help = "No TTL label counts for more than this, \"close\" excepted",
                         .value_name = "AGE"},
                        {.name = "expired",
                         .kind = OptionKind::Switch,
                         .help = "Shows whose time is over (default: yes)"},
                        {.name = "orphans",
                         .kind = OptionKind::Switch,
                         .help = "Services that no pull request explains (default: yes)"},
                        {.name = "closed",
                         .kind = OptionKind::Switch,
                         .help = "Leftovers of closed pull requests (default: yes)"},
                        {.name = "labels",
                         .kind = OptionKind::Switch,
                         .help = "Labels of shows that nothing carries (default: yes)"},
                        {.name = "label-limit",
                         .kind = OptionKind::Integer,
                         .help = "At most this many labels",
                         .value_name = "N",
                         .default_value = "200",
                         .minimum = 1}},
            .examples = {{"ringmaster cleanup --dry-run", "look first"},
                         {"ringmaster cleanup --yes --older-than 72h", "from a scheduled job"}},
            .json_fields = sweep_fields(),
            .run = run_cleanup};
}

Command cleanup_labels_command() {
    return {
        .name = "cleanup-labels",
        .group = kUpkeepGroup,
        .summary = "Delete labels of shows that nothing carries any more",
        .description =
            "Only prints them unless --no-dry-run is given. Each is looked up again right before it is "
            "deleted.",
        .options = {{.name = "dry-run", .kind = OptionKind::Switch, .help = "Only print them (default: yes)"},
                    {.name = "yes", .help = "Do not ask", .short_name = "y"},
                    {.name = "force", .help = "The same as --yes"},
                    {.name = "limit",
                     .kind = OptionKind::Integer,
                     .help = "At most this many",
                     .value_name = "N",
                     .default_value = "200",
                     .minimum = 1}},
        .examples = {{"ringmaster cleanup-labels", ""}, {"ringmaster cleanup-labels --no-dry-run --yes", ""}},
        .json_fields = sweep_fields(),
        .run = [](Context& context, const Arguments& arguments) -> Result<ExitCode> {
            const shows::SweepOptions options{
                .remove_expired = false,
                .remove_orphans = false,
                .clean_closed = false,
                .most_definitions = static_cast<int>(*arguments.integer("limit"))};
            return run_sweep(context, arguments, options, arguments.switched("dry-run").value_or(true));
        }};
}

}  // namespace ringmaster::cli
