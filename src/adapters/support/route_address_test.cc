#include "adapters/support/route_address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::support {
namespace {

const RepositoryName kRepository{"acme", "shop"};

RouteAddress pattern(std::string_view text) {
    auto address = RouteAddress::parse(text, kRepository);
    EXPECT_TRUE(address) << address.error().describe();
    return address.value_or(RouteAddress{});
}

TEST(RouteAddressTest, StandsInAHostOrInAPath) {
    const auto by_host = pattern("https://pr-{pr}.shows.example.org/");
    EXPECT_EQ(by_host.url(12), "https://pr-12.shows.example.org");
    EXPECT_EQ(by_host.certificate_name(), "*.shows.example.org");
    EXPECT_EQ(by_host.listen(), ":443");
    const auto by_path = pattern("http://127.0.0.1:8080/{repo}/pr-{pr}");
    EXPECT_EQ(by_path.url(12), "http://127.0.0.1:8080/shop/pr-12");
    EXPECT_EQ(by_path.path(12), "/shop/pr-12");
    EXPECT_EQ(by_path.listen(), "127.0.0.1:8080");
    EXPECT_EQ(pattern("https://{owner}-{repo}-{pr}.example.org:8443").url(3),
              "https://acme-shop-3.example.org:8443");
}

TEST(RouteAddressTest, WhatCannotWorkIsRefused) {
    for (const std::string text :
         {"", "pr-{pr}.example.org", "https://shows.example.org", "https://a.{pr}.org",
          "https://pr-{pr}.org:0", "https://pr-{pr}.org:65536", "https://pr_{pr}.org", "https://-{pr}.org",
          "https://{pr}..org", "https://u@{pr}.org", "http://a/{pr}?x", "http://a/{pr}/*", "http://a/{PR}",
          "ftp://{pr}.org"}) {
        const auto address = RouteAddress::parse(text, kRepository);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().kind(), ErrorKind::InvalidInput) << text;
    }
}

RC_GTEST_PROP(RouteAddressTest, ReadingIsTotal, (const std::string& text)) {
    (void)RouteAddress::parse(text, kRepository);
    (void)RouteAddress::parse("https://{pr}" + text, kRepository);
}

}  // namespace
}  // namespace ringmaster::support
