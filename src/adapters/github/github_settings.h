#pragma once
// What the adapter has to be told: which server, which repository, as whom. The wiring reads it from the
// environment and the configuration; nothing here does.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/support/retry_loop.h"
#include "base/time.h"
#include "domain/repository_name.h"

namespace ringmaster::github {

struct GitHubSettings {
    std::string api_url =
        "https://api.github.com";  ///< as GITHUB_API_URL gives it; a '/' at its end does not matter
    std::string graphql_url;       ///< as GITHUB_GRAPHQL_URL; empty = derived from api_url
    std::string token;
    RepositoryName repository;
    std::string version = "0";  ///< of Ringmaster, for the User-Agent that GitHub requires
    /// Where answers with an ETag are kept; made with mode 0700. Empty = nowhere.
    std::string cache_folder;
    /// Between requests that change something. GitHub asks for a second at least (github-facts 3.6); nullopt
    /// = that on github.com, nothing elsewhere.
    std::optional<Duration> write_pause;
    Duration request_timeout = std::chrono::seconds(30);  ///< GitHub itself gives up after 10 s (2.8)
    support::RetryPolicy retry;
};

/// Where GraphQL is when only the REST address is known, as Octokit derives it (github-facts 9.16).
std::string graphql_url_of(std::string_view api_url);
/// github.com or a github.com tenant of an enterprise (*.ghe.com): servers whose limits are shared with the
/// world.
bool is_hosted_by_github(std::string_view api_url);

}  // namespace ringmaster::github
