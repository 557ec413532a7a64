#include "adapters/aws/aws_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "adapters/aws/xml_reader.h"
#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

using Words = std::span<const std::string_view>;

// As botocore's standard retry mode counts them; LimitExceededException is not among them here, because with
// ECS it is a quota.
constexpr std::array<std::string_view, 10> kThrottling = {"Throttling",
                                                          "ThrottlingException",
                                                          "ThrottledException",
                                                          "RequestThrottled",
                                                          "SlowDown",
                                                          "RequestLimitExceeded",
                                                          "TooManyRequestsException",
                                                          "RequestThrottledException",
                                                          "EC2ThrottledException",
                                                          "PriorRequestNotComplete"};
constexpr std::array<std::string_view, 5> kExpired = {"ExpiredToken", "ExpiredTokenException",
                                                      "RequestExpired", "TokenRefreshRequired",
                                                      "ExpiredIdentityToken"};
constexpr std::array<std::string_view, 9> kUnknownKeys = {"UnrecognizedClientException",
                                                          "InvalidClientTokenId",
                                                          "AuthFailure",
                                                          "InvalidAccessKeyId",
                                                          "SignatureDoesNotMatch",
                                                          "IncompleteSignature",
                                                          "MissingAuthenticationTokenException",
                                                          "InvalidSignatureException",
                                                          "InvalidIdentityToken"};
constexpr std::array<std::string_view, 4> kDenied = {"AccessDenied", "AccessDeniedException",
                                                     "UnauthorizedOperation", "OptInRequired"};
constexpr std::array<std::string_view, 6> kNotThere = {
    "ServiceNotFoundException",  "ServiceNotActiveException", "InvalidNetworkInterfaceID.NotFound",
    "ResourceNotFoundException", "TargetGroupNotFound",       "RuleNotFound"};
constexpr std::array<std::string_view, 5> kQuota = {"LimitExceededException", "LimitExceeded",
                                                    "ServiceQuotaExceededException", "TooManyTargetGroups",
                                                    "TooManyRules"};
constexpr std::array<std::string_view, 3> kTransient = {"RequestTimeout", "RequestTimeoutException",
                                                        "ServerException"};

bool is_one_of(Words words, std::string_view code) {
    return std::ranges::find(words, code) != words.end();
}

/// "com.amazonaws.ecs#ClusterNotFoundException" and "ClusterNotFoundException:http://…".
std::string bare_code(std::string_view code) {
    if (const auto hash = code.rfind('#'); hash != std::string_view::npos) code.remove_prefix(hash + 1);
    return std::string(code.substr(0, code.find(':')));
}

AwsProblem problem_of_xml(const HttpResponse& response) {
    AwsProblem problem{.status = response.status};
    const auto root = parse_xml(response.body, "AWS's answer");
    if (!root) return problem;
    for (const auto* path : {"Error", "Errors/Error"})  // STS and the load balancers; EC2
        if (const auto* error = root->find(path)) {
            problem.code = error->text_at("Code");
            problem.message = error->text_at("Message");
        }
    return problem;
}

AwsProblem problem_of_json(const HttpResponse& response) {
    AwsProblem problem{.status = response.status};
    if (const auto code = response.header("x-amzn-errortype")) problem.code = bare_code(*code);
    const auto document = support::JsonReader::parse(response.body, "AWS's answer");
    if (!document || !document->is_object()) return problem;
    if (const auto code = document->optional_string("__type"); code && !code->empty())
        problem.code = bare_code(*code);
    for (const auto* key : {"message", "Message"})
        if (const auto text = document->optional_string(key); text && !text->empty()) problem.message = *text;
    return problem;
}

/// What AWS said, safe to print.
std::string said(const AwsProblem& problem) {
    const auto message = sanitize_for_terminal(truncate_utf8(problem.message, 500));
    if (problem.code.empty() && message.empty()) return fmt::format("HTTP status {}", problem.status);
    const auto code = sanitize_for_terminal(problem.code);
    if (message.empty()) return code;
    return code.empty() ? message : fmt::format("{} ({})", message, code);
}

Error credentials_error(const AwsProblem& problem, const AwsService& service, const std::string& doing) {
    const auto text = said(problem);
    if (are_credentials_expired(problem))
        return Error::unauthorized("the AWS credentials have expired: {} refused {}: {}", service.title,
                                   doing, text)
            .hint("get new ones (`aws sso login`, or run the workflow again), then try again");
    if (is_clock_skewed(problem))
        return Error::unauthorized("this machine's clock is wrong: {} refused {}: {}", service.title, doing,
                                   text)
            .hint("set the clock (timedatectl set-ntp true)");
    if (is_one_of(kUnknownKeys, problem.code))
        return Error::unauthorized("AWS does not accept these credentials: {} refused {}: {}", service.title,
                                   doing, text)
            .hint(
                "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_PROFILE; `aws sts "
                "get-caller-identity` tells who you are");
    return Error::unauthorized("these AWS credentials may not do this: {} refused {}: {}", service.title,
                               doing, text)
        .hint("allow it in the role's policy; docs/engines/ecs.md lists what is needed");
}

}  // namespace

AwsProblem problem_of(const HttpResponse& response) {
    const auto body = trim(response.body);
    return body.starts_with("<") ? problem_of_xml(response) : problem_of_json(response);
}

bool are_credentials_expired(const AwsProblem& problem) {
    return is_one_of(kExpired, problem.code) ||
           (problem.message.contains("security token") && problem.message.contains("expired"));
}

bool is_clock_skewed(const AwsProblem& problem) {
    return problem.code == "RequestTimeTooSkewed" || problem.code == "RequestInTheFuture" ||
           problem.message.contains("Signature expired") ||
           problem.message.contains("Signature not yet current");
}

Error error_of(const AwsProblem& problem, const AwsService& service, const std::string& region,
               const std::string& doing) {
    const auto text = said(problem);
    const auto& code = problem.code;
    if (is_one_of(kThrottling, code) || problem.status == 429)
        return Error::rate_limited("{} asks for patience while {}: {}", service.title, doing, text);
    if (problem.status >= 500 || is_one_of(kTransient, code))
        return Error::unavailable("{} has a problem while {}: {}", service.title, doing, text);
    if (are_credentials_expired(problem) || is_clock_skewed(problem) || is_one_of(kUnknownKeys, code) ||
        is_one_of(kDenied, code) || problem.status == 401 || (problem.status == 403 && code.empty()))
        return credentials_error(problem, service, doing);
    if (code == "ClusterNotFoundException")
        return Error::invalid_input("there is no such cluster in {}: {} refused {}: {}", region,
                                    service.title, doing, text)
            .hint("create it (`aws ecs create-cluster`), or set [shows.ecs] cluster and region");
    if (is_one_of(kNotThere, code))
        return Error::not_found("{} does not know it: {}: {}", service.title, doing, text);
    if (is_one_of(kQuota, code))
        return Error::failed("a quota of AWS is used up: {} refused {}: {}", service.title, doing, text)
            .hint("stop shows that nobody needs (`ringmaster list`), or ask AWS for a higher quota");
    // ECS has no code of its own for a name that is taken.
    if (problem.message.contains("not idempotent") || problem.message.contains("still Draining"))
        return Error::conflict("{} has a service of this name: {}: {}", service.title, doing, text);
    return Error::invalid_input("{} refused {}: {}", service.title, doing, text)
        .hint("check [shows.ecs]; `ringmaster doctor` looks at each part");
}

}  // namespace ringmaster::aws
