#pragma once
// Credentials that the place we run in hands out over HTTP: a container's (ECS, EKS Pod Identity, CodeBuild)
// or an instance's (EC2, by instance metadata version 2 only; version 1 gives them to anybody who can make us
// fetch a URL).
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html,
// …/feature-imds-credentials.html

#include "adapters/aws/credentials.h"
#include "base/result.h"
#include "ports/http_client.h"

namespace ringmaster::aws {

/// Whether AWS_CONTAINER_CREDENTIALS_… names a place to ask.
bool is_container_configured(const Variables& environment);
/// Errors: InvalidInput (a place that must not be asked), Unavailable, TimedOut, Unauthorized, Corrupt.
Result<Credentials> container_credentials(HttpClient& http, const Variables& environment);

/// Errors: NotFound (nobody answers here, switched off, or the instance has no role), Corrupt.
Result<Credentials> instance_credentials(HttpClient& http, const Variables& environment);

}  // namespace ringmaster::aws
