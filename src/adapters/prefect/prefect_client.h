#pragma once
// Prefect's REST API over an HttpClient: headers, patience, the CSRF dance, pages, and refusals turned into
// errors. Wire contract: prefect-wire.md, measured on server 3.8.8 (API 0.8.4).

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/prefect/prefect_settings.h"
#include "adapters/support/json_reader.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/http_client.h"

namespace ringmaster::prefect {

struct Call {
    std::string method = "GET";
    std::string path;   ///< below the API's address, percent-encoded: "/deployments/filter"
    std::string body;   ///< JSON; empty = none
    std::string doing;  ///< for messages, after "while": "listing deployments"
};

/// Used from several threads at once. Every call may be repeated, so only calls that may be are made: a
/// second upsert, removal or start with the same key changes nothing more.
class PrefectClient {
 public:
    PrefectClient(PrefectSettings settings, HttpClient& http, Clock& clock, Entropy& entropy);

    /// Any status that is not worth waiting for. Errors: Unavailable, TimedOut, RateLimited (longer than the
    /// settings' patience), Corrupt (too long), InvalidInput (the address), the pulse's own.
    Result<HttpResponse> exchange(const Call& call, Progress& progress);
    /// Only 2xx. Errors: also those of error_of_response.
    Result<HttpResponse> send(const Call& call, Progress& progress);
    /// The body of a 2xx answer. Errors: also Corrupt.
    Result<support::JsonReader> json(const Call& call, Progress& progress);

    /// All results of a POST …/paginate, each once; `filter` is a JSON object without limit and page that
    /// sorts the newest first. Read again when something was removed meanwhile. Errors: also Conflict (that
    /// goes on).
    Result<std::vector<support::JsonReader>> all_pages(const std::string& path, const std::string& filter,
                                                       const std::string& doing, Progress& progress);

    Error error_of(const HttpResponse& response, const std::string& doing) const;
    const PrefectSettings& settings() const { return settings_; }
    Clock& clock() { return clock_; }
    Entropy& entropy() { return entropy_; }

 private:
    struct Listing {
        std::vector<support::JsonReader> results;
        bool is_complete = false;
    };
    HttpRequest request_for(const Call& call, Progress& progress);
    Result<HttpResponse> send_once(const Call& call, bool after_busy, Progress& progress);
    Result<bool> renew_csrf_token(const HttpResponse& refusal, Progress& progress);
    Result<Listing> read_pages(const std::string& path, const std::string& filter, const std::string& doing,
                               Progress& progress);

    PrefectSettings settings_;
    HttpClient& http_;
    Clock& clock_;
    Entropy& entropy_;
    std::mutex csrf_mutex_;
    std::string csrf_client_;  ///< empty: the server has not asked for a token
    std::string csrf_token_;
};

}  // namespace ringmaster::prefect
