#include "http_server/connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <exception>

#include "base/text.h"

namespace ringmaster::http_server {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace {

// A request line and headers longer than this are nobody's honest ones; nginx and Apache stop at 8 KiB a
// line.
constexpr std::uint32_t kMaxHeaderBytes = 32 << 10;
// Slowest honest reader of an answer: this long, and a second more for every 64 KiB.
constexpr auto kWriteTimeout = std::chrono::seconds(30);
constexpr std::size_t kSlowestReaderBytesPerSecond = 64 << 10;
// A client that is still sending when it is refused would lose the answer to a reset: read on a little (RFC
// 9112 §9.6).
constexpr auto kLingerTimeout = std::chrono::seconds(2);
constexpr std::size_t kMaxLingerBytes = 64 << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string remote_address_of(const Socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return {};
    asio::ip::tcp::endpoint address;
    if (endpoint.data()->sa_family != AF_INET && endpoint.data()->sa_family != AF_INET6) return {};
    if (endpoint.size() > address.capacity()) return {};
    std::memcpy(address.data(), endpoint.data(), endpoint.size());
    return address.address().to_string(error);
}

Duration write_timeout(std::size_t bytes) {
    return kWriteTimeout + std::chrono::seconds(bytes / kSlowestReaderBytesPerSecond);
}

}  // namespace

Connection::Connection(Socket socket, const ConnectionHost& host)
    : socket_(std::move(socket)), host_(host), timer_(socket_.get_executor()) {
    remote_address_ = remote_address_of(socket_);
}

Connection::~Connection() {
    host_.on_closed();
}

void Connection::start() {
    asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->wait_for_request(); });
}

void Connection::stop() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->stopping_ = true;
        if (!self->handling_) self->close();
    });
}

void Connection::abort() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
}

void Connection::wait_for_request() {
    if (stopping_) return close();
    if (buffer_.size() > 0) return read_header();  // pipelined
    start_timer(host_.options.idle_timeout);
    socket_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                                self->stop_timer();
                                if (error) return self->close();
                                self->buffer_.commit(bytes);
                                self->read_header();
                            });
}

void Connection::read_header() {
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(host_.options.max_body_bytes);
    context_ = {};
    start_timer(host_.options.header_timeout);
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_header(error); });
}

void Connection::on_header(ErrorCode error) {
    stop_timer();
    if (error) return on_read_error(error);
    const auto& message = parser_->get();
    context_.is_head = message.method() == http::verb::head;
    if (message.version() >= 11 && message.find(http::field::host) == message.end())
        return refuse(400, "An HTTP/1.1 request needs a Host header.");
    if (!limit_body()) return refuse(413, "The request's body is too large.");
    if (parser_->is_done()) return handle();
    if (equal_ignoring_ascii_case(
            std::string_view(message[http::field::expect].data(), message[http::field::expect].size()),
            "100-continue"))
        return send_continue();
    read_body();
}

// The path is known only now; what its body may have replaces the largest limit of all.
bool Connection::limit_body() {
    const Options& options = host_.options;
    if (!options.max_body_bytes_of) return true;
    const auto target = parser_->get().target();
    const std::string_view path(target.data(), std::min(target.find('?'), target.size()));
    const std::uint64_t limit = std::min(options.max_body_bytes, options.max_body_bytes_of(path));
    parser_->body_limit(limit);
    return parser_->content_length().value_or(0) <= limit;
}

void Connection::send_continue() {
    start_timer(kWriteTimeout);
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](ErrorCode error, std::size_t) {
                          self->stop_timer();
                          if (error) return self->close();
                          self->read_body();
                      });
}

void Connection::read_body() {
    start_timer(host_.options.body_timeout);
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_body(error); });
}

void Connection::on_body(ErrorCode error) {
    stop_timer();
    if (error) return on_read_error(error);
    handle();
}

void Connection::on_read_error(ErrorCode error) {
    if (timed_out_) return refuse(408, "The request took too long to arrive.");
    if (error == http::error::body_limit) return refuse(413, "The request's body is too large.");
    if (error == http::error::header_limit) return refuse(431, "The request's headers are too large.");
    if (error == http::error::end_of_stream || error == http::error::partial_message) return close();
    if (error.category() == http::make_error_code(http::error::bad_method).category())
        return refuse(400, "The request is not HTTP: " + error.message() + ".");
    close();
}

void Connection::refuse(int status, std::string_view sentence) {
    context_.persistence = Persistence::Close;
    respond(plain_text_response(status, sentence));
}

void Connection::handle() {
    handling_ = true;
    if (!parser_->get().keep_alive()) context_.persistence = Persistence::Close;
    auto request = std::make_shared<Request>(take_request(*parser_, remote_address_));
    const bool queued = host_.pool->submit([self = shared_from_this(), request] {
        auto response = std::make_shared<Response>(self->run_handler(*request));
        asio::post(self->socket_.get_executor(), [self, response] { self->respond(std::move(*response)); });
    });
    if (queued) return;
    Response busy = plain_text_response(503, "Too many requests are waiting; try again in a second.");
    busy.headers.emplace_back("Retry-After", "1");
    respond(std::move(busy));
}

Response Connection::run_handler(const Request& request) const {
    try {
        return host_.handler(request);
    } catch (const std::exception& bug) {
        fmt::print(stderr, "http_server: the handler of {} {} threw: {}\n", request.method,
                   sanitize_for_terminal(request.path), bug.what());
    } catch (...) {
        fmt::print(stderr, "http_server: the handler of {} {} threw\n", request.method,
                   sanitize_for_terminal(request.path));
    }
    return plain_text_response(500, "Something went wrong in the server.");
}

void Connection::respond(Response response) {
    if (response.status == 0) return close();
    handling_ = true;
    if (stopping_) context_.persistence = Persistence::Close;
    response_ = std::move(response);
    head_ = print_head(response_, context_);
    const std::string_view body =
        has_body(response_, context_) ? std::string_view(response_.body) : std::string_view();
    const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head_), asio::buffer(body)};
    start_timer(write_timeout(body.size()));
    asio::async_write(socket_, bytes,
                      [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(ErrorCode error) {
    stop_timer();
    handling_ = false;
    response_ = {};
    if (error || stopping_) return close();
    if (context_.persistence == Persistence::KeepAlive) return wait_for_request();
    boost::system::error_code ignored;
    (void)socket_.shutdown(Socket::shutdown_send, ignored);
    start_timer(kLingerTimeout);
    linger();
}

void Connection::linger() {
    buffer_.clear();
    socket_.async_read_some(buffer_.prepare(64 << 10),
                            [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
                                self->lingered_bytes_ += bytes;
                                if (error || self->stopping_ || self->lingered_bytes_ > kMaxLingerBytes)
                                    return self->close();
                                self->linger();
                            });
}

void Connection::close() {
    stop_timer();
    boost::system::error_code ignored;
    (void)socket_.close(ignored);
}

// When the time is over the pending read or write is cancelled and its own handler goes on from there.
void Connection::start_timer(Duration limit) {
    timed_out_ = false;
    timer_.expires_after(limit);
    timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
        const auto self = weak.lock();
        if (error || !self || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
        self->timed_out_ = true;
        boost::system::error_code ignored;
        (void)self->socket_.cancel(ignored);
    });
}

void Connection::stop_timer() {
    timer_.cancel();
}

}  // namespace ringmaster::http_server
