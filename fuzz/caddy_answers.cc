// adapters/caddy: whatever stands in a Caddy's configuration is understood or refused, and what we put there
// reads back; addresses that people write are, too.
#include "adapters/caddy/caddy_router.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    const RepositoryName repository{"acme", "shop"};
    if (const auto server = caddy::read_server(text, repository)) {
        for (const auto& found : server->ours)
            RM_ASSERT(found.index < server->routes, "a route of ours is one of the server's");
    }
    (void)caddy::has_policy(text, "*.shows.example.org");
    (void)caddy::AdminAddress::parse(text);

    const auto address = support::RouteAddress::parse(text, repository);
    if (!address) return;
    const auto route = caddy::route_document(repository, *address, 12, Endpoint{"10.0.0.1", 8080});
    const auto server =
        caddy::read_server(caddy::server_document(address->listen(), caddy::Tls::None, route), repository);
    RM_ASSERT(server && server->find(12) != nullptr, "a route of ours is found again");
    RM_ASSERT(caddy::is_same_document(server->find(12)->document, route), "as it was written");
}
