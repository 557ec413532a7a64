#pragma once
// The listener's own view of requests and responses: from Beast's parsed message to ours, and from ours to
// bytes.

#include <boost/beast/http.hpp>
#include <string>
#include <string_view>

#include "http_server/listener.h"

namespace ringmaster::http_server {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Takes the message out of the parser.
Request take_request(Parser& parser, std::string remote_address);

enum class Persistence { KeepAlive, Close };

struct ResponseContext {
    bool is_head = false;  ///< answered with the headers alone
    Persistence persistence = Persistence::KeepAlive;
};

/// Status line and headers. Content-Length and Connection are ours; a handler's are dropped, and so is a
/// header with a line break in it (response splitting).
std::string print_head(const Response& response, ResponseContext context);
/// 204 and 304 never have a body (RFC 9110 §6.4.1).
bool has_body(const Response& response, ResponseContext context);

Response plain_text_response(int status, std::string_view sentence);

}  // namespace ringmaster::http_server
