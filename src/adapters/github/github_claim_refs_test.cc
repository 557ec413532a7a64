#include "adapters/github/github_claim_refs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/github/github_world_test.h"

namespace ringmaster::github {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kClaim(40, 'c');

class ClaimRefsTest : public GitHubTest {
 protected:
    ClaimRefsTest() { client().remember_repository_id("R_1"); }
    Result<std::string> write() {
        return refs_.write_claim(12, "abc123", *parse_iso8601("2026-01-05T12:05:00Z"));
    }
    Result<ClaimRefs::Swapped> take() { return refs_.swap_claim(12, std::nullopt, kClaim); }

    GitHubClaimRefs refs_{client()};
};

TEST_F(ClaimRefsTest, AClaimIsACommitWithoutFilesOrParents) {
    http_
        .expect("POST", "/repos/acme/shop/git/commits",
                {R"("message":"ringmaster lease abc123 until 2026-01-05T12:05:00Z")",
                 R"("tree":"4b825dc642cb6eb9a060e54bf8d69288fbee4904","parents":[])"})
        .answers(201, R"({"sha":")" + kClaim + R"("})");
    EXPECT_EQ(write().value(), kClaim);
}

TEST_F(ClaimRefsTest, AForgeThatKnowsNoEmptyTreeIsGivenOneItHasAndKeepsIt) {
    http_.expect("POST", "/git/commits").answers(422, R"({"message":"Tree SHA does not exist"})");
    http_.expect("GET", "/commits/HEAD").answers(200, R"({"commit":{"tree":{"sha":"7ee"}}})");
    http_.expect("POST", "/git/commits", {R"("tree":"7ee")"}).answers(201, R"({"sha":"a"})");
    EXPECT_EQ(write().value(), "a");
    http_.expect("POST", "/git/commits", {R"("tree":"7ee")"}).answers(201, R"({"sha":"b"})");
    EXPECT_EQ(write().value(), "b");
}

TEST_F(ClaimRefsTest, TheSwapComparesAndZerosMeanNothing) {
    const std::string zeros(40, '0');
    http_
        .expect("POST", "graphql",
                {"swap:updateRefs", R"("repositoryId":"R_1")", R"("name":"refs/ringmaster/pr-12")",
                 R"("beforeOid":")" + zeros, R"("afterOid":")" + kClaim})
        .answers(200, R"({"data":{"swap":{"clientMutationId":null}}})");
    EXPECT_TRUE(take()->is_done);
    http_.expect("POST", "graphql", {R"("beforeOid":")" + kClaim, R"("afterOid":")" + zeros})
        .answers(200, R"({"data":{"swap":{"clientMutationId":null}}})");
    EXPECT_TRUE(refs_.swap_claim(12, kClaim, std::nullopt)->is_done);
}

TEST_F(ClaimRefsTest, ARefusalIsAnAnswerWithTheForgesWords) {
    for (const std::string type : {R"("type":"UNPROCESSABLE",)", R"("type":"STALE_DATA",)", ""}) {
        http_.expect("POST", "graphql")
            .answers(200, R"({"data":{"swap":null},"errors":[{)" + type +
                              R"("path":["swap"],"message":"is at something else"}]})");
        const auto swapped = take();
        ASSERT_TRUE(swapped) << type;
        EXPECT_FALSE(swapped->is_done);
        EXPECT_EQ(swapped->why_not, "is at something else");
    }
}

TEST_F(ClaimRefsTest, ALostReplyIsNeverFollowedByASecondRequest) {
    http_.expect("POST", "graphql").answers(502, "");
    EXPECT_EQ(take().error().kind(), ErrorKind::Unavailable);
    http_.expect("POST", "graphql").breaks(Error::timed_out("x"));
    EXPECT_EQ(take().error().kind(), ErrorKind::TimedOut);
}

TEST_F(ClaimRefsTest, AMissingRightIsNamed) {
    http_.expect("POST", "/git/commits")
        .answers(403, R"({"message":"Resource not accessible by integration"})");
    const auto written = write();
    EXPECT_EQ(written.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(written.error().hint(), HasSubstr("contents: write"));
    http_.expect("POST", "graphql")
        .answers(200,
                 R"({"data":{"swap":null},"errors":[{"type":"FORBIDDEN","path":["swap"],"message":"no"}]})");
    const auto swapped = take();
    EXPECT_EQ(swapped.error().kind(), ErrorKind::Unauthorized);
    EXPECT_THAT(swapped.error().hint(), HasSubstr("contents: write"));
}

TEST_F(ClaimRefsTest, ARepositoryThatNobodyObservedIsLookedUpOnce) {
    GitHubClient fresh(http_, clock_, entropy_, settings_, progress_);
    GitHubClaimRefs refs(fresh);
    http_.expect("POST", "graphql", {"query(", "repository("})
        .answers(200, R"({"data":{"repository":{"id":"R_9"}}})");
    for (int i = 0; i < 2; ++i) {
        http_.expect("POST", "graphql", {R"("repositoryId":"R_9")"})
            .answers(200, R"({"data":{"swap":{"clientMutationId":null}}})");
        EXPECT_TRUE(refs.swap_claim(12, std::nullopt, kClaim)->is_done);
    }
}

TEST_F(ClaimRefsTest, OnlyRefsOfPullRequestsAreListed) {
    http_.expect("GET", "/repos/acme/shop/git/matching-refs/ringmaster/pr-")
        .answers(200, R"([{"ref":"refs/ringmaster/pr-13"},{"ref":"refs/ringmaster/pr-2"},)"
                      R"({"ref":"refs/ringmaster/pr-x"},{"ref":"refs/ringmaster/pr-0"}])");
    EXPECT_THAT(refs_.claimed_pull_requests().value(), ElementsAre(2, 13));
}

}  // namespace
}  // namespace ringmaster::github
