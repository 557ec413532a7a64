#include "adapters/support/route_address.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::support {
namespace {

constexpr std::string_view kPlace = "{pr}";
constexpr std::size_t kMostLabelBytes = 63;  // RFC 1035, 2.3.4
constexpr std::size_t kMostHostBytes = 253;

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// A part of the repository's name as a host name can hold it.
std::string as_label(std::string_view text) {
    std::string label = to_lower_ascii(text);
    std::ranges::replace_if(label, [](char c) { return !is_name_byte(c); }, '-');
    return label;
}

std::string fill(std::string_view pattern, int pull_request_number) {
    return replace_all(std::string(pattern), kPlace, std::to_string(pull_request_number));
}

Fail refuse(std::string_view pattern, std::string_view why) {
    return Fail(
        Error::invalid_input("\"{}\" cannot be the address of pull requests: {}",
                             sanitize_for_terminal(pattern), why)
            .hint("for instance: https://pr-{pr}.shows.example.org, or http://127.0.0.1:8080/pr-{pr}"));
}

bool is_host(const std::string& host) {
    if (host.empty() || host.size() > kMostHostBytes) return false;
    for (const auto label : split(host, '.')) {
        const bool is_right = !label.empty() && label.size() <= kMostLabelBytes && label.front() != '-' &&
                              label.back() != '-' && std::ranges::all_of(label, is_name_byte);
        if (!is_right) return false;
    }
    return true;
}

bool is_path(std::string_view path) {
    return std::ranges::all_of(path,
                               [](char c) { return is_name_byte(c) || c == '/' || c == '_' || c == '.'; });
}

bool is_ip_address(std::string_view host) {
    return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

Result<RouteAddress> RouteAddress::parse(std::string_view pattern, const RepositoryName& repository) {
    RouteAddress address;
    std::string text = replace_all(std::string(pattern), "{owner}", as_label(repository.owner));
    text = replace_all(text, "{repo}", as_label(repository.name));
    std::string_view rest = text;
    address.is_https_ = rest.starts_with("https://");
    if (!address.is_https_ && !rest.starts_with("http://"))
        return refuse(pattern, "it must begin with https:// or http://");
    rest.remove_prefix(address.is_https_ ? 8 : 7);
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const auto slash = std::min(rest.find('/'), rest.size());
    address.path_ = rest.substr(slash);
    std::string_view place = rest.substr(0, slash);
    const auto colon = place.find(':');
    address.port_ = address.is_https_ ? 443 : 80;
    if (colon != std::string_view::npos) {
        const auto port = parse_integer(place.substr(colon + 1));
        if (!port || *port < 1 || *port > 65535) return refuse(pattern, "its port is none");
        address.port_ = static_cast<std::uint16_t>(*port);
    }
    address.host_ = to_lower_ascii(place.substr(0, colon));
    const auto first_label = std::string_view(address.host_).substr(0, address.host_.find('.'));
    const bool in_first_label = first_label.find(kPlace) != std::string_view::npos;
    const bool in_host = address.host_.find(kPlace) != std::string::npos;
    if (in_host && !in_first_label) return refuse(pattern, "in a host, {pr} belongs into the first label");
    if (!in_host && address.path_.find(kPlace) == std::string::npos) return refuse(pattern, "it has no {pr}");
    if (!is_host(address.host(1))) return refuse(pattern, "its host is no host name");
    if (!is_path(address.path(1)))
        return refuse(pattern, "its path may hold lower-case letters, digits, '-', '_', '.' and '/' only");
    return address;
}

std::string RouteAddress::host(int pull_request_number) const {
    return fill(host_, pull_request_number);
}

std::string RouteAddress::path(int pull_request_number) const {
    return fill(path_, pull_request_number);
}

std::string RouteAddress::url(int pull_request_number) const {
    const bool is_usual = port_ == (is_https_ ? 443 : 80);
    return fmt::format("{}://{}{}{}", is_https_ ? "https" : "http", host(pull_request_number),
                       is_usual ? "" : fmt::format(":{}", port_), path(pull_request_number));
}

std::string RouteAddress::certificate_name() const {
    if (host_.find(kPlace) == std::string::npos) return host_;
    return "*" + host_.substr(std::min(host_.find('.'), host_.size()));
}

std::string RouteAddress::listen() const {
    return fmt::format("{}:{}", is_ip_address(host_) ? host_ : "", port_);
}

}  // namespace ringmaster::support
