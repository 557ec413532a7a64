#include "domain/endpoint.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster {
namespace {

bool is_dashed_ipv4(std::string_view host) {
    const auto parts = split(host, '-');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               const auto number = parse_integer(part);
               return part.size() <= 3 && number && *number >= 0 && *number <= 255;
           });
}

bool is_host(std::string_view host) {
    const auto allowed = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.';
    };
    return !host.empty() && host.size() <= 253 && host.front() != '-' && host.front() != '.' &&
           std::ranges::all_of(host, allowed);
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view text, std::uint16_t default_port) {
    const auto colon = text.rfind(':');
    const std::string_view host = text.substr(0, colon);
    std::uint16_t port = default_port;
    bool port_is_good = true;
    if (colon != std::string_view::npos) {
        const auto number = parse_integer(text.substr(colon + 1));
        port_is_good = number && *number > 0 && *number <= 65535;
        if (port_is_good) port = static_cast<std::uint16_t>(*number);
    }
    if (!is_host(host) || !port_is_good)
        return Fail(Error::invalid_input("\"{}\" is not an address: host:port is needed",
                                         sanitize_for_terminal(truncate_utf8(text, 80))));
    std::string dotted(host);
    if (is_dashed_ipv4(host)) std::ranges::replace(dotted, '-', '.');
    return Endpoint{std::move(dotted), port};
}

std::string Endpoint::text() const {
    return host + ":" + std::to_string(port);
}

}  // namespace ringmaster
