#include "base/text.h"
#include "cli/display.h"
#include "cli/prompt.h"
#include "cli/pull_request_argument.h"
#include "cli/registry.h"
#include "cli/run.h"
#include "cli/showtime.h"
#include "shows/sweep.h"

namespace ringmaster::cli::showtime {

namespace {

using shows::SweepOptions;
using shows::SweepReport;

/// Contract §6.4 with D27, D28 and D33: anchored durations, bad values are usage errors, TTL labels count
/// only with --respect-ttl.
Result<SweepOptions> parse(const Arguments& arguments) {
    SweepOptions options;
    const auto older_than = Ttl::parse(*arguments.text("older-than"));
    if (!older_than || older_than->is_until_closed())
        return Fail(Error::invalid_input("--older-than must be a number with h, d or w, such as 48h"));
    options.expiry = {.respect_ttl_labels = arguments.flag("respect-ttl"), .older_than = *older_than};
    if (arguments.was_given("max-age") && !options.expiry.respect_ttl_labels)
        return Fail(Error::invalid_input("--max-age needs --respect-ttl"));
    if (arguments.was_given("max-age")) options.expiry.max_age = TRY(duration_option(arguments, "max-age"));
    options.remove_orphans = arguments.switched("cleanup-aws-orphans").value_or(true);
    options.clean_closed = arguments.switched("cleanup-closed-pr-labels").value_or(true);
    options.prune_definitions = arguments.switched("cleanup-labels").value_or(true);
    if (const auto limit = arguments.integer("label-limit"))
        options.most_definitions = static_cast<int>(*limit);
    return options;
}

void print_items(Context& context, std::string_view verb, const shows::SweepPlan& plan) {
    for (const auto& item : plan.items)
        context.out().line(fmt::format("{} {} ({}: {})", verb, sanitize_for_terminal(item.what),
                                       shows::to_string(item.kind), sanitize_for_terminal(item.why)));
    for (const auto& skipped : plan.skipped) context.err().line("⚠️ " + sanitize_for_terminal(skipped));
}

Result<SweepReport> perform(Context& context, shows::ShowService& service, const SweepOptions& options,
                            const shows::SweepPlan& plan) {
    const auto display = make_display(context);
    auto report = TRY(shows::perform_sweep(service, plan, options, *display, *display));
    display->clear();
    return report;
}

/// Phase 1: what has expired goes without a question.
Result<SweepReport> sweep_expired(Context& context, shows::ShowService& service, SweepOptions options,
                                  bool is_dry) {
    options.remove_orphans = options.clean_closed = options.prune_definitions = false;
    const auto plan = TRY(shows::plan_sweep(service, options));
    print_items(context, is_dry ? "🎪 Would remove" : "🎪 Removing", plan);
    if (is_dry || plan.items.empty()) return SweepReport{};
    return perform(context, service, options, plan);
}

/// Phases 2 to 4: asked about, unless --force; where nobody can be asked, only listed (D26).
Result<SweepReport> sweep_rest(Context& context, const Arguments& arguments, shows::ShowService& service,
                               SweepOptions options, bool is_dry) {
    options.remove_expired = false;
    const auto plan = TRY(shows::plan_sweep(service, options));
    const bool can_act = arguments.flag("force") || context.may_prompt();
    const bool only_lists = is_dry || !can_act;
    print_items(context, only_lists ? "🎪 Would remove" : "🎪 To remove:", plan);
    if (plan.items.empty() || is_dry) return SweepReport{};
    if (!can_act) {
        context.err().line("⚠️ Nobody can be asked here, so these were only listed; --force removes them.");
        return SweepReport{};
    }
    if (!TRY(confirm(context, arguments, fmt::format("Remove these {}?", plan.items.size()))))
        return SweepReport{};
    return perform(context, service, options, plan);
}

void add(SweepReport& sum, SweepReport part) {
    sum.expired += part.expired;
    sum.orphans += part.orphans;
    sum.closed += part.closed;
    sum.definitions += part.definitions;
    for (auto& failure : part.failures) sum.failures.push_back(std::move(failure));
}

ExitCode report(Context& context, const SweepReport& report) {
    for (const auto& failure : report.failures) fail(context, "🎪 ❌ Cleanup failed: ", failure);
    if (!report.failures.empty()) return kFailed;
    context.out().line(
        fmt::format("🎪 ✅ Cleanup completed: {} environments, {} AWS orphans, {} closed PRs, {} labels",
                    report.expired, report.orphans, report.closed, report.definitions));
    return kDone;
}

Result<ExitCode> run_cleanup(Context& context, const Arguments& arguments) {
    const auto options = TRY(parse(arguments));
    const bool is_dry = arguments.flag("dry-run");
    const auto all = [&]() -> Result<SweepReport> {
        auto* service = TRY(context.shows());
        SweepReport sum = TRY(sweep_expired(context, *service, options, is_dry));
        add(sum, TRY(sweep_rest(context, arguments, *service, options, is_dry)));
        return sum;
    };
    const auto sum = all();
    if (!sum) return fail(context, "🎪 ❌ Cleanup failed: ", sum.error());
    return report(context, *sum);
}

Result<ExitCode> cleanup_labels(Context& context, const Arguments& arguments) {
    SweepOptions options{.remove_expired = false, .remove_orphans = false, .clean_closed = false};
    if (const auto limit = arguments.integer("limit")) options.most_definitions = static_cast<int>(*limit);
    const bool is_dry = arguments.switched("dry-run").value_or(true);
    auto* service = TRY(context.shows());
    const auto plan = TRY(shows::plan_sweep(*service, options));
    print_items(context, is_dry ? "🎪 Would delete" : "🎪 To delete:", plan);
    if (is_dry || plan.items.empty()) {
        context.out().line(fmt::format("🎪 {} unattached labels found", plan.items.size()));
        return kDone;
    }
    if (!TRY(confirm(context, arguments, fmt::format("Delete these {} labels?", plan.items.size()))))
        return kDone;
    const auto done = TRY(perform(context, *service, options, plan));
    if (!done.failures.empty()) return Fail(done.failures.front());
    context.out().line(fmt::format("🎪 ✅ Deleted {} labels", done.definitions));
    return kDone;
}

Result<ExitCode> run_cleanup_labels(Context& context, const Arguments& arguments) {
    const auto code = cleanup_labels(context, arguments);
    return code ? *code : fail(context, "❌ Repository label cleanup failed: ", code.error());
}

Option on_by_default(std::string name, std::string help) {
    return {.name = std::move(name), .kind = OptionKind::Switch, .help = std::move(help) + " (default: yes)"};
}

}  // namespace

Command cleanup_command() {
    return {.name = "cleanup",
            .group = kShowsGroup,
            .summary = "Remove environments and labels that are no longer needed",
            .options = {{.name = "dry-run", .help = "Only list"},
                        {.name = "force", .help = "Do not ask"},
                        {.name = "older-than",
                         .kind = OptionKind::Text,
                         .help = "Age at which environments end",
                         .value_name = "TEXT",
                         .default_value = "48h"},
                        {.name = "respect-ttl", .help = "Follow TTL labels"},
                        {.name = "max-age",
                         .kind = OptionKind::Text,
                         .help = "Cap on TTL labels, with --respect-ttl",
                         .value_name = "TEXT"},
                        on_by_default("cleanup-labels", "Labels that nothing carries"),
                        on_by_default("cleanup-aws-orphans", "Services that no pull request explains"),
                        on_by_default("cleanup-closed-pr-labels", "Leftovers of closed pull requests"),
                        {.name = "label-limit",
                         .kind = OptionKind::Integer,
                         .help = "At most this many labels",
                         .value_name = "INTEGER",
                         .minimum = 1}},
            .examples = {{"showtime cleanup --respect-ttl --force", ""}},
            .run = run_cleanup};
}

Command cleanup_labels_command() {
    return {.name = "cleanup-labels",
            .group = kShowsGroup,
            .summary = "Delete labels of environments that nothing carries",
            .options = {{.name = "dry-run", .kind = OptionKind::Switch, .help = "Only list (default: yes)"},
                        {.name = "force", .help = "Do not ask"},
                        {.name = "limit",
                         .kind = OptionKind::Integer,
                         .help = "At most this many",
                         .value_name = "INTEGER",
                         .minimum = 1}},
            .examples = {{"showtime cleanup-labels --no-dry-run --force", ""}},
            .run = run_cleanup_labels};
}

}  // namespace ringmaster::cli::showtime
