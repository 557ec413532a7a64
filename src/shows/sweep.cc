#include "shows/sweep.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "shows/hooks.h"
#include "shows/stable_address.h"
#include "shows/worker.h"

namespace ringmaster::shows {
namespace {

// Lease tokens are deleted this long after they expired: far beyond any clock difference the lease allows.
constexpr Duration kTokenGrace = std::chrono::hours(1);
constexpr std::string_view kTokenPrefix = "🎪 🔑 ";

/// Everything a plan is made from; complete, or there is no plan.
struct Survey {
    std::vector<Observation> pull_requests;  ///< open ones, and closed ones that still carry our labels
    std::vector<Service> services;
    TimePoint now;

    const Observation* find(int number) const {
        const auto found = std::ranges::find(pull_requests, number,
                                             [](const Observation& it) { return it.pull_request.number; });
        return found == pull_requests.end() ? nullptr : &*found;
    }
};

Survey make_survey(std::vector<PullRequestSummary> listed, std::vector<Service> services, TimePoint now) {
    Survey survey{.services = std::move(services), .now = now};
    survey.pull_requests.reserve(listed.size());
    for (auto& summary : listed) {
        Observation seen{.pull_request = std::move(summary.pull_request),
                         .labels = parse_labels(summary.labels)};
        seen.authorization.allowed = true;  // only ends are looked for here
        seen.services.emplace();
        for (const auto& service : survey.services)
            if (service.show.pull_request_number == seen.pull_request.number)
                seen.services->push_back(
                    {service.show.sha, service.state != ServiceState::Exited, service.created_at});
        survey.pull_requests.push_back(std::move(seen));
    }
    return survey;
}

Decision decide_end(const Observation& seen, const Survey& survey, const SweepOptions& options,
                    const ShowPolicy& policy) {
    const Request request{.target = seen.pull_request.head, .expiry = options.expiry, .may_create = false};
    return decide(seen, request, policy, survey.now);
}

/// Every version that goes with it: those that labels name, and those that only the engine knows.
std::string describe_shows(const LabelState& labels, const Survey& survey, int number) {
    std::set<ShortSha> versions(labels.remnants.begin(), labels.remnants.end());
    for (const auto& show : labels.shows) versions.insert(show.sha);
    for (const auto& service : survey.services)
        if (service.show.pull_request_number == number) versions.insert(service.show.sha);
    std::vector<std::string> names;
    for (const auto& sha : versions) names.push_back(fmt::format("pr-{}-{}", number, sha.text()));
    return names.empty() ? fmt::format("labels of #{}", number) : join(names, ", ");
}

void plan_ends(const Survey& survey, const SweepOptions& options, const ShowPolicy& policy, SweepPlan& plan) {
    for (const auto& seen : survey.pull_requests) {
        const int number = seen.pull_request.number;
        const LabelState& labels = seen.labels;
        const Decision decision = decide_end(seen, survey, options, policy);
        if (decision.action != Action::DestroyEnvironment || decision.nothing_left) continue;
        if (decision.reason == Reason::Expired && options.remove_expired)
            plan.items.push_back(
                {SweepKind::Expired, number, describe_shows(labels, survey, number), "its time is over"});
        else if (decision.reason == Reason::PrClosed && options.clean_closed)
            plan.items.push_back({SweepKind::Closed, number, describe_shows(labels, survey, number),
                                  "its pull request is closed"});
    }
}

std::string name_of(const Service& service) {
    return service.name.empty() ? service.show.service_name() : service.name;
}

/// A service is an orphan only if its own pull request, in a complete listing, has no label that names it. A
/// pull request that is in no listing is looked up by itself when the plan is performed.
void plan_orphans(const Survey& survey, const SweepOptions& options, SweepPlan& plan) {
    std::set<int> ending;  // their services end with them
    for (const auto& item : plan.items) ending.insert(item.pull_request_number);
    for (const auto& service : survey.services) {
        if (ending.contains(service.show.pull_request_number)) continue;
        const std::string name = name_of(service);
        const Observation* seen = survey.find(service.show.pull_request_number);
        if (seen) {
            const LabelState& labels = seen->labels;
            const bool is_named =
                labels.find(service.show.sha) ||
                std::ranges::find(labels.remnants, service.show.sha) != labels.remnants.end();
            const bool ends_anyway = !seen->pull_request.is_open() && !labels.tent_labels.empty();
            if (is_named || ends_anyway) continue;
        }
        if (survey.now - service.created_at < options.grace) {
            plan.skipped.push_back(fmt::format("{}: younger than {}, its labels may be on the way", name,
                                               format_duration_for_people(options.grace)));
            continue;
        }
        plan.items.push_back({SweepKind::Orphan, service.show.pull_request_number, name,
                              seen ? "no label of its pull request names it"
                                   : "its pull request is not open and carries no label of ours"});
    }
}

bool has_show(const LabelState& labels) {
    return !labels.shows.empty() || !labels.remnants.empty();
}

/// A stable address is wanted for as long as its pull request has a show, or a service that may become one. A
/// router that is silent must not keep what costs money from being removed.
void plan_routes(Outside& outside, const Survey& survey, SweepPlan& plan) {
    if (!outside.router) return;
    const auto routes = outside.router->list_managed();
    if (!routes) {
        plan.skipped.push_back("stable addresses: " + routes.error().describe());
        return;
    }
    std::set<int> wanted;  // or they go with what is ended
    std::set<std::string> orphans;
    for (const auto& item : plan.items) {
        if (item.kind == SweepKind::Orphan)
            orphans.insert(item.what);
        else
            wanted.insert(item.pull_request_number);
    }
    for (const auto& service : survey.services)
        if (!orphans.contains(name_of(service))) wanted.insert(service.show.pull_request_number);
    for (const auto& seen : survey.pull_requests)
        if (has_show(seen.labels)) wanted.insert(seen.pull_request.number);
    for (const auto& route : *routes)
        if (!wanted.contains(route.pull_request_number))
            plan.items.push_back({SweepKind::Route, route.pull_request_number,
                                  stable_url(outside, route.pull_request_number),
                                  "its pull request has no show"});
}

std::optional<TimePoint> token_expiry(const StoredLabel& label) {
    constexpr std::string_view kKey = " until ";
    const auto at = label.definition.description.rfind(kKey);
    if (at == std::string::npos) return std::nullopt;
    return parse_iso8601(std::string_view(label.definition.description).substr(at + kKey.size()));
}

bool is_old_token(const StoredLabel& label, TimePoint now) {
    const auto expiry = token_expiry(label);
    return expiry && *expiry + kTokenGrace < now;
}

bool is_unused(const StoredLabel& label, const std::set<ShortSha>& in_use) {
    if (label.attached_to > 0 || !is_show_definition(label.definition.name)) return false;
    const auto sha = sha_of_label(label.definition.name);
    return sha && !in_use.contains(*sha);
}

/// Definitions of shows that nothing carries, and lease tokens long over. Those whose sha an open pull
/// request has now, or a service runs, are left: someone is about to put them on (github-facts 10.16).
void plan_definitions(const Survey& survey, const std::vector<StoredLabel>& definitions,
                      const SweepOptions& options, SweepPlan& plan) {
    std::set<ShortSha> in_use;
    for (const auto& seen : survey.pull_requests)
        if (seen.pull_request.is_open()) in_use.insert(seen.pull_request.head.short_sha());
    for (const auto& service : survey.services) in_use.insert(service.show.sha);
    int left = options.most_definitions;
    for (const auto& label : definitions) {
        if (left == 0) {
            plan.skipped.push_back(
                fmt::format("more definitions: at most {} are removed in one run", options.most_definitions));
            return;
        }
        const std::string& name = label.definition.name;
        const bool is_token = name.starts_with(kTokenPrefix);
        if (!(is_token ? is_old_token(label, survey.now) : is_unused(label, in_use))) continue;
        plan.items.push_back({is_token ? SweepKind::LeaseToken : SweepKind::Definition, 0, name,
                              is_token ? "this lease ran out long ago" : "nothing carries this label"});
        plan.definitions.push_back(label);
        --left;
    }
}

/// Claims that workers left when they died and that nobody took over.
Result<void> plan_leftovers(Outside& outside, const SweepOptions& options, SweepPlan& plan) {
    if (!outside.leftovers) return {};
    for (auto& claim : TRY_WHILE(outside.leftovers->left_behind(kTokenGrace), "listing claims")) {
        if (std::ssize(plan.leftovers) == options.most_definitions) break;
        plan.items.push_back({SweepKind::LeaseToken, claim.pull_request_number,
                              fmt::format("the claim on #{}", claim.pull_request_number),
                              "this lease ran out long ago"});
        plan.leftovers.push_back(std::move(claim));
    }
    return {};
}

void remove_leftovers(Outside& outside, const SweepPlan& plan, SweepReport& report) {
    for (const auto& claim : plan.leftovers) {
        auto removed = outside.leftovers->remove_left_behind(claim);
        if (!removed)
            report.failures.push_back(std::move(removed).error().while_doing(
                fmt::format("removing what is left of a claim on #{}", claim.pull_request_number)));
        else if (*removed)
            ++report.definitions;
    }
}

/// Ends every show of one pull request along the ordinary road, with a decision of its own under the claim.
Result<bool> end_shows(ShowService& service, const SweepItem& item, const SweepOptions& options,
                       Reporter& reporter, Progress& progress) {
    const SyncRequest request{.number = item.pull_request_number,
                              .asker = Asker::Event,
                              .actor = "ringmaster",
                              .expiry = options.expiry,
                              .may_create = false};
    const SyncOutcome outcome = TRY(service.sync(request, reporter, progress));
    return outcome.decision.action == Action::DestroyEnvironment;
}

/// Removes one service whose pull request, looked up by itself right now and under its claim, does not want
/// it.
Result<bool> remove_orphan(ShowService& service, const SweepItem& item, Reporter& reporter,
                           Progress& progress) {
    Outside& outside = service.outside();
    const PullRequestView seen = TRY(outside.forge.observe(item.pull_request_number));
    const Claimed claimed = TRY(outside.claims.acquire(seen, progress));
    Worker worker(outside.claims, claimed.claim, outside.clock, reporter, progress);
    const auto finish = [&](Result<bool> result) {
        if (!worker.has_lost_claim()) (void)outside.claims.release(worker.claim());
        return result;
    };
    const LabelState labels = parse_labels(claimed.view.labels);
    const auto listed = outside.runtime.list_of(item.pull_request_number, Others::Ignored);
    if (!listed) return finish(Fail(listed.error()));
    for (const auto& found : listed->services) {
        if (found.show.service_name() != item.what && found.name != item.what) continue;
        const bool is_named = labels.find(found.show.sha) ||
                              std::ranges::find(labels.remnants, found.show.sha) != labels.remnants.end();
        if (is_named) return finish(false);
        const auto trouble = tear_down(outside.runtime, service.settings().policy, found.show, worker);
        if (!trouble) return finish(Fail(trouble.error()));
        if (*trouble) reporter.warning(**trouble);
        if (auto fenced = worker.fence(); !fenced) return finish(Fail(fenced.error()));
        if (auto removed = outside.runtime.remove(found.show, worker); !removed)
            return finish(Fail(removed.error()));
        if (auto removed = outside.builder.remove(found.show); !removed) return finish(Fail(removed.error()));
        return finish(true);
    }
    return finish(false);
}

/// Withdraws the stable address of a pull request that, looked up by itself right now and under its claim,
/// has neither a show nor a service. Whoever makes one of these holds the claim.
Result<bool> remove_route(ShowService& service, const SweepItem& item, Progress& progress) {
    Outside& outside = service.outside();
    const PullRequestView seen = TRY(outside.forge.observe(item.pull_request_number));
    const Claimed claimed = TRY(outside.claims.acquire(seen, progress));
    const auto withdraw = [&]() -> Result<bool> {
        if (has_show(parse_labels(claimed.view.labels))) return false;
        if (!TRY(outside.runtime.list_of(item.pull_request_number, Others::Ignored)).services.empty())
            return false;
        TRY(outside.router->withdraw(item.pull_request_number));
        return true;
    };
    auto result = withdraw();
    (void)outside.claims.release(claimed.claim);
    return result;
}

Result<bool> perform_item(ShowService& service, const SweepItem& item, const SweepOptions& options,
                          Reporter& reporter, Progress& progress) {
    if (item.kind == SweepKind::Orphan) return remove_orphan(service, item, reporter, progress);
    if (item.kind == SweepKind::Route) return remove_route(service, item, progress);
    return end_shows(service, item, options, reporter, progress);
}

void count(SweepReport& report, const SweepItem& item) {
    report.removed.push_back(item);
    switch (item.kind) {
        case SweepKind::Expired:
            ++report.expired;
            break;
        case SweepKind::Orphan:
        case SweepKind::Route:
            ++report.orphans;
            break;
        case SweepKind::Closed:
            ++report.closed;
            break;
        case SweepKind::Definition:
        case SweepKind::LeaseToken:
            ++report.definitions;
            break;
    }
}

void note_deleted(SweepReport& report, const SweepPlan& plan, const std::vector<std::string>& names) {
    for (const auto& item : plan.items) {
        const bool is_label = item.kind == SweepKind::Definition || item.kind == SweepKind::LeaseToken;
        if (is_label && std::ranges::find(names, item.what) != names.end()) count(report, item);
    }
}

}  // namespace

std::string_view to_string(SweepKind kind) {
    switch (kind) {
        case SweepKind::Expired:
            return "expired";
        case SweepKind::Orphan:
            return "orphan";
        case SweepKind::Route:
            return "route";
        case SweepKind::Closed:
            return "closed";
        case SweepKind::Definition:
            return "definition";
        case SweepKind::LeaseToken:
            return "lease_token";
    }
    return "unknown";
}

Result<SweepPlan> plan_sweep(ShowService& service, const SweepOptions& options) {
    Outside& outside = service.outside();
    auto listed = TRY_WHILE(outside.forge.list_labelled(), "listing pull requests");
    auto services = TRY_WHILE(outside.runtime.list_managed(), "listing services");
    const Survey survey = make_survey(std::move(listed), std::move(services), outside.clock.now());
    SweepPlan plan;
    plan_ends(survey, options, service.settings().policy, plan);
    if (options.remove_orphans) {
        plan_orphans(survey, options, plan);
        plan_routes(outside, survey, plan);
    }
    if (static_cast<int>(plan.items.size()) > options.most_removals) {
        plan.skipped.push_back(
            fmt::format("{} more: at most {} pull requests and services are ended in one run",
                        static_cast<int>(plan.items.size()) - options.most_removals, options.most_removals));
        plan.items.resize(static_cast<std::size_t>(options.most_removals));
    }
    if (options.prune_definitions) {
        plan_definitions(survey,
                         TRY_WHILE(outside.forge.list_definitions(kTent), "listing label definitions"),
                         options, plan);
        TRY(plan_leftovers(outside, options, plan));
    }
    return plan;
}

Result<SweepReport> perform_sweep(ShowService& service, const SweepPlan& plan, const SweepOptions& options,
                                  Reporter& reporter, Progress& progress) {
    SweepReport report;
    for (const auto& item : plan.items) {
        if (item.kind == SweepKind::Definition || item.kind == SweepKind::LeaseToken) continue;
        TRY(progress.pulse());
        auto ended = perform_item(service, item, options, reporter, progress);
        if (!ended)
            report.failures.push_back(std::move(ended).error().while_doing(
                fmt::format("sweeping {} of #{}", item.what, item.pull_request_number)));
        else if (*ended)
            count(report, item);
    }
    if (!plan.definitions.empty()) {
        auto deleted = service.outside().forge.delete_unattached(plan.definitions);
        if (deleted)
            note_deleted(report, plan, *deleted);
        else
            report.failures.push_back(std::move(deleted).error().while_doing("pruning label definitions"));
    }
    remove_leftovers(service.outside(), plan, report);
    return report;
}

}  // namespace ringmaster::shows
