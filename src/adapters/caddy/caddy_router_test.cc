#include "adapters/caddy/caddy_router.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "testing/scripted_http.h"

namespace ringmaster::caddy {
namespace {

using support::RouteAddress;

const RepositoryName kRepository{"acme", "shop"};
constexpr std::string_view kServer = "/config/apps/http/servers/ringmaster";
const Endpoint kShow{"127.0.0.1", 4001};

RouteAddress pattern(std::string_view text) {
    auto address = RouteAddress::parse(text, kRepository);
    EXPECT_TRUE(address) << address.error().describe();
    return address.value_or(RouteAddress{});
}

class CaddyRouterTest : public ::testing::Test {
 protected:
    CaddySettings settings(std::string_view address = "http://pr-{pr}.shows.example.org") {
        return {.repository = kRepository,
                .admin = *AdminAddress::parse("http://127.0.0.1:2019"),
                .address = pattern(address)};
    }
    CaddyRouter router() { return {settings(), http}; }
    std::string route(int number, const Endpoint& to = kShow) {
        return route_document(kRepository, settings().address, number, to);
    }
    void expect_look(const std::string& body, const std::string& etag = "\"/etag 1\"") {
        http.expect("GET", std::string(kServer)).answers(200, body, {{"etag", etag}});
    }
    std::string server(const std::string& routes) {
        return R"({"listen":[":80"],"routes":[)" + routes + "]}";
    }
    std::optional<std::string_view> if_match(std::size_t request) {
        for (const auto& [name, value] : requests.at(request).headers)
            if (name == "If-Match") return value;
        return std::nullopt;
    }

    ringmaster::testing::ScriptedHttp http;
    std::vector<HttpRequest> requests;
};

TEST_F(CaddyRouterTest, TheFirstRouteMakesItsServer) {
    http.expect("GET", std::string(kServer))
        .answers(400, R"({"error":"invalid traversal path at: config/apps/http"})");
    http.expect("PUT", std::string(kServer),
                {R"("listen":[":80"])", R"("disable":true)", R"("dial":"127.0.0.1:4001")",
                 "ringmaster:acme:shop:12"});
    EXPECT_TRUE(router().point(12, kShow));
}

TEST_F(CaddyRouterTest, ANewRouteComesFirstSoThatWhatTakesEverythingDoesNotTakeIt) {
    expect_look(server(R"({"handle":[{"handler":"static_response"}]})"));
    http.expect("PUT", "/routes/0", {"pr-12.shows.example.org"});
    ASSERT_TRUE(router().point(12, kShow));
    requests = http.requests();
    EXPECT_EQ(if_match(1), "\"/etag 1\"");
}

TEST_F(CaddyRouterTest, AMovedRouteIsReplacedWhereItStands) {
    expect_look(server(R"({"@id":"somebody"},)" + route(12)));
    http.expect("PATCH", std::string(kServer) + "/routes/1", {"127.0.0.1:4002"});
    EXPECT_TRUE(router().point(12, {"127.0.0.1", 4002}));
}

TEST_F(CaddyRouterTest, ARouteThatIsRightIsNotTouched) {
    expect_look(server(route(12)));
    EXPECT_TRUE(router().point(12, kShow));
}

TEST_F(CaddyRouterTest, ARouteThatSomebodyChangedIsPutRight) {
    expect_look(server(R"({"@id":"ringmaster:acme:shop:12","handle":[{"handler":"static_response"}]})"));
    http.expect("PATCH", "/routes/0");
    EXPECT_TRUE(router().point(12, kShow));
}

TEST_F(CaddyRouterTest, WhoIsOvertakenLooksAgain) {
    expect_look(server(""), "\"/etag 1\"");
    http.expect("POST", "/routes").answers(412, R"({"error":"Etag mismatch"})");
    expect_look(server(route(13)), "\"/etag 2\"");
    http.expect("PUT", "/routes/0");
    ASSERT_TRUE(router().point(12, kShow));
    requests = http.requests();
    EXPECT_EQ(if_match(3), "\"/etag 2\"");
}

/// Found on a real one: each change makes Caddy serve its admin API anew.
TEST_F(CaddyRouterTest, AChangeThatBrokeOffIsLookedAtAndMadeAgainIfItDidNotHappen) {
    expect_look(server(""));
    http.expect("POST", "/routes").breaks(Error::unavailable("connection reset"));
    http.expect("GET", std::string(kServer)).breaks(Error::unavailable("connection reset"));
    expect_look(server(""));
    http.expect("POST", "/routes").breaks(Error::unavailable("connection reset"));
    expect_look(server(route(12)));
    EXPECT_TRUE(router().point(12, kShow));
}

TEST_F(CaddyRouterTest, TwoThatMakeTheServerAtOnceBothGetTheirRoute) {
    expect_look("null");
    http.expect("PUT", std::string(kServer))
        .answers(500, R"({"error":"[/config] key already exists: ringmaster"})");
    expect_look(server(route(13)));
    http.expect("PUT", "/routes/0");
    EXPECT_TRUE(router().point(12, kShow));
}

TEST_F(CaddyRouterTest, WithdrawsItsOwnRouteByItsPlaceInTheConfigurationThatItSaw) {
    expect_look(server(route(13) + "," + route(12)));
    http.expect("DELETE", std::string(kServer) + "/routes/1");
    ASSERT_TRUE(router().withdraw(12));
    requests = http.requests();
    EXPECT_EQ(if_match(1), "\"/etag 1\"");
}

TEST_F(CaddyRouterTest, WithdrawingWhatIsNotThereChangesNothing) {
    expect_look(server(route(13)));
    EXPECT_TRUE(router().withdraw(12));
}

TEST_F(CaddyRouterTest, ListsOursByNumberAndNobodyElses) {
    expect_look(server(route(112) +
                       R"(,{"@id":"ringmaster:acme:shop-two:7"},{"@id":"ringmaster:acme:shop:x"},)" +
                       R"({"@id":"ringmaster:acme:shop:13","handle":[]},)" + route(12)));
    const auto routes = router().list_managed();
    ASSERT_TRUE(routes);
    EXPECT_EQ(*routes, (std::vector<Route>{{12, kShow}, {13, std::nullopt}, {112, kShow}}));
}

TEST_F(CaddyRouterTest, ACaddyThatIsNotThereIsUnavailableAndSaysWhatToDo) {
    for (int i = 0; i < 3; ++i) http.expect("GET", "").breaks(Error::unavailable("connection refused"));
    const auto routes = router().list_managed();
    ASSERT_FALSE(routes);
    EXPECT_EQ(routes.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(routes.error().message().find("http://127.0.0.1:2019"), std::string::npos);
    EXPECT_NE(routes.error().hint().find("[shows.router] admin"), std::string::npos);
}

TEST_F(CaddyRouterTest, WhatIsNoCaddyIsNotTakenForAnEmptyOne) {
    for (const std::string body : {"<html>hello</html>", "[]", R"({"routes":{}})", ""}) {
        expect_look(body);
        const auto routes = router().list_managed();
        ASSERT_FALSE(routes) << body;
        EXPECT_EQ(routes.error().kind(), ErrorKind::Corrupt);
    }
}

TEST_F(CaddyRouterTest, AnAddressThatSomebodyElseHasIsNotTakenFromThem) {
    const auto theirs = route_document(
        {"acme", "other"}, RouteAddress::parse("http://pr-{pr}.shows.example.org", kRepository).value(), 12,
        kShow);
    expect_look(server(theirs));
    const auto pointed = router().point(12, kShow);
    ASSERT_FALSE(pointed);
    EXPECT_EQ(pointed.error().kind(), ErrorKind::Failed);
    EXPECT_NE(pointed.error().hint().find("{repo}"), std::string::npos);
}

TEST_F(CaddyRouterTest, AServerOnAnotherPortIsNotUsedInVain) {
    expect_look(R"({"listen":[":8443"],"routes":[]})");
    const auto pointed = router().point(12, kShow);
    ASSERT_FALSE(pointed);
    EXPECT_NE(pointed.error().message().find(":8443"), std::string::npos) << pointed.error().message();
}

/// Found on a real one: Caddy's automatic HTTPS takes a name in one route for a wish of the whole server.
TEST_F(CaddyRouterTest, APlainServerOfSomebodyElseIsNotTurnedToHttps) {
    auto wanted = settings("http://127.0.0.1:8080/pr-{pr}");
    CaddyRouter plain(wanted, http);
    expect_look(R"({"listen":["127.0.0.1:8080"],"routes":[]})");
    const auto pointed = plain.point(12, kShow);
    ASSERT_FALSE(pointed);
    EXPECT_NE(pointed.error().hint().find("automatic_https.disable"), std::string::npos);
    expect_look(R"({"listen":["127.0.0.1:8080"],"routes":[],"automatic_https":{"disable":true}})");
    http.expect("POST", "/routes");
    EXPECT_TRUE(plain.point(12, kShow));
}

TEST_F(CaddyRouterTest, ARefusalIsSaidInCaddysWords) {
    expect_look("null");
    http.expect("PUT", "").answers(500,
                                   R"({"error":"loading new config: listener address repeated: tcp/:80"})");
    const auto pointed = router().point(12, kShow);
    ASSERT_FALSE(pointed);
    EXPECT_NE(pointed.error().message().find("listener address repeated"), std::string::npos);
    EXPECT_NE(pointed.error().hint().find("[shows.router] server"), std::string::npos);
    http.expect("GET", "").answers(403, R"({"error":"host not allowed: shows"})");
    EXPECT_EQ(router().list_managed().error().kind(), ErrorKind::Unauthorized);
}

TEST_F(CaddyRouterTest, CaddysOwnAuthorityIsChosenBeforeTheFirstNameIsKnown) {
    auto wanted = settings("https://pr-{pr}.shows.example.org");
    wanted.tls = Tls::Internal;
    expect_look("null");
    http.expect("GET", "/config/apps/tls/automation/policies")
        .answers(400, R"({"error":"invalid traversal path"})");
    http.expect("PUT", "/config/apps/tls/automation/policies", {R"("*.shows.example.org")", R"("internal")"});
    http.expect("PUT", std::string(kServer), {R"("listen":[":443"])"});
    EXPECT_TRUE(CaddyRouter(wanted, http).point(12, kShow));
}

TEST_F(CaddyRouterTest, AnAuthorityThatIsChosenAlreadyIsLeftAsItIs) {
    auto wanted = settings("https://pr-{pr}.shows.example.org");
    wanted.tls = Tls::Internal;
    expect_look("null");
    http.expect("GET", "/policies").answers(200, R"([{"subjects":["*.shows.example.org"]}])");
    http.expect("PUT", std::string(kServer));
    EXPECT_TRUE(CaddyRouter(wanted, http).point(12, kShow));
}

RC_GTEST_PROP(CaddyAnswers, ReadingIsTotal, (const std::string& text)) {
    (void)AdminAddress::parse(text);
    (void)read_server(text, kRepository);
}

TEST(CaddyAdminAddress, IsOverTcpOrASocket) {
    EXPECT_EQ(AdminAddress::parse("http://127.0.0.1:2019/")->url, "http://127.0.0.1:2019");
    EXPECT_EQ(AdminAddress::parse("unix:///run/caddy.sock")->unix_socket, "/run/caddy.sock");
    for (const std::string text : {"", "127.0.0.1:2019", "http://", "unix://", "unix://x", "http://a/b"})
        EXPECT_FALSE(AdminAddress::parse(text)) << text;
}

}  // namespace
}  // namespace ringmaster::caddy
