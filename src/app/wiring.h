#pragma once
// The concrete objects behind the ports of the shows half, in the order in which they need each other.

#include <memory>
#include <string>

#include "adapters/command/command_builder.h"
#include "adapters/github/github_claim_refs.h"
#include "adapters/github/github_claim_tokens.h"
#include "adapters/github/github_client.h"
#include "adapters/github/github_forge.h"
#include "adapters/process/process_runtime.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "app/config.h"
#include "app/docker_side.h"
#include "app/ecs_side.h"
#include "app/forge_tally.h"
#include "app/router_side.h"
#include "cli/environment.h"
#include "shows/service.h"

namespace ringmaster::app {

/// What the wiring is told; all of it found out before.
struct WiringFacts {
    const LoadedConfig& loaded;
    const cli::Environment& environment;
    RepositoryName repository;
    std::string token;
    std::string state_root;  ///< absolute
    std::string cache_folder;
    std::string git_folder;  ///< repository that commits are taken from
    std::function<void(const support::HttpExchange&)> on_exchange;
};

/// One per process and repository; used from several threads where its parts allow it.
class Wiring {
 public:
    /// `interruption` is pulsed while waiting for the forge. Errors: InvalidInput (settings that an adapter
    /// refuses), Unavailable (the state folder).
    static Result<std::unique_ptr<Wiring>> build(const WiringFacts& facts, Progress& interruption);

    shows::ShowService& service() { return *service_; }
    github::GitHubClient& client() { return client_; }
    History& history() { return *history_; }
    const ForgeTally& forge_tally() const { return tally_; }

 private:
    Wiring(const WiringFacts& facts, Progress& interruption);
    Result<void> make_claims(const WiringFacts& facts, const std::string& database);
    Result<std::unique_ptr<Runtime>> make_runtime(const WiringFacts& facts);

    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    support::PosixSubprocess subprocess_;
    ForgeTally tally_;
    support::CurlHttpClient forge_http_;
    support::CurlHttpClient health_http_;
    github::GitHubClient client_;
    github::GitHubForge forge_;
    github::GitHubClaimTokens tokens_;
    github::GitHubClaimRefs refs_;
    std::unique_ptr<Claims> claims_;
    ClaimLeftovers* leftovers_ = nullptr;  // part of the claims, where they need it
    std::unique_ptr<DockerSide> docker_;   ///< null: nothing is made with Docker
    std::unique_ptr<EcsSide> ecs_;         ///< null: nothing is made with AWS
    std::unique_ptr<RouterSide> router_;   ///< null: pull requests have no stable address
    std::unique_ptr<Builder> builder_;
    std::unique_ptr<Runtime> runtime_;
    std::unique_ptr<History> history_;
    std::unique_ptr<shows::ShowService> service_;
};

/// "host:path" parts of settings that several places need.
std::string run_url(const cli::Environment& environment, const std::string& web_url,
                    const RepositoryName& repository);
/// The file that holds history, and claims where they are kept in a database.
std::string database_path(const Config& config, const std::string& state_root);

}  // namespace ringmaster::app
