#pragma once
// Where a Docker engine is and how it is spoken to: what DOCKER_HOST and its companions say
// (https://docs.docker.com/reference/cli/docker/#environment-variables).

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster::docker {

struct EngineAddress {
    std::string text;                ///< as it was written: "unix:///var/run/docker.sock"
    std::string unix_socket;         ///< path; empty = TCP
    std::string base_url;            ///< "http://docker", "https://build.example:2376"
    std::string host;                ///< of a TCP address; empty for a socket
    std::string certificate_folder;  ///< holds ca.pem, cert.pem and key.pem; empty = no TLS of our own

    bool is_local() const { return !unix_socket.empty(); }
    bool operator==(const EngineAddress&) const = default;
};

/// Looks a variable up; nullopt = not set.
using Variables = std::function<std::optional<std::string>(std::string_view name)>;

/// `configured` wins over DOCKER_HOST; neither: the usual socket. DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are
/// heeded with a TCP address. Errors: InvalidInput (an address that is none, or one over SSH).
Result<EngineAddress> find_engine(const std::string& configured, const Variables& variables);

}  // namespace ringmaster::docker
