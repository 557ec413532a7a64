#pragma once
// `ringmaster api`: a request as somebody typed it, sent as one of ours.

#include <string>
#include <string_view>

#include "adapters/github/github_client.h"
#include "cli/context.h"

namespace ringmaster::app {

/// "repos/{owner}/{repo}/labels" as "/repos/ada/garden/labels". Errors: InvalidInput (an address of another
/// server: it would be given our token).
Result<std::string> path_for(std::string_view typed, const github::GitHubSettings& settings);

/// The path of `rel="next"` (RFC 8288) below the API's address; empty: the listing ends here.
std::string next_path(const HttpResponse& response, std::string_view api_url);

/// Errors: as cli::Context::call_forge.
Result<cli::ForgeAnswer> call_forge(github::GitHubClient& client, const cli::ForgeCall& call);

}  // namespace ringmaster::app
