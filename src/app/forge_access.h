#pragma once
// What the forge says about us: who the token belongs to, what it may do in the repository. `auth status` and
// `doctor` ask the same questions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/github/github_client.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/context.h"

namespace ringmaster::app {

/// "api.github.com" of "https://api.github.com/…".
std::string host_of(std::string_view url);

/// A token, and in people's words where it was found.
struct FoundToken {
    std::string value;
    std::string from;
};

/// Other variables that hold a token and were passed over; `gh` reads them in an order of its own.
std::vector<std::string> unused_token_variables(const cli::Environment& environment);

/// By its prefix; empty = unknown.
/// https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
std::string token_kind(std::string_view token);

/// What the forge says of the repository.
struct RepositoryAnswer {
    int status = 0;
    std::string full_name;
    std::string permission;  ///< the highest: admin, maintain, write, triage, read; empty = not told
    std::optional<std::string> scopes;  ///< of a classic token
    std::optional<std::string> expires;
    std::optional<std::string> requests_left;
    std::optional<TimePoint> date;

    bool may_write() const;
};
/// Any status is an answer. Errors: those of the exchange.
Result<RepositoryAnswer> ask_about_repository(github::GitHubClient& client);

/// What shows need and the token has not, each as a sentence with what to do. Pure.
std::vector<std::string> missing_rights(const RepositoryAnswer& answer);

/// Errors: as cli::Context::access.
Result<cli::Access> ask_who_we_are(github::GitHubClient& client, const FoundToken& token,
                                   const cli::Environment& environment);

}  // namespace ringmaster::app
