// What is there, for people: `status` and `list`.

#include <algorithm>
#include <set>
#include <tuple>

#include "shows/service.h"
#include "shows/stable_address.h"

namespace ringmaster::shows {
namespace {

std::string kind_of(const LabelState& labels, const Show& show) {
    if (labels.active == show.sha) return "active";
    if (is_in_progress(show.status)) return "building";
    return "orphaned";
}

const Service* find_service(const std::vector<Service>& services, int number, const ShortSha& sha) {
    const auto found = std::ranges::find_if(services, [&](const Service& service) {
        return service.show.pull_request_number == number && service.show.sha == sha;
    });
    return found == services.end() ? nullptr : &*found;
}

ShowListing list_show(const Outside& outside, const Settings& settings, const PullRequest& pull_request,
                      const LabelState& labels, const Show& show, const std::vector<Service>* services) {
    const ShowId id{settings.repository, pull_request.number, show.sha};
    ShowListing listing{.pull_request_number = pull_request.number,
                        .title = pull_request.title,
                        .kind = kind_of(labels, show),
                        .show = show,
                        .service_name = id.service_name()};
    const Ttl ttl = labels.ttl.value_or(settings.policy.default_ttl);
    listing.ttl = ttl.text();
    if (labels.active == show.sha && show.status == ShowStatus::Running)
        listing.stable_url = stable_url(outside, pull_request.number);
    if (show.created_at) listing.expires_at = ttl.expiry(*show.created_at);
    const Service* service = services ? find_service(*services, pull_request.number, show.sha) : nullptr;
    if (service && service->endpoint && show.status == ShowStatus::Running)
        listing.show.endpoint = service->endpoint;  // contract D59
    if (services && show.status == ShowStatus::Running) {
        if (!service)
            listing.problems.emplace_back("the engine has no service for it");
        else if (service->state == ServiceState::Exited)
            listing.problems.push_back("its service ended: " + service->detail);
    }
    return listing;
}

/// A service that no labels explain, for the list; the sweep decides about it.
ShowListing list_orphan(const Service& service) {
    Show show{.sha = service.show.sha,
              .status = ShowStatus::Unknown,
              .endpoint = service.endpoint,
              .created_at = service.created_at};
    return {.pull_request_number = service.show.pull_request_number,
            .kind = "orphaned",
            .show = std::move(show),
            .service_name = service.name,
            .expires_at = service.expires_at,
            .problems = {"no label explains this service"}};
}

int rank(const ShowListing& listing) {
    if (listing.kind == "active") return 0;
    if (listing.kind == "building") return 1;
    return 2;
}

}  // namespace

Result<PullRequestStatus> ShowService::status(int number) {
    PullRequestStatus status{.view = TRY_WHILE(outside_.forge.observe(number), "reading #{}", number)};
    status.labels = parse_labels(status.view.labels);
    const auto listed = outside_.runtime.list_of(number, Others::Ignored);
    if (listed) status.services = listed->services;
    for (const auto& show : status.labels.shows)
        status.shows.push_back(list_show(outside_, settings_, status.view.pull_request, status.labels, show,
                                         listed ? &status.services : nullptr));
    return status;
}

Result<std::vector<ShowListing>> ShowService::list() {
    const auto pull_requests = TRY_WHILE(outside_.forge.list_open(), "listing open pull requests");
    auto services = outside_.runtime.list_managed();
    std::vector<ShowListing> listings;
    std::set<std::string> explained;
    for (const auto& [pull_request, names] : pull_requests) {
        const LabelState labels = parse_labels(names);
        for (const auto& show : labels.shows) {
            listings.push_back(
                list_show(outside_, settings_, pull_request, labels, show, services ? &*services : nullptr));
            explained.insert(listings.back().service_name);
        }
    }
    if (services) {
        for (const auto& service : *services)
            if (!explained.contains(ShowId(service.show).service_name()))
                listings.push_back(list_orphan(service));
    }
    std::ranges::sort(listings, {}, [](const ShowListing& listing) {
        return std::tuple(listing.pull_request_number, rank(listing), listing.show.sha);
    });
    return listings;
}

}  // namespace ringmaster::shows
