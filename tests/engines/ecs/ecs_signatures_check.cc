// Our signatures against botocore's, of the random requests that botocore_signatures.py made.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "adapters/aws/sigv4.h"
#include "adapters/support/json_reader.h"
#include "base/assert.h"

namespace ringmaster::aws {
namespace {

std::string signature_of(const support::JsonReader& made) {
    HttpRequest request{.method = *made.string("method"), .url = *made.string("url"), .body = *made.string("body")};
    for (const auto& header : *made.items("headers")) {
        const auto pair = header.as_items().value();
        request.headers.emplace_back(*pair.at(0).as_string(), *pair.at(1).as_string());
    }
    const Credentials credentials{.access_key_id = *made.string("key"),
                                  .secret_access_key = *made.string("secret"),
                                  .session_token = *made.string("token")};
    sign(request, credentials, {*made.string("region"), *made.string("service"), *parse_iso8601(*made.string("time"))});
    return request.headers.back().second;
}

TEST(Botocore, SignsAThousandRandomRequestsAsWeDo) {
    const char* path = std::getenv("RINGMASTER_TEST_SIGNATURES");
    RM_ASSERT(path != nullptr, "tests/engines/ecs/run names the file of requests");
    std::ifstream file(path);
    std::string line;
    int count = 0;
    while (std::getline(file, line)) {
        const auto made = support::JsonReader::parse(line, "a request").value();
        ASSERT_EQ(signature_of(made), *made.string("authorization")) << line;
        ++count;
    }
    EXPECT_EQ(count, 1000);
}

}  // namespace
}  // namespace ringmaster::aws
