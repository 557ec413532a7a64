#include "adapters/process/free_port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "adapters/support/file_descriptor.h"

namespace ringmaster::process {
namespace {

// Listens on a port that the system chose.
class Listener {
 public:
    explicit Listener(const char* address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &name.sin_addr);
        socklen_t length = sizeof name;
        EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&name), length), 0);
        EXPECT_EQ(::listen(socket_.number(), 1), 0);
        ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&name), &length);
        port = ntohs(name.sin_port);
    }
    std::uint16_t port = 0;

 private:
    support::FileDescriptor socket_;
};

TEST(FreePort, PassesOverAPortSomebodyListensOn) {
    for (const char* address : {"127.0.0.1", "0.0.0.0"}) {
        const Listener listener(address);
        const PortRange only{listener.port, listener.port};
        const auto port = find_free_port("127.0.0.1", only, "show", {});
        ASSERT_FALSE(port) << address;
        EXPECT_EQ(port.error().kind(), ErrorKind::Unavailable);
    }
}

TEST(FreePort, PassesOverAPortThatIsPromisedToAnotherShow) {
    const PortRange two{21000, 21001};
    const auto first = find_free_port("127.0.0.1", two, "show", {});
    ASSERT_TRUE(first) << first.error().describe();
    const auto second = find_free_port("127.0.0.1", two, "show", {*first});
    ASSERT_TRUE(second);
    EXPECT_NE(*first, *second);
    EXPECT_FALSE(find_free_port("127.0.0.1", two, "show", {*first, *second}));
}

TEST(FreePort, TheSameNameGetsTheSamePortWhenItIsFree) {
    const auto first = find_free_port("127.0.0.1", {}, "acme/shop pr-12", {});
    EXPECT_EQ(*first, *find_free_port("127.0.0.1", {}, "acme/shop pr-12", {}));
    EXPECT_NE(*first, *find_free_port("127.0.0.1", {}, "acme/shop pr-13", {}));
}

TEST(FreePort, RefusesWhatIsNoAddressAndNoRange) {
    EXPECT_EQ(find_free_port("localhost", {}, "show", {}).error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(find_free_port("127.0.0.1", {9, 8}, "show", {}).error().kind(), ErrorKind::InvalidInput);
    EXPECT_EQ(find_free_port("192.0.2.1", {}, "show", {}).error().kind(), ErrorKind::Unavailable);
}

}  // namespace
}  // namespace ringmaster::process
