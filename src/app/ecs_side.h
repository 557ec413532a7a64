#pragma once
// Everything that is made with AWS: credentials, its client, and the runtime on top of it. Made when the
// configuration asks for it.

#include <functional>
#include <memory>
#include <string>

#include "adapters/aws/aws_client.h"
#include "adapters/aws/credential_chain.h"
#include "adapters/support/curl_http_client.h"
#include "app/config.h"
#include "cli/environment.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/runtime.h"
#include "ports/subprocess.h"

namespace ringmaster::app {

/// What it is told.
struct EcsFacts {
    const LoadedConfig& loaded;
    const cli::Environment& environment;
    RepositoryName repository;
    std::function<void(const support::HttpExchange&)> on_exchange;
};

/// The ports it stands on.
struct EcsPorts {
    Subprocess& subprocess;
    Clock& clock;
    Entropy& entropy;
};

class EcsSide {
 public:
    /// Talks to nobody yet. Errors: InvalidInput (no region, no subnets, a file that is wrong), NotFound,
    /// Unavailable (a file).
    static Result<std::unique_ptr<EcsSide>> open(const EcsFacts& facts, EcsPorts ports);

    /// The runtime of [shows.run] engine "ecs". It uses this object.
    std::unique_ptr<Runtime> runtime();

    /// For `doctor`: where shows would run, and whose credentials are used. Errors: what keeps them from it.
    Result<std::string> describe();

 private:
    EcsSide(const EcsFacts& facts, EcsPorts ports, const aws::ChainSettings& chain,
            aws::EcsSettings settings);

    Clock& clock_;
    aws::EcsSettings settings_;
    support::CurlHttpClient credentials_http_;  ///< its exchanges are never shown: they hold keys
    support::CurlHttpClient http_;
    aws::CredentialChain credentials_;
    aws::AwsClient client_;
};

/// A runtime that says to everything why there is none, so that what needs none still works.
std::unique_ptr<Runtime> missing_runtime(std::string_view engine, Error why);

}  // namespace ringmaster::app
