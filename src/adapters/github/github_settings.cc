#include "adapters/github/github_settings.h"

#include "base/text.h"

namespace ringmaster::github {

std::string graphql_url_of(std::string_view api_url) {
    while (api_url.ends_with('/')) api_url.remove_suffix(1);
    // GitHub Enterprise Server: https://HOST/api/v3 and https://HOST/api/graphql.
    constexpr std::string_view kEnterpriseTail = "/api/v3";
    if (api_url.ends_with(kEnterpriseTail)) api_url.remove_suffix(3);
    return std::string(api_url) + "/graphql";
}

bool is_hosted_by_github(std::string_view api_url) {
    const auto scheme_end = api_url.find("://");
    if (scheme_end != std::string_view::npos) api_url.remove_prefix(scheme_end + 3);
    const std::string host = to_lower_ascii(api_url.substr(0, api_url.find_first_of(":/")));
    return host == "api.github.com" || host.ends_with(".ghe.com");
}

}  // namespace ringmaster::github
