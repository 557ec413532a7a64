#pragma once
#include <functional>

#include "adapters/support/curl_http_client.h"
#include "cli/output.h"

namespace ringmaster::app {

/// What -v prints of each request: "GET https://… 200 12 ms"; with verbosity 2 also the bodies. Empty for 0.
/// The exchange is masked already; what is printed is also harmless to a terminal.
std::function<void(const support::HttpExchange&)> request_log(cli::Stream& stream, int verbosity);

}  // namespace ringmaster::app
