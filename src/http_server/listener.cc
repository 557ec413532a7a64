#include "http_server/listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <list>
#include <mutex>
#include <thread>

#include "http_server/connection.h"

namespace ringmaster::http_server {
namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;
namespace {

// At the end, an answer that a client does not read is waited for no longer than this.
constexpr auto kStopTimeout = std::chrono::seconds(5);
// Out of file descriptors: connections wait in the kernel's queue until some are free again.
constexpr auto kAcceptRetry = std::chrono::milliseconds(50);

std::string place_of(const Options& options) {
    return options.unix_socket.empty() ? fmt::format("{}:{}", options.address, options.port)
                                       : options.unix_socket;
}

Error bind_error(const Options& options, const ErrorCode& error) {
    const std::string text = fmt::format("cannot listen on {}: {}", place_of(options), error.message());
    if (error == asio::error::address_in_use)
        return Error(ErrorKind::Conflict, text)
            .hint("stop the other program, or choose another port (0 = any free one)");
    if (error == asio::error::access_denied)
        return Error(ErrorKind::Unauthorized, text)
            .hint("ports below 1024 need privileges: choose a higher one");
    return Error(ErrorKind::InvalidInput, text);
}

Result<Protocol::endpoint> endpoint_of(const Options& options) {
    if (!options.unix_socket.empty()) {
        // sun_path of sockaddr_un holds 108 bytes with the final zero (unix(7)).
        if (options.unix_socket.size() > 107)
            return Fail(
                Error::invalid_input("the socket path {} is longer than 107 bytes", options.unix_socket));
        return Protocol::endpoint(asio::local::stream_protocol::endpoint(options.unix_socket));
    }
    ErrorCode error;
    const std::string name = options.address == "localhost" ? "127.0.0.1" : options.address;
    const auto address = asio::ip::make_address(name, error);
    if (error)
        return Fail(Error::invalid_input("\"{}\" is not an address to listen on", options.address)
                        .hint("give an IP address such as 127.0.0.1 or 0.0.0.0"));
    return Protocol::endpoint(asio::ip::tcp::endpoint(address, options.port));
}

// A socket file that nobody listens on is left from a crash.
Result<void> remove_stale_socket(asio::io_context& io, const Options& options) {
    struct stat info{};
    if (::lstat(options.unix_socket.c_str(), &info) != 0) return {};
    if (!S_ISSOCK(info.st_mode))
        return Fail(
            Error::invalid_input("cannot listen on {}: it exists and is no socket", options.unix_socket));
    ErrorCode error;
    asio::local::stream_protocol::socket probe(io);
    (void)probe.connect(asio::local::stream_protocol::endpoint(options.unix_socket), error);
    if (!error) return Fail(bind_error(options, asio::error::address_in_use));
    ::unlink(options.unix_socket.c_str());
    return {};
}

// Programs that a handler starts must not keep our connections, or the port, open (asio does not see to it).
template <typename S>
void close_on_exec(S& socket) {
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

std::uint16_t port_of(const Acceptor& acceptor) {
    ErrorCode error;
    const auto endpoint = acceptor.local_endpoint(error);
    asio::ip::tcp::endpoint address;
    if (error || endpoint.size() > address.capacity()) return 0;
    std::memcpy(address.data(), endpoint.data(), endpoint.size());
    return address.port();
}

}  // namespace

struct Listener::Impl {
    Impl(const Options& wanted, Handler handler)
        : io(static_cast<int>(wanted.io_threads)),
          pool(wanted.handler_threads, wanted.max_queued_requests),
          host{wanted, std::move(handler), &pool, [this] { connection_closed(); }},
          acceptor(asio::make_strand(io)),
          retry(acceptor.get_executor()),
          deadline(acceptor.get_executor()) {}

    Result<void> listen();
    void run();
    void stop();
    void accept();
    void on_accepted(ErrorCode error, Socket socket);
    void connection_closed();

    asio::io_context io;
    HandlerPool pool;
    ConnectionHost host;
    Acceptor acceptor;
    asio::steady_timer retry;
    asio::steady_timer deadline;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
    std::vector<std::thread> threads;
    std::uint16_t port = 0;
    // Only on the acceptor's strand:
    std::list<std::weak_ptr<Connection>> connections;
    std::size_t open_connections = 0;
    bool accepting = false;
    bool stopping = false;
};

Result<void> Listener::Impl::listen() {
    const Options& options = host.options;
    const auto endpoint = TRY(endpoint_of(options));
    const bool local = !options.unix_socket.empty();
    if (local) TRY(remove_stale_socket(io, options));
    ErrorCode error;
    (void)acceptor.open(endpoint.protocol(), error);
    if (!error) close_on_exec(acceptor);
    if (!error && !local) (void)acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) (void)acceptor.bind(endpoint, error);
    // Before listen() nobody can connect, so nobody slips in between.
    if (!error && local && ::chmod(options.unix_socket.c_str(), 0600) != 0)
        error = {errno, boost::system::system_category()};
    if (!error) (void)acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Fail(bind_error(options, error));
    if (!local) port = port_of(acceptor);
    return {};
}

void Listener::Impl::run() {
    work.emplace(io.get_executor());
    asio::post(acceptor.get_executor(), [this] { accept(); });
    for (unsigned i = 0; i < std::max(1U, host.options.io_threads); ++i)
        threads.emplace_back([this] { io.run(); });
}

void Listener::Impl::accept() {
    if (accepting || stopping || open_connections >= host.options.max_connections) return;
    accepting = true;
    acceptor.async_accept(asio::make_strand(io),
                          [this](ErrorCode error, Socket socket) { on_accepted(error, std::move(socket)); });
}

void Listener::Impl::on_accepted(ErrorCode error, Socket socket) {
    accepting = false;
    if (stopping) return;
    if (error) {
        retry.expires_after(kAcceptRetry);
        retry.async_wait([this](ErrorCode cancelled) {
            if (!cancelled) accept();
        });
        return;
    }
    if (host.options.unix_socket.empty()) {
        ErrorCode ignored;
        (void)socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    close_on_exec(socket);
    ++open_connections;
    const auto connection = std::make_shared<Connection>(std::move(socket), host);
    // Now and then, so that the cost is spread over many connections.
    if (connections.size() > 2 * open_connections + 64)
        std::erase_if(connections, [](const auto& weak) { return weak.expired(); });
    connections.push_back(connection);
    connection->start();
    accept();
}

void Listener::Impl::connection_closed() {
    asio::post(acceptor.get_executor(), [this] {
        --open_connections;
        if (stopping && open_connections == 0) deadline.cancel();
        accept();
    });
}

void Listener::Impl::stop() {
    asio::post(acceptor.get_executor(), [this] {
        stopping = true;
        ErrorCode ignored;
        (void)acceptor.close(ignored);
        retry.cancel();
        for (const auto& weak : connections)
            if (const auto connection = weak.lock()) connection->stop();
    });
    pool.finish();
    asio::post(acceptor.get_executor(), [this] {
        if (open_connections == 0) return;
        deadline.expires_after(kStopTimeout);
        deadline.async_wait([this](ErrorCode cancelled) {
            if (cancelled) return;
            for (const auto& weak : connections)
                if (const auto connection = weak.lock()) connection->abort();
        });
    });
    work.reset();
    for (auto& thread : threads) thread.join();
    if (!host.options.unix_socket.empty()) ::unlink(host.options.unix_socket.c_str());
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Listener>> Listener::start(const Options& options, Handler handler) {
    auto impl = std::make_unique<Impl>(options, std::move(handler));
    TRY(impl->listen());
    impl->run();
    return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

Listener::~Listener() {
    impl_->stop();
}

std::uint16_t Listener::port() const {
    return impl_->port;
}

std::string Listener::url() const {
    const std::string& address = impl_->host.options.address;
    const bool any = address == "0.0.0.0" || address == "::";
    if (any || address == "localhost") return fmt::format("http://127.0.0.1:{}", impl_->port);
    const bool v6 = address.find(':') != std::string::npos;
    return fmt::format("http://{}:{}", v6 ? "[" + address + "]" : address, impl_->port);
}

}  // namespace ringmaster::http_server
