#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/progress.h"

namespace ringmaster {

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Duration timeout = std::chrono::seconds(30);         ///< for the whole exchange
    Duration connect_timeout = std::chrono::seconds(5);  ///< for reaching the host
    std::size_t max_response_bytes = 64 << 20;           ///< more is an error (Corrupt)
    std::string unix_socket;                             ///< path; empty = TCP
    /// Set: the body of a 2xx answer is handed out as it comes, and is not kept or bounded.
    std::function<void(std::string_view)> on_body;
    /// Set: pulsed at least once a second; its error ends the exchange.
    Progress* progress = nullptr;
};

struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, in the order received
    std::string body;
    /// The first value of a header; `name` in lower case.
    std::optional<std::string_view> header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return std::nullopt;
    }
};

/// One HTTP exchange; redirects are not followed. Used from many threads at once.
class HttpClient {
 public:
    virtual ~HttpClient() = default;
    /// Any status is a response. Errors: Unavailable (no connection, broken off: the effect may have
    /// happened), TimedOut, Corrupt (too long), InvalidInput (the URL), the pulse's own.
    virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

}  // namespace ringmaster
