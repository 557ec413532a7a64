#pragma once
// Where a show answers: a host and a port, plain HTTP unless said otherwise.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster {

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;

    /// "52.1.2.3:9090"; the dashed form "52-1-2-3" is read too; without a port, `default_port`. IPv4 or a
    /// host name. Errors: InvalidInput.
    static Result<Endpoint> parse(std::string_view text, std::uint16_t default_port);
    /// "52.1.2.3:8080"
    std::string text() const;
    /// "http://52.1.2.3:8080"
    std::string url() const { return "http://" + text(); }
    auto operator<=>(const Endpoint&) const = default;
};

}  // namespace ringmaster
