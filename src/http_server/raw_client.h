#pragma once
// A client for tests that writes bytes as given and reads what comes, so that a test can be a broken or slow
// client.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace ringmaster::http_server {

class RawClient {
 public:
    static RawClient tcp(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return RawClient(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    static RawClient unix_socket(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        return RawClient(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    ~RawClient() {
        if (socket_ >= 0) ::close(socket_);
    }
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}

    bool connected() const { return connected_; }
    /// False once the other side has closed.
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// Whether something (an answer or the end) comes within the time.
    bool readable_within(int milliseconds) {
        pollfd waiting{socket_, POLLIN, 0};
        return ::poll(&waiting, 1, milliseconds) > 0;
    }
    /// One answer: the head, and as much body as Content-Length says. What the other side sent before
    /// closing.
    std::string read_answer(bool with_body = true) {
        while (buffer_.find("\r\n\r\n") == std::string::npos)
            if (!read_some()) return take(buffer_.size());
        std::size_t length = buffer_.find("\r\n\r\n") + 4;
        const auto at = buffer_.find("Content-Length: ");
        if (with_body && at != std::string::npos && at < length)
            length += std::stoul(buffer_.substr(at + 16));
        while (buffer_.size() < length)
            if (!read_some()) break;
        return take(std::min(length, buffer_.size()));
    }
    bool is_closed_by_other_side() {
        char byte = 0;
        return ::recv(socket_, &byte, 1, 0) <= 0;
    }
    void close_sending() { ::shutdown(socket_, SHUT_WR); }

 private:
    RawClient(int family, const sockaddr* address, socklen_t size)
        : socket_(::socket(family, SOCK_STREAM, 0)) {
        const timeval patience{20, 0};  // a test that hangs fails instead
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = ::connect(socket_, address, size) == 0;
    }
    bool read_some() {
        char bytes[16384];
        ssize_t count = 0;
        do {
            count = ::recv(socket_, bytes, sizeof bytes, 0);
        } while (count < 0 && errno == EINTR);  // a child process of the test ended meanwhile
        if (count <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }
    std::string take(std::size_t count) {
        std::string result = buffer_.substr(0, count);
        buffer_.erase(0, count);
        return result;
    }

    int socket_;
    bool connected_ = false;
    std::string buffer_;
};

}  // namespace ringmaster::http_server
