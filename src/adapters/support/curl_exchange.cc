// What is shown of an exchange, and what is not.

#include <algorithm>
#include <array>

#include "adapters/support/curl_http_client.h"
#include "base/text.h"

namespace ringmaster::support {

std::string mask_secrets(std::string text, const std::vector<std::string>& secrets) {
    for (const auto& secret : secrets)
        if (!secret.empty()) text = replace_all(std::move(text), secret, "***");
    return text;
}

bool is_credential_header(std::string_view name) {
    constexpr std::array<std::string_view, 7> kNames = {"authorization",  "proxy-authorization",  "cookie",
                                                        "set-cookie",     "x-amz-security-token", "x-api-key",
                                                        "x-registry-auth"};
    return std::ranges::any_of(kNames, [&](auto known) { return equal_ignoring_ascii_case(known, name); });
}

std::string url_for_messages(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return sanitize_for_terminal(truncate_utf8(url, 200));
    const auto authority = scheme_end + 3;
    const auto path = std::min(url.find('/', authority), url.size());
    const auto at = url.substr(0, path).rfind('@');
    std::string shown(url.substr(0, authority));
    shown += url.substr(at == std::string_view::npos || at < authority ? authority : at + 1);
    return sanitize_for_terminal(truncate_utf8(shown, 200));
}

}  // namespace ringmaster::support
