#include "adapters/github/github_client.h"

#include <algorithm>

#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

constexpr std::string_view kRestAccept = "application/vnd.github+json";
// Enterprise Server long hid label mutations and updateRefs behind these media types; elsewhere they do no
// harm (github-facts 1.26).
constexpr std::string_view kGraphQlAccept =
    "application/vnd.github.bane-preview+json, application/vnd.github.update-refs-preview+json";

support::RetryOn retry_on(Effect effect) {
    return effect == Effect::WriteOnce ? support::RetryOn::RefusalsOnly : support::RetryOn::AnyTransient;
}

std::optional<TimePoint> date_of(const HttpResponse& response) {
    const auto date = response.header("date");
    return date ? parse_http_date(*date) : std::nullopt;
}

/// An error of the whole request rather than of one field. One that names a field beside data is for the
/// caller: the other mutations of the request may have been done, and it must not be sent again as if nothing
/// had happened.
const GraphQlError* error_of_whole(const GraphQlReply& reply) {
    for (const auto& error : reply.errors) {
        const bool is_of_a_field = !error.path.empty() || error.is_unknown_field();
        const bool is_limit = error.type == "RATE_LIMITED" || error.type == "RATE_LIMIT";
        if (is_limit && (error.path.empty() || !reply.data)) return &error;
        if (!reply.data && !is_of_a_field) return &error;
    }
    return nullptr;
}

}  // namespace

GitHubClient::GitHubClient(HttpClient& http, Clock& clock, Entropy& entropy, GitHubSettings settings,
                           Progress& while_waiting)
    : http_(http),
      clock_(clock),
      entropy_(entropy),
      settings_(std::move(settings)),
      while_waiting_(while_waiting),
      cache_(settings_.cache_folder, settings_.token, entropy) {
    while (settings_.api_url.ends_with('/')) settings_.api_url.pop_back();
    if (settings_.graphql_url.empty()) settings_.graphql_url = graphql_url_of(settings_.api_url);
    const Duration usual = is_hosted_by_github(settings_.api_url) ? std::chrono::seconds(1) : Duration(0);
    write_pause_ = settings_.write_pause.value_or(usual);
}

std::string GitHubClient::repository_path() const {
    return "/repos/" + settings_.repository.text();
}

RequestContext GitHubClient::context(std::string doing) const {
    return {std::move(doing), settings_.repository.text(), settings_.token};
}

Error GitHubClient::error_of(const HttpResponse& response, const std::string& doing) const {
    return error_of_response(response, context(doing), clock_.now());
}

HttpRequest GitHubClient::request_for(std::string method, std::string url, std::string_view accept,
                                      std::string body) const {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.timeout = settings_.request_timeout;
    request.headers = {
        {"Accept", std::string(accept)},
        {"User-Agent", "ringmaster/" + settings_.version},
        {"X-GitHub-Api-Version", "2022-11-28"},
        // Ids come in one format only, so that they can be compared (github-facts 1.20).
        {"X-Github-Next-Global-ID", "1"},
    };
    if (!settings_.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + settings_.token);
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

Result<void> GitHubClient::pace() {
    if (write_pause_ <= Duration::zero()) return {};
    Duration wait{0};
    {
        // Each writer takes the next free instant; they wait for it outside the lock.
        const std::lock_guard guard(pace_mutex_);
        const Duration now = clock_.monotonic();
        const Duration mine = std::max(now, next_write_);
        next_write_ = mine + write_pause_;
        wait = mine - now;
    }
    if (wait <= Duration::zero()) return {};
    // Not while_waiting_: the writes after a Ctrl-C are those that put things right and give the lease up,
    // and a pause is too short to be worth breaking off.
    NoProgress nobody;
    return clock_.sleep(wait, nobody);
}

Result<HttpResponse> GitHubClient::send_once(const HttpRequest& request, const Sending& sending,
                                             const RequestContext& context) {
    if (sending.effect != Effect::Read) TRY(pace());
    if (sending.not_after && clock_.now() >= *sending.not_after)
        return Fail(Error::conflict("the time for {} is over", context.doing));
    auto response = TRY_WHILE(http_.send(request), "{}", context.doing);
    if (response.status >= 500) return Fail(error_of_response(response, context, clock_.now()));
    if (auto limit = rate_limit_error(response, context, clock_.now())) return Fail(std::move(*limit));
    return response;
}

Result<HttpResponse> GitHubClient::send(const HttpRequest& request, const Sending& sending,
                                        const RequestContext& context) {
    return support::retry(settings_.retry, retry_on(sending.effect), clock_, entropy_, while_waiting_,
                          [&] { return send_once(request, sending, context); });
}

Result<HttpResponse> GitHubClient::conditional_get(HttpRequest request, const RequestContext& context) {
    const auto known = cache_.find(request.url, kRestAccept);
    if (known) request.headers.emplace_back("If-None-Match", known->etag);
    auto response = TRY(send(request, Effect::Read, context));
    if (response.status == 304 && known) {
        response.status = 200;
        response.body = known->body;
    } else if (const auto etag = response.header("etag"); response.status == 200 && etag) {
        cache_.store(request.url, kRestAccept, {std::string(*etag), response.body});
    }
    return response;
}

Result<HttpResponse> GitHubClient::exchange(const RestCall& call) {
    const auto about = context(call.doing);
    const auto url = call.is_graphql ? settings_.graphql_url : settings_.api_url + call.path;
    auto request = request_for(call.method, url, kRestAccept, call.body);
    if (call.method == "GET") return conditional_get(std::move(request), about);
    return send(request, call.effect, about);
}

Result<HttpResponse> GitHubClient::rest(const RestCall& call) {
    auto response = TRY(exchange(call));
    if (response.status >= 200 && response.status < 300) return response;
    return Fail(error_of(response, call.doing));
}

Result<GraphQlReply> GitHubClient::graphql_once(const HttpRequest& request, const Sending& sending,
                                                const RequestContext& context) {
    const auto response = TRY(send_once(request, sending, context));
    if (response.status != 200) return Fail(error_of_response(response, context, clock_.now()));
    auto reply = TRY_WHILE(parse_graphql_reply(response.body), "{}", context.doing);
    reply.server_time = date_of(response);
    const GraphQlError* whole = error_of_whole(reply);
    if (!whole) return reply;
    Error error = error_of_graphql(*whole, context);
    // GraphQL says "later" with 200 (github-facts 3.8); the headers still tell when.
    if (error.kind() == ErrorKind::RateLimited) {
        HttpResponse as_rest = response;
        as_rest.status = 429;
        if (auto limit = rate_limit_error(as_rest, context, clock_.now())) error = std::move(*limit);
    }
    return Fail(std::move(error));
}

Result<GraphQlReply> GitHubClient::graphql(std::string_view document, std::string_view variables,
                                           Sending sending, const std::string& doing) {
    const auto about = context(doing);
    const auto request = request_for(
        "POST", settings_.graphql_url, kGraphQlAccept,
        fmt::format(R"({{"query":{},"variables":{}}})", support::json_quote(document), variables));
    return support::retry(settings_.retry, retry_on(sending.effect), clock_, entropy_, while_waiting_,
                          [&] { return graphql_once(request, sending, about); });
}

Result<std::string> GitHubClient::repository_id() {
    {
        const std::lock_guard guard(repository_mutex_);
        if (!repository_id_.empty()) return repository_id_;
    }
    const std::string doing = "looking up the repository";
    const auto reply =
        TRY(graphql(kRepositoryIdQuery, repository_variables(settings_.repository), Effect::Read, doing));
    const auto repository = TRY_WHILE(TRY(reply.complete(context(doing))).member("repository"), "{}", doing);
    auto id = TRY_WHILE(repository.string("id"), "{}", doing);
    remember_repository_id(id);
    return id;
}

void GitHubClient::remember_repository_id(const std::string& id) {
    const std::lock_guard guard(repository_mutex_);
    repository_id_ = id;
}

}  // namespace ringmaster::github
