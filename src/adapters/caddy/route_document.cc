#include "adapters/caddy/route_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::caddy {
namespace {

using nlohmann::json;

std::string owner_prefix(const RepositoryName& repository) {
    return fmt::format("ringmaster:{}:{}:", repository.owner, repository.name);
}

json match_of(const support::RouteAddress& address, int number) {
    json match = {{"host", {address.host(number)}}};
    const auto path = address.path(number);
    if (!path.empty()) match["path"] = {path, path + "/*"};
    return json::array({match});
}

json parse(std::string_view text) {
    return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

Error senseless(std::string_view what) {
    return Error::corrupt("Caddy's configuration makes no sense: {}", what)
        .hint("check that [shows.router] admin is the address of Caddy's admin API");
}

std::string text_in(const json& value, const char* key) {
    return value.is_object() && value.contains(key) && value[key].is_string() ? value[key].get<std::string>()
                                                                              : "";
}

/// The one upstream of the reverse proxy in a route of ours; nullopt: somebody has changed it.
std::optional<Endpoint> target_of(const json& route) {
    std::optional<Endpoint> found;
    if (!route.contains("handle") || !route["handle"].is_array()) return std::nullopt;
    for (const auto& handler : route["handle"]) {
        if (text_in(handler, "handler") != "reverse_proxy") continue;
        const bool has_one = handler.contains("upstreams") && handler["upstreams"].is_array() &&
                             handler["upstreams"].size() == 1;
        const auto endpoint = has_one ? Endpoint::parse(text_in(handler["upstreams"][0], "dial"), 80)
                                      : Result<Endpoint>(Endpoint{});
        if (!has_one || !endpoint || found) return std::nullopt;
        found = *endpoint;
    }
    return found;
}

/// Last in a server of ours: by itself Caddy answers what nothing matches with an empty 200.
json no_such_show() {
    return {{"@id", "ringmaster:none"},
            {"handle", json::array({{{"handler", "static_response"},
                                     {"status_code", 404},
                                     {"body", "There is no show at this address.\n"}}})}};
}

}  // namespace

std::string route_id(const RepositoryName& repository, int pull_request_number) {
    return owner_prefix(repository) + std::to_string(pull_request_number);
}

std::string route_document(const RepositoryName& repository, const support::RouteAddress& address,
                           int pull_request_number, const Endpoint& to) {
    json handle = json::array();
    const auto path = address.path(pull_request_number);
    if (!path.empty()) handle.push_back({{"handler", "rewrite"}, {"strip_path_prefix", path}});
    handle.push_back({{"handler", "reverse_proxy"}, {"upstreams", json::array({{{"dial", to.text()}}})}});
    return json{{"@id", route_id(repository, pull_request_number)},
                {"match", match_of(address, pull_request_number)},
                {"handle", std::move(handle)},
                {"terminal", true}}
        .dump();
}

std::string server_document(const std::string& listen, Tls tls, std::string_view route) {
    json server = {{"listen", {listen}}, {"routes", json::array({parse(route), no_such_show()})}};
    // Else Caddy would want certificates for these names on any port but 80, and port 80 for redirects.
    if (tls == Tls::None) server["automatic_https"] = {{"disable", true}};
    if (tls != Tls::None && !listen.ends_with(":443"))
        server["automatic_https"] = {{"disable_redirects", true}};
    return server.dump();
}

std::string internal_policy(const std::string& certificate_name) {
    return json{{"subjects", {certificate_name}}, {"issuers", json::array({{{"module", "internal"}}})}}
        .dump();
}

std::string route_match(const support::RouteAddress& address, int pull_request_number) {
    return match_of(address, pull_request_number).dump();
}

const ServerFacts::Found* ServerFacts::find(int pull_request_number) const {
    const auto found = std::ranges::find_if(
        ours, [&](const Found& it) { return it.route.pull_request_number == pull_request_number; });
    return found == ours.end() ? nullptr : &*found;
}

Result<ServerFacts> read_server(std::string_view text, const RepositoryName& repository) {
    const json server = parse(text);
    ServerFacts facts;
    if (server.is_null()) return facts;
    if (!server.is_object()) return Fail(senseless("a server that is no object"));
    facts.exists = true;
    if (server.contains("listen") && server["listen"].is_array())
        for (const auto& address : server["listen"])
            if (address.is_string()) facts.listen.push_back(address.get<std::string>());
    const bool has_rule = server.contains("automatic_https") && server["automatic_https"].is_object();
    facts.is_plain = has_rule && server["automatic_https"].value("disable", json()) == json(true);
    if (!server.contains("routes") || server["routes"].is_null()) return facts;
    if (!server["routes"].is_array()) return Fail(senseless("routes that are no list"));
    facts.has_list = true;
    const auto prefix = owner_prefix(repository);
    for (const auto& route : server["routes"]) {
        const auto id = text_in(route, "@id");
        const auto number =
            id.starts_with(prefix) ? parse_integer(std::string_view(id).substr(prefix.size())) : std::nullopt;
        const std::size_t index = facts.routes++;
        if (number && *number > 0 && *number <= std::numeric_limits<int>::max())
            facts.ours.push_back({index, route.dump(), {static_cast<int>(*number), target_of(route)}});
        else if (route.is_object() && route.contains("match"))
            facts.others.push_back(route["match"].dump());
    }
    return facts;
}

Result<bool> has_policy(std::string_view text, const std::string& certificate_name) {
    const json policies = parse(text);
    if (policies.is_null()) return false;
    if (!policies.is_array()) return Fail(senseless("policies of certificates that are no list"));
    return std::ranges::any_of(policies, [&](const json& policy) {
        if (!policy.is_object() || !policy.contains("subjects") || !policy["subjects"].is_array())
            return false;
        const auto& names = policy["subjects"];
        return std::find(names.begin(), names.end(), json(certificate_name)) != names.end();
    });
}

bool is_same_document(std::string_view a, std::string_view b) {
    return parse(a) == parse(b);
}

}  // namespace ringmaster::caddy
