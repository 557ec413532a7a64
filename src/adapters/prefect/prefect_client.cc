#include "adapters/prefect/prefect_client.h"

#include <algorithm>
#include <set>

#include "adapters/prefect/prefect_errors.h"
#include "adapters/support/base64.h"
#include "base/text.h"

namespace ringmaster::prefect {
namespace {

using support::JsonReader;

// A hard maximum of the server's (422 above it), and its default.
constexpr long long kPageSize = 200;
// A million deployments; more is a server that does not end.
constexpr long long kMostPages = 5000;
// Listings that changed while they were read are begun again so often.
constexpr int kMostListings = 3;

}  // namespace

PrefectClient::PrefectClient(PrefectSettings settings, HttpClient& http, Clock& clock, Entropy& entropy)
    : settings_(std::move(settings)), http_(http), clock_(clock), entropy_(entropy) {
    while (settings_.api_url.ends_with('/')) settings_.api_url.pop_back();
    if (settings_.ui_url.empty()) settings_.ui_url = ui_address(settings_.api_url);
    while (settings_.ui_url.ends_with('/')) settings_.ui_url.pop_back();
}

Error PrefectClient::error_of(const HttpResponse& response, const std::string& doing) const {
    return error_of_response(response, settings_.api_url, doing);
}

HttpRequest PrefectClient::request_for(const Call& call, Progress& progress) {
    HttpRequest request;
    request.method = call.method;
    request.url = settings_.api_url + call.path;
    request.headers = {{"Accept", "application/json"}, {"User-Agent", "ringmaster/" + settings_.version}};
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    // As Prefect's own client: a server's own word wins over Cloud's.
    if (!settings_.auth_string.empty())
        request.headers.emplace_back("Authorization",
                                     "Basic " + support::base64_encode(settings_.auth_string));
    else if (!settings_.api_key.empty())
        request.headers.emplace_back("Authorization", "Bearer " + settings_.api_key);
    {
        const std::lock_guard lock(csrf_mutex_);
        if (!csrf_token_.empty()) {
            request.headers.emplace_back("Prefect-Csrf-Token", csrf_token_);
            request.headers.emplace_back("Prefect-Csrf-Client", csrf_client_);
        }
    }
    request.body = call.body;
    request.timeout = settings_.request_timeout;
    request.progress = &progress;
    return request;
}

Result<HttpResponse> PrefectClient::send_once(const Call& call, bool after_busy, Progress& progress) {
    TRY(progress.pulse());
    auto request = request_for(call, progress);
    // After a 503 the server closes the connection without saying so (prefect-wire, rule 2).
    if (after_busy) request.headers.emplace_back("Connection", "close");
    auto response = TRY(http_.send(request));
    if (response.status != 403 || !TRY(renew_csrf_token(response, progress))) return response;
    return http_.send(request_for(call, progress));
}

Result<bool> PrefectClient::renew_csrf_token(const HttpResponse& refusal, Progress& progress) {
    // A server that wants tokens says so; asking before every write, as Prefect's client does, costs a
    // request each.
    if (!refusal.body.contains("CSRF") && !refusal.body.contains("Missing client identifier")) return false;
    const auto client = entropy_.hex(16);
    const Call call{.path = "/csrf-token?client=" + client};
    const auto response = TRY(http_.send(request_for(call, progress)));
    if (response.status != 200) return false;
    const auto answer = TRY(JsonReader::parse(response.body, "Prefect's answer"));
    const auto token = TRY(answer.string("token"));
    const std::lock_guard lock(csrf_mutex_);
    csrf_client_ = client;
    csrf_token_ = token;
    return true;
}

Result<HttpResponse> PrefectClient::exchange(const Call& call, Progress& progress) {
    using support::RetryOn;
    for (int busy = 2, unreachable = 2;;) {
        auto response = send_once(call, busy > 2, progress);
        if (response && !is_busy(response->status)) return response;
        auto error =
            response ? error_of(*response, call.doing) : Error(response.error()).while_doing(call.doing);
        const auto wait =
            response ? wait_before_retry(settings_.busy, RetryOn::AnyTransient, error, busy++, entropy_)
                     : wait_before_retry(settings_.unreachable, RetryOn::AnyTransient, error, unreachable++,
                                         entropy_);
        if (!wait) return Fail(std::move(error));
        TRY(clock_.sleep(*wait, progress));
    }
}

Result<HttpResponse> PrefectClient::send(const Call& call, Progress& progress) {
    auto response = TRY(exchange(call, progress));
    if (response.status >= 200 && response.status < 300) return response;
    return Fail(error_of(response, call.doing));
}

Result<JsonReader> PrefectClient::json(const Call& call, Progress& progress) {
    const auto response = TRY(send(call, progress));
    auto answer = JsonReader::parse(response.body, "Prefect's answer");
    if (answer) return answer;
    return Fail(Error::corrupt("{} does not answer as Prefect's API does", settings_.api_url)
                    .while_doing(call.doing)
                    .hint("check the API's address: it ends with /api, or is a workspace's on "
                          "api.prefect.cloud"));
}

Result<PrefectClient::Listing> PrefectClient::read_pages(const std::string& path, const std::string& filter,
                                                         const std::string& doing, Progress& progress) {
    Listing listing;
    std::set<std::string> seen;
    std::vector<long long> counts;
    for (long long page = 1; page <= kMostPages; ++page) {
        const auto separator = filter == "{}" ? "" : ",";
        const auto body = fmt::format(R"({}{}"limit":{},"page":{}}})", filter.substr(0, filter.size() - 1),
                                      separator, kPageSize, page);
        const auto answer =
            TRY(json({.method = "POST", .path = path, .body = body, .doing = doing}, progress));
        const auto results = TRY_WHILE(answer.items("results"), "{}", doing);
        counts.push_back(TRY_WHILE(answer.integer("count"), "{}", doing));
        for (const auto& result : results)
            if (seen.insert(TRY_WHILE(result.string("id"), "{}", doing)).second)
                listing.results.push_back(result);
        if (std::ssize(results) == kPageSize && counts.back() > page * kPageSize) continue;
        // What is made meanwhile comes first and shows the last of a page again on the next one: nothing that
        // was there is missed. What is removed pulls something over the edge of a page, unseen.
        listing.is_complete = std::ranges::is_sorted(counts) && std::ssize(seen) >= counts.front();
        return listing;
    }
    return Fail(Error::corrupt("Prefect's listing does not end").while_doing(doing));
}

Result<std::vector<JsonReader>> PrefectClient::all_pages(const std::string& path, const std::string& filter,
                                                         const std::string& doing, Progress& progress) {
    for (int reading = 0; reading < kMostListings; ++reading) {
        auto listing = TRY(read_pages(path, filter, doing, progress));
        if (listing.is_complete) return std::move(listing.results);
    }
    return Fail(Error::conflict("what Prefect lists changed while it was read, {} times", kMostListings)
                    .while_doing(doing)
                    .hint("try again when fewer others are at work there"));
}

}  // namespace ringmaster::prefect
