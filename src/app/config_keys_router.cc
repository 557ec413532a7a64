#include "app/config_keys_router.h"

#include <algorithm>

#include "adapters/caddy/caddy_router.h"
#include "adapters/support/route_address.h"
#include "app/config_setters.h"

namespace ringmaster::app {
namespace {

Result<void> set_router_engine(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.router.engine = word == "caddy"  ? RouterEngine::Caddy
                           : word == "exec" ? RouterEngine::Exec
                                            : RouterEngine::None;
    return {};
}

Result<void> set_router_address(Config& config, const ConfigValue& value) {
    // Any repository tells whether it can be read; which one is meant is known later.
    if (!text_of(value).empty()) TRY(support::RouteAddress::parse(text_of(value), {"owner", "repo"}));
    config.router.address = text_of(value);
    return {};
}

Result<void> set_router_admin(Config& config, const ConfigValue& value) {
    TRY(caddy::AdminAddress::parse(text_of(value)));
    config.router.admin = text_of(value);
    return {};
}

/// It becomes part of a path of the admin API.
Result<void> set_router_server(Config& config, const ConfigValue& value) {
    const auto& name = text_of(value);
    const bool is_plain = !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
    if (!is_plain) return Fail(Error::invalid_input("must be of letters, digits, '-' and '_'"));
    config.router.server = name;
    return {};
}

Result<void> set_router_listen(Config& config, const ConfigValue& value) {
    const auto& text = text_of(value);
    const auto colon = text.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : parse_integer(std::string_view(text).substr(colon + 1));
    if (!text.empty() && (!port || *port < 1 || *port > 65535))
        return Fail(Error::invalid_input("must be ADDRESS:PORT or :PORT"));
    config.router.listen = text;
    return {};
}

Result<void> set_router_tls(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.router.tls = word == "internal" ? caddy::Tls::Internal
                        : word == "none"   ? caddy::Tls::None
                                           : caddy::Tls::Automatic;
    return {};
}

}  // namespace

void add_router_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.router.engine",
                    KeyType::Choice,
                    "none",
                    "What keeps the stable addresses of pull requests: nothing, a Caddy web server, or exec: "
                    "a program of your own, [shows.exec] router.",
                    set_router_engine,
                    {"none", "caddy", "exec"}});
    keys.push_back({"shows.router.address", KeyType::Text, "",
                    "The stable address of a pull request: https://pr-{pr}.shows.example.org, or with {pr} "
                    "in its path. {owner} "
                    "and {repo} stand for the repository's name. The names must lead to the router.",
                    set_router_address});
    keys.push_back({"shows.router.admin", KeyType::Text, "http://127.0.0.1:2019",
                    "Address of Caddy's admin API; unix:///PATH for a socket.", set_router_admin});
    keys.push_back({"shows.router.server", KeyType::Text, "ringmaster",
                    "Name of the Caddy server that routes are put into. One that is not there is made.",
                    set_router_server});
    keys.push_back(
        {"shows.router.listen", KeyType::Text, "",
         "Where a server that is made listens: ADDRESS:PORT or :PORT. Default: what the address asks for.",
         set_router_listen});
    keys.push_back({"shows.router.tls",
                    KeyType::Choice,
                    "auto",
                    "How an https address is served: with certificates that Caddy gets from a public "
                    "authority (ACME), with "
                    "those of its own authority, or as plain HTTP behind something that does it.",
                    set_router_tls,
                    {"auto", "internal", "none"}});
}

}  // namespace ringmaster::app
