#pragma once
// What the keys of [shows.router] mean. Part of Config; config_keys_router.cc fills it.

#include <string>

#include "adapters/caddy/route_document.h"

namespace ringmaster::app {

enum class RouterEngine { None, Caddy, Exec };

/// [shows.router]
struct RouterConfig {
    RouterEngine engine = RouterEngine::None;
    std::string address;  ///< with {pr} in it
    std::string admin;
    std::string server;
    std::string listen;  ///< empty: what the address asks for
    caddy::Tls tls = caddy::Tls::Automatic;
};

}  // namespace ringmaster::app
