#pragma once
// AWS Signature Version 4, as pure functions: how AWS knows that a request is ours and arrived as it was
// sent. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html Proved on
// AWS's published vectors (sigv4_test.cc) and against botocore (tests/engines/ecs_signatures.py). Not for S3,
// whose paths are signed otherwise.

#include <string>
#include <string_view>

#include "adapters/aws/credentials.h"
#include "base/time.h"
#include "ports/http_client.h"

namespace ringmaster::aws {

/// Where and when a signature counts.
struct SigningScope {
    std::string region;   ///< "us-west-2"
    std::string service;  ///< "ecs"
    TimePoint time;
};

/// A signature with the steps that led to it, which AWS's vectors tell too.
struct Signature {
    std::string canonical_request;
    std::string string_to_sign;
    std::string signature;      ///< lower-case hexadecimal digits
    std::string authorization;  ///< value of the header Authorization
};

/// Signs exactly the headers that the request has, less those that are changed on the way (User-Agent and the
/// like). It must have X-Amz-Date and, for credentials with one, X-Amz-Security-Token; without a Host, the
/// URL's is signed.
Signature compute_signature(const HttpRequest& request, const Credentials& credentials,
                            const SigningScope& scope);

/// Adds what a signed request needs: X-Amz-Date, X-Amz-Security-Token, Authorization. What it had of them is
/// replaced, so that a request can be signed again for another try.
void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope);

/// "20150830T123600Z"
std::string amz_date(TimePoint time);
/// SHA-256 as lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace ringmaster::aws
