#include "adapters/docker/engine_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "adapters/support/file_descriptor.h"
#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

// The newest API that this code was read against, and the oldest that has all it needs (configs and secrets
// of services: Docker 17.06). https://docs.docker.com/reference/api/engine/version-history/
constexpr int kNewestMinor = 47;
constexpr int kOldestMinor = 30;
constexpr std::size_t kMostMessageBytes = 400;

/// "1.41" → 41.
std::optional<long long> minor_of(std::string_view version) {
    if (!version.starts_with("1.")) return std::nullopt;
    return parse_integer(version.substr(2));
}

/// Why a socket cannot be used; libcurl keeps the system's reason to itself.
int connect_errno(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return ENAMETOOLONG;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const support::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return 0;
    return errno;
}

Error explain(const EngineAddress& address, const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) return error;
    const int code = address.is_local() ? connect_errno(address.unix_socket) : 0;
    if (code == EACCES || code == EPERM)
        return Error::unauthorized("we may not use the Docker engine's socket {}", address.unix_socket)
            .hint("run as a user of the group docker (usermod -aG docker USER, then log in again)");
    if (code != 0)
        return Error::unavailable("there is no Docker engine at {}: {}", address.text,
                                  support::describe_errno(code))
            .hint("start it (systemctl start docker), or name another in DOCKER_HOST or [shows.docker] host");
    return Error::unavailable("the Docker engine at {} does not answer: {}", address.text, error.message())
        .hint("check that it runs, its certificates, and the network to it");
}

std::string message_of(const HttpResponse& response) {
    const auto body = nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    const bool has_message = body.is_object() && body.contains("message") && body["message"].is_string();
    const auto text = has_message ? body["message"].get<std::string>() : response.body;
    return sanitize_for_terminal(truncate_utf8(trim(text), kMostMessageBytes));
}

}  // namespace

std::string encoded(std::string_view text) {
    return percent_encode(text);
}

std::string label_filter(const std::vector<std::string>& labels) {
    return percent_encode(nlohmann::json{{"label", labels}}.dump());
}

Result<EngineVersion> EngineClient::version() {
    const std::lock_guard guard(mutex_);
    if (!version_.api.empty()) return version_;
    const auto response = TRY(send({.doing = "asking for its version"}, "/version"));
    const auto answer = TRY(support::JsonReader::parse(response.body, "the Docker engine's version"));
    const auto newest = minor_of(TRY(answer.string("ApiVersion")));
    const auto oldest = minor_of(TRY(answer.optional_string("MinAPIVersion")));
    if (!newest || *newest < kOldestMinor)
        return Fail(Error::corrupt("the Docker engine at {} is too old: it speaks API {} and 1.{} is needed",
                                   address_.text, TRY(answer.string("ApiVersion")), kOldestMinor)
                        .hint("Docker 17.06 and later have it"));
    const auto spoken = std::max(std::min<long long>(*newest, kNewestMinor), oldest.value_or(0));
    version_ = {TRY(answer.optional_string("Version")), fmt::format("1.{}", spoken)};
    return version_;
}

Result<HttpResponse> EngineClient::send(const Call& call, const std::string& path) {
    HttpRequest request{.method = call.method, .url = address_.base_url + path, .headers = call.headers};
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = call.body;
    request.timeout = call.timeout;
    request.unix_socket = address_.unix_socket;
    request.on_body = call.on_body;
    request.progress = call.progress;
    auto response = http_->send(request);
    if (!response) return Fail(explain(address_, response.error()).while_doing(call.doing));
    if (response->status / 100 == 2 || response->status == 304) return response;
    return Fail(engine_refusal(response->status, message_of(*response), call.doing));
}

Result<HttpResponse> EngineClient::call(const Call& call) {
    const auto spoken = TRY(version());
    return send(call, fmt::format("/v{}{}", spoken.api, call.path));
}

Result<support::JsonReader> EngineClient::json(const Call& request) {
    return support::JsonReader::parse(TRY(call(request)).body, "the Docker engine's answer");
}

}  // namespace ringmaster::docker
