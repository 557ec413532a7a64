#pragma once
// Addresses of remotes as git writes them (git-fetch(1), "GIT URLS"): a person's clone often carries a token
// in it, which must not travel into deployments, logs or plans.

#include <string>
#include <string_view>

namespace ringmaster::git_source {

/// The address without user, password, query and fragment. The user of an ssh address stays: it is part of
/// the address ("git@host:a/b") and no secret; what follows its ':' goes.
std::string address_without_credentials(std::string_view address);

}  // namespace ringmaster::git_source
