#pragma once
// What keeps the stable addresses of pull requests, when the configuration asks for something.

#include <functional>
#include <memory>
#include <string>

#include "adapters/caddy/caddy_router.h"
#include "adapters/support/curl_http_client.h"
#include "app/config.h"
#include "cli/environment.h"
#include "ports/router.h"

namespace ringmaster::app {

class RouterSide {
 public:
    /// Talks to nobody yet; null: there is to be none. Errors: InvalidInput (settings).
    static Result<std::unique_ptr<RouterSide>> open(
        const Config& config, const cli::Environment& environment, const RepositoryName& repository,
        std::function<void(const support::HttpExchange&)> on_exchange);

    Router& router() { return router_; }
    /// For `doctor`: what the router is, in one line. Errors: what keeps it from being used.
    Result<std::string> describe() { return router_.describe(); }
    /// Whether a switch may break connections off that are just being opened: Caddy listens anew then, and
    /// Linux resets what waits at the old socket, unless it is told to move it to the new one
    /// (https://docs.kernel.org/networking/ip-sysctl.html, tcp_migrate_req). Not known of other machines: no.
    bool may_break_connections() const;

 private:
    RouterSide(support::CurlOptions options, caddy::CaddySettings settings)
        : is_on_this_machine_(settings.admin.is_local()),
          http_(std::move(options)),
          router_(std::move(settings), http_) {}

    bool is_on_this_machine_;
    support::CurlHttpClient http_;
    caddy::CaddyRouter router_;
};

}  // namespace ringmaster::app
