#pragma once
// One plain HTTP GET, as a visitor would make it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>

#include "domain/endpoint.h"

namespace ringmaster::testing {

/// The body of a 200; nullopt for anything else, nobody listening included.
inline std::optional<std::string> http_get(const Endpoint& endpoint, const std::string& path = "/") {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{5, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    ::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr);
    std::string answer;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const auto request = "GET " + path + " HTTP/1.0\r\nHost: " + endpoint.text() + "\r\n\r\n";
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0;)
            answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    const auto body = answer.find("\r\n\r\n");
    if (body == std::string::npos || answer.find(" 200 ") == std::string::npos) return std::nullopt;
    return answer.substr(body + 4);
}

}  // namespace ringmaster::testing
