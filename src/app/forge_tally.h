#pragma once
// How many requests the forge got from this process, by API and by what came of them: GitHub counts REST and
// GraphQL against allowances of their own. Wiring feeds it, /metrics shows it.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "adapters/support/curl_http_client.h"
#include "server/metrics.h"

namespace ringmaster::app {

/// Any thread.
class ForgeTally {
 public:
    /// Each try is one request, retries included: that is what the forge counts.
    void count(const support::HttpExchange& exchange);
    static void declare(server::Metrics& metrics);
    void publish(server::Metrics& metrics) const;

 private:
    enum Api { Rest, GraphQl, kApis };
    /// 1xx to 5xx, and 0 for no answer at all.
    static constexpr std::size_t kClasses = 6;
    std::array<std::array<std::atomic<std::uint64_t>, kClasses>, kApis> requests_{};
};

}  // namespace ringmaster::app
