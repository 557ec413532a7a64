#include "shows/stable_address.h"

#include <algorithm>

namespace ringmaster::shows {

void ask_router(const Outside& outside, Observation& seen) {
    if (!outside.router) return;
    const auto routes = outside.router->list_managed();
    if (!routes) return;
    seen.route.emplace();
    for (const auto& route : *routes)
        if (route.pull_request_number == seen.pull_request.number)
            seen.route = RouteFact{.is_there = true, .to = route.to};
}

std::string stable_url(const Outside& outside, int pull_request_number) {
    return outside.router ? outside.router->address(pull_request_number) : "";
}

void show_address(const Run& run, CommentFacts& facts, const std::optional<Endpoint>& endpoint) {
    facts.url = endpoint ? endpoint->url() : "";
    if (!endpoint || !run.outside.router) return;
    facts.version_url = facts.url;
    facts.url = stable_url(run.outside, run.view.pull_request.number);
}

Result<void> point_route(Run& run, const Endpoint& endpoint) {
    if (!run.outside.router) return {};
    const int number = run.view.pull_request.number;
    TRY(run.worker.fence());
    TRY_WHILE(run.outside.router->point(number, endpoint), "leading {} to {}",
              stable_url(run.outside, number), endpoint.text());
    return {};
}

bool may_lead_to(const Run& run, const Endpoint& endpoint, const Error& error) {
    // An order whose answer did not come in time may still be carried out.
    if (error.kind() == ErrorKind::TimedOut) return true;
    const auto routes = run.outside.router->list_managed();
    if (!routes) return true;
    return std::ranges::any_of(*routes, [&](const Route& route) {
        return route.pull_request_number == run.view.pull_request.number && route.to == endpoint;
    });
}

Result<void> withdraw_route(Run& run) {
    if (!run.outside.router) return {};
    const int number = run.view.pull_request.number;
    TRY(run.worker.fence());
    TRY_WHILE(run.outside.router->withdraw(number), "taking {} away", stable_url(run.outside, number));
    return {};
}

Result<void> settle_route(Run& run, const Decision& decision) {
    if (!run.outside.router) return {};
    if (decision.withdraw_route) return withdraw_route(run);
    if (decision.point_route) return point_route(run, *decision.point_route);
    // The router may have been silent when it was asked.
    if (decision.serving_at) return point_route(run, *decision.serving_at);
    return {};
}

}  // namespace ringmaster::shows
