#pragma once
// A stable address for each pull request: it stays the same while versions come and go, and always leads to
// the show that serves now. Optional: without a router a show has only the address of its own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/endpoint.h"

namespace ringmaster {

/// The stable address of a pull request, as the router has it.
struct Route {
    int pull_request_number = 0;
    std::optional<Endpoint> to;  ///< nullopt: nowhere that we understand; somebody has changed it
    bool operator==(const Route&) const = default;
};

/// Keeps the routes of our repository. Every route carries its owner (repository and pull request); what has
/// not, or is another repository's, does not exist for this port and is never changed.
/// Used from several threads; routes of different pull requests do not get in each other's way.
class Router {
 public:
    virtual ~Router() = default;
    /// A word for people and records: "caddy", …
    virtual std::string_view engine() const = 0;
    /// The stable address of the pull request ("https://pr-12.shows.example.org"): the same before, while and
    /// after it points anywhere. Asks nobody.
    virtual std::string address(int pull_request_number) const = 0;
    /// Points it at `to`, and makes it if there is none. When this returns, new requests go there; those
    /// under way end where they began. Pointing it where it points already changes nothing. Errors:
    /// Unavailable and TimedOut (no answer: it may have happened), Unauthorized, Conflict (others kept
    /// changing the router meanwhile), Failed (it refused), Corrupt (an answer that makes no sense).
    virtual Result<void> point(int pull_request_number, const Endpoint& to) = 0;
    /// Takes it away: visitors get what the router says of unknown addresses. None there is success.
    /// Errors: as point.
    virtual Result<void> withdraw(int pull_request_number) = 0;
    /// Every route of our repository, by number; complete, or an error: never a shorter list.
    /// Errors: as point.
    virtual Result<std::vector<Route>> list_managed() = 0;
};

}  // namespace ringmaster
