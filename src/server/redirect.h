#pragma once
// GET /go/{repository}/{pull request}[/rest]: an address that stays while a pull request's versions come and
// go. Whoever follows it is sent to the version that serves now.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/repository_name.h"
#include "http_server/listener.h"
#include "ports/clock.h"
#include "shows/service.h"

namespace ringmaster::server {

/// Where the show of a pull request answers.
struct ShowAddress {
    std::string url;         ///< empty: nowhere yet
    bool is_coming = false;  ///< one is being prepared
};

/// The active show, if both its labels and the engine say that it runs: labels alone may be anybody's with
/// triage rights, and would send visitors anywhere. Errors: those of ShowService::status.
Result<ShowAddress> find_address(shows::ShowService& service, int pull_request_number);

/// What a path under /go/ names.
struct RedirectTarget {
    int pull_request_number = 0;
    std::string rest;  ///< what follows the number, with its '/'; empty = nothing
};
/// "/go/hello/12", "/go/ada/hello/12/login". nullopt: another repository's, or no number.
std::optional<RedirectTarget> parse_redirect(std::string_view path, const RepositoryName& repository);

class Redirects {
 public:
    using Find = std::function<Result<ShowAddress>(int pull_request_number)>;
    Redirects(RepositoryName repository, Find find, Clock& clock)
        : repository_(std::move(repository)), find_(std::move(find)), clock_(&clock) {}

    /// 302 to the show, with the rest of path and query; 503 with a page that tries again while one is being
    /// prepared; 404 if there is none. An answer of the forge counts for kMemory, so that visitors cost it
    /// nothing.
    http_server::Response answer(const http_server::Request& request);

    /// Shorter than a replaced version stays (ShowPolicy::drain): nobody is sent to one that is gone.
    static constexpr Duration kMemory = std::chrono::seconds(1);

 private:
    struct Known {
        ShowAddress address;
        Duration until;
    };
    Result<ShowAddress> find(int pull_request_number);

    RepositoryName repository_;
    Find find_;
    Clock* clock_;
    std::mutex mutex_;
    std::map<int, Known> known_;
};

}  // namespace ringmaster::server
