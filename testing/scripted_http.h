#pragma once
// An HttpClient that plays a script: what is expected, in order, and what each request is answered. Honest
// about the rest: a request that the script does not foresee fails the test, and so does one that never
// comes.

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "ports/http_client.h"

namespace ringmaster::testing {

class ScriptedHttp final : public HttpClient {
 public:
    struct Exchange {
        std::string method;
        std::string url_part;                 ///< the URL contains this
        std::vector<std::string> body_parts;  ///< the body contains each of these
        Result<HttpResponse> answer = HttpResponse{};

        /// `body` may be empty. Every answer has a Date header unless `headers` brings one; "date" with an
        /// empty value leaves it out.
        Exchange& answers(int status, std::string body,
                          std::vector<std::pair<std::string, std::string>> headers = {});
        /// The exchange fails: nobody knows whether the request arrived.
        Exchange& breaks(Error error);
    };

    /// The Date of answers: 2026-01-05T12:00:00Z, FakeClock's start.
    static constexpr std::string_view kDate = "Mon, 05 Jan 2026 12:00:00 GMT";

    ~ScriptedHttp() override;
    /// The next request in the script; answered 200 with "{}" until told otherwise.
    Exchange& expect(std::string method, std::string url_part, std::vector<std::string> body_parts = {});
    Result<HttpResponse> send(const HttpRequest& request) override;

    /// Every request so far, foreseen or not.
    std::vector<HttpRequest> requests() const;

 private:
    mutable std::mutex mutex_;
    std::deque<Exchange> script_;
    std::vector<HttpRequest> requests_;
};

}  // namespace ringmaster::testing
