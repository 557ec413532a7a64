#include "adapters/prefect/prefect_settings.h"

#include <vector>

#include "base/text.h"

namespace ringmaster::prefect {
namespace {

constexpr std::string_view kCloudApi = "https://api.prefect.cloud/api";
constexpr std::string_view kCloudUi = "https://app.prefect.cloud";

/// "/accounts/{id}/workspaces/{id}" with both words in the singular; only whole segments of the path are
/// words.
std::string in_the_singular(std::string_view path) {
    std::vector<std::string> segments;
    for (const auto segment : split(path, '/'))
        segments.emplace_back(segment == "accounts"     ? "account"
                              : segment == "workspaces" ? "workspace"
                                                        : segment);
    return join(segments, "/");
}

}  // namespace

std::string ui_address(std::string_view api_url) {
    while (api_url.ends_with('/')) api_url.remove_suffix(1);
    const bool is_cloud = api_url == kCloudApi || api_url.starts_with(std::string(kCloudApi) + "/");
    if (is_cloud) return std::string(kCloudUi) + in_the_singular(api_url.substr(kCloudApi.size()));
    if (api_url.ends_with("/api")) api_url.remove_suffix(std::string_view("/api").size());
    return std::string(api_url);
}

}  // namespace ringmaster::prefect
