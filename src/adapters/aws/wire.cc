#include "adapters/aws/wire.h"

#include "adapters/aws/aws_errors.h"
#include "adapters/aws/sigv4.h"

namespace ringmaster::aws {
namespace {

constexpr auto kRequestTimeout = std::chrono::seconds(30);  // the slowest answers (a busy ECS) take a few
// AWS accepts signatures within five minutes; a difference below one is not what it complained about.
constexpr auto kLeastOffset = std::chrono::minutes(1);

bool is_success(const HttpResponse& response) {
    return response.status >= 200 && response.status < 300;
}

}  // namespace

Result<HttpResponse> Wire::send(const AwsRequest& request, CredentialSource* credentials,
                                Progress& progress) {
    return support::retry(kPatience, support::RetryOn::AnyTransient, clock_, entropy_, progress,
                          [&] { return send_once(request, credentials, progress); });
}

Result<HttpResponse> Wire::send_once(const AwsRequest& request, CredentialSource* credentials,
                                     Progress& progress) {
    for (bool is_second_time = false;; is_second_time = true) {
        TRY(progress.pulse());
        Credentials used;
        if (credentials != nullptr) used = TRY(credentials->get(progress));
        auto response =
            TRY_WHILE(ask(request, credentials != nullptr ? &used : nullptr), "{}", request.doing);
        if (is_success(response)) return response;
        const auto problem = problem_of(response);
        const bool is_expired = credentials != nullptr && are_credentials_expired(problem);
        if (is_expired) credentials->forget(used);
        const bool may_help = is_expired || (is_clock_skewed(problem) && learn_time(response));
        if (is_second_time || !may_help)
            return Fail(error_of(problem, request.service, request.region, request.doing));
    }
}

Result<HttpResponse> Wire::ask(const AwsRequest& request, const Credentials* credentials) {
    HttpRequest http{.method = "POST", .url = request.url, .body = request.body, .timeout = kRequestTimeout};
    if (request.target.empty()) {
        http.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                        {"Accept", "application/xml"}};
    } else {
        http.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", request.target}};
    }
    if (credentials != nullptr)
        sign(http, *credentials,
             {request.region, std::string(request.service.name), clock_.now() + Duration(clock_offset_)});
    return http_.send(http);
}

/// Whether AWS's clock was told and really is another: then a new signature may count.
bool Wire::learn_time(const HttpResponse& response) {
    const auto header = response.header("date");
    const auto date = header ? parse_http_date(*header) : std::nullopt;
    if (!date) return false;
    const Duration offset = *date - clock_.now();
    if (std::chrono::abs(offset - Duration(clock_offset_)) < kLeastOffset) return false;
    clock_offset_ = offset.count();
    return true;
}

}  // namespace ringmaster::aws
