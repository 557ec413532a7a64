#include "app/forge_tally.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaster::app {

namespace {
constexpr auto kName = "ringmaster_forge_requests_total";
}

void ForgeTally::count(const support::HttpExchange& exchange) {
    const std::string_view url = exchange.url;
    const auto api = url.substr(0, url.find('?')).ends_with("/graphql") ? GraphQl : Rest;
    ++requests_[api][static_cast<std::size_t>(std::clamp(exchange.status / 100, 0, 5))];
}

void ForgeTally::declare(server::Metrics& metrics) {
    metrics.declare_counter(kName, "Requests sent to the forge, by API and class of the answer's status.");
}

void ForgeTally::publish(server::Metrics& metrics) const {
    for (const auto api : {Rest, GraphQl})
        for (std::size_t status = 0; status < kClasses; ++status)
            if (const auto total = requests_[api][status].load(); total > 0)
                metrics.set_total(kName, static_cast<double>(total),
                                  {{"api", api == Rest ? "rest" : "graphql"},
                                   {"status", status == 0 ? "none" : fmt::format("{}xx", status)}});
}

}  // namespace ringmaster::app
