#include "adapters/support/curl_http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "testing/recording_progress.h"

namespace ringmaster::support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A server of raw sockets, so that it can answer what no proper server would: each request with
/// `answer(request text)`; "" closes the connection, kHang answers nothing until the end.
class RawServer {
 public:
    static constexpr std::string_view kHang = "hang";
    using Answer = std::function<std::string(const std::string&)>;

    explicit RawServer(Answer answer, const std::string& unix_path = "") : answer_(std::move(answer)) {
        listener_ = ::socket(unix_path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM, 0);
        if (unix_path.empty()) {
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            bind_to(&address, sizeof address);
            socklen_t length = sizeof address;
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
            port_ = ntohs(address.sin_port);
        } else {
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
            bind_to(&address, sizeof address);
        }
        thread_ = std::thread([this] { serve(); });
    }
    ~RawServer() {
        is_stopping_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        for (const int connection : open_) ::shutdown(connection, SHUT_RDWR);
        for (auto& server : servers_) server.join();
        for (const int connection : open_) ::close(connection);
        ::close(listener_);
    }
    std::string url(std::string_view path = "/") const {
        return fmt::format("http://127.0.0.1:{}{}", port_, path);
    }
    int connections() const { return connections_; }

 private:
    void bind_to(const void* address, socklen_t length) {
        if (::bind(listener_, static_cast<const sockaddr*>(address), length) != 0 ||
            ::listen(listener_, 8) != 0)
            throw std::runtime_error("the test's server cannot listen");
    }
    void serve() {
        while (!is_stopping_) {
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) continue;
            ++connections_;
            open_.push_back(connection);
            servers_.emplace_back([this, connection] {
                while (!is_stopping_ && answer_one(connection)) {
                }
                ::shutdown(connection, SHUT_RDWR);
            });
        }
    }
    static std::size_t body_length(const std::string& head) {
        const auto at = to_lower_ascii(head).find("content-length: ");
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    }
    bool answer_one(int connection) {
        std::string request;
        std::size_t wanted = 0;
        while (wanted == 0 || request.size() < wanted) {
            char buffer[4096];
            const auto size = ::recv(connection, buffer, sizeof buffer, 0);
            if (size <= 0) return false;
            request.append(buffer, static_cast<std::size_t>(size));
            if (const auto end = request.find("\r\n\r\n"); end != std::string::npos)
                wanted = end + 4 + body_length(request.substr(0, end));
        }
        const std::string reply = answer_(request);
        if (reply.empty()) return false;
        if (reply == kHang) return ::recv(connection, request.data(), 1, 0) > 0;
        const bool is_sent = ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) > 0;
        return is_sent && !reply.contains("Connection: close");
    }

    Answer answer_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<int> open_;             ///< closed at the end only, so that no number comes back meanwhile
    std::vector<std::thread> servers_;  ///< like open_, of thread_ until it has ended
    std::atomic<int> connections_ = 0;
    std::atomic<bool> is_stopping_ = false;
    std::thread thread_;
};

std::string ok(std::string_view body, std::string_view more_headers = "") {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), more_headers, body);
}

HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    request.timeout = std::chrono::seconds(5);
    return request;
}

TEST(CurlHttpClient, SendsMethodHeadersAndBodyAndReadsTheAnswer) {
    std::string seen;
    RawServer server([&](const std::string& request) {
        seen = request;
        return std::string("HTTP/1.1 201 Created\r\nX-One: a\r\nx-one: b\r\nContent-Length: 4\r\n\r\nbody");
    });
    CurlHttpClient client;
    HttpRequest request = get(server.url("/p%2Fq?x=1"));
    request.method = "PATCH";
    request.headers = {{"Accept", "text/x"}, {"X-Empty", ""}};
    request.body = R"({"a":1})";
    const auto response = client.send(request);
    ASSERT_TRUE(response) << response.error().describe();
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->body, "body");
    EXPECT_EQ(response->header("x-one"), "a");
    EXPECT_THAT(seen, HasSubstr("PATCH /p%2Fq?x=1 HTTP/1.1\r\n"));
    EXPECT_THAT(seen, HasSubstr("Accept: text/x\r\n"));
    EXPECT_THAT(seen, HasSubstr("X-Empty:"));
    EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"a\":1}"));
    EXPECT_THAT(seen, Not(HasSubstr("Expect:")));
}

TEST(CurlHttpClient, AnUnsuccessfulStatusIsAResponseAndRedirectsAreNotFollowed) {
    RawServer server([](const std::string& request) {
        return request.starts_with("GET /moved")
                   ? "HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
                   : std::string("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno");
    });
    CurlHttpClient client;
    EXPECT_EQ(client.send(get(server.url("/moved"))).value().status, 301);
    const auto second = client.send(get(server.url("/other"))).value();
    EXPECT_EQ(second.status, 503);
    EXPECT_EQ(second.body, "no");
}

TEST(CurlHttpClient, UsesOneConnectionForRequestsThatFollowEachOther) {
    RawServer server([](const std::string&) { return ok("x"); });
    CurlHttpClient client;
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.send(get(server.url())));
    EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttpClient, AWriteWhoseKeptConnectionClosesWithoutAnAnswerIsNotSentTwice) {
    for (const std::string body : {"x", ""}) {
        std::atomic<int> writes = 0;
        RawServer server([&](const std::string& request) {
            if (request.starts_with("GET")) return ok("x");
            ++writes;
            return std::string();
        });
        CurlHttpClient client;
        ASSERT_TRUE(client.send(get(server.url())));
        HttpRequest request = get(server.url());
        request.method = "POST";
        request.body = body;
        EXPECT_EQ(client.send(request).error().kind(), ErrorKind::Unavailable);
        EXPECT_EQ(writes, 1);
    }
}

TEST(CurlHttpClient, HeadersOfAnInterimResponseAreNotTheAnswers) {
    RawServer server([](const std::string&) {
        return "HTTP/1.1 103 Early Hints\r\nX-Interim: yes\r\n\r\n" + ok("x", "X-Final: yes\r\n");
    });
    CurlHttpClient client;
    const auto response = client.send(get(server.url())).value();
    EXPECT_EQ(response.status, 200);
    EXPECT_FALSE(response.header("x-interim"));
    EXPECT_EQ(response.header("x-final"), "yes");
}

TEST(CurlHttpClient, ABodyOverTheBoundIsCorruptAndOneOfExactlyTheBoundIsNot) {
    RawServer server([](const std::string&) { return ok("0123456789"); });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.max_response_bytes = 10;
    EXPECT_TRUE(client.send(request));
    request.max_response_bytes = 9;
    EXPECT_EQ(client.send(request).error().kind(), ErrorKind::Corrupt);
}

TEST(CurlHttpClient, EndlessHeadersAreCorrupt) {
    RawServer server([](const std::string&) {
        std::string reply = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 400; ++i) reply += fmt::format("X-{}: {}\r\n", i, std::string(1000, 'x'));
        return reply + "Content-Length: 0\r\n\r\n";
    });
    CurlHttpClient client;
    EXPECT_EQ(client.send(get(server.url())).error().kind(), ErrorKind::Corrupt);
}

TEST(CurlHttpClient, NoAnswerInTimeIsTimedOut) {
    RawServer server([](const std::string&) { return std::string(RawServer::kHang); });
    CurlHttpClient client;
    HttpRequest request = get(server.url());
    request.timeout = std::chrono::milliseconds(50);
    EXPECT_EQ(client.send(request).error().kind(), ErrorKind::TimedOut);
}

TEST(CurlHttpClient, AConnectionThatBreaksOffIsUnavailable) {
    RawServer server([](const std::string& request) {
        return request.starts_with("GET /half")
                   ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf"
                   : std::string();
    });
    CurlHttpClient client;
    for (const auto* path : {"/closes", "/half"})
        EXPECT_EQ(client.send(get(server.url(path))).error().kind(), ErrorKind::Unavailable) << path;
}

TEST(CurlHttpClient, NobodyListeningIsUnavailableWithAHint) {
    std::string url;
    {
        RawServer server([](const std::string&) { return ok("x"); });
        url = server.url();
    }
    CurlHttpClient client;
    const auto response = client.send(get(url));
    EXPECT_EQ(response.error().kind(), ErrorKind::Unavailable);
    EXPECT_THAT(response.error().message(), HasSubstr("cannot be reached"));
    EXPECT_THAT(response.error().hint(), HasSubstr("NO_PROXY"));
}

TEST(CurlHttpClient, WhatIsNotAWebAddressIsInvalidInput) {
    CurlHttpClient client;
    for (const std::string url :
         {"", "file:///etc/passwd", "ftp://x/", "http://", "http://a b/", "http://a/\r\nX: y"})
        EXPECT_EQ(client.send(get(url)).error().kind(), ErrorKind::InvalidInput) << url;
}

TEST(CurlHttpClient, AHeaderWithALineBreakIsRefusedWithoutShowingIt) {
    CurlHttpClient client;
    HttpRequest request = get("http://127.0.0.1:9/");
    request.headers = {{"Authorization", "Bearer sesame\nX-Evil: 1"}};
    const auto response = client.send(request);
    EXPECT_EQ(response.error().kind(), ErrorKind::InvalidInput);
    EXPECT_THAT(response.error().message(), Not(HasSubstr("sesame")));
}

TEST(CurlHttpClient, SpeaksOverAUnixSocket) {
    const auto path = std::filesystem::temp_directory_path() / fmt::format("rm-curl-{}.sock", ::getpid());
    std::filesystem::remove(path);
    {
        RawServer server([](const std::string& request) { return ok(request.substr(0, request.find('\r'))); },
                         path.string());
        CurlHttpClient client;
        HttpRequest request = get("http://docker/version");
        request.unix_socket = path.string();
        EXPECT_EQ(client.send(request).value().body, "GET /version HTTP/1.1");
    }
    std::filesystem::remove(path);
}

TEST(CurlHttpClient, TellsTheObserverWithoutSecrets) {
    RawServer server([](const std::string&) { return ok("you said sesame", "Set-Cookie: sesame\r\n"); });
    std::vector<HttpExchange> seen;
    CurlOptions options;
    options.secrets = {"sesame"};
    options.on_exchange = [&](const HttpExchange& exchange) { seen.push_back(exchange); };
    CurlHttpClient client(options);
    HttpRequest request = get(server.url("/?key=sesame"));
    request.method = "POST";
    request.headers = {{"Authorization", "Bearer something"}, {"X-Other", "sesame"}};
    request.body = "open sesame";
    EXPECT_EQ(client.send(request).value().body, "you said sesame");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].status, 200);
    EXPECT_EQ(seen[0].method, "POST");
    EXPECT_THAT(seen[0].url, HasSubstr("key=***"));
    EXPECT_EQ(seen[0].request.body, "open ***");
    EXPECT_EQ(seen[0].response.body, "you said ***");
    for (const auto* headers : {&seen[0].request.headers, &seen[0].response.headers})
        for (const auto& [name, value] : *headers) {
            EXPECT_THAT(value, Not(HasSubstr("sesame")));
            EXPECT_THAT(value, Not(HasSubstr("something")));
        }
}

TEST(CurlHttpClient, TellsTheObserverOfFailuresToo) {
    std::vector<HttpExchange> seen;
    CurlOptions options;
    options.on_exchange = [&](const HttpExchange& exchange) { seen.push_back(exchange); };
    RawServer server([](const std::string&) { return std::string(); });
    CurlHttpClient client(options);
    EXPECT_FALSE(client.send(get(server.url())));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].status, 0);
    EXPECT_NE(seen[0].error, "");
}

TEST(CurlHttpClient, HandsOutABodyAsItComesIfAsked) {
    RawServer server([](const std::string& request) {
        return request.contains("GET /wrong") ? "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone"
                                              : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    });
    CurlHttpClient client;
    std::string heard;
    auto request = get(server.url());
    request.max_response_bytes = 1;
    request.on_body = [&](std::string_view bytes) { heard += bytes; };
    const auto answer = client.send(request);
    ASSERT_TRUE(answer) << answer.error().describe();
    EXPECT_EQ(heard, "hello");
    EXPECT_EQ(answer->body, "");
    request.url = server.url("/wrong");
    request.max_response_bytes = 10;
    EXPECT_EQ(client.send(request).value().body, "gone") << "what a refusal says is for the caller";
    EXPECT_EQ(heard, "hello");
}

TEST(CurlHttpClient, AsksThePulseWhileItWaitsAndStopsWhenToldTo) {
    RawServer server([](const std::string&) { return std::string(RawServer::kHang); });
    CurlHttpClient client;
    testing::RecordingProgress progress;
    progress.stop_when([&](const auto&) { return progress.pulses() >= 3; });
    auto request = get(server.url());
    request.progress = &progress;
    const auto answer = client.send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind(), ErrorKind::Interrupted);
}

TEST(CurlHttpClient, ServesManyThreadsAtOnce) {
    RawServer server([](const std::string&) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";
    });
    CurlHttpClient client;
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                for (int k = 0; k < 5; ++k)
                    if (client.send(get(server.url()))) ++good;
            });
    }
    EXPECT_EQ(good, 30);
}

TEST(CurlHttpClient, MessagesNeverShowCredentialsOrQueriesOfAUrl) {
    EXPECT_EQ(url_for_messages("https://user:secret@host:1/a?token=x#y"), "https://host:1/a");
    EXPECT_EQ(url_for_messages("https://host/a@b"), "https://host/a@b");
    EXPECT_EQ(url_for_messages("nonsense"), "nonsense");
}

}  // namespace
}  // namespace ringmaster::support
