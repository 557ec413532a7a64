#include "app/router_side.h"

#include "adapters/caddy/caddy_router.h"
#include "adapters/support/files.h"
#include "app/exec_side.h"
#include "base/text.h"
#include "cli/version.h"

namespace ringmaster::app {

Result<void> RouterSide::open_caddy(const RouterFacts& facts) {
    const auto& wanted = facts.loaded.config.router;
    caddy::CaddySettings settings{
        .repository = facts.repository,
        .admin = TRY(caddy::AdminAddress::parse(wanted.admin)),
        .server = wanted.server,
        .listen = wanted.listen,
        .address = TRY(support::RouteAddress::parse(wanted.address, facts.repository)),
        .tls = wanted.tls};
    support::CurlOptions options;
    options.user_agent = fmt::format("ringmaster/{}", cli::kVersion);
    options.ca_file = facts.environment.value_or("SSL_CERT_FILE", "");
    options.on_exchange = facts.on_exchange;
    http_ = std::make_unique<support::CurlHttpClient>(std::move(options));
    is_caddy_on_this_machine_ = settings.admin.is_local();
    auto router = std::make_unique<caddy::CaddyRouter>(std::move(settings), *http_);
    describe_ = [caddy = router.get()] { return caddy->describe(); };
    router_ = std::move(router);
    return {};
}

Result<void> RouterSide::open_exec(const RouterFacts& facts, Subprocess& subprocess) {
    auto router = TRY(
        exec_router({facts.loaded, facts.environment, facts.loaded.folder, facts.repository}, subprocess));
    describe_ = [exec = router.get()]() -> Result<std::string> { return "exec: " + TRY(exec->describe()); };
    router_ = std::move(router);
    return {};
}

Result<std::unique_ptr<RouterSide>> RouterSide::open(const RouterFacts& facts, Subprocess& subprocess) {
    std::unique_ptr<RouterSide> side(new RouterSide);
    switch (facts.loaded.config.router.engine) {
        case RouterEngine::None:
            return std::unique_ptr<RouterSide>();
        case RouterEngine::Caddy:
            TRY(side->open_caddy(facts));
            break;
        case RouterEngine::Exec:
            TRY(side->open_exec(facts, subprocess));
            break;
    }
    return side;
}

bool RouterSide::may_break_connections() const {
    const auto setting = support::read_file("/proc/sys/net/ipv4/tcp_migrate_req");
    return is_caddy_on_this_machine_ && setting && trim(*setting) == "0";
}

}  // namespace ringmaster::app
