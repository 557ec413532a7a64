#include "adapters/prefect/prefect_errors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"

namespace ringmaster::prefect {
namespace {

using nlohmann::json;

constexpr std::size_t kMostFieldsNamed = 5;
constexpr std::size_t kLongestFieldName = 100;

/// A step of a "loc" that names something of the request: pydantic puts its own types in between, such as
/// "function-after[validate_timezone(), CronSchedule]".
bool is_field_name(std::string_view step) {
    return !step.empty() && std::ranges::all_of(step, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// ["body","schedules",0,"schedule","CronSchedule","cron"] as "schedules[0].schedule.cron".
std::string field_of(const json& loc) {
    std::string field;
    if (!loc.is_array()) return field;
    for (const auto& step : loc) {
        if (step.is_number_unsigned()) field += fmt::format("[{}]", step.get<std::uint64_t>());
        if (!step.is_string() || !is_field_name(step.get_ref<const std::string&>())) continue;
        if (field.empty() && step == "body") continue;
        field += (field.empty() ? "" : ".") + step.get<std::string>();
    }
    return truncate_utf8(field, kLongestFieldName);
}

/// "Validation failed for field 'env.A'. Failure reason: …": the reason quotes the value.
std::string field_of_sentence(std::string_view detail) {
    constexpr std::string_view kBefore = "for field '";
    const auto at = detail.find(kBefore);
    if (at == std::string_view::npos) return "";
    detail.remove_prefix(at + kBefore.size());
    const auto end = detail.find('\'');
    if (end == std::string_view::npos) return "";
    return sanitize_for_terminal(truncate_utf8(detail.substr(0, end), kLongestFieldName));
}

json parse(std::string_view body) {
    return json::parse(body, nullptr, /*allow_exceptions=*/false);
}

std::string text_of(const json& answer, const char* key) {
    return answer.is_object() && answer.contains(key) && answer[key].is_string()
               ? answer[key].get<std::string>()
               : "";
}

Error refusal(const HttpResponse& response) {
    const auto fields = refused_fields(response.body);
    if (!fields.empty()) return Error::invalid_input("Prefect does not accept {}", fields);
    return Error::invalid_input("Prefect does not accept the request (status {})", response.status)
        .hint("the server's own log says why");
}

Error not_found(const HttpResponse& response, std::string_view api_url) {
    // Its sentences about missing things hold names only: 'Work pool "x" not found.'
    const auto detail = text_of(parse(response.body), "detail");
    if (detail.empty() || detail == "Not Found")
        return Error::not_found("Prefect at {} has no such thing", api_url);
    return Error::not_found("Prefect at {} says: {}", api_url,
                            sanitize_for_terminal(truncate_utf8(detail, 200)));
}

std::optional<Duration> retry_after(const HttpResponse& response) {
    const auto header = response.header("retry-after");
    const auto seconds = header ? parse_integer(*header) : std::nullopt;
    if (!seconds || *seconds < 0 || *seconds > 24LL * 3600) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

Error with_wait(Error error, const HttpResponse& response) {
    const auto wait = retry_after(response);
    return wait ? Error(std::move(error).retry_after(*wait)) : error;
}

Error error_of_status(const HttpResponse& response, std::string_view api_url) {
    const int status = response.status;
    if (status == 401)
        return Error(ErrorKind::Unauthorized, fmt::format("Prefect at {} does not know us", api_url))
            .hint(
                "set PREFECT_API_KEY (Prefect Cloud) or PREFECT_API_AUTH_STRING (a server of your own) to "
                "one that is valid");
    if (status == 403)
        return Error(ErrorKind::Unauthorized, fmt::format("Prefect at {} does not allow us this", api_url))
            .hint("give the API key's owner a role in the workspace that may do it");
    if (status == 404) return not_found(response, api_url);
    if (status == 400 || status == 422) return refusal(response);
    if (status == 409)
        return refused_fields(response.body).empty()
                   ? Error::conflict("Prefect at {} has something else under that name", api_url)
                   : refusal(response);
    if (status == 429)
        return with_wait(Error::rate_limited("Prefect at {} asks for patience", api_url), response);
    if (status == 408 || status == 503)
        return with_wait(Error::unavailable("Prefect at {} is busy", api_url), response);
    if (status >= 500)
        return Error::unavailable("Prefect at {} broke down (status {})", api_url, status)
            .hint("the server's own log says why");
    return Error::corrupt("{} answers with status {}, which is not what Prefect's API does", api_url, status)
        .hint("check the API's address: it ends with /api, or is a workspace's on api.prefect.cloud");
}

}  // namespace

std::string refused_fields(std::string_view body) {
    const auto answer = parse(body);
    std::vector<std::string> fields;
    if (answer.is_object() && answer.contains("exception_detail") && answer["exception_detail"].is_array())
        for (const auto& problem : answer["exception_detail"])
            if (problem.is_object() && problem.contains("loc")) fields.push_back(field_of(problem["loc"]));
    fields.push_back(field_of_sentence(text_of(answer, "detail")));
    std::erase(fields, "");
    std::ranges::sort(fields);
    fields.erase(std::ranges::unique(fields).begin(), fields.end());
    if (fields.size() > kMostFieldsNamed) {
        fields.resize(kMostFieldsNamed);
        fields.emplace_back("…");
    }
    return join(fields, ", ");
}

bool is_busy(int status) {
    return status == 408 || status == 429 || status == 502 || status == 503;
}

Error error_of_response(const HttpResponse& response, std::string_view api_url, const std::string& doing) {
    return error_of_status(response, api_url).while_doing(doing);
}

}  // namespace ringmaster::prefect
