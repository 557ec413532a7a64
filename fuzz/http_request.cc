// http_server: bytes of a connection, through the parser and our own reading of path and query.
#include <boost/asio/buffer.hpp>

#include "fuzz/fuzz.h"
#include "http_server/message.h"

using namespace ringmaster;

FUZZ(text) {
    http_server::Parser parser;
    parser.body_limit(1 << 16);
    parser.eager(true);
    boost::beast::error_code error;
    parser.put(boost::asio::buffer(text.data(), text.size()), error);
    if (error || !parser.is_done()) return;
    const auto request = http_server::take_request(parser, "127.0.0.1");
    RM_ASSERT(request.path.find('?') == std::string::npos, "a path has no query");
    for (const auto* name : {"page", "per_page", "q"}) (void)request.parameter(name);
    for (const auto& [name, value] : request.headers) {
        RM_ASSERT(value.find_first_of("\r\n") == std::string::npos, "no header value has a line break");
        (void)request.header(name);
    }
    (void)http_server::print_head({200, request.headers, request.body}, {});
}
