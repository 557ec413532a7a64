#pragma once
// Stable addresses by a Caddy web server (https://caddyserver.com/docs/api): one route a pull request in one
// of its servers, put there by its admin API. Every change says what configuration it was decided on
// (If-Match), so several workers, repositories and people can work on one Caddy.

#include <functional>
#include <string>
#include <string_view>

#include "adapters/caddy/route_document.h"
#include "ports/http_client.h"
#include "ports/router.h"

namespace ringmaster::caddy {

/// Where the admin API is.
struct AdminAddress {
    std::string url;          ///< without a slash at its end
    std::string unix_socket;  ///< path; empty = TCP
    std::string text;         ///< as it was written

    /// "http://127.0.0.1:2019", "https://…" or "unix:///run/caddy/admin.sock". Errors: InvalidInput.
    static Result<AdminAddress> parse(std::string_view text);
    /// Whether Caddy certainly runs on this machine.
    bool is_local() const;
};

struct CaddySettings {
    RepositoryName repository;
    AdminAddress admin;
    std::string server = "ringmaster";  ///< name of the server that routes are in; made if it is not there
    std::string listen;                 ///< of a server that is made; empty: what the address asks for
    support::RouteAddress address;
    Tls tls = Tls::Automatic;  ///< heeded when the address is https
};

class CaddyRouter final : public Router {
 public:
    CaddyRouter(CaddySettings settings, HttpClient& http) : settings_(std::move(settings)), http_(http) {}

    std::string_view engine() const override { return "caddy"; }
    std::string address(int pull_request_number) const override {
        return settings_.address.url(pull_request_number);
    }
    Result<void> point(int pull_request_number, const Endpoint& to) override;
    Result<void> withdraw(int pull_request_number) override;
    Result<std::vector<Route>> list_managed() override;

    /// For `doctor`: what is there, in one line. Errors: what keeps it from being used.
    Result<std::string> describe();

 private:
    struct Reading {
        std::string body;  ///< JSON; "null" = there is nothing
        std::string etag;  ///< empty = none
    };
    struct Write {
        std::string method;
        std::string path;
        std::string body;
    };
    /// What to do, given what is there; nullopt: nothing.
    using Plan = std::function<Result<std::optional<Write>>(const ServerFacts&)>;

    Result<HttpResponse> send(const std::string& method, const std::string& path, const std::string& body,
                              const std::string& etag);
    Result<Reading> read(const std::string& path);
    Result<void> change(const std::string& what, const Plan& plan);
    Result<std::optional<Write>> plan_point(int pull_request_number, const Endpoint& to,
                                            const ServerFacts& server);
    Result<void> check_server(int pull_request_number, const ServerFacts& server) const;
    Result<void> see_to_policy();
    Error refusal(int status, std::string_view body) const;
    std::string server_path() const;
    std::string listen() const;
    Tls tls() const { return settings_.address.is_https() ? settings_.tls : Tls::None; }

    CaddySettings settings_;
    HttpClient& http_;
};

}  // namespace ringmaster::caddy
