#pragma once
// What AWS says when it refuses, as errors of ours: the code decides the kind, and the hint says what to do.

#include <string>

#include "adapters/aws/endpoints.h"
#include "base/error.h"
#include "ports/http_client.h"

namespace ringmaster::aws {

/// AWS's two ways to say no: JSON ("__type") and XML ("<Error><Code>").
struct AwsProblem {
    int status = 0;
    std::string code;     ///< without a namespace: "ClusterNotFoundException"; may be empty
    std::string message;  ///< AWS's sentence; may be empty
};

/// Reads a response outside 2xx; total.
AwsProblem problem_of(const HttpResponse& response);

/// The credentials were good and are not any more: new ones may help.
bool are_credentials_expired(const AwsProblem& problem);
/// Our clock and AWS's differ so much that signatures don't count.
bool is_clock_skewed(const AwsProblem& problem);

/// `doing` reads after "while" and "refused": "creating the service pr-12-abc1234-service".
Error error_of(const AwsProblem& problem, const AwsService& service, const std::string& region,
               const std::string& doing);

}  // namespace ringmaster::aws
