#pragma once
// The HttpClient over libcurl: blocking, HTTP/2 where it is offered, proxies from the usual environment
// variables (libcurl reads them itself), TCP or Unix sockets, bounded in time and size. Connections are kept
// and used again.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ports/http_client.h"

namespace ringmaster::support {

/// One finished exchange, for `-v` and `-vv`: secrets are already replaced by "***".
struct HttpExchange {
    std::string method;
    std::string url;
    int status = 0;     ///< 0: there was no answer; see `error`
    std::string error;  ///< empty when there was one
    Duration elapsed{0};
    HttpRequest request;    ///< as sent, masked
    HttpResponse response;  ///< as received, masked
};

struct CurlOptions {
    std::string ca_file;             ///< PEM file of accepted authorities; empty = the system's
    std::string user_agent;          ///< for requests that bring none
    std::string client_certificate;  ///< PEM file that says who we are; empty = nobody asks
    std::string client_key;          ///< PEM file that belongs to it
    /// Called after each exchange, from the thread that made it, several at once.
    std::function<void(const HttpExchange&)> on_exchange;
    /// Never shown to on_exchange. The values of Authorization, Cookie and the like are masked anyway.
    std::vector<std::string> secrets;
};

class CurlHttpClient final : public HttpClient {
 public:
    explicit CurlHttpClient(CurlOptions options = {});
    ~CurlHttpClient() override;
    Result<HttpResponse> send(const HttpRequest& request) override;

 private:
    struct Pool;
    CurlOptions options_;
    std::unique_ptr<Pool> pool_;
};

/// `text` with every secret replaced by "***".
std::string mask_secrets(std::string text, const std::vector<std::string>& secrets);
/// Whether a header's value is a credential by its name.
bool is_credential_header(std::string_view name);
/// The URL without user, password, query and fragment, for messages.
std::string url_for_messages(std::string_view url);

}  // namespace ringmaster::support
