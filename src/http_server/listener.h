#pragma once
// The HTTP/1.1 listener that the service and the local forge stand on. Boost.Beast is behind it and nowhere
// else. Connections are served by a few I/O threads; a handler runs on a pool of its own and may block.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster::http_server {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;
    std::string path;   ///< as sent, still percent-encoded, without the query
    std::string query;  ///< without '?'
    Headers headers;    ///< names in lower case
    std::string body;
    std::string remote_address;  ///< empty on a Unix socket

    std::optional<std::string_view> header(std::string_view lower_case_name) const;
    /// The decoded value of a query parameter, the first of that name.
    std::optional<std::string> parameter(std::string_view name) const;
};

struct Response {
    int status = 200;  ///< 0: no answer, the connection is closed
    Headers headers;
    std::string body;
};

/// Must not throw; what escapes is logged and answered with 500.
using Handler = std::function<Response(const Request&)>;

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 = any free one
    std::string
        unix_socket;  ///< a path: listen there instead of TCP (made with mode 0600, removed at the end)
    unsigned io_threads = 1;
    unsigned handler_threads = 4;
    std::size_t max_queued_requests = 1024;  ///< more are answered 503 with Retry-After
    std::size_t max_body_bytes = 26 << 20;   ///< GitHub sends at most 25 MB (github-facts 2.11); more is 413
    /// If set, the limit of this path's body instead; never more than max_body_bytes.
    std::function<std::size_t(std::string_view path)> max_body_bytes_of;
    std::size_t max_connections = 4096;  ///< more wait in the kernel's queue
    Duration header_timeout =
        std::chrono::seconds(10);  ///< from a request's first byte to the end of its headers
    Duration body_timeout =
        std::chrono::seconds(30);  ///< for the whole body: a byte a second does not get through
    Duration idle_timeout = std::chrono::seconds(60);  ///< between requests on one connection
};

class Listener {
 public:
    /// Binds and starts serving. Errors: InvalidInput (the address), Conflict (taken; the message names the
    /// port), Unauthorized.
    static Result<std::unique_ptr<Listener>> start(const Options& options, Handler handler);
    /// Stops accepting, lets running handlers end, closes.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:8080"
    std::string url() const;

 private:
    struct Impl;
    explicit Listener(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ringmaster::http_server
