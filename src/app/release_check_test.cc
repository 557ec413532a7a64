#include "app/release_check.h"

#include <gtest/gtest.h>

#include "testing/scripted_http.h"

namespace ringmaster::app {
namespace {

TEST(ReleaseCheck, AsksTheForgeOnceAndWithoutAToken) {
    testing::ScriptedHttp http;
    http.expect("GET", "https://ghe.example.com/api/v3/repos/ada/ringmaster/releases/latest")
        .answers(200, R"({"tag_name": "v1.4.2", "html_url": "https://elsewhere.example.com"})");
    EXPECT_EQ(ask_newest_release(http, "https://ghe.example.com/api/v3/repos/ada/ringmaster/releases/latest")
                  .value(),
              "1.4.2");
    const auto request = http.requests().at(0);
    for (const auto& [name, value] : request.headers) EXPECT_NE(name, "Authorization");
    EXPECT_LE(request.timeout, std::chrono::seconds(5));
}

TEST(ReleaseCheck, WhatIsNoVersionIsNotBelieved) {
    for (const auto* body : {R"({"tag_name": "nightly"})", R"({"tag_name": 7})", "[]", "<html>", "{}"}) {
        testing::ScriptedHttp http;
        http.expect("GET", "/releases/latest").answers(200, body);
        const auto version =
            ask_newest_release(http, "https://api.github.com/repos/ada/ringmaster/releases/latest");
        ASSERT_FALSE(version) << body;
        EXPECT_EQ(version.error().kind(), ErrorKind::Corrupt) << body;
    }
}

TEST(ReleaseCheck, AForgeWithoutOurReleasesIsNoTrouble) {
    testing::ScriptedHttp http;
    http.expect("GET", "/releases/latest").answers(404, R"({"message": "Not Found"})");
    http.expect("GET", "/releases/latest").breaks(Error::timed_out("it did not answer"));
    EXPECT_EQ(ask_newest_release(http, "https://api.github.com/repos/ada/ringmaster/releases/latest")
                  .error()
                  .kind(),
              ErrorKind::NotFound);
    EXPECT_EQ(ask_newest_release(http, "https://api.github.com/repos/ada/ringmaster/releases/latest")
                  .error()
                  .kind(),
              ErrorKind::TimedOut);
}

}  // namespace
}  // namespace ringmaster::app
