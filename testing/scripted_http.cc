#include "testing/scripted_http.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaster::testing {

ScriptedHttp::Exchange& ScriptedHttp::Exchange::answers(
    int status, std::string body, std::vector<std::pair<std::string, std::string>> headers) {
    const auto date = std::ranges::find(headers, "date", [](const auto& header) { return header.first; });
    if (date == headers.end())
        headers.emplace_back("date", kDate);
    else if (date->second.empty())
        headers.erase(date);
    HttpResponse response;
    response.status = status;
    response.headers = std::move(headers);
    response.body = std::move(body);
    answer = std::move(response);
    return *this;
}

ScriptedHttp::Exchange& ScriptedHttp::Exchange::breaks(Error error) {
    answer = std::unexpected(std::move(error));
    return *this;
}

ScriptedHttp::~ScriptedHttp() {
    for (const auto& exchange : script_)
        ADD_FAILURE() << "this request never came: " << exchange.method << " " << exchange.url_part << " "
                      << ::testing::PrintToString(exchange.body_parts);
}

ScriptedHttp::Exchange& ScriptedHttp::expect(std::string method, std::string url_part,
                                             std::vector<std::string> body_parts) {
    const std::lock_guard guard(mutex_);
    Exchange& exchange = script_.emplace_back();
    exchange.method = std::move(method);
    exchange.url_part = std::move(url_part);
    exchange.body_parts = std::move(body_parts);
    return exchange.answers(200, "{}");
}

Result<HttpResponse> ScriptedHttp::send(const HttpRequest& request) {
    const std::lock_guard guard(mutex_);
    requests_.push_back(request);
    const auto refuse = [&](std::string_view why) -> Result<HttpResponse> {
        ADD_FAILURE() << why << ": " << request.method << " " << request.url << "\n" << request.body;
        return std::unexpected(Error::failed("the script does not foresee this request"));
    };
    if (script_.empty()) return refuse("the script is over, but there came");
    const Exchange next = std::move(script_.front());
    script_.pop_front();
    if (request.method != next.method || !request.url.contains(next.url_part))
        return refuse("expected " + next.method + " " + next.url_part + ", but there came");
    for (const auto& part : next.body_parts)
        if (!request.body.contains(part)) return refuse("expected \"" + part + "\" in the body of");
    if (request.on_body && next.answer && next.answer->status / 100 == 2) {
        auto answer = *next.answer;
        request.on_body(std::exchange(answer.body, {}));
        return answer;
    }
    return next.answer;
}

std::vector<HttpRequest> ScriptedHttp::requests() const {
    const std::lock_guard guard(mutex_);
    return requests_;
}

}  // namespace ringmaster::testing
