#pragma once
// One client's connection: read a request within its time limits, have it handled on the pool, write the
// answer, again. Everything here runs on the connection's strand, except the handler itself. A connection
// keeps itself alive through its pending operations and is gone when it has none.

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "http_server/handler_pool.h"
#include "http_server/listener.h"
#include "http_server/message.h"

namespace ringmaster::http_server {

using Socket = boost::asio::generic::stream_protocol::socket;

/// What connections share with their listener.
struct ConnectionHost {
    Options options;
    Handler handler;
    HandlerPool* pool = nullptr;
    std::function<void()> on_closed;  ///< called once for each connection, from any thread
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(Socket socket, const ConnectionHost& host);
    ~Connection();

    void start();
    /// From any thread: closes now if no request is being handled, otherwise after its answer.
    void stop();
    /// From any thread: closes now.
    void abort();

 private:
    using ErrorCode = boost::system::error_code;

    void wait_for_request();
    void read_header();
    void on_header(ErrorCode error);
    bool limit_body();
    void send_continue();
    void read_body();
    void on_body(ErrorCode error);
    void handle();
    Response run_handler(const Request& request) const;

    void refuse(int status, std::string_view sentence);
    void on_read_error(ErrorCode error);
    void respond(Response response);
    void on_written(ErrorCode error);
    void linger();
    void close();

    void start_timer(Duration limit);
    void stop_timer();

    Socket socket_;
    const ConnectionHost& host_;
    boost::asio::steady_timer timer_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::string remote_address_;
    std::string head_;
    Response response_;
    ResponseContext context_;
    std::size_t lingered_bytes_ = 0;
    bool timed_out_ = false;
    bool handling_ = false;  ///< from the end of reading a request to the end of writing its answer
    bool stopping_ = false;
};

}  // namespace ringmaster::http_server
