#pragma once
// Where a Prefect server's API is, who we are to it, and how patient to be.

#include <string>

#include "adapters/support/retry_loop.h"

namespace ringmaster::prefect {

struct PrefectSettings {
    std::string api_url;      ///< ends with "/api", or is a workspace's of Prefect Cloud; no '/' at its end
    std::string api_key;      ///< Prefect Cloud's; empty = none
    std::string auth_string;  ///< "user:password" of a self-hosted server; wins over the key; empty = none
    std::string ui_url;       ///< pages for people; empty = told from api_url
    std::string version;      ///< of this program, for the User-Agent
    Duration request_timeout = std::chrono::seconds(60);
    /// For 408, 429, 502 and 503. A server on SQLite says 503 whenever two write at once; a flat short wait
    /// starved, doubling from 0.2 s up to 5 s always got through (prefect-wire, rule 2): some 35 s in all.
    support::RetryPolicy busy = {.attempts = 11,
                                 .first_wait = std::chrono::milliseconds(200),
                                 .longest_wait = std::chrono::seconds(60),
                                 .doubling_ends = std::chrono::seconds(5)};
    /// For connections that fail: somebody waits, and most such servers are simply not there.
    support::RetryPolicy unreachable = {.attempts = 3, .first_wait = std::chrono::milliseconds(200)};
};

/// Where people look at what the API at that address holds: without "/api" at its end; on Prefect Cloud
/// another host and other words in the path (prefect.utilities.urls, 3.8.8).
std::string ui_address(std::string_view api_url);

}  // namespace ringmaster::prefect
