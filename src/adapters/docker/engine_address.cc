#include "adapters/docker/engine_address.h"

#include "base/text.h"

namespace ringmaster::docker {
namespace {

constexpr std::string_view kUsualAddress = "unix:///var/run/docker.sock";

Error not_an_address(std::string_view text) {
    return Error::invalid_input("\"{}\" is not the address of a Docker engine", sanitize_for_terminal(text))
        .hint("write unix:///var/run/docker.sock or tcp://HOST:PORT in DOCKER_HOST or [shows.docker] host");
}

Result<EngineAddress> socket_address(std::string_view text, std::string_view path) {
    if (!path.starts_with("/")) return Fail(not_an_address(text));
    return EngineAddress{
        .text = std::string(text), .unix_socket = std::string(path), .base_url = "http://docker"};
}

Result<EngineAddress> tcp_address(std::string_view text, std::string_view authority, bool is_tls) {
    while (authority.ends_with("/")) authority.remove_suffix(1);
    const auto colon = authority.rfind(':');
    const auto port =
        colon == std::string_view::npos ? std::nullopt : parse_integer(authority.substr(colon + 1));
    const auto host = authority.substr(0, colon);
    if (host.empty() || !port || *port < 1 || *port > 65535 ||
        authority.find_first_of("/@ ") != std::string_view::npos)
        return Fail(not_an_address(text));
    return EngineAddress{.text = std::string(text),
                         .base_url = fmt::format("{}://{}", is_tls ? "https" : "http", authority),
                         .host = std::string(host)};
}

}  // namespace

Result<EngineAddress> find_engine(const std::string& configured, const Variables& variables) {
    const auto set = [&](std::string_view name) { return variables(name).value_or(""); };
    auto text = configured.empty() ? set("DOCKER_HOST") : configured;
    if (text.empty()) text = kUsualAddress;
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string::npos) return Fail(not_an_address(text));
    const auto scheme = text.substr(0, scheme_end);
    const auto rest = std::string_view(text).substr(scheme_end + 3);
    if (scheme == "unix") return socket_address(text, rest);
    if (scheme == "ssh")
        return Fail(
            Error::invalid_input("a Docker engine over SSH ({}) cannot be used", sanitize_for_terminal(text))
                .hint("forward its socket (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and "
                      "name that, or give the engine a TLS port"));
    const bool wants_tls = scheme == "https" || !set("DOCKER_TLS_VERIFY").empty();
    if (scheme != "tcp" && scheme != "http" && scheme != "https") return Fail(not_an_address(text));
    auto address = TRY(tcp_address(text, rest, wants_tls));
    if (!wants_tls) return address;
    address.certificate_folder = set("DOCKER_CERT_PATH");
    if (address.certificate_folder.empty() && !set("HOME").empty())
        address.certificate_folder = set("HOME") + "/.docker";
    return address;
}

}  // namespace ringmaster::docker
