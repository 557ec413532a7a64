#include "app/forge_tally.h"

#include <gtest/gtest.h>

namespace ringmaster::app {
namespace {

support::HttpExchange exchange(std::string url, int status) {
    return {.url = std::move(url), .status = status};
}

TEST(ForgeTally, CountsRequestsByApiAndClassOfStatus) {
    ForgeTally tally;
    for (const int status : {200, 201, 304, 422})
        tally.count(exchange("https://api.github.com/repos/ada/graphql/labels?page=2", status));
    tally.count(exchange("https://api.github.com/graphql", 200));
    tally.count(exchange("https://ghe.example.com/api/graphql", 502));
    tally.count(exchange("https://ghe.example.com/api/graphql", 0));
    server::Metrics metrics;
    ForgeTally::declare(metrics);
    tally.publish(metrics);
    tally.publish(metrics);  // every scrape publishes the same totals
    EXPECT_EQ(metrics.render(),
              "# HELP ringmaster_forge_requests_total Requests sent to the forge, by API and class of the "
              "answer's status.\n"
              "# TYPE ringmaster_forge_requests_total counter\n"
              "ringmaster_forge_requests_total{api=\"graphql\",status=\"2xx\"} 1\n"
              "ringmaster_forge_requests_total{api=\"graphql\",status=\"5xx\"} 1\n"
              "ringmaster_forge_requests_total{api=\"graphql\",status=\"none\"} 1\n"
              "ringmaster_forge_requests_total{api=\"rest\",status=\"2xx\"} 2\n"
              "ringmaster_forge_requests_total{api=\"rest\",status=\"3xx\"} 1\n"
              "ringmaster_forge_requests_total{api=\"rest\",status=\"4xx\"} 1\n");
}

}  // namespace
}  // namespace ringmaster::app
