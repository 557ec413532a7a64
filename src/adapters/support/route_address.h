#pragma once
// What the stable address of a pull request looks like, as it is configured:
// "https://pr-{pr}.shows.example.org" or "http://127.0.0.1:8080/pr-{pr}".

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/repository_name.h"

namespace ringmaster::support {

class RouteAddress {
 public:
    /// {pr} must stand in the host's first label or in the path; {owner} and {repo} may stand there, too (in
    /// lower case; what no host name can hold becomes '-'). Errors: InvalidInput.
    static Result<RouteAddress> parse(std::string_view pattern, const RepositoryName& repository);

    bool is_https() const { return is_https_; }
    std::uint16_t port() const { return port_; }
    std::string host(int pull_request_number) const;
    /// "/pr-12"; empty: all of the host is the pull request's.
    std::string path(int pull_request_number) const;
    /// "https://pr-12.shows.example.org"
    std::string url(int pull_request_number) const;
    /// The name that a certificate for all of them has: "*.shows.example.org".
    std::string certificate_name() const;
    /// Where a server has to listen for it: the host if that is an IP address, else everywhere.
    std::string listen() const;

 private:
    bool is_https_ = false;
    std::uint16_t port_ = 80;
    std::string host_;  ///< {pr} still in it
    std::string path_;
};

}  // namespace ringmaster::support
