#include "adapters/github/github_claim_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/github/github_world_test.h"

namespace ringmaster::github {
namespace {

using ::testing::HasSubstr;

class ClaimTokensTest : public GitHubTest {
 protected:
    Result<std::optional<ClaimTokens::Created>> create() {
        return GitHubClaimTokens(client()).create(12, 1, "abc123", *parse_iso8601("2026-01-05T12:05:00Z"));
    }
};

TEST_F(ClaimTokensTest, ATokenIsALabelDefinitionMadeByRest) {
    http_
        .expect("POST", "/repos/acme/shop/labels",
                {R"("name":"🎪 🔑 12.1")",
                 R"("description":"ringmaster lease abc123 until 2026-01-05T12:05:00Z")"})
        .answers(201, R"({"node_id":"LA_x"})");
    const auto created = create();
    ASSERT_TRUE(created && *created);
    EXPECT_EQ((*created)->id, "LA_x");
    EXPECT_EQ((*created)->server_time, clock_.now());
}

TEST_F(ClaimTokensTest, ANameThatIsTakenIsAnAnswer) {
    http_.expect("POST", "/labels")
        .answers(422, R"({"errors":[{"resource":"Label","code":"already_exists","field":"name"}]})");
    const auto created = create();
    ASSERT_TRUE(created);
    EXPECT_FALSE(*created);
}

TEST_F(ClaimTokensTest, AnotherRefusalIsNotTakenForATakenName) {
    http_.expect("POST", "/labels").answers(422, R"({"errors":[{"code":"invalid","field":"name"}]})");
    EXPECT_EQ(create().error().kind(), ErrorKind::InvalidInput);
}

TEST_F(ClaimTokensTest, ALostReplyIsNeverFollowedByASecondCreation) {
    http_.expect("POST", "/labels").answers(502, "");
    EXPECT_EQ(create().error().kind(), ErrorKind::Unavailable);
    http_.expect("POST", "/labels").breaks(Error::timed_out("x"));
    EXPECT_EQ(create().error().kind(), ErrorKind::TimedOut);
}

TEST_F(ClaimTokensTest, ATokenThatCannotBeTracedToUsIsAnUnknownOutcome) {
    http_.expect("POST", "/labels").answers(201, R"({"node_id":"LA_x"})", {{"date", ""}});
    EXPECT_EQ(create().error().kind(), ErrorKind::Unavailable);
    http_.expect("POST", "/labels").answers(201, "");
    EXPECT_EQ(create().error().kind(), ErrorKind::Unavailable);
    http_.expect("POST", "/labels").answers(201, R"({"node_id":"MDU6TGFiZWwx"})");
    EXPECT_EQ(create().error().kind(), ErrorKind::Unavailable) << "an id of the old format";
}

TEST_F(ClaimTokensTest, AMissingRightIsNamed) {
    http_.expect("POST", "/labels")
        .answers(403, R"({"message":"You do not have permission to create labels on this repository."})");
    const auto created = create();
    EXPECT_EQ(created.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(created.error().hint(), HasSubstr("issues: write"));
}

TEST_F(ClaimTokensTest, TokensAreDeletedByIdInOneRequestAndOneThatIsGoneIsSuccess) {
    http_.expect("POST", "graphql", {"d0:deleteLabel", "d1:deleteLabel", R"("d0":{"id":"LA_1"})"})
        .answers(200,
                 R"({"data":{"d0":null,"d1":{"clientMutationId":null}},)"
                 R"("errors":[{"type":"NOT_FOUND","path":["d0"],"message":"Could not resolve to a node"}]})");
    const std::vector<std::string> ids = {"LA_1", "LA_2"};
    EXPECT_TRUE(GitHubClaimTokens(client()).remove(ids));
}

TEST_F(ClaimTokensTest, ADeletionThatIsRefusedIsAnError) {
    http_.expect("POST", "graphql")
        .answers(200, R"({"data":{"d0":null},"errors":[{"type":"FORBIDDEN","path":["d0"],"message":"no"}]})");
    const std::vector<std::string> ids = {"LA_1"};
    EXPECT_EQ(GitHubClaimTokens(client()).remove(ids).error().kind(), ErrorKind::Unauthorized);
}

TEST_F(ClaimTokensTest, NoTokensTakeNoRequest) {
    EXPECT_TRUE(GitHubClaimTokens(client()).remove({}));
}

}  // namespace
}  // namespace ringmaster::github
