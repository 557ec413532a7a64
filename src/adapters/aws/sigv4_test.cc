#include "adapters/aws/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

using support::JsonReader;

JsonReader published_vectors() {
    std::ifstream file(RINGMASTER_SOURCE_DIR "/tests/data/sigv4.json");
    std::stringstream text;
    text << file.rdbuf();
    return *JsonReader::parse(text.str(), "sigv4.json");
}

/// "METHOD target HTTP/1.1", headers (a line that begins with a space goes on), an empty line, the body. The
/// target may hold spaces.
HttpRequest parse_request(const std::string& text) {
    HttpRequest request;
    const auto head_end = std::min(text.find("\n\n"), text.size());
    if (head_end + 2 < text.size()) request.body = text.substr(head_end + 2);
    auto lines = split(std::string_view(text).substr(0, head_end), '\n');
    const auto first = lines.front();
    const auto target = first.find(' ') + 1;
    request.method = first.substr(0, target - 1);
    request.url = "https://example.amazonaws.com" +
                  std::string(first.substr(target, first.rfind(" HTTP/1.1") - target));
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (lines[i].empty()) continue;
        const auto colon = lines[i].find(':');
        if (lines[i].starts_with(' '))
            request.headers.back().second += "\n" + std::string(lines[i]);
        else
            request.headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
    }
    return request;
}

TEST(Sigv4, SignsAwssPublishedVectorsAsAwsDoes) {
    const auto document = published_vectors();
    const SigningScope scope{*document.string("region"), *document.string("service"),
                             *parse_iso8601(*document.string("timestamp"))};
    const auto vectors = *document.items("vectors");
    ASSERT_EQ(vectors.size(), 31U);
    for (const auto& vector : vectors) {
        SCOPED_TRACE(*vector.string("name"));
        const Credentials credentials{.access_key_id = *document.string("access_key_id"),
                                      .secret_access_key = *document.string("secret_access_key"),
                                      .session_token = *vector.string("session_token")};
        auto request = parse_request(*vector.string("request"));
        if (*vector.boolean("sign_body"))
            request.headers.emplace_back("X-Amz-Content-Sha256", sha256_hex(request.body));
        sign(request, credentials, scope);
        const auto made = compute_signature(request, credentials, scope);
        EXPECT_EQ(made.canonical_request, *vector.string("canonical_request"));
        EXPECT_EQ(made.string_to_sign, *vector.string("string_to_sign"));
        EXPECT_EQ(made.signature, *vector.string("signature"));
        EXPECT_EQ(request.headers.back().second, made.authorization);
    }
}

const Credentials kCredentials{
    .access_key_id = "AKID", .secret_access_key = "secret", .session_token = "tok"};

TEST(Sigv4, ARequestCanBeSignedAgainLater) {
    HttpRequest request{.method = "POST", .url = "https://ecs.us-west-2.amazonaws.com/", .body = "{}"};
    const auto start = *parse_iso8601("2026-01-05T12:00:00Z");
    sign(request, kCredentials, {"us-west-2", "ecs", start});
    const auto first = request.headers;
    sign(request, kCredentials, {"us-west-2", "ecs", start + std::chrono::seconds(5)});
    EXPECT_EQ(request.headers.size(), first.size());
    EXPECT_NE(request.headers.back(), first.back());
    sign(request, kCredentials, {"us-west-2", "ecs", start});
    EXPECT_EQ(request.headers, first);
}

TEST(Sigv4, WhatLibcurlAddsIsNotSigned) {
    HttpRequest request{.method = "POST", .url = "https://ecs.us-west-2.amazonaws.com/", .body = "{}"};
    const SigningScope scope{"us-west-2", "ecs", *parse_iso8601("2026-01-05T12:00:00Z")};
    const auto plain = compute_signature(request, kCredentials, scope).signature;
    request.headers = {{"User-Agent", "ringmaster"}, {"Expect", "100-continue"}, {"Connection", "close"}};
    EXPECT_EQ(compute_signature(request, kCredentials, scope).signature, plain);
    request.headers.emplace_back("X-Amz-Target", "Something");
    EXPECT_NE(compute_signature(request, kCredentials, scope).signature, plain);
}

TEST(Sigv4, APortInTheAddressIsPartOfTheHost) {
    const HttpRequest request{.url = "http://127.0.0.1:4599?A=1"};
    const auto made =
        compute_signature(request, kCredentials, {"us-east-1", "ec2", TimePoint{}}).canonical_request;
    EXPECT_TRUE(made.starts_with("GET\n/\nA=1\nhost:127.0.0.1:4599\n")) << made;
}

}  // namespace
}  // namespace ringmaster::aws
