#include "adapters/caddy/caddy_router.h"

#include <algorithm>

#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::caddy {
namespace {

// Caddy answers a change when the new configuration serves: milliseconds, seconds on a busy machine. Less
// than half a lease, so that whoever waits for it still holds his.
constexpr Duration kTimeout = std::chrono::seconds(20);
// Of workers that change it at once, one succeeds each time; this many at once is more than there are.
constexpr int kMostAttempts = 50;
// Somebody else's change can break an exchange with the admin API off, twice in a row if many are at it.
constexpr int kMostBreaks = 3;
constexpr std::size_t kMostMessageBytes = 400;
constexpr std::string_view kPolicies = "/config/apps/tls/automation/policies";

std::string message_of(std::string_view body) {
    const auto answer = support::JsonReader::parse(body, "Caddy's answer");
    const auto error = answer ? answer->optional_string("error") : Result<std::string>(std::string(body));
    const std::string text = error ? *error : std::string(body);
    return sanitize_for_terminal(truncate_utf8(trim(text), kMostMessageBytes));
}

bool is_broken_off(const Result<HttpResponse>& answer) {
    return !answer && answer.error().kind() == ErrorKind::Unavailable;
}

/// Somebody changed it between our look and our change.
bool is_overtaken(const HttpResponse& response) {
    const bool is_taken =
        response.status >= 400 && response.body.find("key already exists") != std::string::npos;
    return response.status == 412 || is_taken;
}

std::string_view port_of(std::string_view listen) {
    return listen.substr(std::min(listen.rfind(':'), listen.size() - 1) + 1);
}

}  // namespace

Result<AdminAddress> AdminAddress::parse(std::string_view text) {
    AdminAddress address{.text = std::string(text)};
    while (text.ends_with('/')) text.remove_suffix(1);
    constexpr std::string_view kUnix = "unix://";
    if (text.starts_with(kUnix) && text.size() > kUnix.size() && text[kUnix.size()] == '/') {
        address.unix_socket = text.substr(kUnix.size());
        address.url = "http://127.0.0.1";  // the name that Caddy lets in there
        return address;
    }
    const auto host = text.starts_with("http://")    ? text.substr(7)
                      : text.starts_with("https://") ? text.substr(8)
                                                     : "";
    if (host.empty() || host.find_first_of("/?#@ ") != std::string_view::npos)
        return Fail(
            Error::invalid_input("\"{}\" is no address of Caddy's admin API", sanitize_for_terminal(text))
                .hint("for instance: http://127.0.0.1:2019, or unix:///run/caddy/admin.sock"));
    address.url = text;
    return address;
}

bool AdminAddress::is_local() const {
    return !unix_socket.empty() || url.starts_with("http://127.") || url.starts_with("http://localhost");
}

std::string CaddyRouter::server_path() const {
    return "/config/apps/http/servers/" + settings_.server;
}

std::string CaddyRouter::listen() const {
    return settings_.listen.empty() ? settings_.address.listen() : settings_.listen;
}

Error CaddyRouter::refusal(int status, std::string_view body) const {
    const auto text = message_of(body);
    const auto sentence = fmt::format("Caddy at {} says: {}", settings_.admin.text,
                                      text.empty() ? fmt::format("status {}", status) : text);
    if (status == 401 || status == 403)
        return Error::unauthorized("{}", sentence)
            .hint(
                "let Caddy's admin API listen where Ringmaster runs, or allow its origin there "
                "(admin.origins)");
    if (text.find("listener address repeated") != std::string::npos)
        return Error::failed("{}", sentence)
            .hint(fmt::format("another of its servers has {}: name that one in [shows.router] server",
                              listen()));
    if (text.find("address already in use") != std::string::npos ||
        text.find("permission denied") != std::string::npos)
        return Error::failed("{}", sentence)
            .hint(fmt::format("Caddy has to be able to listen on {}; [shows.router] listen names another",
                              listen()));
    return Error::failed("{}", sentence).hint("Caddy's own log says more");
}

Result<HttpResponse> CaddyRouter::send(const std::string& method, const std::string& path,
                                       const std::string& body, const std::string& etag) {
    HttpRequest request{.method = method, .url = settings_.admin.url + path, .body = body};
    request.timeout = kTimeout;
    request.unix_socket = settings_.admin.unix_socket;
    // With each change Caddy begins to serve its admin API anew, and connections that were kept break.
    request.headers.emplace_back("Connection", "close");
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (!etag.empty()) request.headers.emplace_back("If-Match", etag);
    auto response = http_.send(request);
    if (response || response.error().kind() != ErrorKind::Unavailable) return response;
    return Fail(Error::unavailable("Caddy's admin API at {} does not answer: {}", settings_.admin.text,
                                   response.error().message())
                    .hint("start Caddy (systemctl start caddy-api), or correct [shows.router] admin"));
}

Result<CaddyRouter::Reading> CaddyRouter::read(const std::string& path) {
    auto answer = send("GET", path, "", "");
    for (int attempt = 1; is_broken_off(answer) && attempt < kMostBreaks; ++attempt)
        answer = send("GET", path, "", "");
    auto response = TRY(std::move(answer));
    // What is below a part that is not configured yet.
    const bool is_missing =
        response.status == 400 && response.body.find("invalid traversal") != std::string::npos;
    if (is_missing || response.status == 404) return Reading{.body = "null"};
    if (response.status != 200) return Fail(refusal(response.status, response.body));
    Reading reading{.etag = std::string(response.header("etag").value_or(""))};
    reading.body = std::move(response.body);
    return reading;
}

Result<void> CaddyRouter::change(const std::string& what, const Plan& plan) {
    int breaks = 0;
    for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
        const auto reading = TRY(read(server_path()));
        const auto write = TRY(plan(TRY(read_server(reading.body, settings_.repository))));
        if (!write) return {};
        auto answer = send(write->method, write->path, write->body, reading.etag);
        if (is_broken_off(answer) && ++breaks < kMostBreaks) continue;  // the next look tells what came of it
        const auto response = TRY(std::move(answer));
        if (response.status >= 200 && response.status < 300) return {};
        if (!is_overtaken(response)) return Fail(refusal(response.status, response.body));
    }
    return Fail(
        Error::conflict("others kept changing Caddy at {} while we were {}", settings_.admin.text, what)
            .hint("try again when they are done"));
}

Result<void> CaddyRouter::check_server(int pull_request_number, const ServerFacts& server) const {
    const auto wanted = listen();
    const bool listens = std::ranges::any_of(server.listen, [&](const std::string& address) {
        return port_of(address) == port_of(wanted) || port_of(address).find('-') != std::string_view::npos;
    });
    if (!listens)
        return Fail(Error::failed("Caddy's server {} listens on {}, so nobody would get to {}",
                                  settings_.server, join(server.listen, ", "), address(pull_request_number))
                        .hint("name another in [shows.router] server; one that is not there is made"));
    // A host name in any route makes Caddy serve a whole server by HTTPS, except on port 80.
    if (tls() == Tls::None && !server.is_plain && port_of(wanted) != "80")
        return Fail(Error::failed("Caddy's server {} would turn to HTTPS with {} in it", settings_.server,
                                  address(pull_request_number))
                        .hint("set automatic_https.disable there, or name another in [shows.router] server"));
    const auto match = route_match(settings_.address, pull_request_number);
    if (std::ranges::find(server.others, match) != server.others.end())
        return Fail(Error::failed("{} is taken: Caddy has a route for it that is not ours",
                                  address(pull_request_number))
                        .hint("put {repo} into [shows.router] address, so that each repository has its own"));
    return {};
}

Result<std::optional<CaddyRouter::Write>> CaddyRouter::plan_point(int pull_request_number, const Endpoint& to,
                                                                  const ServerFacts& server) {
    const auto route = route_document(settings_.repository, settings_.address, pull_request_number, to);
    const auto routes = server_path() + "/routes";
    if (!server.exists) return Write{"PUT", server_path(), server_document(listen(), tls(), route)};
    TRY(check_server(pull_request_number, server));
    if (const auto* found = server.find(pull_request_number)) {
        if (is_same_document(found->document, route)) return std::optional<Write>();
        return Write{"PATCH", fmt::format("{}/{}", routes, found->index), route};
    }
    if (!server.has_list) return Write{"PUT", routes, "[" + route + "]"};
    // First, for what others have there may take everything; ours takes nothing but its own address.
    return server.routes == 0 ? Write{"POST", routes, route} : Write{"PUT", routes + "/0", route};
}

/// Before the first route: Caddy asks for a certificate as soon as it knows the name.
Result<void> CaddyRouter::see_to_policy() {
    const auto name = settings_.address.certificate_name();
    const std::string path(kPolicies);
    for (int attempt = 1;; ++attempt) {
        const auto reading = TRY(read(path));
        if (TRY(has_policy(reading.body, name))) return {};
        const bool has_list = reading.body.starts_with('[');
        const auto policy = internal_policy(name);
        const auto response = TRY(has_list ? send("POST", path, policy, reading.etag)
                                           : send("PUT", path, "[" + policy + "]", reading.etag));
        if (response.status >= 200 && response.status < 300) return {};
        if (!is_overtaken(response) || attempt == kMostAttempts)
            return Fail(refusal(response.status, response.body));
    }
}

Result<void> CaddyRouter::point(int pull_request_number, const Endpoint& to) {
    return change(fmt::format("leading {} to {}", address(pull_request_number), to.text()),
                  [&](const ServerFacts& server) -> Result<std::optional<Write>> {
                      if (tls() == Tls::Internal && !server.find(pull_request_number)) TRY(see_to_policy());
                      return plan_point(pull_request_number, to, server);
                  });
}

Result<void> CaddyRouter::withdraw(int pull_request_number) {
    return change(fmt::format("taking {} away", address(pull_request_number)),
                  [&](const ServerFacts& server) -> Result<std::optional<Write>> {
                      const auto* found = server.find(pull_request_number);
                      if (!found) return std::optional<Write>();
                      return Write{"DELETE", fmt::format("{}/routes/{}", server_path(), found->index), ""};
                  });
}

Result<std::vector<Route>> CaddyRouter::list_managed() {
    const auto reading = TRY(read(server_path()));
    const auto server = TRY(read_server(reading.body, settings_.repository));
    std::vector<Route> routes;
    for (const auto& found : server.ours) routes.push_back(found.route);
    std::ranges::sort(routes, {}, &Route::pull_request_number);
    return routes;
}

Result<std::string> CaddyRouter::describe() {
    const auto reading = TRY(read(server_path()));
    const auto server = TRY(read_server(reading.body, settings_.repository));
    if (!server.exists)
        return fmt::format("caddy at {}, addresses like {}; its server {} is made with the first show",
                           settings_.admin.text, address(12), settings_.server);
    TRY(check_server(12, server));
    return fmt::format("caddy at {}, addresses like {}; its server {} has {} routes, {} of them ours",
                       settings_.admin.text, address(12), settings_.server, server.routes,
                       server.ours.size());
}

}  // namespace ringmaster::caddy
