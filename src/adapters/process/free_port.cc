#include "adapters/process/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "adapters/support/files.h"

namespace ringmaster::process {
namespace {

// FNV-1a, because std::hash may differ from build to build.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

// 0, or why not.
int try_to_listen(in_addr address, std::uint16_t port) {
    const support::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return errno;
    const int on = 1;  // connections that linger from an earlier show are no obstacle, listeners are
    ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr = address;
    if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return errno;
    // Two sockets with SO_REUSEADDR may be bound to one port, but not listen on it.
    return ::listen(socket.number(), 1) == 0 ? 0 : errno;
}

}  // namespace

Result<std::uint16_t> find_free_port(const std::string& address, PortRange range, std::string_view name,
                                     const std::set<std::uint16_t>& taken) {
    in_addr binary{};
    if (::inet_pton(AF_INET, address.c_str(), &binary) != 1)
        return Fail(Error::invalid_input("\"{}\" is not an IPv4 address to listen on", address));
    if (range.first == 0 || range.last < range.first)
        return Fail(Error::invalid_input("there is no port from {} to {}", range.first, range.last));
    const std::uint32_t count = 1u + range.last - range.first;
    const std::uint32_t start = hash_of(name) % count;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto port = static_cast<std::uint16_t>(range.first + (start + i) % count);
        if (taken.contains(port)) continue;
        const int refused = try_to_listen(binary, port);
        if (refused == 0) return port;
        if (refused == EADDRNOTAVAIL)
            return Fail(Error::unavailable("{} is not an address of this machine", address));
    }
    return Fail(Error::unavailable("no port from {} to {} is free on {}", range.first, range.last, address)
                    .hint("stop some shows, or widen the range of ports"));
}

}  // namespace ringmaster::process
