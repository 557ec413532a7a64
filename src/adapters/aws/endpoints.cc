#include "adapters/aws/endpoints.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ringmaster::aws {
namespace {

bool is_true(const std::string& text) {
    return equal_ignoring_ascii_case(text, "true");
}

std::string setting_of(const Profile* profile, std::string_view key) {
    if (profile == nullptr) return "";
    const auto found = profile->find(key);
    return found == profile->end() ? "" : found->second;
}

std::string configured_url(const AwsService& service, const Variables& environment, const Profile* profile) {
    if (is_true(value_of(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) return "";
    auto url = value_of(environment, fmt::format("AWS_ENDPOINT_URL_{}", service.variable));
    if (url.empty()) url = value_of(environment, "AWS_ENDPOINT_URL");
    return url.empty() ? setting_of(profile, "endpoint_url") : url;
}

}  // namespace

std::string service_url(const AwsService& service, const std::string& region, const Variables& environment,
                        const Profile* profile) {
    auto url = configured_url(service, environment, profile);
    if (url.empty()) {
        const bool is_fips = is_true(value_of(environment, "AWS_USE_FIPS_ENDPOINT"));
        const bool is_china = region.starts_with("cn-");
        url = fmt::format("https://{}{}.{}.amazonaws.com{}", service.name, is_fips ? "-fips" : "", region,
                          is_china ? ".cn" : "");
    }
    if (!url.ends_with('/')) url += '/';
    return url;
}

Result<std::string> region_of(const std::string& configured, const Variables& environment,
                              const Profile* profile) {
    auto region = configured;
    for (const auto* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
        if (region.empty()) region = value_of(environment, variable);
    if (region.empty()) region = setting_of(profile, "region");
    if (region.empty())
        return Fail(Error::invalid_input("no AWS region is set")
                        .hint("set [shows.ecs] region, or AWS_REGION (for instance us-west-2)"));
    // It becomes part of a host name, to which signed requests go.
    const bool is_name =
        region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!is_name || region.size() > 32)
        return Fail(
            Error::invalid_input("\"{}\" is not the name of an AWS region", sanitize_for_terminal(region))
                .hint("names look like us-west-2"));
    return region;
}

}  // namespace ringmaster::aws
