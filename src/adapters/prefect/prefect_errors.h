#pragma once
// What a refusal of Prefect's means, in words for people. A refusal of a body repeats the body, and with it
// every secret in it (prefect-wire, error shapes): nothing of an answer is passed on but names of fields.

#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/http_client.h"

namespace ringmaster::prefect {

/// "deployment's" fields that a 4xx answer complains of: "schedules[0].cron, concurrency_limit"; empty: it
/// names none.
std::string refused_fields(std::string_view body);

/// 408, 429, 502 and 503: worth another try after a wait (as Prefect's own client has it).
bool is_busy(int status);

/// Any status but 2xx. `api_url` is shown; `doing` reads after "while". NotFound, Unauthorized, InvalidInput
/// (it does not like what it was given), Conflict, RateLimited, Unavailable.
Error error_of_response(const HttpResponse& response, std::string_view api_url, const std::string& doing);

}  // namespace ringmaster::prefect
