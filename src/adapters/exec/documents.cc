#include "adapters/exec/documents.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::exec {

using support::JsonReader;

namespace {

constexpr std::size_t kLongestDetail = 500;

std::optional<ServiceState> state_of(std::string_view word) {
    if (word == "starting") return ServiceState::Starting;
    if (word == "running") return ServiceState::Running;
    if (word == "exited") return ServiceState::Exited;
    if (word == "removing") return ServiceState::Removing;
    return std::nullopt;
}

Result<int> read_pull_request(const JsonReader& object) {
    const auto number = TRY(object.integer("pull_request"));
    if (number < 1 || number > std::numeric_limits<int>::max())
        return Fail(TRY(object.member("pull_request")).wrong("the number of a pull request"));
    return static_cast<int>(number);
}

Result<ShowId> read_show(const JsonReader& show) {
    const auto repository = RepositoryName::parse(TRY(show.string("repository")));
    if (!repository) return Fail(TRY(show.member("repository")).wrong("a repository as owner/name"));
    const auto sha = ShortSha::parse(TRY(show.string("sha")));
    if (!sha) return Fail(TRY(show.member("sha")).wrong("the show's sha of seven digits, as it was given"));
    return ShowId{*repository, TRY(read_pull_request(show)), *sha};
}

Result<TimePoint> read_time(const JsonReader& time) {
    const auto parsed = parse_iso8601(TRY(time.as_string()));
    if (!parsed) return Fail(time.wrong("a time as it was given, such as \"2026-11-22T14:09:00Z\""));
    return *parsed;
}

}  // namespace

nlohmann::json show_document(const ShowId& show) {
    return {{"repository", show.repository.text()},
            {"pull_request", show.pull_request_number},
            {"sha", show.sha.text()},
            {"name", show.base_name()}};
}

nlohmann::json time_document(const std::optional<TimePoint>& time) {
    return time ? nlohmann::json(format_iso8601(*time)) : nlohmann::json();
}

nlohmann::json artifact_document(const Artifact& artifact) {
    return {{"image", artifact.image}, {"directory", artifact.directory}};
}

std::map<std::string, std::string> show_variables(const ShowId& show) {
    return {{"RINGMASTER_REPOSITORY", show.repository.text()},
            {"RINGMASTER_PR", std::to_string(show.pull_request_number)},
            {"RINGMASTER_SHOW", show.base_name()}};
}

Result<Endpoint> read_endpoint(const JsonReader& endpoint) {
    const auto host = TRY(endpoint.string("host"));
    const auto port = TRY(endpoint.integer("port"));
    if (port < 1 || port > 65535) return Fail(TRY(endpoint.member("port")).wrong("a port from 1 to 65535"));
    auto parsed = Endpoint::parse(fmt::format("{}:{}", host, port), 1);
    if (!parsed || parsed->host != host)
        return Fail(TRY(endpoint.member("host")).wrong("an IPv4 address or the name of a host"));
    return *std::move(parsed);
}

Result<Service> read_service(const JsonReader& service) {
    Service read{.show = TRY(read_show(TRY(service.member("show"))))};
    read.name = sanitize_for_terminal(TRY(service.string("name")));
    const auto state = state_of(TRY(service.string("state")));
    if (!state) return Fail(TRY(service.member("state")).wrong("starting, running, exited or removing"));
    read.state = *state;
    if (const auto endpoint = TRY(service.find("endpoint"))) read.endpoint = TRY(read_endpoint(*endpoint));
    read.created_at = TRY(read_time(TRY(service.member("created_at"))));
    if (const auto expires = TRY(service.find("expires_at"))) read.expires_at = TRY(read_time(*expires));
    read.detail =
        sanitize_for_terminal(truncate_utf8(TRY(service.optional_string("detail")), kLongestDetail));
    return read;
}

Result<Artifact> read_artifact(const JsonReader& artifact) {
    Artifact read{.image = TRY(artifact.optional_string("image")),
                  .directory = TRY(artifact.optional_string("directory"))};
    if (read.image.empty() && read.directory.empty())
        return Fail(artifact.wrong("an object with an image or a directory"));
    if (!read.directory.empty() && !read.directory.starts_with('/'))
        return Fail(TRY(artifact.member("directory")).wrong("an absolute path"));
    return read;
}

Result<Route> read_route(const JsonReader& route) {
    Route read{.pull_request_number = TRY(read_pull_request(route))};
    if (const auto endpoint = TRY(read_nullable(route, "endpoint"))) read.to = TRY(read_endpoint(*endpoint));
    return read;
}

Result<std::optional<JsonReader>> read_nullable(const JsonReader& object, std::string_view key) {
    auto found = TRY(object.find(key));
    const auto keys = object.keys();
    if (!found && std::ranges::find(keys, key) == keys.end())
        return Fail(object.wrong(fmt::format("an object with a field {}, null where there is none", key)));
    return found;
}

}  // namespace ringmaster::exec
