#pragma once
// One request to AWS and its answer: address, signature, patience. It tries again what is worth it, gets new
// credentials when the old ones ran out, and learns how far our clock is off when AWS says that it is. What
// is asked is for aws_client.h and sts.h to say.

#include <atomic>
#include <string>

#include "adapters/aws/credentials.h"
#include "adapters/aws/endpoints.h"
#include "adapters/support/retry_loop.h"
#include "base/result.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/http_client.h"
#include "ports/progress.h"

namespace ringmaster::aws {

/// Whose requests they are. Used from several threads at once.
class CredentialSource {
 public:
    virtual ~CredentialSource() = default;
    /// Errors: Unauthorized (there are none), Unavailable, InvalidInput, the pulse's own.
    virtual Result<Credentials> get(Progress& progress) = 0;
    /// AWS says that `used` have expired: the next get() must not give them again.
    virtual void forget(const Credentials& used) = 0;
};

struct AwsRequest {
    AwsService service;
    std::string region;
    std::string url;     ///< see service_url()
    std::string target;  ///< X-Amz-Target of a JSON request; empty: a form is sent
    std::string body;    ///< JSON, or a form
    std::string doing;   ///< for messages: "creating the service pr-12-abc1234-service"
};

class Wire {
 public:
    /// About 25 s of patience with a service that is busy or broken; the work as a whole has a longer one.
    static constexpr support::RetryPolicy kPatience{.attempts = 6,
                                                    .first_wait = std::chrono::milliseconds(500),
                                                    .longest_wait = std::chrono::seconds(20)};

    Wire(HttpClient& http, Clock& clock, Entropy& entropy) : http_(http), clock_(clock), entropy_(entropy) {}

    /// A response with 2xx. `credentials` nullptr: unsigned. `progress` is pulsed before each try and during
    /// waits. Every request may be sent twice, so each must bear it. Errors: those of error_of(), of the
    /// credentials, Unavailable, TimedOut, Corrupt, the pulse's own.
    Result<HttpResponse> send(const AwsRequest& request, CredentialSource* credentials, Progress& progress);

 private:
    Result<HttpResponse> send_once(const AwsRequest& request, CredentialSource* credentials,
                                   Progress& progress);
    Result<HttpResponse> ask(const AwsRequest& request, const Credentials* credentials);
    bool learn_time(const HttpResponse& response);

    HttpClient& http_;
    Clock& clock_;
    Entropy& entropy_;
    std::atomic<Duration::rep> clock_offset_{0};  ///< AWS's clock less ours, milliseconds
};

}  // namespace ringmaster::aws
