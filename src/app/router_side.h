#pragma once
// What keeps the stable addresses of pull requests, when the configuration asks for something.

#include <functional>
#include <memory>
#include <string>

#include "adapters/support/curl_http_client.h"
#include "app/config.h"
#include "cli/environment.h"
#include "ports/router.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

/// What it is told.
struct RouterFacts {
    const LoadedConfig& loaded;
    const cli::Environment& environment;
    RepositoryName repository;
    std::function<void(const support::HttpExchange&)> on_exchange;
};

class RouterSide {
 public:
    /// Talks to nobody yet; null: there is to be none. `subprocess` outlives it. Errors: InvalidInput
    /// (settings).
    static Result<std::unique_ptr<RouterSide>> open(const RouterFacts& facts, Subprocess& subprocess);

    Router& router() { return *router_; }
    /// For `doctor`: what the router is, in one line. Errors: what keeps it from being used.
    Result<std::string> describe() { return describe_(); }
    /// Whether a switch may break connections off that are just being opened: Caddy listens anew then, and
    /// Linux resets what waits at the old socket, unless it is told to move it to the new one
    /// (https://docs.kernel.org/networking/ip-sysctl.html, tcp_migrate_req). Not known of other machines: no.
    bool may_break_connections() const;

 private:
    RouterSide() = default;
    Result<void> open_caddy(const RouterFacts& facts);
    Result<void> open_exec(const RouterFacts& facts, Subprocess& subprocess);

    bool is_caddy_on_this_machine_ = false;
    std::unique_ptr<support::CurlHttpClient> http_;  ///< null: the router is not asked by HTTP
    std::unique_ptr<Router> router_;
    std::function<Result<std::string>()> describe_;
};

}  // namespace ringmaster::app
