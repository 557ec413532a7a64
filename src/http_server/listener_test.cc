#include "http_server/listener.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "http_server/raw_client.h"

namespace ringmaster::http_server {
namespace {

using namespace std::chrono_literals;

Response echo(const Request& request) {
    return {200,
            {{"X-Method", request.method}, {"X-Path", request.path}, {"X-Query", request.query}},
            request.body};
}

std::unique_ptr<Listener> start(Options options, Handler handler = echo) {
    auto listener = Listener::start(options, std::move(handler));
    EXPECT_TRUE(listener) << listener.error().describe();
    return std::move(*listener);
}

constexpr std::string_view kGet = "GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(Listener, AnswersSeveralRequestsOnOneConnection) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    for (int i = 0; i < 3; ++i) {
        client.write(kGet);
        const std::string answer = client.read_answer();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_NE(answer.find("X-Path: /a%20b\r\n"), answer.npos);
        EXPECT_NE(answer.find("X-Query: c=d\r\n"), answer.npos);
    }
}

TEST(Listener, AnswersPipelinedRequestsInOrder) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    client.write(
        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\noneGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string first = client.read_answer();
    EXPECT_NE(first.find("X-Path: /1\r\n"), first.npos);
    EXPECT_TRUE(first.ends_with("\r\n\r\none"));
    EXPECT_NE(client.read_answer().find("X-Path: /2\r\n"), std::string::npos);
}

TEST(Listener, ReadsChunkedBodies) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    client.write(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
        "world\r\n0\r\n\r\n");
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nhello world"));
}

TEST(Listener, InvitesABodyThatTheClientHoldsBack) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    client.write("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.write("ok");
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nok"));
}

TEST(Listener, AnswersHeadWithoutABody) {
    const auto listener = start({}, [](const Request&) { return Response{200, {}, "body"}; });
    RawClient client = RawClient::tcp(listener->port());
    client.write("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.read_answer(false);
    EXPECT_NE(answer.find("Content-Length: 4\r\n"), answer.npos);
    client.write(kGet);
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 OK\r\n")) << "no body bytes may stand between";
}

TEST(Listener, SendsNoBodyWithNotModified) {
    const auto listener = start({}, [](const Request&) { return Response{304, {}, "never seen"}; });
    RawClient client = RawClient::tcp(listener->port());
    client.write(kGet);
    const std::string answer = client.read_answer();
    EXPECT_EQ(answer.find("Content-Length"), answer.npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Listener, ClosesAfterAnHttp10Request) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    client.write("GET / HTTP/1.0\r\n\r\n");
    EXPECT_NE(client.read_answer().find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(client.is_closed_by_other_side());
}

TEST(Listener, RefusesABodyThatIsTooLongBeforeReadingIt) {
    const auto listener = start({.max_body_bytes = 10});
    RawClient client = RawClient::tcp(listener->port());
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 413 "));
}

TEST(Listener, RefusesAChunkedBodyThatGrowsTooLong) {
    const auto listener = start({.max_body_bytes = 10});
    RawClient client = RawClient::tcp(listener->port());
    client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n");
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 413 "));
}

TEST(Listener, ABodyLimitCanDependOnThePath) {
    const auto listener =
        start({.max_body_bytes_of = [](std::string_view path) { return path == "/large" ? 1000U : 10U; }});
    const std::string chunk = "\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n";
    const std::string whole = "\r\nContent-Length: 20\r\n\r\n01234567890123456789";
    for (const auto& body : {chunk, whole}) {
        RawClient large = RawClient::tcp(listener->port());
        large.write("POST /large?x HTTP/1.1\r\nHost: x" + body);
        EXPECT_TRUE(large.read_answer().starts_with("HTTP/1.1 200 "));
        RawClient small = RawClient::tcp(listener->port());
        small.write("POST /small HTTP/1.1\r\nHost: x" + body);
        EXPECT_TRUE(small.read_answer().starts_with("HTTP/1.1 413 "));
    }
}

TEST(Listener, AClientStillSendingReadsTheRefusal) {
    const auto listener = start({.max_body_bytes = 1 << 10});
    RawClient client = RawClient::tcp(listener->port());
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n");
    EXPECT_TRUE(client.write(std::string(8 << 20, 'x')));
    client.close_sending();
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 413 "));
}

TEST(Listener, RefusesWhatIsNotHttp) {
    const auto listener = start({});
    for (const std::string_view bytes :
         {"\x16\x03\x01 a TLS hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost x\r\n\r\n",
          "GET / HTTP/9\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n"}) {
        RawClient client = RawClient::tcp(listener->port());
        client.write(bytes);
        EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 400 ")) << bytes;
    }
}

TEST(Listener, RefusesEndlessHeaders) {
    const auto listener = start({});
    RawClient client = RawClient::tcp(listener->port());
    client.write("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(100'000, 'x'));
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 431 "));
}

TEST(Listener, RefusesAByteAtATimeAndServesOthersMeanwhile) {
    const auto listener = start({.body_timeout = 200ms});
    RawClient slow = RawClient::tcp(listener->port());
    slow.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    int bytes = 0;
    while (!slow.readable_within(10) && bytes < 1000) {
        slow.write("x");
        ++bytes;
        RawClient other = RawClient::tcp(listener->port());
        other.write(kGet);
        EXPECT_TRUE(other.read_answer().starts_with("HTTP/1.1 200 OK\r\n"));
    }
    EXPECT_LT(bytes, 1000);
    EXPECT_TRUE(slow.read_answer().starts_with("HTTP/1.1 408 "));
    EXPECT_TRUE(slow.is_closed_by_other_side());
}

TEST(Listener, RefusesHeadersThatDoNotEndInTime) {
    const auto listener = start({.header_timeout = 50ms});
    RawClient client = RawClient::tcp(listener->port());
    client.write("GET / HTTP/1.1\r\nHo");
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 408 "));
}

TEST(Listener, ClosesAnIdleConnection) {
    const auto listener = start({.idle_timeout = 50ms});
    RawClient client = RawClient::tcp(listener->port());
    client.write(kGet);
    client.read_answer();
    EXPECT_TRUE(client.is_closed_by_other_side());
}

TEST(Listener, AHandlerThatThrowsIsA500AndTheNextRequestIsServed) {
    const auto listener = start({}, [](const Request& request) -> Response {
        if (request.path == "/bug") throw std::runtime_error("a bug");
        return {};
    });
    RawClient client = RawClient::tcp(listener->port());
    client.write("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(answer.find("a bug"), answer.npos) << "the cause is for the log, not for strangers";
    client.write(kGet);
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST(Listener, AHandlerCanCloseWithoutAnAnswer) {
    const auto listener = start({}, [](const Request&) { return Response{.status = 0}; });
    RawClient client = RawClient::tcp(listener->port());
    client.write(kGet);
    EXPECT_EQ(client.read_answer(), "");
}

TEST(Listener, AnswersBusyWhenTheQueueIsFull) {
    std::counting_semaphore<> entered(0);
    std::counting_semaphore<> leave(0);
    const auto listener = start({.handler_threads = 1, .max_queued_requests = 1}, [&](const Request&) {
        entered.release();
        leave.acquire();
        return Response{};
    });
    RawClient running = RawClient::tcp(listener->port());
    running.write(kGet);
    entered.acquire();
    // Of two more one waits in the queue, whichever comes first, and the other is told at once.
    RawClient second = RawClient::tcp(listener->port());
    RawClient third = RawClient::tcp(listener->port());
    second.write(kGet);
    third.write(kGet);
    while (!second.readable_within(1) && !third.readable_within(1)) {
    }
    const bool second_refused = second.readable_within(0);
    const std::string refusal = (second_refused ? second : third).read_answer();
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 ")) << refusal;
    EXPECT_NE(refusal.find("Retry-After: 1\r\n"), refusal.npos);
    leave.release(2);
    EXPECT_TRUE(running.read_answer().starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE((second_refused ? third : second).read_answer().starts_with("HTTP/1.1 200 "));
}

TEST(Listener, BeyondItsConnectionsTheNextWaitsUntilOneCloses) {
    const auto listener = start({.max_connections = 1});
    auto first = std::make_unique<RawClient>(RawClient::tcp(listener->port()));
    first->write(kGet);
    first->read_answer();
    RawClient second = RawClient::tcp(listener->port());
    second.write(kGet);
    EXPECT_FALSE(second.readable_within(50));
    first.reset();
    EXPECT_TRUE(second.read_answer().starts_with("HTTP/1.1 200 "));
}

TEST(Listener, StoppingLetsARunningHandlerAnswer) {
    std::promise<void> entered;
    std::promise<void> leave;
    auto listener = start({}, [&](const Request&) {
        entered.set_value();
        leave.get_future().wait();
        return Response{200, {}, "finished"};
    });
    RawClient idle = RawClient::tcp(listener->port());
    RawClient running = RawClient::tcp(listener->port());
    running.write(kGet);
    entered.get_future().wait();
    const std::uint16_t port = listener->port();
    std::thread stopper([&] { listener.reset(); });
    EXPECT_TRUE(idle.is_closed_by_other_side());
    leave.set_value();
    const std::string answer = running.read_answer();
    EXPECT_TRUE(answer.ends_with("finished")) << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos);
    stopper.join();
    EXPECT_FALSE(RawClient::tcp(port).connected());
}

TEST(Listener, ServesOnAUnixSocketOfItsOwnerOnly) {
    const std::string path = testing::TempDir() + "listener_test.sock";
    {
        const auto listener = start({.unix_socket = path});
        struct stat info{};
        ASSERT_EQ(::stat(path.c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0600U);
        RawClient client = RawClient::unix_socket(path);
        client.write(kGet);
        EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 "));
        const auto second = Listener::start({.unix_socket = path}, echo);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().kind(), ErrorKind::Conflict);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Listener, TakesOverASocketFileThatACrashLeft) {
    const std::string path = testing::TempDir() + "listener_stale.sock";
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ::close(socket);
    }
    EXPECT_TRUE(Listener::start({.unix_socket = path}, echo));
}

TEST(Listener, ATakenPortIsAConflictThatNamesIt) {
    const auto first = start({});
    const auto second = Listener::start({.port = first->port()}, echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), ErrorKind::Conflict);
    EXPECT_NE(second.error().message().find(std::to_string(first->port())), std::string::npos);
}

TEST(Listener, AnAddressThatIsNoneIsInvalidInput) {
    const auto listener = Listener::start({.address = "not an address"}, echo);
    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().kind(), ErrorKind::InvalidInput);
}

TEST(Listener, AHeaderCannotSplitTheAnswer) {
    const auto listener =
        start({}, [](const Request&) { return Response{200, {{"X-Name", "a\r\nSet-Cookie: b"}}, ""}; });
    RawClient client = RawClient::tcp(listener->port());
    client.write(kGet);
    EXPECT_EQ(client.read_answer().find("Set-Cookie"), std::string::npos);
}

TEST(Request, FindsAndDecodesQueryParameters) {
    Request request;
    request.query = "labels=a%2Cb&state=all&q=is%3Apr+label:x&empty&state=closed";
    EXPECT_EQ(request.parameter("labels"), "a,b");
    EXPECT_EQ(request.parameter("state"), "all");
    EXPECT_EQ(request.parameter("q"), "is:pr label:x");
    EXPECT_EQ(request.parameter("empty"), "");
    EXPECT_EQ(request.parameter("missing"), std::nullopt);
}

}  // namespace
}  // namespace ringmaster::http_server
