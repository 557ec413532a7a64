#pragma once
// The lease on hidden refs on GitHub (docs/architecture.md, "The lease"): `updateRefs` with `beforeOid` is
// the one documented compare-and-swap (github-facts 8.5). A ref points at a commit without parents, whose
// message says what a lease token's description says. Needs the right `contents: write`.

#include <mutex>

#include "adapters/github/github_client.h"
#include "ports/claim_refs.h"

namespace ringmaster::github {

/// Used from several threads at once.
class GitHubClaimRefs final : public ClaimRefs {
 public:
    explicit GitHubClaimRefs(GitHubClient& client) : client_(client) {}

    Result<std::string> write_claim(int pull_request_number, std::string_view holder,
                                    TimePoint expires_at) override;
    Result<Swapped> swap_claim(int pull_request_number, const std::optional<std::string>& before,
                               const std::optional<std::string>& after) override;
    Result<std::vector<int>> claimed_pull_requests() override;

 private:
    Result<HttpResponse> post_commit(const std::string& message, const std::string& tree,
                                     const std::string& doing);
    Result<std::string> tree_of_default_branch(const std::string& doing);
    std::string tree();

    GitHubClient& client_;
    std::mutex mutex_;
    std::string tree_;  ///< that the forge takes; empty: not known to differ from git's empty tree
};

}  // namespace ringmaster::github
