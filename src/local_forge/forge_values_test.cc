// The forge's small pure parts: node ids, label rules, checksums, the request log's reading of GraphQL.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "local_forge/digest.h"
#include "local_forge/label_rules.h"
#include "local_forge/node_id.h"
#include "local_forge/rate_limiter.h"
#include "local_forge/request_log.h"

namespace ringmaster::local_forge {
namespace {

RC_GTEST_PROP(NodeIds, ReadBackWhatWasPrinted, ()) {
    const auto kind =
        *rc::gen::element(NodeKind::Label, NodeKind::PullRequest, NodeKind::User, NodeKind::DeploymentStatus);
    const NodeId node{kind, *rc::gen::inRange<Id>(0, 0xFFFFFFFF), *rc::gen::inRange<Id>(1, 0xFFFFFFFF), ""};
    RC_ASSERT(parse_node_id(print_node_id(node)) == node);
}

RC_GTEST_PROP(NodeIds, ReadBackNames, (const std::string& text)) {
    const NodeId node{NodeKind::Ref, 7, 0, "refs/heads/" + text};
    RC_ASSERT(parse_node_id(print_node_id(node)) == node);
}

RC_GTEST_PROP(NodeIds, AnyTextIsOneOrNot, (const std::string& text)) {
    for (const std::string prefix : {"", "LA_", "REF_", "LA_kwDO"}) {
        const auto node = parse_node_id(prefix + text);
        if (node) RC_ASSERT(parse_node_id(print_node_id(*node)) == node);
    }
}

TEST(NodeIds, LookLikeGitHubs) {
    EXPECT_EQ(print_node_id({NodeKind::Label, 1, 2, ""}), "LA_kwDOAAAAAc4AAAAC");
    EXPECT_FALSE(parse_node_id("MDU6TGFiZWwx"));
}

TEST(LabelNames, AJoinedEmojiIsStillOnlyEmoji) {
    EXPECT_FALSE(is_valid_label_name("👩‍💻"));
    EXPECT_FALSE(is_valid_label_name("  "));
    EXPECT_TRUE(is_valid_label_name("🎪 🔒 12.1"));
    EXPECT_FALSE(is_valid_label_name("broken \xff"));
}

// RFC 4231, test case 2; FIPS 180-2's "abc".
TEST(Digests, GiveThePublishedVectors) {
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(RequestLogTest, ReadsTheKindOfAGraphqlOperation) {
    EXPECT_EQ(graphql_operation_kind("{ viewer { login } }"), "query");
    EXPECT_EQ(graphql_operation_kind("query mutation($a: Int = 1) { mutation }"), "query");
    EXPECT_EQ(graphql_operation_kind("# query\nmutation M { x(text: \"}\") }"), "mutation");
    EXPECT_EQ(graphql_operation_kind("fragment query on X { a } mutation { b }"), "query");
    EXPECT_EQ(graphql_operation_kind("\"\"\"query\"\"\" mutation { b }"), "mutation");
    EXPECT_EQ(graphql_operation_kind("\"unfinished"), "query");
}

TEST(RateLimiterTest, StartsAnewAfterAnHour) {
    RateLimiter limiter(1);
    const TimePoint start{};
    EXPECT_FALSE(limiter.count("token 1", "core", start).exceeded);
    EXPECT_TRUE(limiter.count("token 1", "core", start + std::chrono::minutes(59)).exceeded);
    EXPECT_FALSE(limiter.count("token 1", "graphql", start).exceeded);
    EXPECT_FALSE(limiter.count("token 1", "core", start + std::chrono::minutes(60)).exceeded);
}

}  // namespace
}  // namespace ringmaster::local_forge
