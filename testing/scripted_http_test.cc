#include "testing/scripted_http.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace ringmaster::testing {
namespace {

HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    return request;
}

TEST(ScriptedHttp, AnswersWhatTheScriptSays) {
    ScriptedHttp http;
    http.expect("GET", "/a").answers(404, "no");
    http.expect("GET", "/b").breaks(Error::unavailable("gone"));
    const auto first = http.send(get("http://x/a"));
    EXPECT_EQ(first->status, 404);
    EXPECT_EQ(first->header("date"), ScriptedHttp::kDate);
    EXPECT_EQ(http.send(get("http://x/b")).error().kind(), ErrorKind::Unavailable);
    EXPECT_EQ(http.requests().size(), 2U);
}

TEST(ScriptedHttp, ARequestThatIsNotForeseenFailsTheTest) {
    ScriptedHttp http;
    EXPECT_NONFATAL_FAILURE((void)http.send(get("http://x/a")), "the script is over");
    http.expect("GET", "/b");
    EXPECT_NONFATAL_FAILURE((void)http.send(get("http://x/a")), "expected GET /b");
    http.expect("GET", "/c", {"word"});
    EXPECT_NONFATAL_FAILURE((void)http.send(get("http://x/c")), "expected \"word\"");
}

TEST(ScriptedHttp, ARequestThatNeverComesFailsTheTest) {
    auto http = std::make_unique<ScriptedHttp>();
    http->expect("GET", "/a");
    EXPECT_NONFATAL_FAILURE(http.reset(), "never came: GET /a");
}

}  // namespace
}  // namespace ringmaster::testing
