#pragma once
// Temporary credentials from AWS's Security Token Service: a role, taken by somebody who has credentials, or
// by somebody with a token of an identity provider that AWS trusts (GitHub Actions, Kubernetes).
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// …/API_AssumeRoleWithWebIdentity.html

#include <string>

#include "adapters/aws/wire.h"

namespace ringmaster::aws {

struct RoleRequest {
    std::string role_arn;
    std::string session_name;
    std::string external_id;  ///< of a profile; empty = none
    std::string region;
    std::string url;  ///< STS's, see service_url()
};

/// Errors: those of Wire::send, Corrupt (an answer without credentials).
Result<Credentials> assume_role(Wire& wire, const RoleRequest& request, CredentialSource& source,
                                Progress& progress);
Result<Credentials> assume_role_with_web_identity(Wire& wire, const RoleRequest& request,
                                                  const std::string& token, Progress& progress);

/// "A=1&B=2", percent-encoded.
std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace ringmaster::aws
