#pragma once
// The contracts' world on a real server: our local forge, reached over HTTP and git as any GitHub is.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/github/github_claim_refs.h"
#include "adapters/github/github_claim_tokens.h"
#include "adapters/github/github_client.h"
#include "adapters/github/github_forge.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "local_forge/forge.h"
#include "testing/contracts/forge_world.h"
#include "testing/git_repository.h"
#include "testing/temporary_folder.h"

namespace ringmaster::github {

/// An HttpClient that counts what goes through it: what changes something (POST of a query does not), and the
/// rest.
class CountingHttp final : public HttpClient {
 public:
    explicit CountingHttp(HttpClient& inner) : inner_(inner) {}
    Result<HttpResponse> send(const HttpRequest& request) override;
    std::atomic<int> reads = 0;
    std::atomic<int> writes = 0;

 private:
    HttpClient& inner_;
};

class LocalForgeWorld final : public ringmaster::testing::ForgeWorld {
 public:
    LocalForgeWorld();

    Forge& forge() override { return forge_; }
    ClaimTokens& claim_tokens() override { return tokens_; }
    ClaimRefs& claim_refs() override { return refs_; }
    TimePoint now() override { return clock_.now(); }
    int open_pull_request() override;
    CommitSha push(int number) override;
    CommitSha base() override { return base_; }
    void close(int number) override;
    void label(int number, const std::string& name, const std::string& login) override;
    void add_collaborator(const std::string& login, Permission permission) override;

    CountingHttp& http() { return counting_; }
    GitHubClient& client() { return client_; }
    /// What becomes of the next request whose path ends like this ("/labels", "/graphql").
    void fail_next(local_forge::FaultAction action, std::string path_end);
    int count_comments(int number);
    GitHubSettings settings_for(const std::string& token) const;

 private:
    std::unique_ptr<local_forge::Forge> start(const std::string& folder);
    local_forge::FaultAction next_fault(std::string_view path);
    /// One commit on the branch, pushed.
    CommitSha commit_to(const std::string& branch);
    std::string git_url() const;
    std::string token_of(const std::string& login, local_forge::Role role);

    std::mutex fault_mutex_;
    local_forge::FaultAction fault_ = local_forge::FaultAction::Pass;
    std::string fault_path_end_;
    ringmaster::testing::TemporaryFolder folder_;
    ringmaster::testing::GitRepository checkout_;
    std::unique_ptr<local_forge::Forge> server_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    NoProgress progress_;
    support::CurlHttpClient http_;
    CountingHttp counting_{http_};
    GitHubClient client_;
    GitHubForge forge_{client_};
    GitHubClaimTokens tokens_{client_};
    GitHubClaimRefs refs_{client_};
    CommitSha base_;
    std::map<int, std::string> branches_;
    int last_branch_ = 0;
    int last_commit_ = 0;
};

}  // namespace ringmaster::github
