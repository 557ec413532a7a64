#include "app/router_side.h"

#include "adapters/support/files.h"
#include "base/text.h"
#include "cli/version.h"

namespace ringmaster::app {

Result<std::unique_ptr<RouterSide>> RouterSide::open(
    const Config& config, const cli::Environment& environment, const RepositoryName& repository,
    std::function<void(const support::HttpExchange&)> on_exchange) {
    const auto& wanted = config.router;
    if (wanted.engine == RouterEngine::None) return std::unique_ptr<RouterSide>();
    caddy::CaddySettings settings{.repository = repository,
                                  .admin = TRY(caddy::AdminAddress::parse(wanted.admin)),
                                  .server = wanted.server,
                                  .listen = wanted.listen,
                                  .address = TRY(support::RouteAddress::parse(wanted.address, repository)),
                                  .tls = wanted.tls};
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.ca_file = environment.value_or("SSL_CERT_FILE", "");
    options.on_exchange = std::move(on_exchange);
    return std::unique_ptr<RouterSide>(new RouterSide(std::move(options), std::move(settings)));
}

bool RouterSide::may_break_connections() const {
    const auto setting = support::read_file("/proc/sys/net/ipv4/tcp_migrate_req");
    return is_on_this_machine_ && setting && trim(*setting) == "0";
}

}  // namespace ringmaster::app
