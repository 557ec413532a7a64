#include "server/problem.h"

#include <nlohmann/json.hpp>
#include <string>

namespace ringmaster::server {

std::string_view status_words(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Error";
    }
}

http_server::Response problem(int status, std::string_view detail) {
    const nlohmann::ordered_json document = {{"type", "about:blank"},
                                             {"title", std::string(status_words(status))},
                                             {"status", status},
                                             {"detail", std::string(detail)}};
    return {.status = status,
            .headers = {{"Content-Type", "application/problem+json"}},
            // What a client sent may be quoted in `detail`; bytes that are not UTF-8 must not throw.
            .body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

}  // namespace ringmaster::server
