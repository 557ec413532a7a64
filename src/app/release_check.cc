#include "app/release_check.h"

#include "adapters/support/json_reader.h"
#include "base/text.h"
#include "cli/upgrade_notice.h"
#include "cli/version.h"

namespace ringmaster::app {

Result<std::string> ask_newest_release(HttpClient& http, const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.headers = {{"Accept", "application/vnd.github+json"},
                       {"User-Agent", fmt::format("ringmaster/{}", cli::kVersion)}};
    request.timeout = std::chrono::seconds(5);  // nobody waits, but nothing should linger either
    request.connect_timeout = std::chrono::seconds(2);
    request.max_response_bytes = 1 << 20;  // release notes may be long
    const auto response = TRY(http.send(request));
    if (response.status != 200)
        return Fail(Error::not_found("there is no release at {} ({})", url, response.status));
    const auto release = TRY(support::JsonReader::parse(response.body, "the release"));
    const auto tag = TRY(release.string("tag_name"));
    auto version = cli::version_of_tag(tag);
    if (!version)
        return Fail(Error::corrupt("the release's tag is no version: {}", sanitize_for_terminal(tag)));
    return *std::move(version);
}

}  // namespace ringmaster::app
