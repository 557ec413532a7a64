#pragma once
// Lease tokens as label definitions on GitHub (docs/architecture.md, "The lease").

#include "adapters/github/github_client.h"
#include "ports/claim_tokens.h"

namespace ringmaster::github {

class GitHubClaimTokens final : public ClaimTokens {
 public:
    explicit GitHubClaimTokens(GitHubClient& client) : client_(client) {}

    Result<std::optional<Created>> create(int pull_request_number, int number, std::string_view holder,
                                          TimePoint expires_at) override;
    Result<void> remove(std::span<const std::string> ids) override;

 private:
    GitHubClient& client_;
};

}  // namespace ringmaster::github
