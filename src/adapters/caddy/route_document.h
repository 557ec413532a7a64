#pragma once
// Caddy's JSON (https://caddyserver.com/docs/json/), as far as it is ours: the server that routes are in, and
// one route a pull request, which carries its owner in its "@id".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/support/route_address.h"
#include "base/result.h"
#include "ports/router.h"

namespace ringmaster::caddy {

/// How visitors' connections are secured.
enum class Tls {
    Automatic,  ///< Caddy gets certificates from a public authority (ACME) and renews them
    Internal,   ///< from its own authority, which visitors have to be told to trust
    None,       ///< plain HTTP here: the address says http, or something in front of Caddy does it
};

/// "ringmaster:acme:shop:12". A colon is in no part of a repository's name.
std::string route_id(const RepositoryName& repository, int pull_request_number);

/// The route as it should be, as JSON.
std::string route_document(const RepositoryName& repository, const support::RouteAddress& address,
                           int pull_request_number, const Endpoint& to);
/// A server with this one route, and a 404 for everything else; `listen`: "127.0.0.1:8080", ":443".
std::string server_document(const std::string& listen, Tls tls, std::string_view route);
/// The policy by which Caddy's own authority signs certificates of that name.
std::string internal_policy(const std::string& certificate_name);

/// A server as Caddy told it.
struct ServerFacts {
    struct Found {
        std::size_t index = 0;  ///< in the server's list
        std::string document;   ///< as route_document prints it
        Route route;
    };
    bool exists = false;
    bool has_list = false;   ///< of routes, an empty one included
    std::size_t routes = 0;  ///< anybody's
    bool is_plain = false;   ///< does not turn itself to HTTPS when it hears a name
    std::vector<std::string> listen;
    std::vector<Found> ours;          ///< of our repository
    std::vector<std::string> others;  ///< what routes of somebody else match, as route_match prints it

    const Found* find(int pull_request_number) const;
};
/// Errors: Corrupt.
Result<ServerFacts> read_server(std::string_view json, const RepositoryName& repository);
/// What a route of that pull request matches.
std::string route_match(const support::RouteAddress& address, int pull_request_number);
/// Whether a policy of the list is about that name. Errors: Corrupt.
Result<bool> has_policy(std::string_view json, const std::string& certificate_name);
/// Two spellings of the same JSON.
bool is_same_document(std::string_view a, std::string_view b);

}  // namespace ringmaster::caddy
