#include "domain/endpoint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster {
namespace {

constexpr std::uint16_t kDefault = 8080;

TEST(Endpoint, ReadsHostAndPort) {
    EXPECT_EQ(Endpoint::parse("52.1.2.3:9090", kDefault).value(), (Endpoint{"52.1.2.3", 9090}));
    EXPECT_EQ(Endpoint::parse("52.1.2.3", kDefault).value(), (Endpoint{"52.1.2.3", 8080}));
    EXPECT_EQ(Endpoint::parse("pr-12.example.com:80", kDefault).value(), (Endpoint{"pr-12.example.com", 80}));
    EXPECT_EQ(Endpoint::parse("52.1.2.3:9090", kDefault).value().url(), "http://52.1.2.3:9090");
}

TEST(Endpoint, UndoesTheDashesOfOldLabelsAndOfThoseOnly) {
    EXPECT_EQ(Endpoint::parse("52-1-2-3", kDefault).value().host, "52.1.2.3");
    EXPECT_EQ(Endpoint::parse("52-1-2-3:81", kDefault).value().host, "52.1.2.3");
    EXPECT_EQ(Endpoint::parse("my-web-host-3", kDefault).value().host, "my-web-host-3");
    EXPECT_EQ(Endpoint::parse("1-2-3-256", kDefault).value().host, "1-2-3-256");
}

TEST(Endpoint, RefusesWhatIsNoAddress) {
    for (const auto* bad : {"", ":80", "host:", "host:0", "host:65536", "host:-1", "host:8o", "host:80:90",
                            "ho st", "host/path", "user@host", "http://host", "::1", "-host", ".host",
                            "host:80 ", "h\xC3\xB6st", "a\nb"})
        EXPECT_EQ(Endpoint::parse(bad, kDefault).error().kind(), ErrorKind::InvalidInput) << bad;
    EXPECT_FALSE(Endpoint::parse(std::string(254, 'a'), kDefault));
}

RC_GTEST_PROP(Endpoint, ReadsBackWhatItWrites, (std::uint16_t port)) {
    RC_PRE(port > 0);
    const Endpoint endpoint{"10.0.0.7", port};
    RC_ASSERT(Endpoint::parse(endpoint.text(), kDefault).value() == endpoint);
}

}  // namespace
}  // namespace ringmaster
