#include "local_forge/rest_api.h"

#include <openssl/evp.h>

#include <array>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/graphql_endpoint.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
using http_server::Request;
using http_server::Response;
namespace {

constexpr std::string_view kEnterprisePrefix = "/api/v3";
constexpr std::array<std::string_view, 2> kApiVersions = {"2022-11-28", "2026-03-10"};  // github-facts 9.17
// No JSON that a client of this API sends is larger (comments end at 256 KiB, deployment payloads well
// below).
constexpr std::size_t kMaxJsonBytes = 2 << 20;

std::optional<std::string> decode_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length));
    while (bytes.ends_with('\0')) bytes.pop_back();
    return bytes;
}

std::string token_of(std::string_view authorization) {
    const auto space = authorization.find(' ');
    const std::string scheme = to_lower_ascii(authorization.substr(0, space));
    const std::string_view value = space == std::string_view::npos ? "" : trim(authorization.substr(space));
    if (scheme == "token" || scheme == "bearer") return std::string(value);
    if (scheme != "basic") return {};
    // Any user name; the token is the password (github-facts 8.2), or the name when there is no password.
    const std::string pair = decode_base64(value).value_or("");
    const auto colon = pair.find(':');
    if (colon == std::string::npos || colon + 1 == pair.size()) return pair.substr(0, colon);
    return pair.substr(colon + 1);
}

bool match(std::string_view pattern, std::string_view path, std::vector<std::string>& captured) {
    captured.clear();
    while (!pattern.empty()) {
        if (path.empty() || path.front() != '/') return false;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
        if (pattern == "{*}") {
            captured.push_back(percent_decode(path).value_or(""));
            return !path.empty();
        }
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        const std::string_view got = path.substr(0, path.find('/'));
        if (wanted == "{}") {
            if (got.empty()) return false;
            captured.push_back(percent_decode(got).value_or(""));
        } else if (wanted != got) {
            return false;
        }
        pattern.remove_prefix(wanted.size());
        path.remove_prefix(got.size());
    }
    return path.empty();
}

const Route* find_route(std::string_view method, std::string_view path, std::vector<std::string>& captured) {
    if (method == "HEAD") method = "GET";
    for (const auto routes :
         {account_routes(), repository_routes(), label_routes(), issue_routes(), pull_routes(),
          deployment_routes(), hook_routes(), git_data_routes(), search_routes()})
        for (const Route& route : routes)
            if (route.method == method && match(route.pattern, path, captured)) return &route;
    return nullptr;
}

Answer<nlohmann::json> parse_body(const Request& request) {
    if (request.method == "GET" || request.method == "HEAD" || trim(request.body).empty())
        return nlohmann::json::object();
    if (request.body.size() > kMaxJsonBytes) return Refuse(Refusal(413, "Payload too large"));
    auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (body.is_discarded()) return Refuse(Refusal(400, "Problems parsing JSON"));
    if (!body.is_object() && !body.is_array()) return Refuse(Refusal(400, "Body should be a JSON object"));
    return body;
}

Response json_response(int status, const nlohmann::json& body) {
    Response response{status, {{"Content-Type", "application/json; charset=utf-8"}}, ""};
    // A byte that is no UTF-8 (of a commit's message, say) becomes U+FFFD instead of an exception.
    if (!body.is_null()) response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

// Weak, as GitHub's; differs per token and Accept (github-facts 3.10). Nobody gains by forging one, so a fast
// hash will do.
std::string etag_of(const Response& response, const Request& request, const Viewer& viewer) {
    constexpr std::hash<std::string_view> kHash;
    return fmt::format("W/\"{:x}-{:016x}-{:x}-{:016x}\"", viewer.token.id,
                       kHash(request.header("accept").value_or("")), response.body.size(),
                       kHash(response.body));
}

bool matches(std::string_view if_none_match, std::string_view etag) {
    for (const std::string_view candidate : split(if_none_match, ',')) {
        std::string_view tag = trim(candidate);
        if (tag == "*") return true;
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag.substr(2)) return true;
    }
    return false;
}

std::string purse_of(const Viewer& viewer) {
    return viewer.user ? fmt::format("token {}", viewer.token.id) : "anonymous";
}

std::string_view resource_of(std::string_view path) {
    if (path.starts_with("/search/")) return "search";
    return path == "/graphql" ? "graphql" : "core";
}

std::string_view without_prefix(std::string_view path) {
    if (path == "/api/graphql") return "/graphql";
    if (path.starts_with(kEnterprisePrefix)) path.remove_prefix(kEnterprisePrefix.size());
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path.empty() ? "/" : path;
}

}  // namespace

Answer<Viewer> authenticate(ForgeStore& store, const Request& request) {
    const auto authorization = request.header("authorization");
    if (!authorization || trim(*authorization).empty()) return Viewer{};
    const auto viewer = TRY_ANSWER(store.accounts().viewer_of(token_of(*authorization)));
    if (!viewer) return Refuse(Refusal(401, "Bad credentials"));
    return *viewer;
}

Links links_of(const Request& request, std::string_view prefix) {
    // Behind a proxy that ends TLS the client's own scheme is what counts.
    const std::string_view scheme =
        request.header("x-forwarded-proto").value_or("http") == "https" ? "https" : "http";
    std::string web = fmt::format("{}://{}", scheme, request.header("host").value_or("localhost"));
    return {web + std::string(prefix), web};
}

Response refusal_response(const Refusal& refusal) {
    return json_response(refusal.status, refusal_json(refusal));
}

Response RestApi::handle(const Request& request) {
    const std::string_view path = without_prefix(request.path);
    const std::string_view version = request.header("x-github-api-version").value_or(kApiVersions[0]);
    const auto viewer = authenticate(store_, request);
    const Viewer who = viewer ? *viewer : Viewer{};
    const std::string_view resource = resource_of(path);
    const std::string purse = purse_of(who);
    const bool is_free = path == "/rate_limit";
    const RateState rate = is_free ? limiter_.look(purse, resource, store_.now())
                                   : limiter_.count(purse, resource, store_.now());
    Response response;
    if (std::ranges::find(kApiVersions, version) == kApiVersions.end())
        response = refusal_response({400, fmt::format("The version {} is not supported.", version)});
    else if (!viewer)
        response = refusal_response(viewer.error());
    else if (rate.exceeded && !is_free)
        response = refusal_response(
            {403, fmt::format("API rate limit exceeded for {}.",
                              who.user ? "user ID " + std::to_string(who.user->id) : "this address")});
    else if (is_free)
        response = rate_limit_response(who);
    else if (path == "/graphql")
        response = answer_graphql(request, who);
    else if (auto answered = answer(request, who, path))
        response = std::move(*answered);
    else
        response = refusal_response(answered.error());
    if (response.status == 304) limiter_.refund(purse, resource);
    add_rate_headers(response, rate, resource);
    add_common_headers(response, who, version);
    return response;
}

Answer<Response> RestApi::answer(const Request& request, const Viewer& viewer, std::string_view path) {
    Call call{store_, request,
              viewer, links_of(request, request.path.starts_with(kEnterprisePrefix) ? kEnterprisePrefix : ""),
              {},     {}};
    const Route* route = find_route(request.method, path, call.captured);
    if (!route) return Refuse(not_found());
    call.body = TRY_ANSWER(parse_body(request));
    Reply reply = TRY_ANSWER(route->handler(call));
    Response response = json_response(reply.status, reply.body);
    if (!reply.text.empty()) response.body = std::move(reply.text);
    response.headers.insert(response.headers.end(), reply.headers.begin(), reply.headers.end());
    if (route->method != "GET" || reply.status != 200) return response;
    const std::string etag = etag_of(response, request, viewer);
    if (const auto known = request.header("if-none-match"); known && matches(*known, etag))
        response = {304, reply.headers, ""};
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Cache-Control", "private, max-age=60, s-maxage=60");
    response.headers.emplace_back("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP");
    return response;
}

Response RestApi::answer_graphql(const Request& request, const Viewer& viewer) {
    if (request.method != "POST") return refusal_response(not_found());
    if (!viewer.user) return refusal_response({401, "This endpoint requires you to be authenticated."});
    if (request.body.size() > kMaxJsonBytes) return refusal_response({413, "Payload too large"});
    Response response{200, {{"Content-Type", "application/json; charset=utf-8"}}, ""};
    response.body = handle_graphql(store_, viewer, request.body, response.status, links_of(request, "").web);
    return response;
}

Response RestApi::rate_limit_response(const Viewer& viewer) {
    nlohmann::json resources;
    for (const char* resource : {"core", "search", "graphql"}) {
        const RateState rate = limiter_.look(purse_of(viewer), resource, store_.now());
        resources[resource] = {{"limit", rate.limit},
                               {"used", rate.used},
                               {"remaining", rate.remaining()},
                               {"reset", rate.reset_seconds},
                               {"resource", resource}};
    }
    return json_response(200, {{"resources", resources}, {"rate", resources["core"]}});
}

void RestApi::add_rate_headers(Response& response, const RateState& rate, std::string_view resource) const {
    const auto add = [&](const char* name, std::string value) {
        response.headers.emplace_back(name, std::move(value));
    };
    add("X-RateLimit-Limit", std::to_string(rate.limit));
    add("X-RateLimit-Remaining", std::to_string(rate.remaining()));
    add("X-RateLimit-Used", std::to_string(rate.used));
    add("X-RateLimit-Reset", std::to_string(rate.reset_seconds));
    add("X-RateLimit-Resource", std::string(resource));
}

void RestApi::add_common_headers(Response& response, const Viewer& viewer, std::string_view version) {
    const auto add = [&](const char* name, std::string value) {
        response.headers.emplace_back(name, std::move(value));
    };
    const std::string id = to_upper_ascii(store_.core().random_hex(16));
    add("Date", format_http_date(store_.now()));
    add("Server", "ringmaster");
    add("X-GitHub-Request-Id", fmt::format("{}:{}:{}", id.substr(0, 4), id.substr(4, 12), id.substr(16)));
    add("X-GitHub-Media-Type", "github.v3; format=json");
    add("X-GitHub-Api-Version-Selected", std::string(version));
    // Absent for an integration's token (github-facts 9.3).
    if (viewer.user && !viewer.token.scopes.empty()) add("X-OAuth-Scopes", join(viewer.token.scopes, ", "));
    if (viewer.user) add("X-Accepted-OAuth-Scopes", "");
}

}  // namespace ringmaster::local_forge
